from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from support import TestDesk

from shortsd.domain.errors import BadInput, ChildFailed, DiskFull, Internal
from shortsd.processes.children import ChildProcesses
from shortsd.processes.workers import WorkerProcesses

Call = Callable[..., Awaitable[Any]]


@pytest.fixture
def call(children: ChildProcesses, desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Calls a function of worker_targets."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))

    async def call(function: str, **request: Any) -> Any:
        return await WorkerProcesses(children).call(f"worker_targets:{function}", request, desk)

    return call


async def test_answer_and_progress(call: Call, desk: TestDesk) -> None:
    """The request arrives, the answer returns, and progress is heard on the way."""
    assert await call("echo", word="Füße 🌙", numbers=[1, 2.5, None]) == {
        "heard": {"word": "Füße 🌙", "numbers": [1, 2.5, None]}
    }
    assert desk.seen == [(1, 2, "half"), (2, 2, "")]


async def test_large_request_and_answer(call: Call) -> None:
    """Neither a request nor an answer is bounded by the length of a line or of a pipe."""
    assert await call("long_answer") == "é\n" * 200_000
    assert len((await call("echo", text="x" * 1_000_000))["heard"]["text"]) == 1_000_000


async def test_logs_and_warnings(call: Call, desk: TestDesk) -> None:
    """What the worker logs or warns of is in the job's log."""
    await call("logs")
    assert desk.log.lines == [
        "info by the way",
        "warning a picture\nis missing",
        "warning UserWarning: old fashioned",
    ]


async def test_stray_prints(call: Call, desk: TestDesk) -> None:
    """What libraries print to stdout, by whatever way, does not disturb and is in the job's log."""
    assert await call("chatter") == "fine"
    assert {line.rpartition(": ")[2] for line in desk.log.lines} == {
        "from Python",
        "from the system",
        "from C",
        "from a child",
    }


async def test_error_of_ours(call: Call) -> None:
    """A ShortsError raised there is raised here, hint and all."""
    with pytest.raises(BadInput, match="cannot be read") as caught:
        await call("bad_input")
    assert caught.value.hint == "Try another."


async def test_bug(call: Call, desk: TestDesk) -> None:
    """Any other exception is a fault of ours; its traceback is in the job's log."""
    with pytest.raises(Internal, match="worker_targets:bug failed: KeyError: 'width'"):
        await call("bug")
    assert any("Traceback" in line for line in desk.log.lines)


async def test_disk_full(call: Call) -> None:
    """No space left is told as such, and may pass."""
    with pytest.raises(DiskFull) as caught:
        await call("disk_full")
    assert caught.value.retryable


async def test_out_of_memory(call: Call) -> None:
    """So is memory that ran out, with the limit that a worker had."""
    with pytest.raises(ChildFailed, match=r"than the 4096 MiB of children\.memory_mb") as caught:
        await call("memory")
    assert not caught.value.retryable


async def test_crash(call: Call, desk: TestDesk) -> None:
    """A crash in C names its signal, and the job's log has where in Python it was."""
    with pytest.raises(ChildFailed, match="was killed by SIGSEGV"):
        await call("crash")
    assert any("worker_targets.py" in line for line in desk.log.lines)


async def test_no_answer(call: Call) -> None:
    """A worker that ends well without an answer is a fault of ours."""
    with pytest.raises(Internal, match="without an answer"):
        await call("silent_end")


async def test_missing_function(call: Call) -> None:
    """A function that does not exist is a fault of ours."""
    with pytest.raises(Internal, match="AttributeError"):
        await call("nothing_here")


async def test_one_thread(call: Call) -> None:
    """Numeric libraries are held to one thread."""
    assert await call("threads") == ["1", "1"]
