"""The user's own library of pictures: a folder, found by the words in the names of its files and sub-folders."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from shortsd.domain.errors import BadInput
from shortsd.domain.finish import in_thread
from shortsd.domain.ports import Workers
from shortsd.domain.story import SceneBrief
from shortsd.domain.text import line
from shortsd.providers.images.gathering import Photo, gather
from shortsd.providers.images.listing import SUFFIXES, shown
from shortsd.providers.images.source import Found, Order
from shortsd.providers.inside import inside

VERSION = 1
"""Raised when the same names come to be found or chosen in another way."""
SOURCE = "folder"
CREDITS = "credits.toml"
MOST = 20_000
"""Pictures that are looked at."""
ALIKE = 85.0
"""Of 100: what a word of a name must be like one that is looked for; "lighthouse" is like "lighthouses" (95), "house"
is not like "mouse" (80)."""

_WORD = re.compile(r"[^\W\d_]+")


class _Credit(msgspec.Struct, forbid_unknown_fields=True):
    """What `credits.toml` says of a file."""

    author: str = ""
    licence: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class LibraryPictures:
    """A source of pictures that are filmed where they lie. The folder is looked at anew for each short."""

    workers: Workers
    folder: Path
    name: str = "your folder of pictures"

    @property
    def key(self) -> str:
        """The folder's, not its pictures': shorts stay as they are when it comes to hold more."""
        return f"library {VERSION} {self.folder}"

    async def find(self, order: Order) -> Found:
        """Pictures whose names have words of the scenes."""
        try:
            shelf = await in_thread(_Library.of, self.folder)
        except BadInput as exc:
            return Found({}, exc)
        return (await gather(shelf, self.workers, order)).found

    async def close(self) -> None:
        """There is nothing to let go of."""


@dataclass(frozen=True, slots=True)
class _Library:
    """What a folder holds."""

    folder: Path
    photos: Sequence[Photo]
    having: Mapping[str, frozenset[int]]
    """The places in `photos` of those that have a word in their names."""
    down: str = ""

    @classmethod
    def of(cls, folder: Path) -> "_Library":
        """Look at a folder. Raises BadInput if it cannot be looked at."""
        names = list(_names(folder))
        credits_ = _credits(folder / CREDITS)
        having: dict[str, set[int]] = {}
        for place, name in enumerate(names):
            for word in _words(str(Path(name).with_suffix(""))):
                having.setdefault(word, set()).add(place)
        photos = [_photo(name, credits_) for name in names]
        return cls(folder, photos, {word: frozenset(places) for word, places in having.items()})

    def searches(self, scene: SceneBrief) -> Sequence[str]:
        """All keywords together, each alone, each word of them, then the mood."""
        words = [word for keyword in scene.keywords for word in _words(keyword)]
        return list(dict.fromkeys([" ".join(scene.keywords), *scene.keywords, *words, scene.mood]))

    async def search(self, words: str, size: tuple[int, int]) -> Sequence[Photo]:
        """Those that have all the words in their names, or words like them."""
        del size
        found = [await in_thread(self._like, word) for word in _words(words)]
        return [self.photos[place] for place in sorted(frozenset.intersection(*found))] if found else []

    def _like(self, word: str) -> frozenset[int]:
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - 47 modules that a start does without

        near = process.extract(word, self.having.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None)
        return frozenset().union(*(self.having[one] for one, *_ in near))

    async def fetch(self, photo: Photo, size: tuple[int, int]) -> Path:
        """Where it lies. Raises BadInput if it is there no more, or a link to somewhere else."""
        del size
        file = await in_thread(inside, self.folder, photo.address)
        if file is None:
            raise BadInput("It is no file in that folder.")
        return file

    def discard(self, file: Path) -> None:
        """It is the user's."""


def _names(folder: Path) -> Iterator[str]:
    """The pictures under a folder, by the way to them from there; hidden ones are none. Raises BadInput."""
    if not folder.is_dir():
        raise BadInput(f"The folder {shown(str(folder))} (images.folder) is not there.", "Name another, or make it.")
    count = 0
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith(".") and count < MOST:
                count += 1
                yield str((Path(where) / name).relative_to(folder))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _credits(file: Path) -> Mapping[str, _Credit]:
    """Whom to thank, by the file's name or the way to it. Raises BadInput: nobody is to be left out unseen."""
    try:
        return msgspec.convert(tomllib.loads(file.read_text("utf-8-sig")), dict[str, _Credit])
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as exc:
        hint = '["lighthouse.jpg"] is the head of a table with author, licence and page.'
        raise BadInput(f"{shown(str(file))} is not understood: {exc}.", hint) from exc


def _photo(name: str, known: Mapping[str, _Credit]) -> Photo:
    credit = known.get(name) or known.get(Path(name).name) or _Credit()
    return Photo(
        source=SOURCE,
        id=shown(name),
        address=name,
        author=line(credit.author),
        licence=line(credit.licence),
        page=line(credit.page),
    )
