"""`shortsctl backup`: copies the job database into a file."""

import argparse
import os
from pathlib import Path

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
    if os.path.lexists(file) and (not args.force or file.is_dir()):
        raise BadInput(f"{shown(str(file))} is there already.", "Name another file; --force replaces one.")
    part = file.with_name(f"{file.name}.part")
    try:
        try:
            taken = _fetched(daemon.client(), part)
            promote(part, file)
        finally:
            part.unlink(missing_ok=True)
    except OSError as exc:
        raise BadInput(f"{shown(str(file))} cannot be written: {exc.strerror}.", "Name another place.") from exc
    output.result(shown(str(file)))
    output.say(f"{size(taken)} copied.")
    return 0


def _fetched(client: Client, part: Path) -> int:
    """Bring the copy into a new file of mode 0600; its bytes. Raises OSError."""
    part.unlink(missing_ok=True)
    with open(part, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        return client.backup(file)
