"""How a file becomes final: written under a temporary name, synced, renamed. Whole or not there at all."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Make a file's bytes, or a folder's names, survive a power cut. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def promote(part: Path, final: Path) -> None:
    """Give a finished file its final name, replacing what had it. Raises OSError."""
    sync(part)
    part.replace(final)
    sync(final.parent)


def promote_folder(part: Path, final: Path) -> None:
    """Give a folder of finished files its final name; `final` must not exist. Raises OSError."""
    for file in sorted(part.rglob("*")):
        sync(file)
    sync(part)
    part.rename(final)
    sync(final.parent)


def write(final: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a small file whole. Raises OSError."""
    part = final.with_name(f".{final.name}.{os.getpid()}.part")
    try:
        with open(part, "wb", opener=lambda path, flags: os.open(path, flags, mode)) as file:
            file.write(data)
        promote(part, final)
    finally:
        part.unlink(missing_ok=True)
