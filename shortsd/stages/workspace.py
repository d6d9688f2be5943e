"""A job's folder of artifacts: one folder for each stage, named with its fingerprint, there only when whole."""

import contextlib
import shutil
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from shortsd.domain import durable

R = TypeVar("R")

RECORD = "result.json"
"""In each stage's folder: what the stage returned, and the size in bytes of each file beside it."""


def fingerprint(stage: str, inputs: Mapping[str, Any]) -> str:
    """A hash of everything that a stage's result depends on: 16 hexadecimal digits."""
    text = msgspec.json.encode([stage, inputs], order="deterministic")
    return blake2b(text, digest_size=8).hexdigest()


class Workspace:
    """The artifacts of one job, under `root` (made when first needed)."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, stage: str, mark: str) -> Path:
        """Where a finished stage's artifacts lie."""
        return self.root / f"{stage}-{mark}"

    def begin(self, stage: str, mark: str) -> Path:
        """An empty folder for a stage to work in. Raises OSError."""
        part = self._part(stage, mark)
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        return part

    def finish(self, stage: str, mark: str, result: Any) -> Path:
        """Make what a stage wrote final. Raises OSError."""
        part, final = self._part(stage, mark), self.folder(stage, mark)
        sizes = {str(file.relative_to(part)): file.stat().st_size for file in part.rglob("*") if file.is_file()}
        (part / RECORD).write_bytes(msgspec.json.encode({"result": result, "sizes": sizes}))
        shutil.rmtree(final, ignore_errors=True)
        durable.promote_folder(part, final)
        with contextlib.suppress(OSError):  # another stage works there, too
            part.parent.rmdir()
        return final

    def find(self, stage: str, mark: str, kind: type[R]) -> R | None:
        """What a stage with this fingerprint returned, if its artifacts are all there as they were made."""
        folder = self.folder(stage, mark)
        try:
            record = msgspec.json.decode((folder / RECORD).read_bytes())
            if all((folder / name).stat().st_size == size for name, size in record["sizes"].items()):
                return msgspec.convert(record["result"], kind)
        except (OSError, msgspec.MsgspecError, KeyError, TypeError, AttributeError):
            pass  # nothing there, or not as it was made: the stage is done again
        return None

    def forget(self, stages: Iterable[str]) -> None:
        """Remove the artifacts of some stages."""
        for stage in stages:
            for folder in self.root.glob(f"{stage}-*"):
                shutil.rmtree(folder, ignore_errors=True)

    def sweep(self) -> None:
        """Remove what was half made."""
        shutil.rmtree(self.root / ".part", ignore_errors=True)

    def remove(self) -> int:
        """Remove everything; the bytes that were freed."""
        size = sum(file.lstat().st_size for file in self.root.rglob("*") if not file.is_dir())
        shutil.rmtree(self.root, ignore_errors=True)
        return size

    def _part(self, stage: str, mark: str) -> Path:
        return self.root / ".part" / f"{stage}-{mark}"
