"""Where what lay in the inbox goes: to `taken`, with a note of the job made of it, or to `refused`, with why."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from errno import EACCES
from itertools import count
from pathlib import Path

from shortsd.domain import durable
from shortsd.domain.errors import ShortsError, Unavailable
from shortsd.domain.ports import Clock
from shortsd.domain.witness import Witness

NOTE = ".job.json"
"""Ends the name of a note. It is written last: what is taken and has none is still to become a job."""
REASON = ".reason.txt"
NAME_BYTES = 180
"""Of a name's 255, so that a stamp, a count and a note's suffix have room."""

_TAKEN = re.compile(r"\d{8}-\d{6}(?:\.\d+)?-(?P<name>.+)", re.DOTALL)


class Taken:
    """The two folders in an inbox. All of it raises Unavailable if files cannot be moved or written."""

    def __init__(self, inbox: Path, clock: Clock, witness: Witness) -> None:
        self._taken = inbox / "taken"
        self._refused = inbox / "refused"
        self._clock = clock
        self._witness = witness

    def take(self, entry: Path) -> Path | None:
        """Move an entry out of the inbox; where it lies now, whatever dies. None if it is gone."""
        with _moving(entry):
            if not os.path.lexists(entry):
                return None
            if not entry.is_symlink() and not os.access(entry, os.R_OK):
                raise PermissionError(EACCES, os.strerror(EACCES))
            self._taken.mkdir(mode=0o700, exist_ok=True)
            with self._witness.transition("parcel.taken"):
                return _move(entry, self._free(entry.name))

    def open(self) -> list[Path]:
        """What was taken and has no note, oldest first."""
        with _moving(self._taken):
            names = {each.name for each in self._taken.iterdir()} if self._taken.is_dir() else set()
        notes = {name.removesuffix(NOTE) for name in names if name.endswith(NOTE)}
        taken = {name for name in names if _TAKEN.fullmatch(name) and not name.endswith(NOTE)}
        return [self._taken / name for name in sorted(taken - notes)]

    def settle(self, entry: Path, job: int | None) -> None:
        """Note the job that was made of what was taken; None if it is not known any more which that was."""
        note = f'{{"job": {"null" if job is None else job}}}\n'
        with _moving(entry), self._witness.transition("parcel.settled"):
            durable.write(entry.with_name(f"{entry.name}{NOTE}"), note.encode(), 0o600)

    def refuse(self, entry: Path, why: ShortsError) -> Path:
        """Move what was taken to where it is told why nothing was made of it; where it lies then."""
        name = called(entry)
        with _moving(entry), self._witness.transition("parcel.refused"):
            self._refused.mkdir(mode=0o700, exist_ok=True)
            place = next(place for place in _numbered(self._refused, name) if not os.path.lexists(place))
            durable.write(place.with_name(f"{place.name}{REASON}"), _reason(name, why).encode(), 0o600)
            return _move(entry, place)

    def _free(self, name: str) -> Path:
        """Where an entry may lie: `YYYYmmdd-HHMMSS-name`, with a count after the time if there is one so called."""
        stamp = datetime.fromtimestamp(self._clock(), UTC).astimezone().strftime("%Y%m%d-%H%M%S")
        stamps = (stamp if number == 1 else f"{stamp}.{number}" for number in count(1))
        places = (self._taken / f"{each}-{plain(name)}" for each in stamps)
        return next(place for place in places if not (os.path.lexists(place) or os.path.lexists(f"{place}{NOTE}")))


def called(entry: Path) -> str:
    """What an entry that was taken was called in the inbox, as far as that could be kept."""
    found = _TAKEN.fullmatch(entry.name)
    return found["name"] if found else entry.name


def plain(name: str) -> str:
    """A name that can be told, and has room after it: underscores for what cannot be printed, a stem that is cut."""
    told = "".join(letter if letter.isprintable() else "_" for letter in name)
    stem, dot, suffix = told.rpartition(".")
    if not dot or len(suffix.encode()) > NAME_BYTES // 2:
        stem, dot, suffix = told, "", ""
    room = NAME_BYTES - len(f"{dot}{suffix}".encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + suffix


def _numbered(folder: Path, name: str) -> Iterator[Path]:
    """First `story.txt`, then `story-2.txt` and so on."""
    yield folder / name
    stem, suffix = Path(name).stem, Path(name).suffix
    for number in count(2):
        yield folder / f"{stem}-{number}{suffix}"


def _move(entry: Path, to: Path) -> Path:
    """Rename durably: a power cut afterwards does not bring it back to where it was."""
    entry.rename(to)
    durable.sync(to.parent)
    durable.sync(entry.parent)
    return to


def _reason(name: str, why: ShortsError) -> str:
    lines = [f"No short was made of {name}.", "", why.message, *([why.hint] if why.hint else []), ""]
    return "\n".join([*lines, "Put that right, and move it into the inbox again.", ""])


@contextmanager
def _moving(entry: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise Unavailable(
            f"The inbox cannot do its work with {called(entry)}: {exc.strerror}.", "See who may read and write there."
        ) from exc
