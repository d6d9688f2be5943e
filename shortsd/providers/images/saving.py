"""Writing a picture, with errors for people."""

import errno
from pathlib import Path

from shortsd.domain.errors import DiskFull, Unavailable


def save(path: Path, data: bytes) -> None:
    """Write a picture's bytes. Raises DiskFull; Unavailable if the folder cannot be written for another reason."""
    try:
        path.write_bytes(data)
    except OSError as exc:
        if exc.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(f"There is no space left to write the picture {path}.", "Free some space.") from exc
        raise Unavailable(f"The picture {path} cannot be written: {exc.strerror}.", "See who may write there.") from exc
