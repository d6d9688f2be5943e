"""One child process: heard, limited, ended together with its group, reaped."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import uuid4

from shortsd.domain.errors import TimedOut
from shortsd.domain.finish import finish
from shortsd.domain.ports import Clock, Command, Desk, Log, Output
from shortsd.domain.process import ChildRecord
from shortsd.processes.exits import ExitWatch
from shortsd.processes.failures import failure, is_broken_pipe, last_words
from shortsd.processes.groups import end_group, members, signal_group
from shortsd.processes.identity import mark
from shortsd.processes.limits import Limits, impose
from shortsd.processes.output import Tail, Tap, one_by_one
from shortsd.processes.spawn import ONE_THREAD, spawn
from shortsd.processes.strays import end_strays

DRAIN_S = 1.0
"""How long a stream is heard after the whole group is gone; only one that left the group can still hold it open."""
LOOK_AGAIN_S = 0.1
"""Before a child that seems to stall is ended: a daemon that stood still itself has yet to read what was written."""
REAP_S = 0.1
"""How long a child that was killed in a hurry may keep the loop waiting to be reaped."""

WITHHELD = frozenset(
    {
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AZURE_CLIENT_SECRET",
        "AZURE_STORAGE_ACCESS_KEY",
        "AZURE_STORAGE_ACCOUNT_KEY",
        "AZURE_STORAGE_MASTER_KEY",
        "AZURE_STORAGE_SAS_KEY",
        "AZURE_STORAGE_SAS_TOKEN",
        "AZURE_STORAGE_TOKEN",
        "GOOGLE_SERVICE_ACCOUNT_KEY",
    }
)
"""Variables with a key in them that storages are opened with in this process; no child opens any."""


class Pulse:
    """When a child last gave a sign of life; two children of one pipe share theirs.

    Which of the two keeps the other waiting cannot be told, so that both have to answer for it.
    """

    def __init__(self) -> None:
        self._clock = asyncio.get_running_loop().time
        self.last = self._clock()
        self._whose: dict[str, Tail] = {}

    def belongs_to(self, name: str, stderr: Tail) -> None:
        self._whose[name] = stderr

    def stalled(self, stall_s: float) -> TimedOut:
        """The error for no sign of life."""
        names, words = " and ".join(self._whose), last_words("\n".join(tail.text() for tail in self._whose.values()))
        were = "were" if len(self._whose) > 1 else "was"
        return TimedOut(f"{names} wrote nothing for {stall_s:g} s and {were} ended.", words, retryable=True)

    def beat(self) -> None:
        self.last = self._clock()


@dataclass(frozen=True, slots=True)
class Wiring:
    """What a child's streams are tied to: file descriptors for stdin and stdout, or ears for stdout; and its pulse."""

    stdin: int | None = None
    stdout: int | None = None
    on_line: Callable[[str], None] | None = None
    pulse: Pulse = field(default_factory=Pulse)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a child ended."""

    output: Output
    error: Exception | None
    """A ShortsError, or what the listener of its lines raised."""
    broke_pipe: bool
    """Whether it failed because nobody read what it wrote."""
    at: float
    """The loop's time at which it was seen to be gone."""

    def unwrap(self) -> Output:
        """What it wrote; raises its error."""
        if self.error is not None:
            raise self.error
        return self.output


