"""`shortsctl backup`: copies the job database into a file."""

import argparse
import os
import signal
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from shortsd.cli import daemon, output
from shortsd.cli.text import shown, size
from shortsd.client.client import Client
from shortsd.domain.durable import promote
from shortsd.domain.errors import BadInput

EXAMPLES = """
shortsctl backup ~/shortsd.db
shortsctl backup --force /mnt/usb/shortsd.db
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.description = (
        "Copy the job database, as it stands, into a file that only you can read, while the daemon goes on. Videos and "
        "working files are not in it. docs/backup.md tells how to put it back."
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the file to be")
    parser.add_argument("--force", action="store_true", help="replace a file that is there")


def run(args: argparse.Namespace) -> int:
    """Fetch it, and print where it lies. The file is there as a whole or not at all."""
    file: Path = args.file
    try:
        _require_free(file, force=args.force)
        with _part(file.parent) as part:
            taken = _fetched(daemon.client(), part)
            _require_free(file, force=args.force)  # another backup may have come there meanwhile
            promote(part, file)
    except OSError as exc:
        raise BadInput(f"{shown(str(file))} cannot be written: {exc.strerror}.", "Name another place.") from exc
    output.result(shown(str(file)))
    output.say(f"{size(taken)} copied.")
    return 0


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
def _part(folder: Path) -> Iterator[Path]:
    """A new file of mode 0600, which nobody else has, and which goes unless it gets another name. Raises OSError."""
    with _unwinding():
        handle, name = tempfile.mkstemp(dir=folder, prefix=".shortsctl-", suffix=".part")
        os.close(handle)
        try:
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)


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


def _fetched(client: Client, part: Path) -> int:
    """Bring the copy into a file; its bytes. Raises OSError."""
    with part.open("wb") as file:
        return client.backup(file)
