"""Bounds on what a client may send."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shortsd.api.errors import answer
from shortsd.domain.errors import BadRequest

BODY = 4 * 2**20
"""Bytes of a request: the longest story many times over."""


class LimitBody:
    """ASGI middleware: a body over BODY bytes is refused without being kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        taken = 0

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > BODY:
                raise _TooLarge
            return message

        try:
            await self._app(scope, limited, send)
        except _TooLarge:
            refusal = BadRequest(f"The request has more than {BODY >> 20} MB.", "Ask for less at a time.")
            await answer(refusal, 413)(scope, receive, send)


class _TooLarge(Exception):
    """The body went over the limit."""
