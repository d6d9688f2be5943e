"""HTTP on one connection, within bounds: by itself uvicorn waits for ever for what a client does not send or take."""

import asyncio
import http
import select
import socket
import sys
from typing import Any, cast

import h11
import msgspec
from uvicorn.protocols.http.h11_impl import H11Protocol

from shortsd.api.limits import Bounds
from shortsd.api.peer import same_user
from shortsd.domain.errors import BadRequest, ShortsError, Unavailable
from shortsd.wire.errors import body

BUSY = Unavailable("The daemon has too many connections open.", "Ask again in a moment, or close some.")
SLOW = BadRequest("The request did not come in time.", "Send it in one piece.")
BROKEN = BadRequest("This is no HTTP request.", "See /v1/openapi.json for what can be asked.")
LONG = BadRequest("The request's head is too long.", "Name fewer things at a time.")


class BoundedProtocol(H11Protocol):
    """uvicorn's protocol for a peer that may be slow, broken, one of too many, or another user's.

    `turned_away` holds the connections above the limit that are being told so; all protocols of a server share it.
    """

    def __init__(self, *args: Any, bounds: Bounds, turned_away: "set[BoundedProtocol]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bounds = bounds
        self._turned_away = turned_away
        self._phase: object = None
        """What is awaited of the peer: the state of its side of the connection."""
        self._deadline: asyncio.TimerHandle | None = None
        self._stuck: asyncio.TimerHandle | None = None
        self._half_closed = False
        self._hanging_up = False

    @property
    def _let_in(self) -> bool:
        return self.transport is not None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn narrows it
        """Let a peer in, unless it is another user's (the socket's mode keeps those out already) or one too many."""
        peer = cast("socket.socket | None", transport.get_extra_info("socket"))
        if peer is not None and not same_user(peer):
            transport.abort()
        elif len(self.connections) >= self._bounds.connections:
            self._turn_away(transport)
        else:
            super().connection_made(transport)
            transport.set_write_buffer_limits(high=0)  # so that we hear of every byte that is not taken
            self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._deadline, self._stuck):
            if timer is not None:
                timer.cancel()
        self._turned_away.discard(self)
        if self._let_in:
            super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._let_in and not self._hanging_up:
            super().data_received(data)

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio takes both
        """Whether to keep the connection though the peer sends no more: only as long as it waits for an answer."""
        self._half_closed = True
        awaits = self._let_in and self.conn.their_state is h11.DONE and not self.cycle.response_started
        return awaits and not self._hanging_up and not _gone(self.transport)

    def handle_events(self) -> None:
        super().handle_events()
        self._watch()

    def send_400_response(self, msg: str) -> None:
        """Called by uvicorn as it handles what h11 does not understand."""
        del msg
        status = getattr(sys.exception(), "error_status_hint", 400)
        self._refuse(LONG if status == 431 else BROKEN, status)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._await_taking()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stuck is not None:
            self._stuck.cancel()

    def _watch(self) -> None:
        """Set the time for what is awaited of the peer, when that is something else now."""
        if self.conn.their_state is self._phase or self._hanging_up:
            return
        self._phase = self.conn.their_state
        if self._deadline is not None:
            self._deadline.cancel()
        if self._phase is h11.IDLE:
            self._deadline = self.loop.call_later(self._bounds.head_s, self._too_slow)
        elif self._phase is h11.SEND_BODY:
            self._deadline = self.loop.call_later(self._bounds.body_s, self._too_slow)
        if self._half_closed and self._phase is h11.IDLE:
            self.transport.close()

    def _too_slow(self) -> None:
        begun, _ = self.conn.trailing_data
        if begun or self._phase is h11.SEND_BODY:
            self._refuse(SLOW, 408)
        else:
            self.transport.close()

    def _refuse(self, error: ShortsError, status: int) -> None:
        """Answer an error, if no answer has begun, and hang up."""
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.write(self._answer(error, status))
        self.flow.resume_reading()
        self._hang_up(self.transport)

    def _answer(self, error: ShortsError, status: int) -> bytes:
        content = msgspec.json.encode(body(error))
        headers = [
            ("content-type", "application/json"),
            ("content-length", str(len(content))),
            ("connection", "close"),
        ]
        head = h11.Response(status_code=status, headers=headers, reason=http.HTTPStatus(status).phrase)
        parts = (head, h11.Data(data=content), h11.EndOfMessage())
        return b"".join(self.conn.send(part) or b"" for part in parts)

    def _turn_away(self, transport: asyncio.Transport) -> None:
        """Say that there are too many."""
        if len(self._turned_away) >= self._bounds.lingering:
            transport.abort()
            return
        self._turned_away.add(self)
        transport.write(self._answer(BUSY, 503))
        self._hang_up(transport)

    def _hang_up(self, transport: asyncio.Transport) -> None:
        """Say no more, and leave the peer a moment to say all that it is about to: it looks for an answer only then."""
        self._hanging_up = True
        if self._deadline is not None:
            self._deadline.cancel()
        transport.write_eof()
        self._deadline = self.loop.call_later(self._bounds.linger_s, transport.abort)

    def _await_taking(self) -> None:
        """Cut the peer off if it takes nothing of what waits for it."""
        left = self.transport.get_write_buffer_size()
        self._stuck = self.loop.call_later(self._bounds.taken_s, self._look_for_taken, left)

    def _look_for_taken(self, before: int) -> None:
        if self.transport.get_write_buffer_size() < before:
            self._await_taking()
        else:
            self.transport.abort()


def _gone(transport: asyncio.Transport) -> bool:
    """Whether a peer that sends no more takes nothing either: the kernel knows that of Unix sockets (poll(2))."""
    ends = select.poll()
    ends.register(transport.get_extra_info("socket").fileno(), 0)  # a hang-up is told unasked
    return any(found & select.POLLHUP for _, found in ends.poll(0))
