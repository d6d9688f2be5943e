"""A server on loopback that can misbehave: what all stand-ins are made of."""

import asyncio
import socket
import struct
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Request:
    """A request that came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


class Loopback:
    """An HTTP/1.1 server in a thread. Its subclasses add routes; `requests` has all that came, oldest first.

    Each of `faults` is what one of the next requests to a path that begins with its prefix gets in place of an answer.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.faults: deque[tuple[str, Handler]] = deque()
        self.latency_s = 0.0
        """How long each answer takes at least."""
        self.address = ""
        """`http://127.0.0.1:port`, while it runs."""
        self._loop = asyncio.new_event_loop()
        self._stopped = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        """What it answers."""
        return []

    def fail(self, *handlers: Handler, at: str = "/") -> None:
        """Let the next requests to `at` have these in place of answers, one each."""
        self.faults.extend((at, handler) for handler in handlers)

    def asked(self, path: str) -> list[Request]:
        """The requests to paths that begin so."""
        return [request for request in self.requests if request.path.startswith(path)]

    def __enter__(self) -> Self:
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), name=type(self).__name__, daemon=True)
        self._thread.start()
        assert started.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(10)

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve(started))
        left = asyncio.all_tasks(self._loop)  # that keep silent
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self._loop.close()

    async def _serve(self, started: threading.Event) -> None:
        app = web.Application(middlewares=[self._between], client_max_size=1 << 30)
        app.add_routes(self.routes())
        runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        started.set()
        await self._stopped.wait()
        await runner.cleanup()

    @property
    def _between(self) -> Any:
        @web.middleware
        async def between(request: web.Request, handler: Handler) -> web.StreamResponse:
            body = await request.read() if request.can_read_body else b""
            self.requests.append(
                Request(request.method, request.path, dict(request.query), dict(request.headers), body)
            )
            await asyncio.sleep(self.latency_s)
            for fault in self.faults:
                if request.path.startswith(fault[0]):
                    self.faults.remove(fault)
                    return await fault[1](request)
            return await handler(request)

        return between


def status(code: int, body: str = "", kind: str = "text/plain", **headers: str) -> Handler:
    """An answer with a status; `Retry_After="5"` becomes the header Retry-After."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=code, text=body, content_type=kind, headers=named)

    return answer


def body(content: bytes, kind: str = "application/json", length: int | None = None) -> Handler:
    """A 200 with a body; its Content-Length may be wrong."""

    async def answer(request: web.Request) -> web.StreamResponse:
        size = len(content) if length is None else length
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n"
        return await _raw(request, head.encode() + content)

    return answer


def reset(first: bytes = b"", kind: str = "application/json") -> Handler:
    """The connection is reset after the head of a long answer and these bytes of its body."""

    async def answer(request: web.Request) -> web.StreamResponse:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: 100000\r\n\r\n".encode()
        assert request.transport is not None
        linger = struct.pack("ii", 1, 0)  # closing sends RST in place of FIN, socket(7)
        request.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        return await _raw(request, head + first)

    return answer


def raw(content: bytes) -> Handler:
    """These bytes in place of an answer, be they HTTP or not."""

    async def answer(request: web.Request) -> web.StreamResponse:
        return await _raw(request, content)

    return answer


def drip(content: bytes, pause_s: float = 1.0, kind: str = "application/json") -> Handler:
    """A byte at a time."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": kind})
        await response.prepare(request)
        with suppress(ConnectionResetError):  # who waits has had enough
            for byte in content:
                await response.write(bytes([byte]))
                await asyncio.sleep(pause_s)
        return response

    return answer


def huge(megabytes: int, kind: str = "application/json") -> Handler:
    """A body of so many megabytes, in chunks."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": kind})
        await response.prepare(request)
        with suppress(ConnectionResetError):
            for _ in range(megabytes):
                await response.write(b" " * (1 << 20))
        return response

    return answer


def silence() -> Handler:
    """No answer at all, for as long as anybody waits."""

    async def answer(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(3600)
        return web.Response()

    return answer


def redirect(to: str, code: int = 302) -> Handler:
    """Somewhere else."""
    return status(code, Location=to)


async def _raw(request: web.Request, content: bytes) -> web.StreamResponse:
    """Bytes as they are, after which the connection is cut off."""
    transport = request.transport
    assert transport is not None
    transport.write(content)
    await asyncio.sleep(0.05)  # so that they leave before the end does
    transport.close()
    return web.Response()


@contextmanager
def together(*servers: Loopback) -> Iterator[None]:
    """Servers at the same time."""
    if not servers:
        yield
        return
    with servers[0], together(*servers[1:]):
        yield


@dataclass
class Time:
    """A clock that goes on only by waiting, and remembers how long it was waited for."""

    now: float = 1_800_000_000.0
    waits: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)
