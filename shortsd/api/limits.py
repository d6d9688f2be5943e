"""Bounds on what a client may send."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY = 4 * 2**20
"""Bytes of a request: the longest story many times over."""


class LimitBody:
    """ASGI middleware: a body over BODY bytes is refused (413) without being kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken = 0

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > BODY:
                raise HTTPException(413, f"the request has more than {BODY >> 20} MB")
            return message

        await self._app(scope, limited, send)
