"""What lies in the inbox, and since when each of it stays as it is."""

import heapq
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from math import inf
from pathlib import Path

from shortsd.engine.parcels import contents
from shortsd.engine.taken import NOTE, REASON

MOST = 10_000
"""Entries that are looked at, by name; of more, the others wait until some of these are gone."""

KEPT = frozenset({"taken", "refused"})
"""Our own folders in an inbox."""

_PASSING = (".part", ".partial", ".tmp", ".crdownload", ".swp", "~", NOTE, REASON)
"""Ends of names that editors, browsers and copying programs give to what is not whole yet, or was before; and ours."""
_LITTER = frozenset({"thumbs.db", "desktop.ini"})
"""What Windows leaves in folders that it shows."""


@dataclass(slots=True)
class _Seen:
    mark: bytes
    since: float


class Arrivals:
    """Remembers how each entry of a folder stood, and when that was seen first, on a clock that nobody puts."""

    def __init__(self, folder: Path, settle_s: float, clock: Callable[[], float]) -> None:
        self._folder = folder
        self._settle_s = settle_s
        self._clock = clock
        self._seen: dict[str, _Seen] = {}

    def rested(self) -> list[Path]:
        """Look; the entries that have stayed as they are for long enough, those that came first first. Raises OSError.

        One that cannot be looked at is not there.
        """
        now = self._clock()
        self._seen = {name: self._now(name, mark, now) for name, mark in _marks(self._folder)}
        ready = [(seen.since, name) for name, seen in self._seen.items() if now - seen.since >= self._settle_s]
        return [self._folder / name for _, name in sorted(ready)]

    def due_s(self) -> float:
        """Seconds until the next entry may have rested; infinite if there is none."""
        return min((seen.since + self._settle_s for seen in self._seen.values()), default=inf) - self._clock()

    def put_off(self, entry: Path, seconds: float) -> None:
        """Leave an entry alone for so long, or until it is changed."""
        if entry.name in self._seen:
            self._seen[entry.name].since = self._clock() + seconds - self._settle_s

    def _now(self, name: str, mark: bytes, now: float) -> _Seen:
        before = self._seen.get(name)
        return before if before is not None and before.mark == mark else _Seen(mark, now)


def is_passing(name: str) -> bool:
    """Whether what is called so is not for us: hidden, half made, litter, or our own."""
    folded = name.lower()
    return name.startswith((".", "~", "#")) or folded.endswith(_PASSING) or folded in _LITTER or name in KEPT


def _marks(folder: Path) -> Iterator[tuple[str, bytes]]:
    """For each entry, what changes with it."""
    with os.scandir(folder) as found:
        entries = heapq.nsmallest(MOST, (each for each in found if not is_passing(each.name)), key=lambda one: one.name)
    for entry in entries:
        try:
            yield entry.name, _mark(entry)
        except OSError:
            continue


def _mark(entry: "os.DirEntry[str]") -> bytes:
    """Of a file its inode, size and times; of a folder those of all that is in it, as far as that is bounded."""
    digest = blake2b(_facts(entry), digest_size=16)
    if entry.is_dir(follow_symlinks=False):
        with suppress(OSError):  # what cannot be read is told when it is taken
            for fact in sorted(_facts(each) for each in contents(Path(entry.path))):
                digest.update(fact)
    return digest.digest()


def _facts(entry: "os.DirEntry[str]") -> bytes:
    at = os.lstat(entry.path)  # what a DirEntry has cached may be older
    return f"{entry.path!r} {at.st_ino} {at.st_size} {at.st_mtime_ns} {at.st_ctime_ns}\n".encode("utf-8", "replace")
