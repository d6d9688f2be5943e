"""Files that a command makes: there as a whole or not at all, and none is replaced that nobody meant."""

import os
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from uuid import uuid4

from shortsd.client.text import shown
from shortsd.domain.durable import promote
from shortsd.domain.errors import BadInput

PRIVATE, USUAL = 0o600, 0o666
"""Modes of a new file, from which the umask takes."""


@contextmanager
def new_file(file: Path, mode: int, *, force: bool) -> Iterator[Path]:
    """An empty file to be written, which gets the name `file` when the block has been left well, and else goes.

    Raises BadInput if it cannot be written, or if something has that name which is not to be replaced: with `force`
    regular files are.
    """
    try:
        _require_free(file, force=force)
        with _part(file.parent, mode) as part:
            yield part
            _require_free(file, force=force)  # another one may have come there meanwhile
            promote(part, file)
    except OSError as exc:
        raise BadInput(f"{shown(str(file))} cannot be written: {exc.strerror}.", "Name another place.") from exc


def _require_free(file: Path, *, force: bool) -> None:
    """Raises BadInput if something has the name that is not to be replaced; OSError."""
    try:
        mode = file.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):  # a link too: what it leads to would stay as it is, and the link be gone
        raise BadInput(f"{shown(str(file))} is there already, and is no regular file.", "Name another file.")
    if not force:
        raise BadInput(f"{shown(str(file))} is there already.", "Name another file; --force replaces one.")


@contextmanager
def _part(folder: Path, mode: int) -> Iterator[Path]:
    """A new file, which nobody else has, and which goes unless it gets another name. Raises OSError."""
    part = folder / f".shortsctl-{uuid4().hex}.part"
    with _unwinding():
        try:
            # in here: a signal may come as soon as it is made
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode))
            yield part
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def _unwinding() -> Iterator[None]:
    """Have SIGTERM and SIGHUP, unless they are ignored, end us with an exception: what is half done is taken away."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    heard = {number: handler for number, handler in before.items() if handler is not signal.SIG_IGN}
    for number in heard:
        signal.signal(number, _leave)
    try:
        yield
    finally:
        for number, handler in heard.items():
            signal.signal(number, handler)


def _leave(number: int, frame: FrameType | None) -> None:
    """Exit as shells count a death by a signal."""
    del frame
    raise SystemExit(128 + number)
