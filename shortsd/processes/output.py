"""What a child writes: cut into lines as it comes, its end kept, without limit on how much or how long."""

import asyncio
import codecs
import re
from collections.abc import Callable, Sequence
from typing import cast

KEPT_BYTES = 1 << 20
LINE_CHARACTERS = 1 << 16
BABBLE_LINES = 1_000
"""Lines in one read after which a child is not heard for a while. FFmpeg's progress is a dozen lines twice a second."""
LINES_PER_S = 100_000
"""How fast a babbling child is heard. A read of 32 Ki lines takes the loop some 20 ms, then 6 % of its time."""


class Lines:
    """Cuts bytes into lines of text and hands on together those that came together.

    A carriage return ends a line too (FFmpeg draws its statistics that way), empty lines are skipped, and a line of
    more than 64 Ki characters is handed on in pieces of that length.
    """

    def __init__(self, hear: Callable[[Sequence[str]], None]) -> None:
        self._hear = hear
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""

    def feed(self, data: bytes, *, last: bool = False) -> int:
        """Take the next bytes; `last` also hands on a line that has no end. How many lines ended, empty ones too."""
        *lines, self._rest = re.split(r"[\r\n]", self._rest + self._decoder.decode(data, last))
        pieces = [piece for line in lines for piece in _pieces(line)]
        if last or len(self._rest) > LINE_CHARACTERS:
            whole = len(self._rest) if last else len(self._rest) // LINE_CHARACTERS * LINE_CHARACTERS
            pieces += _pieces(self._rest[:whole])
            self._rest = self._rest[whole:]
        if pieces:
            self._hear(pieces)
        return len(lines)


def _pieces(line: str) -> Sequence[str]:
    """A line in pieces of bounded length; nothing of an empty one."""
    return [line[start : start + LINE_CHARACTERS] for start in range(0, len(line), LINE_CHARACTERS)]


def one_by_one(hear: Callable[[str], None] | None) -> Callable[[Sequence[str]], None]:
    """Ears for lines that come together, of those for one line; deaf ones if there are none."""

    def hear_all(lines: Sequence[str]) -> None:
        if hear is not None:
            for line in lines:
                hear(line)

    return hear_all


class Tail:
    """The last mebibyte of a stream."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def add(self, data: bytes) -> None:
        self._bytes += data
        if len(self._bytes) > 2 * KEPT_BYTES:
            del self._bytes[:-KEPT_BYTES]

    def text(self) -> str:
        return self._bytes[-KEPT_BYTES:].decode("utf-8", "replace")


class Tap(asyncio.Protocol):
    """Hears one stream of a child until it closes.

    `beat` is called whenever something came. What `hear` raises goes to `fail`, once; nothing is heard after that.
    One that babbles is read no faster than LINES_PER_S: its own pipe slows it down, and the loop has time for others.
    """

    def __init__(
        self, hear: Callable[[Sequence[str]], None], beat: Callable[[], None], fail: Callable[[Exception], None]
    ) -> None:
        self.tail = Tail()
        self._lines = Lines(hear)
        self._beat = beat
        self._fail = fail
        self._deaf = False
        self._closing = False
        self._transport: asyncio.ReadTransport | None = None
        self._closed = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.ReadTransport", transport)  # it is tied to a pipe that is read

    def data_received(self, data: bytes) -> None:
        self._beat()
        self.tail.add(data)
        ended = self._take(data)
        if ended > BABBLE_LINES and not self._closing and self._transport is not None:
            self._transport.pause_reading()
            asyncio.get_running_loop().call_later(ended / LINES_PER_S, self._transport.resume_reading)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self._take(b"", last=True)
        self._closed.set()

    def _take(self, data: bytes, *, last: bool = False) -> int:
        if self._deaf:
            return 0
        try:
            return self._lines.feed(data, last=last)
        except Exception as exc:  # noqa: BLE001 - whatever the listener raises ends the child and reaches its caller
            self._deaf = True
            self._fail(exc)
            return 0

    async def close(self, patience_s: float) -> None:
        """Hear the stream out for as long as `patience_s`, then hang up: somebody may hold it open for ever."""
        if self._transport is None:
            return
        self._closing = True
        self._transport.resume_reading()
        try:
            async with asyncio.timeout(patience_s):
                await self._closed.wait()
        except TimeoutError:
            pass
        finally:
            self._transport.close()
        await self._closed.wait()
