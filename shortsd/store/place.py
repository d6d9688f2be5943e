"""Whether the path of an open file still leads to it: what is written to one that was removed goes with the daemon."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from shortsd.domain.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Place:
    """A path, and the file that it led to when that was opened."""

    path: Path
    device: int
    inode: int

    @classmethod
    def of(cls, path: Path, handle: int) -> Self:
        """The place of a file that is open. Raises OSError."""
        found = os.fstat(handle)
        return cls(path, found.st_dev, found.st_ino)

    def require(self) -> None:
        """See that it is there. Raises Unavailable."""
        try:
            found = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            raise self._lost() from None
        except OSError as exc:
            why = f"The job database {self.path} cannot be reached: {exc.strerror}."
            raise Unavailable(why, "Look at the disk that holds it.") from exc
        if (found.st_dev, found.st_ino) != (self.device, self.inode):
            raise self._lost()

    def _lost(self) -> Unavailable:
        return Unavailable(
            f"The job database {self.path} was taken away or replaced while the daemon runs.",
            "`shortsctl backup FILE` saves what the daemon still holds. Then end the daemon, move what is left of "
            f"{self.path.name}* away, put the copy in its place, and start again.",
        )
