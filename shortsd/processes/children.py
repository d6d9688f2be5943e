"""All child processes of the daemon: each recorded before it runs, none left when its work is over."""

import asyncio
import contextlib
import fcntl
import logging
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence

from shortsd.domain.errors import ChildFailed, ShortsError, Unavailable
from shortsd.domain.finish import finish
from shortsd.domain.ports import Clock, Command, Desk, Output
from shortsd.domain.process import ChildRecord
from shortsd.processes.child import Child, Ending, Limits, Pulse, Wiring
from shortsd.processes.identity import mark
from shortsd.processes.registry import Registry

PIPE_BYTES = 1 << 20
"""Room in a pipe between two children: the most that Linux grants without privilege (/proc/sys/fs/pipe-max-size)."""

logger = logging.getLogger(__name__)


class ChildProcesses:
    """The port `Children`, over real processes.

    `home` is what children of this daemon's home are marked with, the same from start to start; `environment` is
    added to the daemon's own for every child.
    """

    def __init__(
        self,
        registry: Registry,
        home: str,
        limits: Limits | None = None,
        environment: Mapping[str, str] | None = None,
        clock: Clock = time.time,
    ) -> None:
        self._registry = registry
        self._home = home
        self._limits = limits or Limits()
        self._environment = dict(environment or {})
        self._clock = clock
        self._live: dict[int, Child] = {}
        self._shut = False

    def running(self) -> Sequence[ChildRecord]:
        """The children that live at this moment."""
        return [child.record for child in self._live.values()]

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

        `on_line` and the returned output are the sink's. Either's output counts as a sign of life for both. The first
        one that fails ends the other and is the one whose error is raised, except that a source which fails because
        nobody reads it is not to blame: it says so by dying of SIGPIPE or by the words "Broken pipe" on stderr. If
        the sink did well, having read all that it wanted, so did the pair.
        """
        pulse = Pulse()
        async with contextlib.AsyncExitStack() as stack:
            with _pipe() as (reading, writing):
                first = await stack.enter_async_context(self._child(source, desk, Wiring(stdout=writing, pulse=pulse)))
                second = await stack.enter_async_context(
                    self._child(sink, desk, Wiring(stdin=reading, on_line=on_line, pulse=pulse))
                )
            return await _both(first, second)

    async def end_all(self) -> None:
        """End every child, all at once, and take no more: for shutdown. Whoever awaits one gets Unavailable.

        Takes at most the grace and two seconds.
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
        environment = {**os.environ, **self._environment, **mark(self._home, desk.job)}
        child = Child(command, desk, wiring, self._limits, environment, self._clock)
        self._live[child.record.pid] = child
        try:
            await self._registry.add(child.record)
            await child.release()
            yield child
        finally:
            await finish(asyncio.create_task(self._part_with(child)))

    async def _part_with(self, child: Child) -> None:
        emptied = await child.close()
        del self._live[child.record.pid]
        if not emptied:
            logger.warning("a process would not die", extra={"child": child.record.name, "group": child.record.group})
            return
        try:
            await self._registry.remove(child.record.pid)
        except ShortsError as exc:
            # A sweep knows a record of the dead from one of the living: this must not spoil what the child achieved.
            why = {"pid": child.record.pid, "why": exc.message}
            logger.warning("a process could not be struck off the register", extra=why)


def _shutting_down(name: str) -> Unavailable:
    return Unavailable(f"{name} was not run to its end: the daemon is shutting down.")


@contextlib.contextmanager
def _pipe() -> Iterator[tuple[int, int]]:
    """A wide pipe for two children, closed here when both have it."""
    try:
        reading, writing = os.pipe()
    except OSError as exc:
        raise ChildFailed(f"No pipe could be made for two processes: {exc.strerror}.") from exc
    try:
        with contextlib.suppress(OSError, AttributeError):  # other systems, or a user's limit: then it stays narrow
            fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        yield reading, writing
    finally:
        os.close(reading)
        os.close(writing)


async def _both(source: Child, sink: Child) -> Output:
    async def watch_source() -> Ending:
        ending = await source.ended()
        if ending.error is not None and not ending.broke_pipe:
            sink.stop(ending.error)
        return ending

    async def watch_sink() -> Ending:
        ending = await sink.ended()
        if ending.error is not None:
            source.stop(ending.error)
        return ending

    async with asyncio.TaskGroup() as tasks:
        first, second = tasks.create_task(watch_source()), tasks.create_task(watch_sink())
    return verdict(first.result(), second.result())


def verdict(source: Ending, sink: Ending) -> Output:
    """What came of a pair: the sink's output, or raises the error of the one to blame."""
    if source.error is None or source.broke_pipe or (sink.error is not None and sink.at < source.at):
        return sink.unwrap()
    raise source.error
