"""All child processes of the daemon: each recorded before it runs, none left when its work is over."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Collection, Sequence

from shortsd.domain.errors import Internal, ShortsError, Unavailable
from shortsd.domain.finish import finish
from shortsd.domain.ports import Clock, Command, Desk, Output
from shortsd.domain.process import ChildRecord
from shortsd.processes.child import Child, Pulse, Wiring
from shortsd.processes.limits import Limits
from shortsd.processes.pairs import both, wide_pipe
from shortsd.processes.registry import Registry
from shortsd.processes.strays import end_strays, reap_adopted

logger = logging.getLogger(__name__)


class ChildProcesses:
    """The port `Children`, over real processes.

    `home` is what children of this daemon's home are marked with, the same from start to start; `encoders` is how many
    pairs run at the same time.
    """

    def __init__(
        self,
        registry: Registry,
        home: str,
        limits: Limits | None = None,
        encoders: int = 1,
        clock: Clock = time.time,
    ) -> None:
        self._registry = registry
        self._home = home
        self.limits = limits or Limits()
        self._encoders = asyncio.Semaphore(encoders)
        self._clock = clock
        self._live: dict[int, Child] = {}
        self._left: dict[int, Child] = {}
        """Those still on the register though nobody awaits them: they would not die, or it could not be written."""
        self._shut = False

    def running(self) -> Sequence[ChildRecord]:
        """The children that live at this moment."""
        return [child.record for child in self._live.values()]

    def quiet_s(self, pid: int) -> float | None:
        """Seconds since a child's last sign of life; None if no such child lives."""
        child = self._live.get(pid)
        return None if child is None else child.quiet_s

    async def run(self, command: Command, desk: Desk, on_line: Callable[[str], None] | None = None) -> Output:
        """Run a command to its end; `on_line` hears each line of its standard output.

        What `on_line` raises ends the child and is raised here. Raises ChildFailed, TimedOut, DiskFull; Unavailable
        once `end_all` was called.
        """
        async with self._child(command, desk, Wiring(on_line=on_line)) as child:
            return (await child.ended()).unwrap()

    async def pipe(
        self, source: Command, sink: Command, desk: Desk, on_line: Callable[[str], None] | None = None
    ) -> Output:
        """Run two commands, the first one's standard output being the second's standard input, by an OS pipe.

        Waits until fewer than `encoders` pairs run. `on_line` and the returned output are the sink's. Either's output
        counts as a sign of life for both. The first one that fails ends the other and is the one whose error is raised,
        except that a source which fails because nobody reads it is not to blame: it says so by dying of SIGPIPE or by
        the words "Broken pipe" on stderr. If the sink did well, having read all that it wanted, so did the pair.
        """
        waits = self._encoders.locked()
        if waits:
            desk.progress(0, 0, "waiting for an encoder")
            desk.log.info("waiting for an encoder: as many are at work as may be")
        async with self._encoders, contextlib.AsyncExitStack() as stack:
            if waits:
                desk.progress(0, 0)
            pulse = Pulse()
            with wide_pipe() as (reading, writing):
                first = await stack.enter_async_context(self._child(source, desk, Wiring(stdout=writing, pulse=pulse)))
                second = await stack.enter_async_context(
                    self._child(sink, desk, Wiring(stdin=reading, on_line=on_line, pulse=pulse))
                )
            return await both(first, second)

    async def sweep(self, jobs: Collection[int]) -> Sequence[ChildRecord]:
        """End what should not be there, to be called now and then: children whose job is not among `jobs`, which are
        those being worked at, and what a child left behind in a session of its own. What was found.

        Strikes off the register what has gone since it was last tried, and reaps what became our child.
        """
        lost = [child for child in self._live.values() if child.record.job and child.record.job not in jobs]
        for child in lost:
            child.stop(Internal(f"{child.record.name} was ended: nobody works at job {child.record.job} any more."))
        await asyncio.gather(*(self._part_with(child) for child in lost))
        strays = await end_strays(self._home, self._is_stray, self.limits.grace_s)
        await reap_adopted(lambda: {*self._live, *self._left})
        await self._strike_off_the_gone()
        return [*(child.record for child in lost), *strays]

    def kill(self) -> None:
        """Send KILL to every child and take no more: for a shutdown in a hurry. They are to be awaited as ever."""
        self._shut = True
        for child in self._live.values():
            child.stop(_shutting_down(child.record.name))
            child.kill()

    async def end_all(self) -> None:
        """End every child, all at once, and take no more: for shutdown. Whoever awaits one gets Unavailable.

        Takes at most the grace and three seconds.
        """
        self._shut = True
        children = list(self._live.values())
        for child in children:
            child.stop(_shutting_down(child.record.name))
        await asyncio.gather(*(child.close() for child in children))

    @contextlib.asynccontextmanager
    async def _child(self, command: Command, desk: Desk, wiring: Wiring) -> AsyncIterator[Child]:
        """A recorded child that was let through its gate; gone, group and all, when the block is left."""
        if self._shut:
            raise _shutting_down(command.name)
        child = Child(command, desk, wiring, self.limits, self._home, self._clock)
        self._live[child.record.pid] = child
        try:
            await self._registry.add(child.record)
            await child.release()
            yield child
        finally:
            await finish(asyncio.create_task(self._part_with(child)))

    async def _part_with(self, child: Child) -> None:
        """End a child and forget it; once, whoever asks."""
        emptied = await child.close()
        if self._live.get(child.record.pid) is not child:
            return
        del self._live[child.record.pid]
        if emptied:
            await self._strike_off(child)
        else:
            logger.warning("a process would not die", extra={"child": child.record.name, "group": child.record.group})
            self._left[child.record.pid] = child

    async def _strike_off(self, child: Child) -> None:
        pid = child.record.pid
        try:
            await self._registry.remove(pid)
        except ShortsError as exc:
            # A sweep knows a record of the dead from one of the living: this must not spoil what the child achieved.
            logger.warning("a process could not be struck off the register", extra={"pid": pid, "why": exc.message})
            self._left[pid] = child

    async def _strike_off_the_gone(self) -> None:
        for pid, child in list(self._left.items()):
            if pid in self._live:  # its number is another's now, and so is its row
                del self._left[pid]
            elif child.gone():
                del self._left[pid]
                await self._strike_off(child)

    def _is_stray(self, key: str) -> bool:
        return all(child.key != key for child in self._live.values())


def _shutting_down(name: str) -> Unavailable:
    return Unavailable(f"{name} was not run to its end: the daemon is shutting down.")
