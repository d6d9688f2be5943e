"""Which subtitles of a video are taken: those that people wrote before those that a machine heard."""

from collections.abc import Iterator, Mapping
from typing import Any

from shortsd.domain.transcript import UNKNOWN, Track, matching

FORMATS = ("vtt", "srt", "ttml", "ass", "ssa", "sami")
"""That can be read, the best first."""
MOST = 4
"""Subtitles that are tried: manual and automatic ones of a tag and of its language."""
LANGUAGES = 20
"""Tags that are kept of those there are: machines translate into hundreds."""
NO_WORDS = frozenset(("live_chat", "danmaku", "rechat", "comments"))
"""What sites list among subtitles, and is something else."""
USUAL = "en"
HEARD = "-orig"
"""At the end of a tag: what a machine heard, where others are translations of it."""


def suiting(info: Mapping[str, Any], wanted: str) -> list[Track]:
    """The subtitles of a video in a language (a tag; empty: that which is spoken), the best first.

    `info` is what yt-dlp tells: `subtitles` and `automatic_captions` by tags, each in several formats.
    """
    headers = info.get("http_headers")
    found = [
        Track(tag.removesuffix(HEARD) or UNKNOWN, automatic, _source(best, headers))
        for automatic in (False, True)
        for tag, best in _ranked(info, wanted, automatic=automatic)
    ]
    return found[:MOST]


def languages(info: Mapping[str, Any]) -> list[str]:
    """Tags of the subtitles of a video: those from people, or if there are none those from machines."""
    for every in (info.get("subtitles") or {}, info.get("automatic_captions") or {}):
        if tags := [str(tag) for tag, formats in every.items() if tag not in NO_WORDS and _best(formats)]:
            return [tag.removesuffix(HEARD) for tag in tags[:LANGUAGES]]
    return []


def _ranked(info: Mapping[str, Any], wanted: str, *, automatic: bool) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Tags that suit, the best first, and the best format of each."""
    every = info.get("automatic_captions" if automatic else "subtitles") or {}
    known = {str(tag or UNKNOWN): best for tag, formats in every.items() if (best := _best(formats))}
    tags = [tag for tag in known if tag not in NO_WORDS]
    worth = {tag: _worth(tag, wanted, str(info.get("language") or ""), automatic=automatic) for tag in tags}
    for tag in sorted((tag for tag in tags if worth[tag] > 0), key=lambda tag: -worth[tag])[: MOST // 2]:
        yield tag, known[tag]


def _worth(tag: str, wanted: str, spoken: str, *, automatic: bool) -> float:
    """How well subtitles suit; 0 if they do not."""
    plain, heard = tag.removesuffix(HEARD), tag.endswith(HEARD)
    if wanted:
        return suits + 0.5 * heard if (suits := matching(plain, wanted)) else 0.3 * (tag == UNKNOWN and not automatic)
    return 10.0 * heard + matching(plain, spoken or USUAL) + (0.1 if not automatic or not spoken else 0.0)


def _best(formats: object) -> Mapping[str, Any] | None:
    """The format that is read best, and leads somewhere."""
    listed = [one for one in formats if isinstance(one, Mapping)] if isinstance(formats, list) else []
    usable = [one for one in listed if one.get("url") or one.get("data")]
    known = [one for ext in FORMATS for one in usable if one.get("ext") == ext]
    strange = [one for one in usable if one.get("ext") in (None, "", "unknown_video")]
    return next(iter((*known, *strange)), None)


def _source(best: Mapping[str, Any], headers: object) -> dict[str, Any]:
    kept = {key: best[key] for key in ("url", "ext", "data", "protocol") if best.get(key) is not None}
    own = best.get("http_headers") or headers
    return {**kept, **({"http_headers": own} if isinstance(own, Mapping) else {})}
