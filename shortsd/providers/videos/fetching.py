"""What is asked of sites with videos, by yt-dlp, in a child process: it does its own network, and is fenced in.

Nothing of a user's own yt-dlp is read: no configuration (which only its command reads), no plugins, cookies or netrc.
"""

import json
import logging
import resource
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from yt_dlp import YoutubeDL
from yt_dlp.globals import plugin_dirs
from yt_dlp.networking import Request
from yt_dlp.utils import DownloadError, YoutubeDLError, unsmuggle_url

from shortsd.domain import address
from shortsd.domain.errors import BadInput
from shortsd.domain.text import cut, line
from shortsd.domain.transcript import Entry, Listing, Video
from shortsd.providers.videos import subtitles as texts
from shortsd.providers.videos import tracks
from shortsd.providers.videos.failures import told
from shortsd.providers.videos.fence import Fence

logger = logging.getLogger("shortsd.worker")

Progress = Callable[..., None]

MEMORY = 1 << 30
"""Bytes that a process may take for pages and lists: what has no end ends there."""
SUBTITLES = 10 << 20
"""Bytes of subtitles; a film's have some hundred kilobytes."""
TRIES = 2
"""Of what yt-dlp tries again itself, after the first. The rest is for the daemon to decide."""
OLDER = 100
"""Videos in a row that are too old, after which a listing is not read on: not all sites have the newest first."""
NESTED = 2
"""Lists within lists that are looked into: a channel's tabs."""
TITLE = 200
ID = 500
"""Characters of a title and of an id that are kept."""
_PLACES = "Give the address of a channel, a list, a feed or a video."
_TO_COME = frozenset(("is_live", "is_upcoming"))
"""What has not all been said yet."""
_LISTS = frozenset(("YoutubeTab", "YoutubePlaylist"))
"""Extractors whose entries are lists themselves."""


