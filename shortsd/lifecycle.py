"""A daemon from its first moment to its last: its claim on a home, its socket, the signals it gets, its end."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

from shortsd import __version__
from shortsd.api import outside
from shortsd.api.limits import Bounds
from shortsd.api.server import Server, application
from shortsd.api.socket import Listener, listen
from shortsd.app import Daemon, daemon
from shortsd.config.home import claim, prepare
from shortsd.config.places import Places
from shortsd.config.secrets import Secrets
from shortsd.ground import Around
from shortsd.reloading import Reloading
from shortsd.systemd import exits
from shortsd.systemd.manager import ServiceManager

logger = logging.getLogger("shortsd")

SHUTDOWN_S = 5.0
"""From the word to end until the daemon is gone, whatever happens."""


class Asked:
    """What was asked of the daemon by signals: TERM and INT end it, and hurry it when they come again.

    HUP has it read its configuration again, unless it comes from a terminal that is closed: that ends it, too. A daemon
    that is not `at_work` yet ends at once: what it does may be broken off anywhere.
    """

    def __init__(self) -> None:
        self.at_work = False
        self.end = asyncio.Event()
        self.hurry = asyncio.Event()
        self.reload: Callable[[], None] = _nothing
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._end)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup has it ignored
            loop.add_signal_handler(signal.SIGHUP, self._end if os.isatty(0) else self._reload)

    def _end(self) -> None:
        if not self.at_work:
            logger.info("ended while it started")
            os._exit(0)
        (self.hurry if self.end.is_set() else self.end).set()

    def _reload(self) -> None:
        self.reload()


async def serve(around: Around, *, bounds: Bounds | None = None, given: socket.socket | None = None) -> None:
    """Be the daemon of a home until a signal or a client ends it.

    What systemd and its like said in the environment is taken out of it, so that no child reads it.
    It listens on the socket that it is `given`, or else on its own.
    Raises Unavailable if another one is; Unusable for a database, BadInput for a socket's path or secrets that cannot
    be used.
    """
    asked = Asked()
    manager = ServiceManager.take(os.environ)
    places = around.places if given is None else around.places.with_given(given.getsockname())
    around = replace(around, places=places, secrets=Secrets.take(os.environ, places.config_file.parent))
    manager.notifier.status("starting: what the last daemon left is put in order")
    await asyncio.to_thread(prepare, places)
    with claim(places), listen(places.socket, given) as listener:
        async with daemon(around) as running:
            asked.at_work = True
            server = Server(application(running.service), bounds)
            serving = asyncio.create_task(server.serve(sockets=[listener.socket]), name="api")
            await _until(server.listening.wait(), serving)
            running.housekeeping.add("socket", lambda: _stay_reachable(listener, server))
            logger.info("ready", extra={"version": __version__, "pid": os.getpid(), "socket": str(places.socket)})
            reloading = asked.reload = Reloading(running, places, manager)
            supervised = manager.supervised(running.service.status, running.service.beat)
            async with supervised, reloading.watching(), _outside(running, around, bounds):
                await _until(_either(asked.end, running.service.closing), serving)
                _limit(places)
            await _shut_down(running, server, serving, asked)
        places.ending.unlink(missing_ok=True)
    logger.info("ended")


@contextlib.asynccontextmanager
async def _outside(running: Daemon, around: Around, bounds: Bounds | None) -> AsyncIterator[None]:
    """Answer by TCP, too, where that is configured. Raises BadInput without a token, Unavailable."""
    address, found = around.settings.creations.listen, around.secrets.found.get("http_token")
    if not address:
        yield
        return
    token = found.reveal() if found else ""
    with outside.listen(address, token) as listener:
        server = Server(outside.application(running.service, token), bounds)
        serving = asyncio.create_task(server.serve(sockets=[listener]), name="outside")
        await _until(server.listening.wait(), serving)
        logger.info("creations can be asked for by TCP", extra={"address": address})
        try:
            yield
        finally:
            server.should_exit = True
            await serving


async def _stay_reachable(listener: Listener, server: Server) -> None:
    """Make a socket's file again that somebody took away."""
    made = listener.made_again()
    if made is not None:
        logger.warning("the socket was gone, and was made again")
        await server.also(made)


def _limit(places: Places) -> None:
    """See that the process is gone in SHUTDOWN_S. A thread does: a loop that does not turn has no timers.

    The file tells the next start that somebody wanted this end, however it comes.
    """
    with contextlib.suppress(OSError):
        places.ending.touch()
    limit = threading.Timer(SHUTDOWN_S, _give_up)
    limit.daemon = True
    limit.start()


async def _shut_down(running: Daemon, server: Server, serving: asyncio.Task[None], asked: Asked) -> None:
    """Take no more, end what runs and tell its jobs, end streams; all of it within SHUTDOWN_S, sooner in a hurry."""
    logger.info("shutting down")
    running.service.shutdown()
    server.should_exit = True
    hurrying = asyncio.create_task(_hurry(running, asked), name="hurry")
    await serving
    await running.close()
    hurrying.cancel()


async def _hurry(running: Daemon, asked: Asked) -> None:
    await asked.hurry.wait()
    logger.warning("hurried: processes are killed")
    running.hurry()


async def _until(happened: Awaitable[object], serving: asyncio.Task[None]) -> None:
    """Wait until something has happened. Raises what ended the server, if that comes first."""
    waiting = asyncio.ensure_future(happened)
    await asyncio.wait({waiting, serving}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        waiting.cancel()
        await serving


async def _either(one: asyncio.Event, other: asyncio.Event) -> None:
    """Wait until one of two events has come."""
    waiting = [asyncio.ensure_future(event.wait()) for event in (one, other)]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()


def _give_up() -> None:
    """Leave at once: what could not be ended in time dies with us, and the next start puts it in order."""
    logger.error("the shutdown took too long", extra={"limit_s": SHUTDOWN_S})
    os._exit(exits.OVERRUN)


def _nothing() -> None:
    """Nothing can be reloaded yet."""
