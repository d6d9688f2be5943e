"""The few routes that can be asked for by TCP, where a configuration says so: with a token, and nothing else."""

import hmac
import socket

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from shortsd import __version__
from shortsd.api import errors
from shortsd.api.handlers import creations
from shortsd.api.limits import LimitBody
from shortsd.api.socket import BACKLOG
from shortsd.domain.errors import BadInput, BadRequest, Unavailable
from shortsd.engine.service import Service

SHORTEST = 16
"""Characters of a token: what is shorter can be guessed."""


def application(service: Service, token: str) -> FastAPI:
    """Creations, for who has the token."""
    app = FastAPI(title="shortsd", version=__version__, openapi_url=None, docs_url=None, redoc_url=None)
    errors.install(app)
    app.include_router(creations.router(service))
    app.add_middleware(LimitBody)
    app.add_middleware(_Admitted, token=token)
    return app


def listen(address: str, token: str) -> socket.socket:
    """A listening socket at `host:port`. Raises BadInput without a token that is worth it, Unavailable."""
    if len(token) < SHORTEST:
        raise BadInput(
            f"creations.listen is set, and there is no secret http_token of {SHORTEST} characters at least.",
            "Set SHORTSD_HTTP_TOKEN, or leave creations.listen empty.",
        )
    host, _, port = address.rpartition(":")
    try:
        made = socket.create_server((host.strip("[]"), int(port)), backlog=BACKLOG)
    except (OSError, ValueError, OverflowError) as exc:
        raise Unavailable(f"Nobody can listen at {address}: {exc}.", "See creations.listen.") from exc
    made.setblocking(False)
    return made


class _Admitted:
    """ASGI middleware: who has not the token is told so, and nothing else."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._wanted = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = dict(scope.get("headers", ())).get(b"authorization", b"")
        if hmac.compare_digest(given, self._wanted):
            await self._app(scope, receive, send)
            return
        refusal = errors.answer(BadRequest("The token is missing, or another one.", "Send it as a Bearer token."), 401)
        refusal.headers["WWW-Authenticate"] = "Bearer"
        await refusal(scope, receive, send)
