"""A home that is ready to be worked in, and that one daemon at a time may call its own."""

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator

from shortsd.config.places import Places
from shortsd.domain.errors import Unavailable

LOOKS, LOOK_S = 5, 0.02
"""How often a claim is tried, and how long it waits between: who looks whether a home is `held` holds it a moment."""


def prepare(places: Places) -> None:
    """Make the folders of a home. What is private is for its user alone. Raises Unavailable."""
    private = (places.state, places.logs, places.work, places.cache)
    sockets = () if places.given else (places.socket.parent,)
    for folder in (*private, *sockets, places.output):
        try:
            folder.mkdir(mode=0o755 if folder == places.output else 0o700, parents=True, exist_ok=True)
            if folder in private:
                folder.chmod(0o700)  # also one that was there before, made by somebody else's rules
        except OSError as exc:
            raise Unavailable(
                f"The folder {folder} cannot be made: {exc.strerror}.",
                "Make it one that you may write to, or choose another place with SHORTSD_HOME.",
            ) from exc


@contextlib.contextmanager
def claim(places: Places, wait: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Hold a home's lock, which the kernel frees however the process ends. Raises Unavailable if another holds it."""
    try:
        handle = os.open(places.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as exc:
        raise Unavailable(f"The lock {places.lock} cannot be opened: {exc.strerror}.", "Look at its folder.") from exc
    try:
        if not _locked(handle, wait):
            pid = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
            raise Unavailable(
                f"Another shortsd (pid {pid or 'unknown'}) works in {places.state} already.",
                f"Use that one, or end it first: `shortsctl shutdown`, or `kill {pid}` if that does not reach it.",
            )
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def _locked(handle: int, wait: Callable[[float], None]) -> bool:
    """Lock a file for ourselves, in one of several tries."""
    for left in reversed(range(LOOKS)):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if left:
                wait(LOOK_S)
        else:
            return True
    return False


def held(places: Places) -> bool:
    """Whether a daemon works in a home now."""
    try:
        handle = os.open(places.lock, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
