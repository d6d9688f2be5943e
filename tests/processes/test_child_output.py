from children_support import python
from support import TestDesk

from shortsd.domain.ports import Command
from shortsd.processes.children import ChildProcesses
from shortsd.processes.output import KEPT_BYTES, LINE_CHARACTERS, Lines

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
    lines = Lines(heard.append)
    for piece in (b"frame=1\rframe=2\r", b"\ndone\r\n\n", b"end"):
        lines.feed(piece)
    lines.feed(b"", last=True)
    assert heard == ["frame=1", "frame=2", "done", "end"]


def test_characters_cut_between_reads() -> None:
    """A character whose bytes come in two reads is whole, and bytes that are no UTF-8 are replaced."""
    heard: list[str] = []
    lines = Lines(heard.append)
    lines.feed("é".encode()[:1])
    lines.feed("é".encode()[1:] + b"\xff\n")
    assert heard == ["é\ufffd"]
