import asyncio
import os
from contextlib import suppress

import pytest
from processes.children_support import REST, SAY_PID, STUBBORN, MakeChildren, MemoryRegistry, all_gone, python, until
from support import TestDesk

from shortsd.domain.errors import ChildFailed, TimedOut
from shortsd.domain.ports import Command, Output
from shortsd.processes.child import Ending
from shortsd.processes.children import ChildProcesses
from shortsd.processes.pairs import verdict

FRAMES = Command("frames", ("sh", "-c", "while :; do echo frame; done"))
"""A source without end."""


def sh(name: str, script: str) -> Command:
    return Command(name, ("sh", "-c", script))


async def test_bytes_flow(children: ChildProcesses, desk: TestDesk) -> None:
    """The sink reads all that the source wrote, and its lines are heard."""
    heard: list[str] = []
    output = await children.pipe(
        Command("source", ("head", "-c", "5000000", "/dev/zero")), sh("sink", "wc -c"), desk, heard.append
    )
    assert heard == ["5000000"]
    assert output.stdout.strip() == "5000000"


async def test_source_has_stdin(children: ChildProcesses, desk: TestDesk) -> None:
    """The source reads its own bytes from stdin."""
    output = await children.pipe(Command("source", ("cat",), b"hello"), sh("sink", "cat"), desk)
    assert output.stdout == "hello"


async def test_sink_fails(children: ChildProcesses, desk: TestDesk) -> None:
    """A sink that fails ends the source, and its error is the one raised."""
    with pytest.raises(ChildFailed, match=r"^sink ended with exit code 4: no encoder"):
        await children.pipe(FRAMES, sh("sink", "read line; echo no encoder >&2; exit 4"), desk)


async def test_sink_fails_slowly(children: ChildProcesses, desk: TestDesk) -> None:
    """A sink that stops reading and fails a while later is to blame, not the source that broke its pipe first."""
    sink = sh("sink", "read line; exec <&-; sleep 0.2; echo no encoder >&2; exit 4")
    with pytest.raises(ChildFailed, match=r"^sink ended with exit code 4"):
        await children.pipe(FRAMES, sink, desk)


async def test_python_source_breaks_its_pipe(children: ChildProcesses, desk: TestDesk) -> None:
    """A source in Python, which does not die of SIGPIPE but raises, is not to blame either."""
    source = python("while True: print('frame' * 1000)", name="frames")
    with pytest.raises(ChildFailed, match=r"^sink"):
        await children.pipe(source, sh("sink", "read line; exec <&-; sleep 0.2; exit 4"), desk)


async def test_source_fails(children: ChildProcesses, desk: TestDesk) -> None:
    """A source that fails ends the sink, and its error is the one raised."""
    with pytest.raises(ChildFailed, match=r"^frames ended with exit code 5: bad picture"):
        await children.pipe(sh("frames", "echo bad picture >&2; exit 5"), sh("sink", "sleep 60"), desk)


async def test_sink_fails_for_want_of_a_source(children: ChildProcesses, desk: TestDesk) -> None:
    """A sink that fails because the source failed before is not to blame."""
    sink = sh("sink", "cat; echo empty >&2; exit 6")
    with pytest.raises(ChildFailed, match=r"^frames ended with exit code 5"):
        await children.pipe(sh("frames", "exit 5"), sink, desk)


@pytest.mark.parametrize(("sooner_s", "blamed"), [(0.0, "frames"), (0.01, "frames"), (1.0, "sink")])
def test_who_is_to_blame_of_two_that_fail(sooner_s: float, blamed: str) -> None:
    """The one that failed first; of two that are heard of at once the source, without which no sink does well."""
    source = Ending(Output("", ""), ChildFailed("frames"), broke_pipe=False, at=5.0)
    sink = Ending(Output("", ""), ChildFailed("sink"), broke_pipe=False, at=5.0 - sooner_s)
    with pytest.raises(ChildFailed, match=blamed):
        verdict(source, sink)


async def test_sink_has_enough(children: ChildProcesses, desk: TestDesk) -> None:
    """A sink that did well without reading all is fine, and so is the pair."""
    output = await children.pipe(FRAMES, sh("sink", "head -n 2"), desk)
    assert output.stdout == "frame\nframe\n"