class Child:
    """A child process and its group. It waits behind its gate until `release`; `close` must be awaited at last.

    `home` is what it is marked with, in addition to the daemon's own environment.

    To be made on the thread that lives as long as the daemon does, since Linux sends the parent-death signal when the
    thread that started the child ends. Raises ChildFailed if it cannot be started.
    """

    def __init__(
        self,
        command: Command,
        desk: Desk,
        wiring: Wiring,
        limits: Limits,
        home: str,
        clock: Clock = time.time,
    ) -> None:
        self.key = uuid4().hex
        """What it and all that it starts carry, and no other."""
        self._home = home
        self._desk = desk
        self._name = command.name
        self._limits = limits
        self._pulse = wiring.pulse
        self._loop = asyncio.get_running_loop()
        self._deadline = self._loop.time() + limits.time_s
        marks = mark(home, desk.job, self.key)
        self._spawned = spawn(
            command, {**_inherited(), **ONE_THREAD, **marks}, limits.nice, wiring.stdin, wiring.stdout
        )
        impose(self._spawned.popen.pid, limits)
        pid, start = self._spawned.popen.pid, self._spawned.kernel_start_time
        self.record = ChildRecord(pid, pid, start, desk.job, desk.stage, command.name, command.argv, clock())
        self._stdout = Tap(one_by_one(wiring.on_line), self._pulse.beat, self.stop)
        self._stderr = Tap(_ears(command, desk.log), self._pulse.beat, self.stop)
        self._pulse.belongs_to(command.name, self._stderr.tail)
        self._connecting = asyncio.Lock()
        self._over = asyncio.Event()
        self._reason: Exception | None = None
        self._gone_at = 0.0
        self._refused: int | None = None
        self._reaped = False
        self._timer: asyncio.TimerHandle | None = None
        self._doubted = False
        """Whether it seemed to stall when it was last looked at."""
        self._exit = ExitWatch(self._spawned.popen, self._exited)
        self._closing: asyncio.Task[bool] | None = None

    async def release(self) -> None:
        """Listen to its streams and let it through the gate; its limits count from now on."""
        async with self._connecting:
            if self._over.is_set():
                return
            await self._connect()
        self._pulse.beat()
        self._deadline = self._loop.time() + self._limits.time_s
        self._check_limits()
        self._spawned.let_through()

    async def ended(self) -> Ending:
        """Wait until it and all of its group are gone, however that comes.

        Cancelled, even again and again, it ends the group before CancelledError leaves.
        """
        try:
            await self._over.wait()
        finally:
            await self.close()
        return self._ending()

    def stop(self, reason: Exception) -> None:
        """Let `ended` end it and answer with this reason; the first reason counts."""
        if not self._over.is_set():
            self._reason = reason
            self._over.set()

    async def close(self) -> bool:
        """End its group, hear it out, reap it; once, whoever asks. False if something would not die."""
        if self._closing is None:
            self._over.set()
            self._closing = self._loop.create_task(self._close())
        return await finish(self._closing)

    def kill(self) -> None:
        """Send KILL to its group, as long as the group's number is surely its own; to be awaited as ever."""
        if not self._reaped:
            signal_group(self.record.group, signal.SIGKILL)

    def gone(self) -> bool:
        """Whether one that would not die has died since, with its whole group."""
        return self._spawned.popen.poll() is not None and not members(self.record.group)

    @property
    def quiet_s(self) -> float:
        """Seconds since its last sign of life."""
        return self._loop.time() - self._pulse.last

    async def _connect(self) -> None:
        popen = self._spawned.popen
        for pipe, tap in ((popen.stdout, self._stdout), (popen.stderr, self._stderr)):
            if pipe is not None:
                await self._loop.connect_read_pipe(partial(_same, tap), pipe)

    def _exited(self) -> None:
        self._gone_at = self._loop.time()
        self._over.set()

    def _check_limits(self) -> None:
        now, stalls_at = self._loop.time(), self._pulse.last + self._limits.stall_s
        if now >= self._deadline:
            self.stop(self._too_long())
        elif now < stalls_at:
            self._doubted = False
            self._timer = self._loop.call_at(min(self._deadline, stalls_at), self._check_limits)
        elif not self._doubted:
            self._doubted = True
            self._timer = self._loop.call_later(LOOK_AGAIN_S, self._check_limits)
        else:
            self.stop(self._pulse.stalled(self._limits.stall_s))

    def _too_long(self) -> TimedOut:
        said = f"{self._name} ran for more than {self._limits.time_s:g} s and was ended."
        return TimedOut(said, last_words(self._stderr.tail.text()), retryable=False)

    async def _close(self) -> bool:
        try:
            emptied = await end_group(self.record.group, self._limits.grace_s)
            if emptied:
                await self._end_strays()
            async with self._connecting:
                await asyncio.gather(self._stdout.close(DRAIN_S), self._stderr.close(DRAIN_S))
            return emptied
        finally:
            if self._timer is not None:
                self._timer.cancel()
            self._exit.close()
            self._refused = self._spawned.refusal()
            # From here on its number may be another's.
            self._reaped = True
            self._spawned.reap(REAP_S)

    async def _end_strays(self) -> None:
        """What left its group ends with it, at once; it may hold a stream open that is still heard."""
        strays = await end_strays(self._home, lambda key: key == self.key, 0)
        if strays:
            names = ", ".join(f"{one.name} ({one.pid})" for one in strays)
            self._desk.log.warning(f"{self._name} left processes behind, which were ended: {names}")

    def _ending(self) -> Ending:
        stdout, stderr = self._stdout.tail.text(), self._stderr.tail.text()
        code = self._spawned.popen.returncode or 0
        error = self._reason or failure(self._name, code, self._refused, stderr, self._limits.memory_mb)
        broke_pipe = self._reason is None and error is not None and is_broken_pipe(code, stderr)
        return Ending(Output(stdout, stderr), error, broke_pipe, self._gone_at)


def _ears(command: Command, log: Log) -> Callable[[Sequence[str]], None]:
    """Who hears a command's standard error, besides who waits for its end."""
    return (lambda _: None) if command.answers else (lambda lines: log.output(command.name, *lines))


def _same(tap: Tap) -> Tap:
    return tap


def _inherited() -> dict[str, str]:
    """Our own environment, without what no child needs to know."""
    return {name: value for name, value in os.environ.items() if name not in WITHHELD}
