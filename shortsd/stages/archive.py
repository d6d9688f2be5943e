"""A channel's folder: what is written down of each video, under names that say which video it is.

`the-lamp.dQw4w9WgXcQ.en.txt`: the title, for people; the video's id, or what stands for one that no file name takes;
the language. Nothing else says what is there, so that files may be moved away or copied from elsewhere.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path

import msgspec

from shortsd.domain import durable
from shortsd.domain.transcript import UNKNOWN, Transcript, Video, matching, told
from shortsd.media.captions.subtitles import subrip
from shortsd.providers.publish.folder import slug

FOLDER = "channels"
"""In the folder of finished work."""
MARK = "channel.json"
"""In a channel's folder: whose it is."""
KEPT, SUMMARY = ".json", ".md"
TEXT, SUBTITLES = ".txt", ".srt"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,4}")
_NAME = re.compile(rf"[^.].*\.({_ID.pattern})\.({_TAG.pattern})(\.[a-z]+)")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a folder is."""

    id: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a video, as `.json`."""

    video: Video
    transcript: Transcript


@dataclass(frozen=True, slots=True)
class Filed:
    """A file of an archive."""

    key: str
    language: str
    suffix: str
    name: str


def key(video: str) -> str:
    """What stands for a video's id in names of files, and is the id itself where that can be."""
    if _ID.fullmatch(video):
        return video
    return blake2b(video.encode("utf-8", "replace"), digest_size=8).hexdigest()


def claim(root: Path, owner: Owner) -> str:
    """The name of a channel's folder below `root`, made if there is none. Raises OSError."""
    for name in _names(owner):
        folder = root / name
        found = whose(folder)
        if found is None and not folder.exists():
            folder.mkdir(parents=True)
            durable.write(folder / MARK, msgspec.json.format(msgspec.json.encode(owner)) + b"\n")
        elif found is None or found.id != owner.id:
            continue
        return name
    raise AssertionError("names never end")


def planned(root: Path, owner: Owner) -> str:
    """The name that `claim` would give; nothing is made."""
    return next(
        name
        for name in _names(owner)
        if ((found := whose(root / name)) is not None and found.id == owner.id) or not (root / name).exists()
    )


def whose(folder: Path) -> Owner | None:
    """Whose a folder is, if it is an archive."""
    try:
        return msgspec.json.decode((folder / MARK).read_bytes(), type=Owner)
    except (OSError, msgspec.MsgspecError):
        return None


def _names(owner: Owner) -> Iterator[str]:
    stem = slug(owner.title, "channel")
    yield stem
    mark = blake2b(owner.id.encode("utf-8", "replace"), digest_size=3).hexdigest()
    yield f"{stem}-{mark}"
    number = 2
    while True:
        yield f"{stem}-{mark}-{number}"
        number += 1


@dataclass(frozen=True, slots=True)
class Archive:
    """The folder of one channel. Methods raise OSError."""

    folder: Path

    def files(self, holding: str = "") -> list[Filed]:
        """All that is written down there, of the names that hold something."""
        # No Paths: pathlib interns each part of one, in a table that grows with the folder and never shrinks again.
        try:
            names = sorted(name for name in os.listdir(self.folder) if holding in name)  # noqa: PTH208 - see above
        except FileNotFoundError:
            return []
        found = ((name, _NAME.fullmatch(name)) for name in names)
        return [Filed(match[1], match[2], match[4], name) for name, match in found if match]

    def find(self, video: str, language: str, suffix: str) -> Path | None:
        """The file of a video, in a language; in any if that is empty."""
        found = (one.name for one in self._of(video) if _is_of(one, language, suffix))
        return next((self.folder / name for name in found), None)

    def load(self, file: Path) -> Kept | None:
        """What a `.json` of it holds; None if it is not as it was written."""
        try:
            return msgspec.json.decode(file.read_bytes(), type=Kept)
        except (OSError, msgspec.MsgspecError):
            return None

    def save(self, kept: Kept, summary: str) -> Path:
        """Write down a video, the `.json` after all that it stands for, the summary last; the file to be read first."""
        self.folder.mkdir(parents=True, exist_ok=True)
        segments = kept.transcript.segments
        cues = [(round(100 * one.start_s), round(100 * one.end_s), one.text) for one in segments]
        contents = {
            TEXT: f"{told(segments)}\n".encode(),
            SUBTITLES: subrip(cues).encode(),
            KEPT: msgspec.json.format(msgspec.json.encode(asdict(kept))) + b"\n",
        }
        if summary:
            contents[SUMMARY] = summary.encode()
        names = self._names(kept)
        for suffix, content in contents.items():
            durable.write(self.folder / names[suffix], content)
        return self.folder / names[SUMMARY if summary else TEXT]

    def _of(self, video: str) -> list[Filed]:
        return [one for one in self.files(f".{key(video)}.") if one.key == key(video)]

    def _names(self, kept: Kept) -> dict[str, str]:
        """The name of each file; the one that it has, should its video have had another title then: as `find` does."""
        tag = kept.transcript.language
        language = tag if _TAG.fullmatch(tag) else UNKNOWN
        stem = f"{slug(kept.video.title, 'video')}.{key(kept.video.id)}.{language}"
        had = {one.suffix: one.name for one in reversed(self._of(kept.video.id)) if one.language == language}
        return {suffix: had.get(suffix, f"{stem}{suffix}") for suffix in (TEXT, SUBTITLES, KEPT, SUMMARY)}


def done(files: Sequence[Filed], language: str, suffix: str) -> frozenset[str]:
    """The keys of the videos of which there is a file of this kind, in a language; in any if that is empty."""
    return frozenset(one.key for one in files if _is_of(one, language, suffix))


def _is_of(one: Filed, language: str, suffix: str) -> bool:
    suits = not language or one.language == UNKNOWN or matching(one.language, language) > 0
    return one.suffix == suffix and suits


def summarized(kept: Kept, said: str) -> str:
    """A summary as Markdown, with whence it is."""
    video = kept.video
    facts: Mapping[str, str] = {
        "Video": video.url,
        "Channel": video.channel,
        "Uploaded": video.uploaded,
        "Transcript": f"{kept.transcript.language}, {kept.transcript.source}",
    }
    lines = "\n".join(f"- {name}: {fact}" for name, fact in facts.items() if fact)
    return f"# {video.title}\n\n{said}\n\n{lines}\n"
