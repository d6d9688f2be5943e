"""What a child writes: cut into lines as it comes, its end kept, without limit on how much or how long."""

import asyncio
import codecs
import re
from collections.abc import Callable

KEPT_BYTES = 1 << 20
LINE_CHARACTERS = 1 << 16


class Lines:
    """Cuts bytes into lines of text and hands each on.

    A carriage return ends a line too (FFmpeg draws its statistics that way), empty lines are skipped, and a line of
    more than 64 Ki characters is handed on in pieces of that length.
    """

    def __init__(self, hear: Callable[[str], None]) -> None:
        self._hear = hear
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""

    def feed(self, data: bytes, *, last: bool = False) -> None:
        """Take the next bytes; `last` also hands on a line that has no end."""
        *lines, self._rest = re.split(r"[\r\n]", self._rest + self._decoder.decode(data, last))
        for line in lines:
            self._hand_on(line)
        keep = 0 if last else LINE_CHARACTERS
        if len(self._rest) > keep:
            whole = len(self._rest) if last else len(self._rest) // LINE_CHARACTERS * LINE_CHARACTERS
            line, self._rest = self._rest[:whole], self._rest[whole:]
            self._hand_on(line)

    def _hand_on(self, line: str) -> None:
        for start in range(0, len(line), LINE_CHARACTERS):
            self._hear(line[start : start + LINE_CHARACTERS])


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
    """

    def __init__(
        self, hear: Callable[[str], None], beat: Callable[[], None], fail: Callable[[Exception], None]
    ) -> None:
        self.tail = Tail()
        self._lines = Lines(hear)
        self._beat = beat
        self._fail = fail
        self._deaf = False
        self._transport: asyncio.BaseTransport | None = None
        self._closed = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._beat()
        self.tail.add(data)
        self._take(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self._take(b"", last=True)
        self._closed.set()

    def _take(self, data: bytes, *, last: bool = False) -> None:
        if self._deaf:
            return
        try:
            self._lines.feed(data, last=last)
        except Exception as exc:  # noqa: BLE001 - whatever the listener raises ends the child and reaches its caller
            self._deaf = True
            self._fail(exc)

    async def close(self, patience_s: float) -> None:
        """Hear the stream out for as long as `patience_s`, then hang up: somebody may hold it open for ever."""
        if self._transport is None:
            return
        try:
            async with asyncio.timeout(patience_s):
                await self._closed.wait()
        except TimeoutError:
            pass
        finally:
            self._transport.close()
        await self._closed.wait()
