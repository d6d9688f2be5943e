"""Signing in to a channel: a page at Google, and a browser that comes back from it to this machine.

The redirect goes to a port of 127.0.0.1 that is open for nothing else, and only meanwhile (RFC 8252, 7.3).
"""

import asyncio
import hmac
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from shortsd.domain.errors import ServiceRefused, ShortsError, Unavailable
from shortsd.wire.errors import body
from shortsd.wire.models import SignInView

LIMIT_S = 300.0
"""How long somebody may take to say yes."""
HEAD_S = 5.0
"""How long a browser may take to send its request."""
HEAD = 16384
"""Bytes that the head of its request may have."""
HEADERS = (
    "Content-Type: text/html; charset=utf-8",
    "Content-Security-Policy: default-src 'none'",
    "Referrer-Policy: no-referrer",  # the address holds the code
    "Cache-Control: no-store",
    "Connection: close",
)


class Account(Protocol):
    """Whom a browser signs in."""

    def signed_in(self) -> bool: ...

    def address(self, redirect: str, state: str, verifier: str) -> str:
        """The page to be opened. Raises BadInput if there can be none."""
        ...

    async def exchange(self, code: str, redirect: str, verifier: str) -> None:
        """Sign in with what the browser brought. Raises ShortsError."""
        ...

    async def sign_out(self) -> None:
        """Raises Unavailable."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class SignIn:
    """One sign-in at a time: a new one ends that which waits."""

    def __init__(self, account: Callable[[], Account], limit_s: float = LIMIT_S) -> None:
        self._account = account
        self._limit_s = limit_s
        self._flow: _Flow | None = None
        self._waiting: asyncio.Task[None] | None = None
        self._error: ShortsError | None = None
        self._changing = asyncio.Lock()
        """So that of several that begin at once each ends the one before, and no port of any stays open."""

    async def begin(self) -> SignInView:
        """Wait for a browser, for a while; the page to open in it. Raises BadInput, Unavailable."""
        async with self._changing:
            await self._end_waiting()
            self._error = None
            flow = await _listening(self._account())
            self._flow = flow
            self._waiting = asyncio.create_task(self._wait(flow), name="sign-in")
        return SignInView(state="waiting", url=flow.address)

    async def state(self, wait_s: float = 0.0) -> SignInView:
        """How it stands, as soon as nobody is waited for any more, or after `wait_s` seconds."""
        if self._waiting is not None:
            await asyncio.wait({self._waiting}, timeout=wait_s)
            if not self._waiting.done() and self._flow is not None:
                return SignInView(state="waiting", url=self._flow.address)
        there = await asyncio.to_thread(self._account().signed_in)
        return SignInView(
            state="signed_in" if there else "signed_out", error=body(self._error) if self._error else None
        )

    async def end(self) -> SignInView:
        """Sign out. Raises Unavailable."""
        async with self._changing:
            await self._end_waiting()
            self._error = None
            account = self._account()
            try:
                await account.sign_out()
            finally:
                await account.close()
        return await self.state()

    async def close(self) -> None:
        """Wait for nobody any more."""
        async with self._changing:
            await self._end_waiting()

    async def _end_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            await asyncio.wait({self._waiting})
            self._waiting = None
        if self._flow is not None:  # a task that was cancelled before it began has closed nothing
            await self._flow.end()
            self._flow = None

    async def _wait(self, flow: "_Flow") -> None:
        try:
            async with asyncio.timeout(self._limit_s):
                await flow.outcome
        except TimeoutError:
            minutes = self._limit_s / 60
            self._error = Unavailable(
                f"Nobody signed in within {minutes:.0f} minutes.", "`shortsctl auth youtube` begins anew."
            )
        except ShortsError as exc:
            self._error = exc
        finally:
            flow.close()
            await flow.account.close()


async def _listening(account: Account) -> "_Flow":
    """A sign-in that a browser can come back to. Raises BadInput, Unavailable."""
    flow = _Flow(account)
    try:
        flow.server = await asyncio.start_server(flow.hear, "127.0.0.1", 0, limit=HEAD)
    except OSError as exc:
        raise Unavailable(f"No port of this machine can be opened: {exc.strerror}.", "Look at its limits.") from exc
    flow.redirect = f"http://127.0.0.1:{flow.server.sockets[0].getsockname()[1]}/"
    try:
        flow.address = account.address(flow.redirect, flow.state, flow.verifier)
    except ShortsError:
        flow.close()
        raise
    return flow


@dataclass(slots=True)
class _Flow:
    """One try to sign in. What is secret of it is drawn anew for each (RFC 7636, 7.1)."""

    account: Account
    state: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(64))
    outcome: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    server: asyncio.Server | None = None
    redirect: str = ""
    address: str = ""
    came: bool = False
    """Whether a browser has brought an answer: there is only one."""
    hearing: set[asyncio.Task[None]] = field(default_factory=set)
    """What answers browsers."""

    def close(self) -> None:
        """Open to nobody any more."""
        if self.server is not None:
            self.server.close()
        self.outcome.cancel()

    async def end(self) -> None:
        """Open to nobody, and nobody signs in by it any more, whoever has come already."""
        self.close()
        if self.hearing:
            for task in self.hearing:
                task.cancel()
            await asyncio.wait(self.hearing)
        await self.account.close()

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer a browser, in a task that ends when this sign-in does."""
        task = asyncio.create_task(self._hear(reader, writer))
        self.hearing.add(task)
        task.add_done_callback(self.hearing.discard)

    async def _hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._answered(reader, writer)
        finally:
            writer.close()

    async def _answered(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(HEAD_S):
                head = await reader.readuntil(b"\r\n\r\n")
            status, said = await self._answer(head)
            writer.write(_page(status, said))
            await writer.drain()

    async def _answer(self, head: bytes) -> tuple[HTTPStatus, str]:
        """What to say to a request; the one that is waited for settles the outcome."""
        method, _, rest = head.decode("latin-1").partition(" ")
        url = urlsplit(rest.partition(" ")[0])
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        if method != "GET" or url.path != "/":
            return HTTPStatus.NOT_FOUND, "There is nothing here."
        if not hmac.compare_digest(query.get("state", "").encode(), self.state.encode()) or self.came:
            return HTTPStatus.BAD_REQUEST, "This is not the answer that shortsd waits for."
        self.came = True
        try:
            await self._settle(query)
        except ShortsError as exc:
            self._settled(exc)
            return HTTPStatus.OK, f"Not signed in. {exc.message} {exc.hint}"
        self._settled(None)
        return HTTPStatus.OK, "shortsd is signed in. You can close this page."

    async def _settle(self, query: dict[str, str]) -> None:
        """Sign in, or raise why not."""
        if "code" not in query:
            why = query.get("error", "no reason given")
            raise ServiceRefused(f"Google did not let us in ({why[:100]}).", "`shortsctl auth youtube` begins anew.")
        await self.account.exchange(query["code"], self.redirect, self.verifier)

    def _settled(self, error: ShortsError | None) -> None:
        if self.outcome.done():  # it took too long
            return
        if error is None:
            self.outcome.set_result(None)
        else:
            self.outcome.set_exception(error)


def _page(status: HTTPStatus, said: str) -> bytes:
    content = f"<!doctype html><meta charset=utf-8><title>shortsd</title><p>{escape(said)}</p>\n".encode()
    lines = (f"HTTP/1.1 {status} {status.phrase}", *HEADERS, f"Content-Length: {len(content)}")
    return "\r\n".join((*lines, "", "")).encode() + content
