"""The application, and the server that serves it on a socket that the daemon made."""

import contextlib
import os
import socket
import struct
import sys
from asyncio import Transport
from collections.abc import Iterator
from typing import cast

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from shortsd import __version__
from shortsd.api import errors
from shortsd.api.handlers import daemon, events, jobs, logs
from shortsd.api.limits import LimitBody
from shortsd.engine.service import Service

GRACE_S = 1
"""Seconds that open connections get to end when the daemon does; event streams end by themselves."""


def application(service: Service) -> FastAPI:
    """The API over a service."""
    app = FastAPI(title="shortsd", version=__version__, openapi_url="/v1/openapi.json", docs_url=None, redoc_url=None)
    errors.install(app)
    for module in (jobs, logs, events, daemon):
        app.include_router(module.router(service))
    app.add_middleware(LimitBody)
    return app


class Server(uvicorn.Server):
    """uvicorn on a socket of ours; signals are the daemon's own."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=_SameUser,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_S,
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


class _SameUser(H11Protocol):
    """Refuses peers of another user: the socket's mode keeps them out already, this keeps them out of one passed on."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # uvicorn narrows it in the same way
        peer = cast("socket.socket | None", transport.get_extra_info("socket"))
        if peer is not None and not same_user(peer):
            transport.abort()
            return
        super().connection_made(transport)


def same_user(peer: socket.socket) -> bool:
    """Whether the process at the other end runs as our user; True where the kernel does not tell (macOS)."""
    if peer.family != socket.AF_UNIX or sys.platform != "linux":
        return True
    size = struct.calcsize("3i")
    _, uid, _ = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return bool(uid == os.geteuid())
