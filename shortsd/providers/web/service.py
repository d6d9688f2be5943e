"""One service elsewhere: asked within limits, again where that is safe, and left alone for a while where it fails."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec
from aiolimiter import AsyncLimiter

from shortsd import __version__
from shortsd.domain.errors import ServiceFailed, ServiceRefused
from shortsd.domain.ports import Clock
from shortsd.providers.web.bodies import PACKING, Answer, unpacked
from shortsd.providers.web.circuit import Circuit
from shortsd.providers.web.failures import BROKEN, PASSING, SPENT, UNSENT, Failures
from shortsd.providers.web.terms import Terms
from shortsd.providers.web.waits import ours_s

T = TypeVar("T")
Stream = Callable[[], AsyncIterator[bytes]]
"""Gives what is to be sent, from its beginning each time."""

REPEATABLE = frozenset({"GET", "HEAD", "PUT", "DELETE"})
"""Methods that do the same asked twice as asked once (RFC 9110, 9.2.2)."""
WHOLE = ("https://", "http://")
"""What an address begins with that is one by itself."""
PORTS = 65_535


@dataclass(slots=True)
class Ways:
    """What time and chance are to a service; tests have their own."""

    clock: Clock = time.time
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep
    draw: Callable[[], float] = random.random


@dataclass(slots=True)
class Service:
    """A service by its name for people and its address. Errors never hold what is in `secrets`.

    `headers` are asked for at each request, so that a token may change, and sent to no other host than that of its
    address. Redirects are followed by `page` alone. Whatever it raises is a ShortsError, but for the OSError of a file.
    """

    name: str
    base_url: str
    terms: Terms = field(default_factory=Terms)
    headers: Callable[[], Mapping[str, str]] = dict
    secrets: Sequence[str] = field(default=(), repr=False)
    ways: Ways = field(default_factory=Ways)
    transport: httpx.AsyncBaseTransport | None = None
    _client: httpx.AsyncClient | None = None
    _circuit: Circuit = field(default_factory=Circuit)
    _turn: asyncio.Semaphore | None = None
    _pace: AsyncLimiter | None = None
    _under_way: int = 0
    """Requests whose answers have not come to their end."""

    @property
    def _failures(self) -> Failures:
        return Failures(self.name, self.secrets)

    @property
    def down(self) -> str:
        """Why it is not asked now; empty if it is."""
        return self._circuit.down(self.ways.clock())

    async def json(self, method: str, path: str, kind: type[T], **how: Any) -> T:
        """Ask (see `ask`); the answer's JSON as `kind`. Raises ServiceFailed if it is something else."""
        return self.decode((await self.ask(method, path, **how)), kind)

    def decode(self, answer: Answer, kind: type[T]) -> T:
        """The JSON of an answer. Raises ServiceFailed if it is none, or not what was to come."""
        try:
            return msgspec.json.decode(answer.body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
            raise self._failures.odd(answer, exc) from None

    async def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        body: Any = None,
        content: bytes | Stream | None = None,
        headers: Mapping[str, str] | None = None,
        again: bool | None = None,
        accept: Sequence[int] = (),
        most_bytes: int | None = None,
    ) -> Answer:
        """Send a request, `body` as JSON or `content` as it is; the answer, if its status is 2xx or one of `accept`.

        A stream needs its Content-Length among the headers. `again` says whether it may reach the service twice; what
        is not said is told from the method. A `path` may be a whole address. An answer has `Terms.most_bytes` at most,
        or `most_bytes`. Raises ServiceRefused (401, 403), ServiceFailed.
        """
        most = self.terms.most_bytes if most_bytes is None else most_bytes
        sent = dict(headers or {})
        if body is not None:
            content, sent["Content-Type"] = msgspec.json.encode(body), "application/json"
        repeatable = method in REPEATABLE if again is None else again

        async def once() -> Answer:
            async with self._asking(method, path, query, content, sent) as response:
                return await self._answer(response, most)

        return await self._until_answered(once, accept, repeatable=repeatable)

    async def download(self, url: str, to: Path, *, most_bytes: int, types: Sequence[str] = ()) -> Answer:
        """Fetch a file; its status and headers. Raises as `ask`, and for more bytes or another type than is wanted.

        A type is wanted if it begins with one of `types`. What was written of a file that failed is not removed.
        """

        async def once() -> Answer:
            async with self._asking("GET", url, None, None, {}) as response:
                if not response.is_success:
                    return await self._answer(response, self.terms.most_bytes)
                self._require(response, most_bytes, types)
                await self._save(response, to, most_bytes)
                return Answer(response.status_code, response.headers, b"", str(response.url))

        return await self._until_answered(once, (), repeatable=True)

    async def page(self, url: str, *, most_bytes: int, types: Sequence[str], hops: int) -> Answer:
        """Fetch a file into memory, from where so many redirects at most lead to. Raises as `download`.

        All redirects together have the time of one answer.
        """

        async def once() -> Answer:
            at = url
            for _ in range(hops + 1):
                async with self._asking("GET", at, None, None, {"Accept": ", ".join(types)}) as response:
                    if response.next_request is None:
                        if response.is_success:
                            self._require(response, most_bytes, types)
                        return await self._answer(response, most_bytes)
                    at = str(response.next_request.url)
            raise ServiceFailed(f"{self.name} redirects more than {hops} times.", retryable=False)

        return await self._until_answered(once, (), repeatable=True)

    def said(self, answer: Answer) -> str:
        """What an answer that is no success says of itself, without secrets and a full stop; empty if nothing."""
        return self._failures.said(answer)

    async def rest(self) -> None:
        """Let go of its connections if no request is under way. One that is made later opens others."""
        if not self._under_way:
            await self.close()

    async def close(self) -> None:
        """Let go of its connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _until_answered(
        self, once: Callable[[], Awaitable[Answer]], accept: Sequence[int], *, repeatable: bool
    ) -> Answer:
        """Ask until there is an answer, or no hope of one."""
        tries = 0
        while True:
            tries += 1
            try:
                answer = await self._in_turn(once)
            except BROKEN as exc:
                error = self._failures.broken(exc)
                spent = isinstance(exc, SPENT) and not self.terms.patient
                passing = error.retryable and not spent and (repeatable or isinstance(exc, UNSENT))
            else:
                if 200 <= answer.status < 300 or answer.status in accept:
                    self._circuit.succeeded()
                    return answer
                error = self._failures.refusal(answer, self.ways.clock())
                passing = answer.status == 429 or (answer.status in PASSING and repeatable)
            await self._wait_or_raise(error, tries, passing=passing)

    async def _wait_or_raise(self, error: ServiceFailed, tries: int, *, passing: bool) -> None:
        """Wait before the next request; raise if there is to be none."""
        wished = error.retry_after_s or 0.0
        long = wished > self.terms.longest_wait_s
        if not passing or long or tries >= self.terms.tries:
            self._failed(error, wished if long else None)
            raise error
        await self.ways.wait(max(wished, ours_s(tries, self.terms, self.ways.draw)))

    def _failed(self, error: ServiceFailed, wished: float | None) -> None:
        """Count a failure; leave the service alone if it asked for that, if there were too many, or if it wants no key.

        That a request was wrong says nothing about the service.
        """
        refused = isinstance(error, ServiceRefused)
        if error.retryable or refused:
            alone_s = self.terms.trip_s if refused else wished
            self._circuit.failed(error.message, self.ways.clock(), self.terms, alone_s)

    async def _in_turn(self, once: Callable[[], Awaitable[Answer]]) -> Answer:
        """Ask within the service's limits. Raises ServiceFailed if it is down when its turn comes."""
        if self._turn is None:
            self._turn = asyncio.Semaphore(self.terms.at_once)
            self._pace = AsyncLimiter(self.terms.per_minute, 60) if self.terms.per_minute else None
        async with self._turn:
            self._require_up()
            if self._pace is not None:
                await self._pace.acquire()
            async with asyncio.timeout(self.terms.whole_s):
                return await once()

    def _require_up(self) -> None:
        if self.down:
            raise ServiceFailed(self.down, retry_after_s=self._circuit.open_until - self.ways.clock())

    @asynccontextmanager
    async def _asking(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None,
        content: bytes | Stream | None,
        headers: Mapping[str, str],
    ) -> AsyncIterator[httpx.Response]:
        url = httpx.URL(path if path.startswith(WHOLE) else f"{self.base_url.rstrip('/')}{path}")
        if (url.port or 0) > PORTS:
            raise httpx.InvalidURL(f"{url.port} is no port")  # of which anyio tells in a group of exceptions
        own = self._own_headers() if _origin(url) == _origin(httpx.URL(self.base_url)) else {}
        sent = {"User-Agent": f"shortsd/{__version__}", "Accept-Encoding": PACKING, **own, **headers}
        stream = content() if callable(content) else content
        request = self._open().build_request(method, url, params=query, content=stream, headers=sent)
        self._under_way += 1
        try:
            response = await self._open().send(request, stream=True)
            try:
                yield response
            finally:
                await response.aclose()
        finally:
            self._under_way -= 1

    def _own_headers(self) -> Mapping[str, str]:
        """Raises ServiceRefused for a key that no header can carry; what httpx says of one would show it."""
        own = self.headers()
        if not all(value.isascii() and value.isprintable() for value in own.values()):
            raise ServiceRefused(
                f"The key for {self.name} has a letter in it that no key has: an accent, a line's end.", "Give it anew."
            )
        return own

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            terms = self.terms
            timeout = httpx.Timeout(terms.read_s, connect=terms.connect_s, pool=None)
            self._client = httpx.AsyncClient(
                transport=self.transport, timeout=timeout, trust_env=self.transport is None
            )
        return self._client

    async def _answer(self, response: httpx.Response, most_bytes: int) -> Answer:
        """A whole answer, as far as its body may be long. Raises ServiceFailed for a longer one."""
        body = bytearray()
        async for piece in unpacked(response):
            body += piece
            if len(body) > most_bytes:
                raise self._failures.too_large(most_bytes)
        return Answer(response.status_code, response.headers, bytes(body), str(response.url))

    def _require(self, response: httpx.Response, most_bytes: int, types: Sequence[str]) -> None:
        """Raise ServiceFailed for a file that says itself that it is not wanted."""
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if types and not kind.startswith(tuple(types)):
            raise self._failures.unwanted(kind, types)
        length = response.headers.get("content-length", "")
        if length.isdecimal() and int(length) > most_bytes:
            raise self._failures.too_large(most_bytes)

    async def _save(self, response: httpx.Response, to: Path, most_bytes: int) -> None:
        size = 0
        with to.open("wb") as file:
            async for piece in unpacked(response):
                size += len(piece)
                if size > most_bytes:
                    raise self._failures.too_large(most_bytes)
                file.write(piece)


def _origin(url: httpx.URL) -> tuple[str, bytes, int | None]:
    """Whom a request goes to (RFC 6454, 4)."""
    return url.scheme, url.raw_host.lower(), url.port
