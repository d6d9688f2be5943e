"""Two children joined by a pipe: the pipe, and which of the two is to blame."""

import asyncio
import contextlib
import fcntl
import os
from collections.abc import Iterator

from shortsd.domain.errors import ChildFailed
from shortsd.domain.ports import Output
from shortsd.processes.child import Child, Ending
from shortsd.processes.failures import SCARCE

PIPE_BYTES = 1 << 20
"""Room in a pipe between two children: the most that Linux grants without privilege (/proc/sys/fs/pipe-max-size)."""

TOGETHER_S = 0.05
"""Ends that we hear of within so many seconds may have come the other way round: a sink has all its input once its
source is gone. One that fails before breaks the pipe of a source that still writes."""


@contextlib.contextmanager
def wide_pipe() -> Iterator[tuple[int, int]]:
    """A wide pipe for two children, closed here when both have it. Raises ChildFailed."""
    try:
        reading, writing = os.pipe()
    except OSError as exc:
        said = f"No pipe could be made for two processes: {exc.strerror}."
        raise ChildFailed(said, retryable=exc.errno in SCARCE) from exc
    try:
        with contextlib.suppress(OSError, AttributeError):  # other systems, or a user's limit: then it stays narrow
            fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        yield reading, writing
    finally:
        os.close(reading)
        os.close(writing)


async def both(source: Child, sink: Child) -> Output:
    """Wait for a pair; each that fails ends the other. What the sink wrote; raises the error of the one to blame."""

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
    if source.error is None or source.broke_pipe or (sink.error is not None and sink.at < source.at - TOGETHER_S):
        return sink.unwrap()
    raise source.error
