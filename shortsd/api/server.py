"""The application, and the server that serves it on a socket that the daemon made."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from functools import partial
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from shortsd import __version__
from shortsd.api import errors
from shortsd.api.handlers import (
    auth,
    backup,
    channel,
    creations,
    daemon,
    events,
    jobs,
    logs,
    metrics,
    previews,
    processes,
    queue,
    stats,
    transcripts,
    voices,
)
from shortsd.api.limits import HEAD, Bounds, LimitBody
from shortsd.api.protocol import BoundedProtocol
from shortsd.api.socket import BACKLOG
from shortsd.engine.service import Service

GRACE_S = 1
"""Seconds that requests under way get to end when the daemon does."""
AT_ONCE = 1
"""Connections that the loop takes each time round. Where no descriptor is left, asyncio (as of Python 3.11) logs, and
comes again a second later, once for each of so many: with uvicorn's 2048 it does nothing else any more."""

MODULES = (
    jobs,
    logs,
    previews,
    events,
    processes,
    stats,
    voices,
    channel,
    queue,
    creations,
    transcripts,
    auth,
    backup,
    daemon,
    metrics,
)
"""The nouns of the API, in the order in which its description has them."""


def application(service: Service) -> FastAPI:
    """The API over a service."""
    app = FastAPI(title="shortsd", version=__version__, openapi_url="/v1/openapi.json", docs_url=None, redoc_url=None)
    errors.install(app)
    for module in MODULES:
        # Each is complete. `include_router` would have FastAPI build all of them once more at the first request.
        app.router.routes.extend(module.router(service).routes)
    app.add_middleware(LimitBody)
    return app


class Server(uvicorn.Server):
    """uvicorn on a socket of ours; signals are the daemon's own."""

    def __init__(self, app: ASGIApp, bounds: Bounds | None = None) -> None:
        self._bounds = bounds or Bounds()
        self.listening = asyncio.Event()
        """Set once requests are answered."""
        protocol: Any = partial(BoundedProtocol, bounds=self._bounds, turned_away=set())
        super().__init__(
            uvicorn.Config(
                _Quiet(app),
                http=protocol,
                log_level="error",  # what a client sends amiss is its own to hear, not the log's
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                backlog=AT_ONCE,
                timeout_graceful_shutdown=GRACE_S,
                h11_max_incomplete_event_size=HEAD,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer requests on sockets that listen."""
        await super().startup(sockets)
        for one in sockets or ():
            one.listen(BACKLOG)  # asyncio has just made the queue as short as AT_ONCE
        self.listening.set()

    async def also(self, one: socket.socket) -> None:
        """Begin to answer requests on one more socket."""
        before = self.servers
        await self.startup([one])
        self.servers = [*before, *self.servers]

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let answers under way come to their end for a moment, then cut off who does not take them."""
        asyncio.get_running_loop().call_later(self._bounds.grace_s, self._cut_off)
        await super().shutdown(sockets)

    def _cut_off(self) -> None:
        for connection in self.server_state.connections:
            connection.transport.abort()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


class _Quiet:
    """ASGI middleware: a request that is cancelled, as the daemon ends, has ended."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await self._app(scope, receive, send)
