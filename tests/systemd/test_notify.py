import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from shortsd.domain.errors import DiskFull
from shortsd.systemd.manager import ServiceManager, tell
from shortsd.systemd.notify import Notifier
from shortsd.systemd.watchdog import take_limit_s, watch


class Hearer:
    """The manager's end: a real datagram socket."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.line.bind(address.replace("@", "\0", 1))
        self.line.setblocking(False)
        self.heard: list[str] = []

    async def next(self) -> str:
        data = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(self.line, 4096), 30)
        self.heard.append(data.decode())
        return self.heard[-1]

    def waiting(self) -> list[str]:
        """What was sent and not yet read."""
        found = []
        while True:
            try:
                found.append(self.line.recv(4096).decode())
            except BlockingIOError:
                return found


@pytest.fixture(params=["path", "abstract"])
def hearer(request: pytest.FixtureRequest, short_folder: Path) -> Iterator[Hearer]:
    made = Hearer(str(short_folder / "notify") if request.param == "path" else f"@shorts-{uuid4().hex}")
    yield made
    made.line.close()


@asynccontextmanager
async def doing(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def idle() -> str:
    return "idle"


async def test_messages_arrive_as_systemd_wants_them(hearer: Hearer) -> None:
    """READY, RELOADING with the monotonic clock, STATUS on one line, WATCHDOG and STOPPING are lines of datagrams."""
    notifier = Notifier(hearer.address)
    before = time.monotonic_ns() // 1000
    notifier.ready()
    notifier.reloading()
    notifier.status("two\nlines")
    notifier.ping()
    notifier.stopping()
    ready, reloading, *rest = hearer.waiting()
    assert ready == "READY=1"
    assert rest == ["STATUS=two lines", "WATCHDOG=1", "STOPPING=1\nSTATUS=shutting down"]
    word, _, microseconds = reloading.partition("\nMONOTONIC_USEC=")
    assert word == "RELOADING=1"
    assert before <= int(microseconds) <= time.monotonic_ns() // 1000


def test_what_systemd_said_is_taken_out_of_the_environment() -> None:
    """No child inherits the address or the watchdog's times."""
    environ = {"NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "3000000", "WATCHDOG_PID": str(os.getpid()), "HOME": "/"}
    assert ServiceManager.take(environ).limit_s == 3
    assert environ == {"HOME": "/"}


def test_without_systemd_nothing_is_said(caplog: pytest.LogCaptureFixture) -> None:
    """Where there is no address there is nobody to tell, and nothing to complain of."""
    notifier = Notifier.take({})
    notifier.ready()
    assert not notifier
    assert not Notifier.take({"NOTIFY_SOCKET": "vsock:2:1234"})
    assert not caplog.records


def test_a_manager_that_is_away_is_no_fault_of_the_daemon(short_folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A message that nobody takes is a line in the log, no error."""
    Notifier(str(short_folder / "nobody")).ready()
    assert [record.message for record in caplog.records] == ["systemd was not reached"]


@pytest.mark.parametrize(
    ("environ", "limit"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "1500000"}, 1.5),
        ({"WATCHDOG_USEC": "1500000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_the_watchdog_is_for_the_process_that_it_names(environ: dict[str, str], limit: float | None) -> None:
    """WATCHDOG_PID, where there is one, says whom systemd watches."""
    assert take_limit_s(environ) == limit


async def test_pings_go_on_while_the_daemon_answers(hearer: Hearer) -> None:
    """Each look that is answered gives a ping; an error for people is an answer, too."""
    looks: list[int] = []

    async def alive() -> None:
        looks.append(len(looks))
        if len(looks) == 2:
            raise DiskFull("The disk is full.")

    async with doing(watch(Notifier(hearer.address), 0.02, alive)):
        assert [await hearer.next() for _ in range(3)] == ["WATCHDOG=1"] * 3
    assert len(looks) >= 3


async def test_pings_stop_while_the_store_hangs(hearer: Hearer, caplog: pytest.LogCaptureFixture) -> None:
    """A look that is not answered gives no ping, and they come again with the answers."""
    hanging, hung = asyncio.Event(), asyncio.Event()
    hung.set()
    looks: list[bool] = []

    async def alive() -> None:
        looks.append(hung.is_set())
        if len(looks) == 3:
            hanging.set()
        if hung.is_set():
            await asyncio.Event().wait()

    async with doing(watch(Notifier(hearer.address), 0.02, alive)):
        await asyncio.wait_for(hanging.wait(), 30)
        assert hearer.waiting() == []
        hung.clear()
        assert await hearer.next() == "WATCHDOG=1"
    assert "the watchdog gets no ping" in caplog.text


async def test_pings_stop_when_the_look_itself_breaks(hearer: Hearer) -> None:
    """A fault of ours is no sign of life, and no end of watching."""
    looks: list[int] = []

    async def alive() -> None:
        looks.append(1)
        if len(looks) < 3:
            raise ValueError("broken")

    async with doing(watch(Notifier(hearer.address), 0.02, alive)):
        await hearer.next()
    assert len(looks) >= 3


async def test_a_status_is_told_once_until_it_changes(hearer: Hearer) -> None:
    """The same line is not sent again; one that cannot be made is the reason why."""
    texts = iter(["idle", "idle", "1 job running"])

    async def describe() -> str:
        text = next(texts, None)
        if text is None:
            raise DiskFull("The disk is full.")
        return text

    async with doing(tell(Notifier(hearer.address), describe, every_s=0.001)):
        said = [await hearer.next() for _ in range(3)]
    assert said == ["STATUS=idle", "STATUS=1 job running", "STATUS=The disk is full."]


async def test_a_supervised_daemon_says_all_from_ready_to_stopping(hearer: Hearer) -> None:
    """READY comes first, then what it does and that it lives, STOPPING last, and nothing after that."""
    environ = {"NOTIFY_SOCKET": hearer.address, "WATCHDOG_USEC": "20000"}
    async with ServiceManager.take(environ).supervised(idle, idle):
        while "WATCHDOG=1" not in hearer.heard or "STATUS=idle" not in hearer.heard:
            await hearer.next()
    assert hearer.heard[0] == "READY=1"
    assert hearer.waiting()[-1].startswith("STOPPING=1")


async def test_an_unsupervised_daemon_works_all_the_same() -> None:
    """Without systemd the block is just a block."""
    before = asyncio.all_tasks()
    async with ServiceManager.take({}).supervised(idle, idle):
        assert asyncio.all_tasks() == before
