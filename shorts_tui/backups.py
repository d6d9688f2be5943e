"""A copy of the job database in a file: there as a whole or not at all, and nothing is replaced by it."""

import os
from pathlib import Path
from uuid import uuid4

from shortsd.client.client import Client
from shortsd.domain.durable import promote
from shortsd.domain.errors import BadInput

PRIVATE = 0o600


def save(client: Client, file: Path) -> int:
    """Copy the job database into a file that only its owner can read; its bytes.

    Raises BadInput if the file is there already, or cannot be written; what the daemon answers.
    """
    part = file.parent / f".shorts-tui-{uuid4().hex}.part"
    try:
        _require_free(file)
        try:
            with open(part, "xb", opener=lambda path, flags: os.open(path, flags, PRIVATE)) as copy:
                size = client.backup(copy)
            _require_free(file)  # another one may have come there meanwhile
            promote(part, file)
        finally:
            part.unlink(missing_ok=True)
    except OSError as exc:
        raise BadInput(f"{file} cannot be written: {exc.strerror}.", "Name another place.") from exc
    return size


def _require_free(file: Path) -> None:
    if os.path.lexists(file):
        raise BadInput(f"{file} is there already.", "Name another file: none is replaced.")
