"""A storage on this machine: a folder. Links in it are followed as long as they do not lead out of it."""

import errno
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from shortsd.domain import durable
from shortsd.domain.elsewhere import Stored
from shortsd.domain.errors import BadInput, ServiceFailed, ServiceRefused, ShortsError
from shortsd.domain.finish import in_thread
from shortsd.domain.ports import Desk
from shortsd.providers.storage.paths import checked

PART_S = 3600.0
"""Seconds after which a half-written file is nobody's any more: who wrote it was killed."""
_CHUNK = 1 << 20


class FolderStorage:
    """domain.elsewhere.Storage below a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def url(self) -> str:
        return str(self._root)

    def whole(self, path: str) -> str:
        return str(self._root / checked(path))

    async def files(self, folder: str, most: int) -> Sequence[Stored]:
        return await in_thread(self._list, folder, most)

    async def find(self, path: str) -> Stored | None:
        return await in_thread(self._find, path)

    async def fetch(self, stored: Stored, to: Path) -> None:
        await in_thread(self._fetch, stored, to)

    async def expect(self, path: str) -> None:
        await in_thread(self._expect, path)

    async def store(self, file: Path, path: str, desk: Desk) -> None:
        """Write a temporary name beside it, sync, rename."""
        size = await in_thread(self._store, file, path)
        desk.progress(size, size)

    def _list(self, folder: str, most: int) -> list[Stored]:
        found: list[Stored] = []
        try:
            start = self._inside(folder)
            for file in _files(start) if start.is_dir() else ():
                path = f"{folder}/{file.relative_to(start)}"
                if (one := self._find(path)) is None:
                    raise BadInput(f"{path} is no file, and leads to none.", "Put the file itself there.")
                found.append(one)
                if len(found) > most:
                    raise BadInput(f"{folder} has more than {most} files.", "Leave out what is not needed.")
        except OSError as exc:
            raise _failed(exc, folder) from exc
        return sorted(found, key=lambda one: one.path)

    def _find(self, path: str) -> Stored | None:
        try:
            return self._stored(path)
        except FileNotFoundError:
            return None
        except OSError as exc:
            raise _failed(exc, path) from exc

    def _stored(self, path: str) -> Stored:
        """Raises FileNotFoundError, OSError."""
        file = self._inside(path)
        info = file.stat()
        if not file.is_file():
            raise FileNotFoundError(path)
        return Stored(path, info.st_size, f"{info.st_size} {info.st_mtime_ns}")

    def _fetch(self, stored: Stored, to: Path) -> None:
        try:
            source = self._inside(stored.path)
            with source.open("rb") as opened:
                now = os.fstat(opened.fileno())
                if f"{now.st_size} {now.st_mtime_ns}" != stored.mark:
                    raise ServiceFailed(f"{stored.path} was changed while it was read.", "Try again.")
                with to.open("wb") as made:
                    shutil.copyfileobj(opened, made, _CHUNK)
        except OSError as exc:
            if exc.filename == str(to):
                raise
            raise _failed(exc, stored.path) from exc

    def _expect(self, path: str) -> None:
        try:
            final = self._place(path)
            if final.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            folder = next(one for one in final.parents if one.exists())
            if not folder.is_dir():
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
            if not os.access(folder, os.W_OK | os.X_OK, effective_ids=True):
                raise PermissionError(errno.EACCES, "nothing may be written there")
        except OSError as exc:
            raise _failed(exc, path) from exc

    def _store(self, file: Path, path: str) -> int:
        """The bytes that were stored."""
        try:
            final = self._place(path)
            final.parent.mkdir(parents=True, exist_ok=True)
            _forget_parts(final)
            part = final.with_name(f".{final.name}.{secrets.token_hex(4)}.part")
            try:
                shutil.copyfile(file, part)
                durable.promote(part, final)
            finally:
                part.unlink(missing_ok=True)
        except OSError as exc:
            raise _failed(exc, path) from exc
        return file.stat().st_size

    def _place(self, path: str) -> Path:
        """Where a file is to be, whatever is there. Raises as `_inside`."""
        folder, _, name = checked(path).rpartition("/")
        return self._inside(folder) / name

    def _inside(self, path: str) -> Path:
        """A path, all links followed, that need not be there. Raises BadInput if it leads out, OSError."""
        root = self._root.resolve()
        top = root / checked(path).partition("/")[0]
        try:
            found = (root / path).resolve()
        except RuntimeError as exc:  # links that lead to each other; Python 3.11 and 3.12
            raise BadInput(f"The links of {path} lead to each other.", "Put the file itself there.") from exc
        if not found.is_relative_to(top):
            raise BadInput(f"{path} leads out of its folder.", "Put the file itself there, not a link.")
        return found


def _files(folder: Path) -> Iterator[Path]:
    """All files below a folder, hidden ones left out; folders that are links are not entered."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _files(Path(entry.path))
            else:
                yield Path(entry.path)


def _forget_parts(final: Path) -> None:
    """Remove what who was killed left of writing this file."""
    for part in final.parent.glob(f".{final.name}.*.part"):
        with suppress(OSError):
            if part.lstat().st_mtime < time.time() - PART_S:
                part.unlink()


def _failed(exc: OSError, path: str) -> ShortsError:
    why = exc.strerror or str(exc)
    if isinstance(exc, IsADirectoryError):
        return BadInput(f"{path} cannot be written: there is a folder of that name.", "Move it away.")
    if isinstance(exc, NotADirectoryError | FileExistsError):  # to make a folder where a file is says the latter
        return BadInput(f"{path} cannot be there: what it lies in is no folder.", "Put a folder there.")
    if isinstance(exc, PermissionError):
        return ServiceRefused(f"{path} cannot be read or written: {why}.", "See whose it is and who may use it.")
    return ServiceFailed(f"{path} cannot be read or written: {why}.", "Look at its folder.")
