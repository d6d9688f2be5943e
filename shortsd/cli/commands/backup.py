"""`shortsctl backup`: copies the job database into a file."""

import argparse
from pathlib import Path

from shortsd.cli import daemon, files, output
from shortsd.client.client import Client
from shortsd.client.text import shown, size

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
    with files.new_file(file, files.PRIVATE, force=args.force) as part:
        taken = _fetched(daemon.client(), part)
    output.result(shown(str(file)))
    output.say(f"{size(taken)} copied.")
    return 0


def _fetched(client: Client, part: Path) -> int:
    """Bring the copy into a file; its bytes. Raises OSError."""
    with part.open("wb") as file:
        return client.backup(file)
