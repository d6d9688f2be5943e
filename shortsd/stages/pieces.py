"""Pieces of a stage worth keeping before it is done, and after its inputs have changed: a render's segments."""

import contextlib
from collections.abc import Collection
from pathlib import Path

from shortsd.domain import durable
from shortsd.domain.witness import NOBODY, Witness

FOLDER = "pieces"
"""In a workspace: a folder for each stage that keeps pieces."""


class Pieces:
    """Files in a folder, named with their fingerprints, there only when whole."""

    def __init__(self, folder: Path, witness: Witness = NOBODY, suffix: str = ".mp4") -> None:
        self.folder = folder
        self._witness = witness
        self._suffix = suffix

    def named(self, suffix: str) -> "Pieces":
        """The same, of files that end in another suffix."""
        return Pieces(self.folder, self._witness, suffix)

    def file(self, mark: str) -> Path:
        """Where the piece with a fingerprint lies, or will."""
        return self.folder / f"{mark}{self._suffix}"

    def has(self, mark: str) -> bool:
        """Whether it is there."""
        try:
            return self.file(mark).stat().st_size > 0
        except OSError:
            return False

    def keep(self, part: Path, mark: str) -> Path:
        """Make a finished file a piece. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._witness.transition(f"piece.kept:{self.folder.name}"):
            durable.promote(part, self.file(mark))
        return self.file(mark)

    def only(self, marks: Collection[str]) -> None:
        """Remove all others."""
        needed = {self.file(mark) for mark in marks}
        for file in self.folder.glob("*"):
            if file not in needed:
                with contextlib.suppress(OSError):
                    file.unlink()
