import errno
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from processes.children_support import BrokenRegistry, MakeChildren, MemoryRegistry, python, start
from support import TestDesk

from shortsd.domain.errors import ChildFailed, DiskFull, TimedOut, Unavailable
from shortsd.domain.ports import Command
from shortsd.processes.child import WITHHELD
from shortsd.processes.children import ChildProcesses
from shortsd.processes.failures import failure


async def test_exit_code_and_last_words(children: ChildProcesses, desk: TestDesk) -> None:
    """A failure names the command, its exit code and its last line; the hint has five lines."""
    command = Command("ffmpeg", ("sh", "-c", "for n in 1 2 3 4 5 6 7; do echo line $n >&2; done; exit 3"))
    with pytest.raises(ChildFailed) as caught:
        await children.run(command, desk)
    assert caught.value.message == "ffmpeg ended with exit code 3: line 7"
    assert caught.value.hint.splitlines()[1:] == [f"line {n}" for n in range(3, 8)]


async def test_an_answer_on_standard_error_is_no_matter_of_the_log(children: ChildProcesses, desk: TestDesk) -> None:
    """Whoever asked has it; what a failure leaves is told as of any other."""
    command = Command("ffmpeg", ("sh", "-c", "echo loud >&2; exit 0"), answers=True)
    assert (await children.run(command, desk)).stderr == "loud\n"
    assert desk.log.lines == []
    with pytest.raises(ChildFailed, match="exit code 3: loud"):
        await children.run(replace(command, argv=("sh", "-c", "echo loud >&2; exit 3")), desk)


def test_long_last_words_are_cut() -> None:
    """A message is for people: of each line it has the beginning, whatever a child wrote."""
    error = failure("ffmpeg", 1, None, "\n".join(["x" * 5_000] * 5))
    assert error is not None
    assert error.message == f"ffmpeg ended with exit code 1: {'x' * 299}…"
    assert {len(line) for line in error.hint.splitlines()[1:]} == {300}


async def test_crash(children: ChildProcesses, desk: TestDesk) -> None:
    """A crash is told by its signal's name."""
    with pytest.raises(ChildFailed, match="ffmpeg was killed by SIGSEGV"):
        await children.run(Command("ffmpeg", ("sh", "-c", "kill -SEGV $$")), desk)


async def test_killed_by_the_system(children: ChildProcesses, desk: TestDesk) -> None:
    """A kill that we did not do points at memory, and may not come again."""
    with pytest.raises(ChildFailed, match="ffmpeg was killed by SIGKILL") as caught:
        await children.run(Command("ffmpeg", ("sh", "-c", "echo encoding >&2; kill -KILL $$")), desk)
    assert "memory" in caught.value.hint
    assert "encoding" in caught.value.hint
    assert caught.value.retryable


@pytest.mark.parametrize(
    ("returncode", "refused", "stderr", "retryable"),
    [
        (1, None, "Invalid data found", False),
        (-signal.SIGSEGV, None, "", True),
        (1, None, os.strerror(errno.ENOSPC), True),
        (1, None, os.strerror(errno.ENOMEM), False),
        (-signal.SIGABRT, None, "terminate called after throwing an instance of 'std::bad_alloc'", False),
        (127, errno.ENOENT, "", False),
        (127, errno.EAGAIN, "", True),
        (127, errno.ENOMEM, "", True),
    ],
)
def test_whether_trying_again_can_help(returncode: int, refused: int | None, stderr: str, retryable: bool) -> None:
    """What a command does by itself it does again; what was done to it, or was wanting, may be otherwise next time."""
    error = failure("ffmpeg", returncode, refused, stderr, memory_mb=64)
    assert error is not None
    assert error.retryable is retryable


async def test_disk_full(children: ChildProcesses, desk: TestDesk) -> None:
    """A failed child that speaks of no space becomes DiskFull."""
    script = f"echo 'out.mp4: {os.strerror(errno.ENOSPC)}' >&2; exit 1"
    with pytest.raises(DiskFull, match="ffmpeg"):
        await children.run(Command("ffmpeg", ("sh", "-c", script)), desk)


async def test_missing_program(children: ChildProcesses, desk: TestDesk) -> None:
    """A program that does not exist is told apart from one that fails."""
    with pytest.raises(ChildFailed, match="could not be started: No such file"):
        await children.run(Command("nothing", ("/nowhere/to/be/found",)), desk)


