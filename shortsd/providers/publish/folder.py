"""Publishing into a folder: `ID-slug.mp4` and what belongs to it, whole or not at all, nobody else's overwritten."""

import json
import re
import shutil
import unicodedata
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from shortsd.domain import durable
from shortsd.domain.errors import Unavailable
from shortsd.domain.finish import in_thread
from shortsd.domain.ports import Desk, Publication, Published
from shortsd.domain.witness import NOBODY, Witness

KINDS = {"metadata": ".json", "srt": ".srt", "vtt": ".vtt", "thumbnail": ".jpg", "video": ".mp4"}
"""A short's files and their suffixes, in the order they get their names: the first says whose they are."""
Names = dict[str, Path]
"""A short's files by kind."""

SLUG_BYTES = 60
"""Of a file name's 255, so that every file system and every tool is content."""


class FolderPublisher:
    """domain.ports.Publisher into a folder on this machine."""

    def __init__(self, folder: Path, witness: Witness = NOBODY) -> None:
        self._folder = folder
        self._witness = witness

    @property
    def key(self) -> str:
        return f"folder-2 {self._folder}"

    async def publish(self, publication: Publication, desk: Desk) -> Published:
        """Raises OSError if the folder cannot be written."""
        parts: list[Path] = []
        names = await in_thread(self._names, publication)
        try:
            for done, (kind, name) in enumerate(names.items()):
                part = name.with_name(f".{name.name}.part")
                parts.append(part)
                await in_thread(_copy, kind, part, publication, names)
                desk.progress(done + 1, len(names))
        except BaseException:
            await in_thread(_remove, parts)
            raise
        await in_thread(self._promote, parts, names, publication)
        files = {kind: str(name) for kind, name in names.items()}
        return Published(files["video"], files["thumbnail"], files["metadata"], files["srt"], files["vtt"])

    async def withdraw(self, job: int, created_at: float) -> None:
        """Remove the files that are this job's, told by what their `.json` says. Raises Unavailable."""
        try:
            await in_thread(self._withdraw, job, created_at)
        except OSError as exc:
            raise Unavailable(f"What job {job} published could not be removed: {exc}.", "Remove it by hand.") from exc

    def _promote(self, parts: list[Path], names: Names, publication: Publication) -> None:
        """Give the files their names, the metadata first: it says whose they are should the power go now.

        What the job published under another title goes.
        """
        for part, name in zip(parts, names.values(), strict=True):
            with self._witness.transition(f"file.published:{name.suffix}"):
                durable.promote(part, name)
        for metadata in self._own(publication.job, publication.created_at):
            if metadata != names["metadata"]:
                _remove_short(metadata)

    def _names(self, publication: Publication) -> Names:
        """The files to be: all their names are free, or this job's own from before."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for stem in _stems(publication.job, publication.title):
            names = {kind: self._folder / f"{stem}{suffix}" for kind, suffix in KINDS.items()}
            metadata = names["metadata"]
            own = _files(metadata) if _owner(metadata) == (publication.job, publication.created_at) else []
            if all(name in own for name in names.values() if name.exists()):
                return names
        raise AssertionError("stems never end")

    def _withdraw(self, job: int, created_at: float) -> None:
        for part in self._folder.glob(f".{job}-*.part"):
            part.unlink(missing_ok=True)
        for metadata in self._own(job, created_at):
            _remove_short(metadata)

    def _own(self, job: int, created_at: float) -> list[Path]:
        """The `.json` files of what this job published."""
        return [file for file in self._folder.glob(f"{job}-*.json") if _owner(file) == (job, created_at)]


def slug(title: str, otherwise: str = "short") -> str:
    """A title as a part of a file name: letters, with their marks, and digits of any script, joined by hyphens.

    `otherwise` stands for one that has none of these.
    """
    plain = re.sub(r"(?<=\w)['’](?=\w)", "", unicodedata.normalize("NFKC", title).casefold())
    words = re.sub("-+", "-", "".join(letter if _is_named(letter) else "-" for letter in plain)).strip("-")
    return words.encode()[:SLUG_BYTES].decode(errors="ignore").strip("-") or otherwise


def _is_named(letter: str) -> bool:
    """Whether a file's name has it: a vowel of Thai or Devanagari may be a mark; what selects a variant is none."""
    return letter.isalnum() or (unicodedata.category(letter) in ("Mn", "Mc") and not "\ufe00" <= letter <= "\ufe0f")


def _stems(job: int, title: str) -> Iterator[str]:
    """`7-title`, then `7-title-2` …: a new database counts from 1 again, and must not hit an old one's shorts."""
    stem = f"{job}-{slug(title)}"
    yield stem
    for number in count(2):
        yield f"{stem}-{number}"


def _owner(metadata: Path) -> tuple[int, float] | None:
    """Whose short a `.json` describes: the job's id, and when it was asked for. A pipe is not read: that may last."""
    if not metadata.is_file():
        return None
    try:
        job = json.loads(metadata.read_text("utf-8"))["job"]
        return int(job["id"]), float(job["created_at"])
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return None


def _files(metadata: Path) -> list[Path]:
    """The files of the short that a `.json` describes, which names those beside it; itself last."""
    try:
        named = list(dict(json.loads(metadata.read_text("utf-8"))["files"]).values())
    except (OSError, ValueError, KeyError, TypeError):
        named = []
    beside = (metadata.with_suffix(suffix) for suffix in reversed(KINDS.values()))
    return [file for file in beside if file == metadata or file.name in named]


def _copy(kind: str, part: Path, publication: Publication, names: Names) -> None:
    """Write one of the files under its temporary name: a copy, or the metadata with the others' names."""
    if kind != "metadata":
        shutil.copyfile(getattr(publication, kind), part)
        return
    owner = {"job": {"id": publication.job, "created_at": publication.created_at}}
    files = {kind: name.name for kind, name in reversed(names.items()) if kind != "metadata"}
    text = json.dumps({**owner, "files": files, **publication.metadata}, ensure_ascii=False, indent=2)
    part.write_text(text + "\n", encoding="utf-8")


def _remove_short(metadata: Path) -> None:
    """Remove a short's files, the one that says whose they are last."""
    _remove(_files(metadata))


def _remove(files: list[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)
