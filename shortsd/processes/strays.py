"""Ending what left the group of its child and outlived it: a grandchild in a session of its own.

Such a one is known by its mark and its key. The daemon does not make itself the reaper of orphans
(PR_SET_CHILD_SUBREAPER): whose an orphan is, the mark tells and adoption does not, and init reaps it just as well.
Where the daemon itself is init, as the first process of a container, `reap_adopted` does that.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable, Collection, Sequence

import psutil

from shortsd.domain.process import ChildRecord
from shortsd.processes.marked import Marked, end_all_found, marked


async def end_strays(home: str, is_stray: Callable[[str], bool], grace_s: float) -> Sequence[ChildRecord]:
    """End the processes of `home` that `is_stray` says of their key; those that were found.

    `is_stray` is asked after the process table was read: what was started meanwhile is not on it.
    """

    async def look() -> Sequence[Marked]:
        return [one for one in await _look(home) if is_stray(one.key)]

    return [one.record for one in await end_all_found(look, grace_s)]


async def _look(home: str) -> Sequence[Marked]:
    try:
        return await asyncio.to_thread(marked, home)
    except (OSError, RuntimeError):
        # Neither a descriptor nor a thread is left to look with. The next sweep looks again.
        return []


async def reap_adopted(ours: Callable[[], Collection[int]]) -> None:
    """Take off the process table what became our child by its parent's death, and died; `ours` reap themselves.

    Known by its session: whatever else the daemon may start stays in the daemon's own.
    """
    try:
        dead = await asyncio.to_thread(_zombies)
    except (OSError, RuntimeError):
        return
    for pid in dead:
        if pid not in ours():
            _reap(pid)


def _reap(pid: int) -> None:
    with contextlib.suppress(OSError):
        if os.getsid(pid) != os.getsid(0):
            os.waitpid(pid, os.WNOHANG)


def _zombies() -> Sequence[int]:
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            if child.status() == psutil.STATUS_ZOMBIE:
                found.append(child.pid)
    return found
