"""Which folders are or were the inbox: what was taken from one is seen to when another one has been named since."""

import json
import logging
import os
from pathlib import Path

from shortsd.domain import durable
from shortsd.domain.errors import Unavailable

logger = logging.getLogger("shortsd.inbox")


class Inboxes:
    """A file with the folders of which something may still be to become a job, by their real paths.

    All of it raises Unavailable if the file cannot be read or written.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def enter(self, folder: Path) -> list[Path]:
        """Note a folder before anything is taken from it; the others that are noted."""
        here, noted = real(folder), self._read()
        if here not in noted:
            self._write([*noted, here])
        return [each for each in noted if each != here]

    def leave(self, folder: Path) -> None:
        """Forget a folder: all that was taken from it has been seen to."""
        self._write([each for each in self._read() if each != real(folder)])

    def _read(self) -> list[Path]:
        try:
            noted = json.loads(self._file.read_bytes())
        except FileNotFoundError:
            return []
        except OSError as exc:
            raise Unavailable(f"{self._file} cannot be read: {exc.strerror}.", "See who may read it.") from exc
        except ValueError:
            noted = None
        if not isinstance(noted, list):
            logger.warning("%s is not what we wrote, and is begun anew", self._file)
            return []
        return [Path(str(each)) for each in noted]

    def _write(self, folders: list[Path]) -> None:
        try:
            durable.write(self._file, json.dumps([str(each) for each in folders]).encode(), 0o600)
        except OSError as exc:
            raise Unavailable(f"{self._file} cannot be written: {exc.strerror}.", "Look at the disk.") from exc


def real(folder: Path) -> Path:
    """What a folder is called, whatever links lead to it."""
    return Path(os.path.realpath(folder))  # resolve() raises for links that go round
