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
from shortsd.domain.errors import ServiceFailed, ServiceRefused, ShortsError
from shortsd.domain.ports import Clock
from shortsd.providers.web.terms import Terms
from shortsd.providers.web.waits import clock_time, ours_s, wished_s

T = TypeVar("T")
Stream = Callable[[], AsyncIterator[bytes]]
"""Gives what is to be sent, from its beginning each time."""

REPEATABLE = frozenset({"GET", "HEAD", "PUT", "DELETE"})
"""Methods that do the same asked twice as asked once (RFC 9110, 9.2.2)."""
PASSING = frozenset({408, 425, 500, 502, 503, 504})
"""Statuses after which the same request may do better; 429, which was not looked at, comes beside them."""
SAID = 200
"""Characters of what a service says of an error that are told."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered: all of it."""

    status: int
    headers: httpx.Headers
    body: bytes


@dataclass(slots=True)
class Ways:
    """What time and chance are to a service; tests have their own."""

    clock: Clock = time.time
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep
    draw: Callable[[], float] = random.random


@dataclass(slots=True)
class _Circuit:
    """Whether a service is asked at all."""

    failures: int = 0
    closed_until: float = 0.0
    why: str = ""


@dataclass(slots=True)
class Service:
    """A service by its name for people and its address. Errors never hold what is in `secrets`.

    `headers` are asked for at each request, so that a token may change. Redirects are not followed.
    """

    name: str
    base_url: str
    terms: Terms = field(default_factory=Terms)
    headers: Callable[[], Mapping[str, str]] = dict
    secrets: Sequence[str] = field(default=(), repr=False)
    ways: Ways = field(default_factory=Ways)
    transport: httpx.AsyncBaseTransport | None = None
    _client: httpx.AsyncClient | None = None
    _circuit: _Circuit = field(default_factory=_Circuit)
    _turn: asyncio.Semaphore | None = None
    _pace: AsyncLimiter | None = None

    @property
    def down(self) -> str:
        """Why it is not asked now; empty if it is."""
        until = self._circuit.closed_until
        if self.ways.clock() >= until:
            return ""
        return f"{self._circuit.why} It is not asked before {clock_time(until)}."

    async def json(self, method: str, path: str, kind: type[T], **how: Any) -> T:
        """Ask (see `ask`); the answer's JSON as `kind`. Raises ServiceFailed if it is something else."""
        return self.decode((await self.ask(method, path, **how)), kind)

    def decode(self, answer: Answer, kind: type[T]) -> T:
        """The JSON of an answer. Raises ServiceFailed if it is none, or not what was to come."""
        try:
            return msgspec.json.decode(answer.body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as exc:
            what = answer.headers.get("content-type", "something").partition(";")[0]
            raise ServiceFailed(
                self._clean(f"{self.name} answered with {what} that is not understood: {exc}."),
                "It may be out of order, or its address in [services] may be another's.",
            ) from None

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
    ) -> Answer:
        """Send a request, `body` as JSON or `content` as it is; the answer, if its status is 2xx or one of `accept`.

        A stream needs its Content-Length among the headers. `again` says whether it may reach the service twice; what
        is not said is told from the method. A `path` may be a whole address. Raises ServiceRefused (401, 403),
        ServiceFailed.
        """
        sent = dict(headers or {})
        if body is not None:
            content, sent["Content-Type"] = msgspec.json.encode(body), "application/json"
        repeatable = method in REPEATABLE if again is None else again

        async def once() -> Answer:
            async with self._asking(method, path, query, content, sent) as response:
                return Answer(response.status_code, response.headers, await self._read(response))

        return await self._until_answered(once, accept, repeatable=repeatable)

    async def download(self, url: str, to: Path, *, most_bytes: int, types: Sequence[str] = ()) -> Answer:
        """Fetch a file; its status and headers. Raises as `ask`, and for more bytes or another type than is wanted.

        A type is wanted if it begins with one of `types`. What was written of a file that failed is not removed.
        """

        async def once() -> Answer:
            async with self._asking("GET", url, None, None, {}) as response:
                if response.is_success:
                    self._require(response, most_bytes, types)
                    await self._save(response, to, most_bytes)
                    return Answer(response.status_code, response.headers, b"")
                return Answer(response.status_code, response.headers, await self._read(response))

        return await self._until_answered(once, (), repeatable=True)

    def said(self, answer: Answer) -> str:
        """What an answer that is no success says of itself, without secrets and a full stop; empty if nothing."""
        return self._clean(_said(answer))[:SAID]

    async def close(self) -> None:
        """Let go of its connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _until_answered(
        self, once: Callable[[], Awaitable[Answer]], accept: Sequence[int], *, repeatable: bool
    ) -> Answer:
        """Ask until there is an answer, or no hope of one."""
        if self.down:
            raise ServiceFailed(self.down)
        tries = 0
        while True:
            tries += 1
            try:
                answer = await self._in_turn(once)
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as exc:
                error: ShortsError = self._broken(exc)
                passing = repeatable or isinstance(exc, httpx.ConnectError)
                wait_s: float | None = None
            else:
                if 200 <= answer.status < 300 or answer.status in accept:
                    self._circuit.failures = 0
                    return answer
                error = self._refusal(answer)
                wait_s = wished_s(answer.headers.get("retry-after"), self.ways.clock())
                passing = answer.status == 429 or (answer.status in PASSING and repeatable)
            await self._wait_or_raise(error, tries, wait_s, passing=passing)

    async def _wait_or_raise(self, error: ShortsError, tries: int, wished: float | None, *, passing: bool) -> None:
        """Wait before the next request; raise if there is to be none."""
        long = wished is not None and wished > self.terms.longest_wait_s
        if not passing or long or tries >= self.terms.tries:
            self._failed(error, wished if long else None)
            raise error
        await self.ways.wait(ours_s(tries, self.terms, self.ways.draw) if wished is None else wished)

    def _failed(self, error: ShortsError, wished: float | None) -> None:
        """Count a failure; leave the service alone if it asked for that, if there were too many, or if it wants no key.

        That a request was wrong says nothing about the service.
        """
        if isinstance(error, ServiceFailed) and error.status in range(400, 500) and error.status not in (408, 425, 429):
            return
        self._circuit.failures += 1
        refused = isinstance(error, ServiceRefused)
        if wished is not None or refused or self._circuit.failures >= self.terms.trip_after:
            self._circuit.closed_until = self.ways.clock() + (self.terms.trip_s if wished is None else wished)
            self._circuit.why = error.message

    async def _in_turn(self, once: Callable[[], Awaitable[Answer]]) -> Answer:
        """Ask within the service's limits."""
        if self._turn is None:
            self._turn = asyncio.Semaphore(self.terms.at_once)
            self._pace = AsyncLimiter(self.terms.per_minute, 60) if self.terms.per_minute else None
        async with self._turn:
            if self._pace is not None:
                await self._pace.acquire()
            async with asyncio.timeout(self.terms.whole_s):
                return await once()

    @asynccontextmanager
    async def _asking(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None,
        content: bytes | Stream | None,
        headers: Mapping[str, str],
    ) -> AsyncIterator[httpx.Response]:
        sent = {"User-Agent": f"shortsd/{__version__}", **self._own_headers(), **headers}
        url = path if "://" in path else f"{self.base_url.rstrip('/')}{path}"
        stream = content() if callable(content) else content
        request = self._open().build_request(method, url, params=query, content=stream, headers=sent)
        response = await self._open().send(request, stream=True)
        try:
            yield response
        finally:
            await response.aclose()

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

    async def _read(self, response: httpx.Response) -> bytes:
        """The body, as far as it may be long. Raises ServiceFailed for a longer one."""
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > self.terms.most_bytes:
                raise self._too_large(self.terms.most_bytes)
        return bytes(body)

    def _require(self, response: httpx.Response, most_bytes: int, types: Sequence[str]) -> None:
        """Raise ServiceFailed for a file that says itself that it is not wanted."""
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if types and not kind.startswith(tuple(types)):
            raise ServiceFailed(
                self._clean(f"{self.name} sent {kind or 'something'} where {' or '.join(types)} was wanted."),
                retryable=False,
            )
        if int(response.headers.get("content-length", "0") or 0) > most_bytes:
            raise self._too_large(most_bytes)

    async def _save(self, response: httpx.Response, to: Path, most_bytes: int) -> None:
        size = 0
        with to.open("wb") as file:
            async for chunk in response.aiter_bytes():
                size += len(chunk)
                if size > most_bytes:
                    raise self._too_large(most_bytes)
                file.write(chunk)

    def _too_large(self, most_bytes: int) -> ServiceFailed:
        return ServiceFailed(f"{self.name} sent more than {most_bytes >> 20} MB.", retryable=False)

    def _broken(self, exc: Exception) -> ServiceFailed:
        """A request that came to no answer."""
        if isinstance(exc, TimeoutError | httpx.TimeoutException):
            what = f"{self.name} did not answer in time"
        elif isinstance(exc, httpx.ConnectError):
            what = f"{self.name} cannot be reached"
        else:
            what = f"The answer of {self.name} broke off"
        said = str(exc) or type(exc).__name__
        return ServiceFailed(f"{what} ({self._clean(said)[:SAID]}).", "See whether this machine reaches the network.")

    def _refusal(self, answer: Answer) -> ShortsError:
        """An answer that is no success."""
        said = self.said(answer)
        why = f": {said}" if said else ""
        if answer.status in (401, 403):
            return ServiceRefused(
                f"{self.name} refuses our key ({answer.status}){why}.", "Look at the key and its rights."
            )
        wish = wished_s(answer.headers.get("retry-after"), self.ways.clock())
        return ServiceFailed(
            f"{self.name} answered {answer.status}{why}.",
            status=answer.status,
            retry_after_s=wish,
            retryable=answer.status in PASSING or answer.status == 429,
        )

    def _clean(self, text: str) -> str:
        """A text without secrets."""
        for secret in self.secrets:
            text = text.replace(secret, "…") if secret else text
        return text


def _said(answer: Answer) -> str:
    """What a service says of an error: its message, if there is one in JSON, else its text; secrets may be in it."""
    try:
        data = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        text = answer.body.decode("utf-8", "replace")
        data = "" if text.lstrip().startswith("<") else text
    while isinstance(data, dict):
        data = next((data[key] for key in ("error", "message", "errors", "detail") if key in data), "")
    if isinstance(data, list):
        data = "; ".join(str(one) for one in data)
    return " ".join(str(data).split()).rstrip(".")
