"""A job's folder of artifacts: one folder for each stage, named with its fingerprint, there only when whole."""

import contextlib
import os
import shutil
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from shortsd.domain import durable
from shortsd.domain.errors import ChildFailed
from shortsd.domain.witness import NOBODY, Witness
from shortsd.stages.pieces import FOLDER, Pieces

R = TypeVar("R")

RECORD = "result.json"
"""In each stage's folder: what the stage returned, and the size in bytes of each file beside it."""


PART = ".part"
"""In a workspace: where stages work until what they make is whole."""


def fingerprint(stage: str, inputs: Mapping[str, Any]) -> str:
    """A hash of everything that a stage's result depends on: 16 hexadecimal digits."""
    text = msgspec.json.encode([stage, inputs], order="deterministic")
    return blake2b(text, digest_size=8).hexdigest()


class Workspace:
    """The artifacts of one job, under `root` (made when first needed)."""

    def __init__(self, root: Path, witness: Witness = NOBODY) -> None:
        self.root = root
        self._witness = witness

    def folder(self, stage: str, mark: str) -> Path:
        """Where a finished stage's artifacts lie."""
        return self.root / f"{stage}-{mark}"

    def begin(self, stage: str, mark: str) -> Path:
        """An empty folder for a stage to work in. Raises OSError."""
        part = self._part(stage, mark)
        shutil.rmtree(part, ignore_errors=True)
        with self._witness.transition(f"folder.begun:{stage}"):
            part.mkdir(parents=True)
        return part

    def finish(self, stage: str, mark: str, result: Any, files: Iterable[str] = ()) -> Path:
        """Make what a stage wrote final. Raises OSError, and ChildFailed if one of its `files` is missing or empty."""
        part, final = self._part(stage, mark), self.folder(stage, mark)
        sizes = {str(file.relative_to(part)): file.stat().st_size for file in part.rglob("*") if file.is_file()}
        if missing := [name for name in files if not sizes.get(name)]:
            raise ChildFailed(
                f"FFmpeg ended well in the stage {stage} but wrote no {' and no '.join(missing)}.",
                "See that the FFmpeg in use is a working one (`shortsctl doctor`); the job's log has its words.",
                retryable=False,
            )
        (part / RECORD).write_bytes(msgspec.json.encode({"result": result, "sizes": sizes}))
        shutil.rmtree(final, ignore_errors=True)
        with self._witness.transition(f"folder.promoted:{stage}"):
            durable.promote_folder(part, final)
        with contextlib.suppress(OSError):  # another stage works there, too
            part.parent.rmdir()
        return final

    def find(self, stage: str, mark: str, kind: type[R], files: Iterable[str] = ()) -> R | None:
        """What a stage with this fingerprint returned, if its artifacts, `files` among them, are there as made."""
        folder = self.folder(stage, mark)
        try:
            record = msgspec.json.decode((folder / RECORD).read_bytes())
            sizes = record["sizes"]
            whole = all((folder / name).stat().st_size == size for name, size in sizes.items())
            if whole and all(sizes.get(name) for name in files):
                return msgspec.convert(record["result"], kind)
        except (OSError, msgspec.MsgspecError, KeyError, TypeError, AttributeError):
            pass  # nothing there, or not as it was made: the stage is done again
        return None

    def pieces(self, stage: str) -> Pieces:
        """What a stage keeps of what it has half done."""
        return Pieces(self.root / FOLDER / stage, self._witness)

    def forget(self, stages: Iterable[str]) -> None:
        """Remove the artifacts of some stages."""
        for stage in stages:
            shutil.rmtree(self.pieces(stage).folder, ignore_errors=True)
            for folder in self.root.glob(f"{stage}-*"):
                shutil.rmtree(folder, ignore_errors=True)

    def tidy(self, marks: Mapping[str, str]) -> int:
        """Remove what these stages made with other fingerprints than the ones given; the bytes that were freed."""
        needed = {self.folder(stage, mark) for stage, mark in marks.items()}
        older = [folder for stage in marks for folder in self.root.glob(f"{stage}-*") if folder not in needed]
        return sum(_removed(folder) for folder in older)

    def sweep(self) -> None:
        """Remove what was half made."""
        shutil.rmtree(self.root / PART, ignore_errors=True)

    def size(self) -> int:
        """Bytes of everything in it."""
        return bytes_of(self.root)

    def remove(self) -> int:
        """Remove everything; the bytes that were freed."""
        return _removed(self.root)

    def _part(self, stage: str, mark: str) -> Path:
        return self.root / PART / f"{stage}-{mark}"


def bytes_of(folder: Path) -> int:
    """The sizes of all files under a folder, in bytes; what goes away meanwhile, or cannot be read, counts nothing."""
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(where, name)).st_size  # noqa: PTH118 - a Path takes longer to make than a file to be looked at
    return total


def _removed(folder: Path) -> int:
    """Remove a folder as far as that can be done; the bytes that were freed."""
    before = bytes_of(folder)
    shutil.rmtree(folder, ignore_errors=True)
    return before - bytes_of(folder)
