import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from processes.children_support import python, until
from support import TestDesk

from shortsd.domain.ports import Command
from shortsd.processes.children import ChildProcesses
from shortsd.processes.output import KEPT_BYTES, LINE_CHARACTERS, Lines, Tap

MIB = 1 << 20


async def test_lines_and_output(children: ChildProcesses, desk: TestDesk) -> None:
    """Stdout goes to the listener by the line, stderr to the job's log, and both are returned."""
    heard: list[str] = []
    output = await children.run(Command("sh", ("sh", "-c", "echo one; echo two; echo oh >&2")), desk, heard.append)
    assert (heard, desk.log.lines) == (["one", "two"], ["sh: oh"])
    assert (output.stdout, output.stderr) == ("one\ntwo\n", "oh\n")


async def test_stdin_larger_than_a_pipe(children: ChildProcesses, desk: TestDesk) -> None:
    """Bytes for stdin are all read, however many, by a child that writes as much itself."""
    data = bytes(range(97, 123)) * 100_000
    heard: list[str] = []
    await children.run(Command("cat", ("cat",), data), desk, heard.append)
    assert "".join(heard).encode() == data


async def test_unread_stdin(children: ChildProcesses, desk: TestDesk) -> None:
    """A child that never reads its stdin is no error."""
    await children.run(Command("true", ("true",), b"x" * MIB), desk)


async def test_ten_mebibytes_in_one_line(children: ChildProcesses, desk: TestDesk) -> None:
    """A line without end arrives whole, in pieces of bounded length, and only its end is kept."""
    heard: list[str] = []
    output = await children.run(python(f"print('x' * {10 * MIB}, end='')"), desk, heard.append)
    assert sum(map(len, heard)) == 10 * MIB
    assert max(map(len, heard)) == LINE_CHARACTERS
    assert len(output.stdout) == KEPT_BYTES


async def test_floods_on_both_streams(children: ChildProcesses, desk: TestDesk) -> None:
    """A child that floods both streams at once is neither blocked nor cut."""
    code = "import sys\nfor n in range(20_000): print('o' * 90); print('e' * 90, file=sys.stderr)"
    heard: list[str] = []
    await children.run(python(code), desk, heard.append)
    assert (len(heard), len(desk.log.lines)) == (20_000, 20_000)


def test_carriage_returns_end_lines() -> None:
    """FFmpeg's statistics, which overwrite one another on a terminal, are lines; empty ones are skipped."""
    heard: list[str] = []
    lines = Lines(heard.extend)
    for piece in (b"frame=1\rframe=2\r", b"\ndone\r\n\n", b"end"):
        lines.feed(piece)
    lines.feed(b"", last=True)
    assert heard == ["frame=1", "frame=2", "done", "end"]


def test_characters_cut_between_reads() -> None:
    """A character whose bytes come in two reads is whole, and bytes that are no UTF-8 are replaced."""
    heard: list[str] = []
    lines = Lines(heard.extend)
    lines.feed("é".encode()[:1])
    lines.feed("é".encode()[1:] + b"\xff\n")
    assert heard == ["é\ufffd"]


def test_lines_that_come_together_are_heard_together() -> None:
    """However many they are, who hears them is called once for each read."""
    heard: list[list[str]] = []
    lines = Lines(lambda found: heard.append(list(found)))
    lines.feed(b"a\nb\n\nc")
    lines.feed(b"d\n")
    assert heard == [["a", "b"], ["cd"]]


async def test_a_babbling_child_is_slowed_by_its_own_pipe() -> None:
    """It is not read for a while after a read of very many lines, so that the loop has time for others; then it is."""
    async with _tapped() as (tap, heard, transport, writing):
        os.write(writing, b"a\n" * 30_000)
        await _soon(heard)
        assert not transport.is_reading()
        os.write(writing, b"end\n")
        await until(lambda: heard[-1] == "end")
        assert len(heard) == 30_001
        assert tap.tail.text().endswith("end\n")


async def test_a_child_that_reports_its_progress_is_not_slowed() -> None:
    """A few lines at a time never keep it from being read."""
    async with _tapped() as (_, heard, transport, writing):
        for _ in range(20):
            heard.clear()
            os.write(writing, b"frame=1\n" * 12)
            await _soon(heard)
            assert transport.is_reading()


async def test_a_babbling_child_that_ended_is_heard_out_at_once() -> None:
    """What it left in its pipe is not waited for."""
    async with _tapped() as (tap, heard, transport, writing):
        os.write(writing, b"a\n" * 10_000)
        await until(lambda: heard)
        closing = asyncio.ensure_future(tap.close(60))
        await asyncio.sleep(0)
        assert transport.is_reading()
        os.write(writing, b"a\n" * 10_000)
        await until(lambda: len(heard) == 20_000)
        assert transport.is_reading()
        closing.cancel()


@asynccontextmanager
async def _tapped() -> AsyncIterator[tuple[Tap, list[str], asyncio.ReadTransport, int]]:
    """A tap on a pipe, the lines it heard, its transport, and where to write."""
    heard: list[str] = []
    reading, writing = os.pipe()
    tap = Tap(heard.extend, lambda: None, _refuse)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: tap, os.fdopen(reading, "rb"))
    try:
        yield tap, heard, transport, writing
    finally:
        os.close(writing)
        await tap.close(0)


async def _soon(heard: list[str]) -> None:
    """Until something was heard, seen in the next turn of the loop: what rests then rests for a moment only."""
    while not heard:  # noqa: ASYNC110 - an event would be set by what is heard no sooner
        await asyncio.sleep(0)


def _refuse(exc: Exception) -> None:
    raise exc
