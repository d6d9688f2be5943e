"""What a worker and the daemon say to each other: JSON objects as ASCII lines, long ones in pieces.

A piece begins with `+` if more of its object follows and with `=` if it is the last, since a line that is too long
would be cut somewhere on its way.
"""

import json
from collections.abc import Iterator
from typing import Any

PIECE_CHARACTERS = 1 << 15
MORE, LAST = "+", "="


def encode(message: dict[str, Any]) -> Iterator[str]:
    """The lines of a message, each with its end."""
    text = json.dumps(message)
    starts = range(0, len(text), PIECE_CHARACTERS)
    for start in starts:
        yield f"{LAST if start == starts[-1] else MORE}{text[start : start + PIECE_CHARACTERS]}\n"


class Decoder:
    """Puts messages together."""

    def __init__(self) -> None:
        self._pieces: list[str] = []

    def feed(self, line: str) -> dict[str, Any] | None:
        """The message that this line completes, or None. Raises ValueError for what is no line of ours."""
        if line[:1] not in (MORE, LAST):
            raise ValueError(line)
        self._pieces.append(line[1:])
        if line[0] == MORE:
            return None
        text, self._pieces = "".join(self._pieces), []
        message: dict[str, Any] = json.loads(text)
        return message