async def test_source_ends_last(children: ChildProcesses, desk: TestDesk) -> None:
    """A source that fails after the sink is done still counts."""
    with pytest.raises(ChildFailed, match=r"^frames ended with exit code 5"):
        await children.pipe(sh("frames", "echo frame; exec >&-; sleep 0.2; exit 5"), sh("sink", "cat"), desk)


async def test_missing_sink(children: ChildProcesses, desk: TestDesk) -> None:
    """A sink that does not exist is told, and the source does not stay."""
    with pytest.raises(ChildFailed, match="ffmpeg could not be started"):
        await children.pipe(FRAMES, Command("ffmpeg", ("/nowhere/ffmpeg",)), desk)


async def test_common_pulse(make_children: MakeChildren, desk: TestDesk) -> None:
    """A silent source lives as long as its sink gives signs of life."""
    sink = sh("sink", "for n in 1 2 3 4 5 6 7 8; do echo $n; sleep 0.25; done; cat")
    output = await make_children(stall_s=1.2).pipe(sh("frames", "sleep 1.6; echo frame"), sink, desk)
    assert output.stdout.endswith("frame\n")


async def test_both_stall(make_children: MakeChildren, desk: TestDesk) -> None:
    """A pair of which nobody writes anything is ended; the error has both names and the last words of both."""
    with pytest.raises(TimedOut, match=r"^frames and sink wrote nothing") as caught:
        await make_children(stall_s=0.2).pipe(
            sh("frames", "echo one >&2; sleep 60"), sh("sink", "echo two >&2; cat"), desk
        )
    assert {"one", "two"} <= set(caught.value.hint.splitlines())


async def test_cancelled_pair(children: ChildProcesses, registry: MemoryRegistry, desk: TestDesk) -> None:
    """Cancelled, even again and again, both are ended."""
    heard: list[str] = []
    source, sink = python(STUBBORN, "import time", REST), python(STUBBORN, SAY_PID, REST)
    task = asyncio.create_task(children.pipe(source, sink, desk, heard.append))
    await until(lambda: heard)
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=0.03)
    with suppress(asyncio.CancelledError):
        await task
    assert all_gone(record.pid for record in registry.ever)
    assert registry.records == {}


async def test_no_descriptor_stays(children: ChildProcesses, desk: TestDesk) -> None:
    """After pairs that did well and pairs that failed, no more descriptors are open than before."""
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - the folder is the kernel's
    await children.pipe(sh("frames", "echo frame"), sh("sink", "cat"), desk)
    for failing in (sh("sink", "exit 4"), Command("sink", ("/nowhere",))):
        with pytest.raises(ChildFailed):
            await children.pipe(FRAMES, failing, desk)
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 - as above


async def test_one_encoder_at_a_time(children: ChildProcesses, desk: TestDesk) -> None:
    """A pair waits while as many run as may, says so in its log and its progress, and goes on when one has ended."""
    heard: list[str] = []
    first = asyncio.create_task(children.pipe(FRAMES, python(SAY_PID, REST), desk, heard.append))
    await until(lambda: heard)
    first.cancel()
    second = asyncio.create_task(children.pipe(sh("frames", "echo frame"), sh("sink", "cat"), desk))
    await until(lambda: any("waiting for an encoder" in line for line in desk.log.lines))
    assert (0, 0, "waiting for an encoder") in desk.seen
    assert (await second).stdout == "frame\n"
    assert first.cancelled()


async def test_waiting_for_an_encoder(make_children: MakeChildren, registry: MemoryRegistry, desk: TestDesk) -> None:
    """Who waits for an encoder has no processes, is not ended by the stall limit, and can be stopped."""
    children = make_children(stall_s=0.4)
    heard: list[str] = []
    talk = sh("sink", "for n in 1 2 3 4 5 6 7 8; do echo $n; sleep 0.1; done")
    first = asyncio.create_task(children.pipe(FRAMES, talk, desk, heard.append))
    await until(lambda: heard)
    waiting = [asyncio.create_task(children.pipe(sh("frames", "echo on"), sh("sink", "cat"), desk)) for _ in range(2)]
    await until(lambda: len(desk.seen) == 2)
    assert len(registry.records) == 2
    waiting[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting[0]
    await first
    assert (await waiting[1]).stdout == "on\n"
