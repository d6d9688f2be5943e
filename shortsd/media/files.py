"""Small files that a piece of media work leaves behind."""

import errno
from pathlib import Path

from shortsd.domain import durable
from shortsd.domain.errors import DiskFull, Unavailable


def save(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, making its folder if need be. Raises DiskFull, Unavailable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        durable.write(path, data)
    except OSError as exc:
        if exc.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(f"No space left to write {path}.", "Free some space, then retry the job.") from exc
        raise Unavailable(
            f"{path} could not be written: {exc.strerror}.", "Look at the permissions of its folder, then retry."
        ) from exc
