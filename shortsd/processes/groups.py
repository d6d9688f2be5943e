"""Ending processes: a polite signal, a grace, a deadly signal, and waiting until nobody is left."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Collection

import psutil

KILL_WAIT_S = 1.0
"""How long the kernel is given to take a killed process away; one that hangs in the kernel may take for ever."""


def members(group: int) -> Collection[int]:
    """The living processes of a group; a zombie does not live.

    Asked this way and not by `killpg(group, 0)`, because that counts the zombies too: our own child, which is left
    unreaped until its group is empty so that nobody else can get the group's number, and those of a lazy init.
    """
    try:
        return [pid for pid in psutil.pids() if _is_in(pid, group)]
    except OSError:
        # No descriptor is left to read the table with. Suppose the worst: that its leader lives.
        return [group]


def _is_in(pid: int, group: int) -> bool:
    try:
        return os.getpgid(pid) == group and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, PermissionError, psutil.Error):
        return False


def signal_group(group: int, number: int) -> None:
    """Send a signal to all of a group; that it is gone is no error."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


async def end_group(group: int, grace_s: float) -> bool:
    """End a process group, as `end` does. The caller knows for certain that the number is still that group's."""
    return await end(lambda: members(group), lambda number: signal_group(group, number), grace_s)


async def end(living: Callable[[], Collection[int]], send: Callable[[int], None], grace_s: float) -> bool:
    """TERM, `grace_s` of grace, KILL, and wait until `living` is empty; False if somebody lives even then.

    Cancelled, it sends KILL before it leaves.
    """
    try:
        for number, wait_s in ((signal.SIGTERM, grace_s), (signal.SIGKILL, KILL_WAIT_S)):
            if not living():
                return True
            send(number)
            if await _emptied(living, wait_s):
                return True
        return False
    except asyncio.CancelledError:
        send(signal.SIGKILL)
        raise


async def _emptied(living: Callable[[], Collection[int]], limit_s: float) -> bool:
    # Nobody tells when a group becomes empty, so it is asked: often at first, and never for longer than the limit.
    clock = asyncio.get_running_loop().time
    deadline, pause = clock() + limit_s, 0.002
    while living():
        if clock() >= deadline:
            return False
        await asyncio.sleep(min(pause, max(0.0, deadline - clock())))
        pause = min(pause * 2, 0.1)
    return True
