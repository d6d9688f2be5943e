"""Reads what users want told."""

import sys
from pathlib import Path
from typing import BinaryIO

from shortsd.cli import output
from shortsd.domain.errors import BadInput

LIMIT = 2**20
"""Bytes of a story at most: three minutes of speech are about three kilobytes."""

_BOM = b"\xef\xbb\xbf"


def read(name: str) -> str:
    """The story in a UTF-8 file, or on stdin for "-". Raises BadInput, saying what is wrong with which file."""
    where = "stdin" if name == "-" else name
    try:
        data = _bytes(name)
    except OSError as exc:
        raise BadInput(
            f"The story {where} cannot be read: {exc.strerror}.", "Give a text file, or - to read from stdin."
        ) from exc
    if len(data) > LIMIT:
        raise BadInput(f"The story {where} is larger than {LIMIT // 2**20} MiB.", "Is it the right file?")
    text = _text(data, where)
    if not text.strip():
        raise BadInput(f"The story {where} is empty.", "Write what is to be spoken into it.")
    return text


def _bytes(name: str) -> bytes:
    if name != "-":
        with Path(name).open("rb") as file:
            return _whole(file)
    if sys.stdin.isatty():
        output.say("reading the story from the terminal; Ctrl-D on a new line ends it.")
    return _whole(sys.stdin.buffer)


def _whole(file: BinaryIO) -> bytes:
    """All of it, or enough to see that it is too much."""
    return file.read(LIMIT + 1)


def _text(data: bytes, where: str) -> str:
    marked = len(_BOM) if data.startswith(_BOM) else 0
    try:
        return data[marked:].decode()
    except UnicodeDecodeError as exc:
        at = exc.start + marked
        raise BadInput(
            f"The story {where} is not UTF-8: byte {at} (0x{data[at]:02x}) does not fit.",
            "Save it as UTF-8; `iconv -f LATIN1 -t UTF-8` converts older text.",
        ) from exc
