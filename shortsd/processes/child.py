"""One child process: heard, limited, ended together with its group, reaped."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from shortsd.domain.errors import TimedOut
from shortsd.domain.finish import finish
from shortsd.domain.ports import Clock, Command, Desk, Output
from shortsd.domain.process import ChildRecord
from shortsd.processes.exits import ExitWatch
from shortsd.processes.failures import failure, is_broken_pipe, last_words
from shortsd.processes.groups import end_group
from shortsd.processes.output import Tap
from shortsd.processes.spawn import spawn

DRAIN_S = 1.0
"""How long a stream is heard after the whole group is gone; only one that left the group can still hold it open."""
REAP_S = 0.1
"""How long a child that was killed in a hurry may keep the loop waiting to be reaped."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may take, in seconds, and how nice it has to be."""

    stall_s: float = 120.0
    """Without a byte on stdout or stderr."""
    time_s: float = 3600.0
    """From start to end."""
    grace_s: float = 2.0
    """Between TERM and KILL."""
    nice: int = 5


class Pulse:
    """When a child last gave a sign of life; two children of one pipe share theirs."""

    def __init__(self) -> None:
        self._clock = asyncio.get_running_loop().time
        self.last = self._clock()

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

    To be made on the thread that lives as long as the daemon does, since Linux sends the parent-death signal when the
    thread that started the child ends. Raises ChildFailed if it cannot be started.
    """

    def __init__(
        self,
        command: Command,
        desk: Desk,
        wiring: Wiring,
        limits: Limits,
        environment: Mapping[str, str],
        clock: Clock = time.time,
    ) -> None:
        self._name = command.name
        self._limits = limits
        self._pulse = wiring.pulse
        self._loop = asyncio.get_running_loop()
        self._deadline = self._loop.time() + limits.time_s
        self._spawned = spawn(command, environment, limits.nice, wiring.stdin, wiring.stdout)
        pid, start = self._spawned.popen.pid, self._spawned.kernel_start_time
        self.record = ChildRecord(pid, pid, start, desk.job, desk.stage, command.name, command.argv, clock())
        self._stdout = Tap(wiring.on_line or _ignore, self._pulse.beat, self.stop)
        self._stderr = Tap(lambda line: desk.log.output(command.name, line), self._pulse.beat, self.stop)
        self._connecting = asyncio.Lock()
        self._over = asyncio.Event()
        self._reason: Exception | None = None
        self._gone_at = 0.0
        self._refused: int | None = None
        self._timer: asyncio.TimerHandle | None = None
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
            self.stop(self._too_long(f"ran for more than {self._limits.time_s:g} s"))
        elif now >= stalls_at:
            self.stop(self._too_long(f"wrote nothing for {self._limits.stall_s:g} s"))
        else:
            self._timer = self._loop.call_at(min(self._deadline, stalls_at), self._check_limits)

    def _too_long(self, what: str) -> TimedOut:
        return TimedOut(f"{self._name} {what} and was ended.", last_words(self._stderr.tail.text()))

    async def _close(self) -> bool:
        try:
            emptied = await end_group(self.record.group, self._limits.grace_s)
            async with self._connecting:
                await asyncio.gather(self._stdout.close(DRAIN_S), self._stderr.close(DRAIN_S))
            return emptied
        finally:
            if self._timer is not None:
                self._timer.cancel()
            self._exit.close()
            self._refused = self._spawned.refusal()
            # From here on its number may be another's.
            self._spawned.reap(REAP_S)

    def _ending(self) -> Ending:
        stdout, stderr = self._stdout.tail.text(), self._stderr.tail.text()
        code = self._spawned.popen.returncode or 0
        error = self._reason or failure(self._name, code, self._refused, stderr)
        broke_pipe = self._reason is None and error is not None and is_broken_pipe(code, stderr)
        return Ending(Output(stdout, stderr), error, broke_pipe, self._gone_at)


def _ignore(line: str) -> None:
    """Nobody listens."""


def _same(tap: Tap) -> Tap:
    return tap