def listing(request: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    """The newest `limit` videos at `url` from the day `since` on. Raises BadInput, ServiceFailed."""
    url, limit, since = request["url"], request["limit"], request["since"]
    with _loader(request, extractor_args={"youtubetab": {"approximate_date": [""]}}) as ydl, _telling(ydl, url):
        found = _followed(ydl, url)
        entries = list(_newest(_in_order(_entries(ydl, found), found), limit, since))
    host = urlsplit(url).hostname or ""
    title = _line(found.get("channel") or found.get("uploader") or found.get("title")) or host
    name = str(found.get("channel_id") or found.get("uploader_id") or found.get("id") or url)
    made = Listing(f"{found.get('extractor_key') or 'Generic'} {name}"[:ID], title, tuple(entries))
    return asdict(made)


def look(request: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    """What is known of the video `entry`; all of it as yt-dlp has it goes into the file `to`."""
    entry = Entry(**request["entry"])
    with _loader(request) as ydl, _telling(ydl, entry.url):
        found = _one(ydl.extract_info(entry.url, download=False), entry)
        info: dict[str, Any] = ydl.sanitize_info(found, True)
    Path(request["to"]).write_text(json.dumps(info), "utf-8")
    language = str(info.get("language") or "")
    video = Video(
        id=entry.id,
        url=str(info.get("webpage_url") or entry.url),
        title=entry.title or _line(info.get("title")) or entry.id,
        channel=_line(info.get("channel") or info.get("uploader")),
        uploaded=_day(info) or entry.uploaded,
        duration_s=_number(info.get("duration")),
        language=language,
        tracks=tuple(tracks.suiting(info, request["language"])),
        languages=tuple(tracks.languages(info)),
    )
    return asdict(video)


def subtitles(request: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    """What the subtitles of `source` say, or `unusable`, the reason why that cannot be told."""
    source: dict[str, Any] = request["source"]
    with _loader(request, auto_init=False) as ydl:
        try:
            data = _content(ydl, source, Path(request["folder"]) / "subtitles")
        except YoutubeDLError as exc:
            failed = told(exc, str(source.get("url", "")), ydl.fence.refused)
            if failed.retryable:
                raise failed from exc
            return {"unusable": failed.message}
    found = texts.read(data, str(source.get("ext", "")))
    return {"unusable": found} if isinstance(found, str) else {"segments": [asdict(one) for one in found]}


def sound(request: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Bring the sound of the video that the file `known` tells of into `folder`; the `file`'s name there."""
    info = json.loads(Path(request["known"]).read_text("utf-8"))
    most, folder = request["most"], Path(request["folder"])

    def hear(how: Mapping[str, Any]) -> None:
        done = how.get("downloaded_bytes") or 0
        if done > most:
            raise BadInput(f"Its sound takes more than {most >> 20} MB.", "Raise channels.sound_mb.")
        total = how.get("total_bytes") or how.get("total_bytes_estimate") or 0
        progress(done, max(done, total), f"{done / 1e6:.1f} MB")

    options = {"format": "worstaudio/worst", "max_filesize": most, "progress_hooks": [hear]}
    options |= {"outtmpl": {"default": str(folder / "sound.%(ext)s")}}
    with _loader(request, auto_init=False, **options) as ydl, _telling(ydl, str(info.get("webpage_url", ""))):
        ydl.process_ie_result(info, download=True)
    found = sorted(file.name for file in folder.iterdir() if file.stem == "sound" and file.suffix != ".part")
    if not found:
        raise BadInput(f"Its sound takes more than {most >> 20} MB.", "Raise channels.sound_mb.")
    return {"file": found[0]}


class _Loader(YoutubeDL):  # type: ignore[misc] # it has no hints
    """A YoutubeDL behind a fence."""

    fence: Fence


class _Quiet:
    """Where yt-dlp tells what it does. What it warns of is how sites are; what fails is raised."""

    def debug(self, message: str) -> None:
        if not message.startswith("[debug]"):
            logger.info(message)

    def warning(self, message: str) -> None:
        logger.info(message)

    error = warning


def _loader(request: Mapping[str, Any], *, auto_init: bool = True, **options: Any) -> _Loader:
    """One that asks only what it may, and waits no longer than `wait_s` for any answer."""
    limit = resource.getrlimit(resource.RLIMIT_DATA)[1]
    least = MEMORY if limit == resource.RLIM_INFINITY else min(limit, MEMORY)
    resource.setrlimit(resource.RLIMIT_DATA, (least, limit))
    fence = Fence(request["trusted"])
    usual: dict[str, Any] = {
        "quiet": True,
        "noprogress": True,
        "logger": _Quiet(),
        "cachedir": request["cache"],
        "proxy": "",
        "socket_timeout": request["wait_s"],
        "retries": TRIES,
        "fragment_retries": TRIES,
        "extractor_retries": TRIES,
        "file_access_retries": 0,
        "retry_sleep_functions": {kind: lambda n: 0.5 * 2**n for kind in ("http", "fragment", "extractor")},
        "ignore_no_formats_error": True,
        "noplaylist": True,
        "fixup": "never",
        "external_downloader": {"default": "native"},
        "color": "never",
        "usenetrc": False,
    }
    plugin_dirs.value = []
    made = _Loader({**usual, **options}, auto_init="no_verbose_header" if auto_init else False)
    made.fence = fence
    fence.put_up()
    return made


@contextmanager
def _telling(ydl: _Loader, url: str) -> Iterator[None]:
    """Within it, what yt-dlp raises becomes an error for people."""
    try:
        yield
    except YoutubeDLError as exc:
        raise told(exc, url, ydl.fence.refused) from exc


def _followed(ydl: _Loader, url: str, key: str | None = None) -> dict[str, Any]:
    """What is found at an address, without what its entries lead to. Raises BadInput if that is nothing."""
    for _ in range(10):
        found = ydl.extract_info(url, download=False, ie_key=key, process=False)
        if not isinstance(found, dict):
            break
        if found.get("_type") not in ("url", "url_transparent"):
            return found
        url, key = found["url"], found.get("ie_key")
    raise BadInput(f"There are no videos at {url}.", _PLACES)


def _entries(ydl: _Loader, found: Mapping[str, Any], depth: int = 0) -> Iterator[Entry]:
    """The videos of a list, and of lists within it; of a single video, itself."""
    if found.get("_type", "video") == "video":
        yield _entry(found, found)
        return
    for entry in found.get("entries") or ():
        if not isinstance(entry, dict) or entry.get("live_status") in _TO_COME:
            continue
        if entry.get("ie_key") in _LISTS or entry.get("_type") in ("playlist", "multi_video"):
            if depth < NESTED:
                inner = entry if "entries" in entry else _followed(ydl, entry["url"], entry.get("ie_key"))
                yield from _entries(ydl, inner, depth + 1)
        else:
            yield _entry(entry, found)


def _entry(entry: Mapping[str, Any], found: Mapping[str, Any]) -> Entry:
    """A video of a list. One without an address of its own is found on the list's page, by its id."""
    whole = str(entry.get("url") or "") if str(entry.get("_type", "")).startswith("url") else ""
    url, smuggled = unsmuggle_url(whole or str(entry.get("webpage_url") or found.get("webpage_url") or ""), {})
    name = _id(entry.get("id") or (smuggled or {}).get("force_videoid")) or _id(url)
    return Entry(name, url, _line(entry.get("title")), _day(entry))


def _in_order(entries: Iterator[Entry], found: Mapping[str, Any]) -> Iterable[Entry]:
    """The newest first, where all are there at once and tell when they came; else as they come."""
    if not isinstance(found.get("entries"), list):
        return entries
    every = list(entries)
    return sorted(every, key=lambda one: one.uploaded, reverse=True) if all(one.uploaded for one in every) else every


def _newest(entries: Iterable[Entry], limit: int, since: str) -> Iterator[Entry]:
    """The newest ones, each once, from a day on. Lists without days are taken to have the newest first."""
    kept: dict[str, Entry] = {}
    older = refused = 0
    for entry in entries:
        old = bool(entry.uploaded) and entry.uploaded < since
        older = older + 1 if old else 0
        if older >= OLDER or len(kept) >= limit:
            break
        if not old and _is_page(entry.url):
            kept.setdefault(entry.id, entry)
        else:
            refused += not old
    if refused and not kept:
        raise BadInput(f"None of the {refused} videos listed there has an address that can be asked.", _PLACES)
    yield from kept.values()


def _one(found: object, entry: Entry) -> dict[str, Any]:
    """The video itself; of several on a page the one that has the id, or the only one."""
    if isinstance(found, dict) and found.get("_type", "video") == "video":
        return found
    several = [one for one in (found.get("entries") or () if isinstance(found, dict) else ()) if isinstance(one, dict)]
    named = [one for one in several if _id(one.get("id")) == entry.id]
    if len(several) == 1 or named:
        return (named or several)[0]
    raise BadInput(f"There is no video at {entry.url}.", "See whether the address opens in a browser.")


def _content(ydl: _Loader, source: Mapping[str, Any], to: Path) -> bytes:
    """The bytes of subtitles. Raises what yt-dlp does."""
    if isinstance(source.get("data"), str):
        return str(source["data"]).encode()[:SUBTITLES]
    if str(source.get("protocol") or "http").startswith("http"):
        headers = {**(source.get("http_headers") or {}), "Accept-Encoding": "identity"}
        answer = ydl.urlopen(Request(source["url"], headers=headers))
        data: bytes = answer.read(SUBTITLES + 1)
    else:
        ydl.params |= {"max_filesize": SUBTITLES, "progress_hooks": []}
        if not ydl.dl(str(to), dict(source), subtitle=True):
            raise DownloadError("nothing came")
        with to.open("rb") as file:
            data = file.read(SUBTITLES + 1)
    if len(data) > SUBTITLES:
        raise DownloadError(f"they have more than {SUBTITLES >> 20} MB")
    return data


def _day(info: Mapping[str, Any]) -> str:
    """The day on which a video came; empty if that is not told."""
    stamp = info.get("timestamp") or info.get("release_timestamp")
    if isinstance(stamp, int | float) and 0 < stamp < 1 << 33:
        return f"{datetime.fromtimestamp(stamp, UTC):%Y-%m-%d}"
    try:
        return f"{datetime.strptime(str(info.get('upload_date')), '%Y%m%d').replace(tzinfo=UTC):%Y-%m-%d}"
    except ValueError:
        return ""


def _is_page(url: str) -> bool:
    """Whether an address is one that may be asked at all."""
    try:
        return bool(address.page(url))
    except BadInput:
        logger.info("a video without a usable address is left out: %a", url[:200])
        return False


def _id(name: object) -> str:
    return line(str(name))[:ID] if name else ""


def _line(text: object) -> str:
    return cut(line(text), TITLE) if isinstance(text, str) else ""


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and value >= 0 else None