async def test_program_that_is_not_executable(children: ChildProcesses, desk: TestDesk) -> None:
    """A file that may not be executed is told so."""
    with pytest.raises(ChildFailed, match="could not be started: Permission denied"):
        await children.run(Command("nothing", (__file__,)), desk)


async def test_exit_code_127_of_its_own(children: ChildProcesses, desk: TestDesk) -> None:
    """A program that ends with a shell's code for a missing command is not taken for a missing program."""
    with pytest.raises(ChildFailed, match="ended with exit code 127"):
        await children.run(Command("sh", ("sh", "-c", "exit 127")), desk)


async def test_argument_with_a_null_byte(children: ChildProcesses, desk: TestDesk) -> None:
    """An argv that no system takes is a failure to start."""
    with pytest.raises(ChildFailed, match="could not be started"):
        await children.run(Command("true", ("true", "a\0b")), desk)


async def test_stall(make_children: MakeChildren, desk: TestDesk) -> None:
    """A child that writes nothing for the stall limit is ended; the hint has its last words."""
    command = Command("ffmpeg", ("sh", "-c", "echo thinking >&2; sleep 60"))
    with pytest.raises(TimedOut, match=r"ffmpeg wrote nothing for 0\.2 s") as caught:
        await make_children(stall_s=0.2).run(command, desk)
    assert "thinking" in caught.value.hint
    assert caught.value.retryable


async def test_time_limit(make_children: MakeChildren, desk: TestDesk) -> None:
    """A child that writes all the time, but for too long, is ended."""
    command = Command("ffmpeg", ("sh", "-c", "while :; do echo on; sleep 0.05; done"))
    with pytest.raises(TimedOut, match=r"ffmpeg ran for more than 0\.5 s") as caught:
        await make_children(time_s=0.5).run(command, desk)
    assert not caught.value.retryable


async def test_listener_that_raises(children: ChildProcesses, desk: TestDesk) -> None:
    """What the listener raises ends the child and reaches the caller as it is."""

    def refuse(line: str) -> None:
        raise LookupError(line)

    with pytest.raises(LookupError, match="hello"):
        await children.run(Command("sh", ("sh", "-c", "echo hello; sleep 60")), desk, refuse)


async def test_registry_that_fails(home: str, desk: TestDesk, tmp_path: Path) -> None:
    """A child that cannot be recorded never runs, and its record is taken back."""
    registry, ran = BrokenRegistry(), tmp_path / "ran"
    with pytest.raises(Unavailable):
        await ChildProcesses(registry, home).run(Command("touch", ("touch", str(ran))), desk)
    assert not ran.exists()
    assert (len(registry.ever), registry.records) == (1, {})


async def test_record(children: ChildProcesses, registry: MemoryRegistry, desk: TestDesk) -> None:
    """While it runs a child is on record with all that identifies it; afterwards it is not."""
    started = await start(children, python("import os, sys; print(os.getpid(), flush=True); sys.stdin.read()"), desk)
    await started.task
    (record,) = registry.ever
    assert (record.pid, record.group, record.job, record.stage) == (started.pids[0], started.pids[0], 1, "test")
    assert record.argv[-1].startswith("import os")
    assert registry.records == {}
    assert children.running() == []


async def test_environment_and_niceness(make_children: MakeChildren, home: str, desk: TestDesk) -> None:
    """A child carries its home and job as a mark, and is as nice as asked."""
    heard: list[str] = []
    script = 'echo "$SHORTSD_CHILD"; nice'
    await make_children(nice=3).run(Command("sh", ("sh", "-c", script)), desk, heard.append)
    assert heard == [f"{home}:1", str(os.nice(0) + 3)]


async def test_keys_of_storages_are_not_handed_on(
    make_children: MakeChildren, desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What this process opens buckets with, no child has to know; all else it inherits."""
    for name in (*WITHHELD, "AWS_REGION"):
        monkeypatch.setenv(name, "a key")
    heard: list[str] = []
    await make_children().run(Command("env", ("env",)), desk, heard.append)
    assert [line for line in heard if "a key" in line] == ["AWS_REGION=a key"]
