"""Keeps systemd's watchdog quiet for as long as the daemon is really alive."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, MutableMapping

from shortsd.domain.errors import ShortsError
from shortsd.systemd.notify import Notifier

Alive = Callable[[], Awaitable[object]]
"""Returns, or raises a ShortsError, once it went through all that has to be alive."""

logger = logging.getLogger(__name__)


def take_limit_s(environ: MutableMapping[str, str] = os.environ) -> float | None:
    """Seconds without a ping after which systemd ends us; None if it does not watch us (sd_watchdog_enabled(3)).

    The variables go, so that no child takes them for its own.
    """
    microseconds, pid = (environ.pop(name, "") for name in ("WATCHDOG_USEC", "WATCHDOG_PID"))
    ours = pid in ("", str(os.getpid()))
    return int(microseconds) / 1e6 if ours and microseconds.isdecimal() and microseconds != "0" else None


async def watch(notifier: Notifier, limit_s: float, alive: Alive) -> None:
    """Ping twice within the limit, each time only if `alive` answered within half of it. Goes on until cancelled.

    A loop that hangs does not come here, and a store that hangs does not answer: then pings stop.
    """
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + limit_s / 2
        if await _answers(alive, limit_s / 2):
            notifier.ping()
        await asyncio.sleep(due - loop.time())


async def _answers(alive: Alive, patience_s: float) -> bool:
    try:
        async with asyncio.timeout(patience_s):
            await alive()
    except ShortsError:
        return True  # a disk that is full, say: a new process would find it no better
    except Exception:  # TimeoutError as well: it hangs
        logger.exception("the watchdog gets no ping")
        return False
    return True
