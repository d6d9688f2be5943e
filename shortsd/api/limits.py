"""Bounds on what a client may send, take, and wait for."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEAD = 64 * 2**10
"""Bytes of a request's head: some thousand ids."""
BODY = 4 * 2**20
"""Bytes of a request: the longest story many times over."""
BODIES = 16 * BODY
"""Bytes of all requests that are being answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """On connections. A client that means well never meets them."""

    head_s: float = 10.0
    """Seconds for the whole head of a request, from the start of the connection or the end of the answer before."""
    body_s: float = 30.0
    """Seconds for the whole body of a request."""
    taken_s: float = 30.0
    """Seconds after which a client that has taken nothing of what waits for it is cut off; twice that at the latest."""
    connections: int = 400
    """Open at a time. A process may usually have 1024 descriptors open (getrlimit(2)), and jobs need some, too."""
    lingering: int = 50
    """Connections above these that are still told so."""
    linger_s: float = 1.0
    """Seconds for a client that was refused to end what it is saying."""
    grace_s: float = 0.5
    """Seconds that answers under way get when the daemon ends."""


class LimitBody:
    """ASGI middleware: a body over BODY bytes is refused (413), and one over what is left of BODIES (503)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken = 0

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            size = len(message.get("body", b""))
            taken += size
            self._held += size
            if taken > BODY:
                raise HTTPException(413, f"the request has more than {BODY >> 20} MB")
            if self._held > BODIES:
                raise HTTPException(503, "Too many large requests come in at this time")
            return message

        try:
            await self._app(scope, limited, send)
        finally:
            self._held -= taken
