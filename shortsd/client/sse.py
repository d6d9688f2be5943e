"""Server-sent events: bytes in, messages out (WHATWG HTML, section 9.2.6, "Interpreting an event stream")."""

from collections.abc import Iterator
from dataclasses import dataclass

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Message:
    """One event. `id` is the last one the stream gave, of this event or of one before; empty if none was."""

    event: str
    data: str
    id: str


class Parser:
    """Reads a stream in pieces of any size."""

    def __init__(self) -> None:
        self._rest = b""
        self._after_cr = False
        self._first = True
        self._event = ""
        self._data: list[str] = []
        self._id = ""

    def feed(self, chunk: bytes) -> Iterator[Message]:
        """The messages that this piece completes."""
        for line in self._lines(chunk):
            if line:
                self._field(line)
            elif (message := self._dispatch()) is not None:
                yield message

    def _lines(self, chunk: bytes) -> Iterator[str]:
        """The lines that are whole now; they end in LF, CR or CRLF, which may come in two pieces."""
        if not chunk:
            return
        if self._after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
        self._after_cr = chunk.endswith(b"\r")
        pieces = (self._rest + chunk).splitlines(keepends=True)
        self._rest = pieces.pop() if pieces and not pieces[-1].endswith((b"\r", b"\n")) else b""
        for piece in pieces:
            line = piece.rstrip(b"\r\n")
            if self._first:
                line, self._first = line.removeprefix(_BOM), False
            yield line.decode(errors="replace")

    def _field(self, line: str) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            self._event = value
        elif name == "data":
            self._data.append(value)
        elif name == "id" and "\0" not in value:
            self._id = value

    def _dispatch(self) -> Message | None:
        event, data = self._event or "message", self._data
        self._event, self._data = "", []
        return Message(event, "\n".join(data), self._id) if data else None
