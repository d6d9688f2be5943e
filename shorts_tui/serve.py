"""The same app in a web page: textual-serve behind a token."""

import asyncio
import ipaddress
import secrets
import shlex
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path

from aiohttp import web
from textual_serve.server import Server

from shortsd.domain.errors import BadInput

SESSIONS = 8
"""Pages at a time: each is a process of its own."""

_TEMPLATES = Path(__file__).with_name("web")
_ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not listened on

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int) -> socket.socket:
    """A socket to serve on; any free port if it is 0. Raises BadInput if it cannot be had."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as exc:
        raise BadInput(
            f"Nothing can be served on {host}, port {port}: {exc.strerror or exc}.",
            "Name another port, `--serve 0` takes any that is free.",
        ) from exc


class Page(Server):
    """Serves the app to who has the token: in the address at first, in a cookie from then on."""

    def __init__(self, listener: socket.socket, host: str, words: Sequence[str]) -> None:
        command = shlex.join([sys.executable, "-m", "shorts_tui", *words])
        port = listener.getsockname()[1]
        named = "localhost" if host in _ANYWHERE else host
        self.authority = f"[{named}]:{port}" if ":" in named else f"{named}:{port}"
        super().__init__(
            command, host, port, "shorts-tui", f"http://{self.authority}", templates_path=_TEMPLATES.absolute()
        )
        self._listener = listener
        self._any = host in _ANYWHERE
        self._token = secrets.token_urlsafe(24)
        self._cookie = f"shorts-tui-{port}"
        self._open = 0

    @property
    def address(self) -> str:
        """What is to be opened in a browser."""
        return f"{self.public_url}/?token={self._token}"

    async def run(self) -> None:
        """Serve until SIGINT or SIGTERM."""
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, ended.set)
        runner = web.AppRunner(await self.made(), access_log=None)
        await runner.setup()
        try:
            await web.SockSite(runner, self._listener, shutdown_timeout=2.0).start()
            await ended.wait()
        finally:
            await runner.cleanup()

    async def made(self) -> web.Application:
        """The application, behind the token."""
        app = await self._make_app()
        app.middlewares.append(self._guard)
        return app

    async def on_startup(self, app: web.Application) -> None:
        """Say nothing: who started it is told the address."""

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Run an app for a page, if there are not too many."""
        if self._open >= SESSIONS:
            raise web.HTTPServiceUnavailable(text=f"{SESSIONS} pages are open already. Close one.")
        self._open += 1
        try:
            return await super().handle_websocket(request)
        finally:
            self._open -= 1

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let in who has the token, on a page of ours: no other page may speak with the app, under whatever name."""
        given = request.query.get("token") or self._kept(request)
        if not secrets.compare_digest(given.encode(), self._token.encode()):
            raise web.HTTPForbidden(text="The address lacks the token that shorts-tui printed when it was started.")
        if not self._ours(request):
            raise web.HTTPForbidden(text="This is asked for from a page of somebody else's.")
        answer = await handler(request)
        if "token" in request.query and not answer.prepared:
            answer.set_cookie(self._cookie, self._token, httponly=True, samesite="Strict", path="/")
        answer.headers.setdefault("Referrer-Policy", "no-referrer")
        return answer

    def _ours(self, request: web.Request) -> bool:
        """Whether it is asked for under a name that we serve, and from our own page."""
        origin = request.headers.get("Origin")
        named = self._any or request.host == self.authority
        return named and (origin is None or origin == f"http://{request.host}")

    def _kept(self, request: web.Request) -> str:
        with suppress(KeyError):
            return request.cookies[self._cookie]
        return ""


def serve(host: str, port: int, words: Sequence[str], told: Callable[[str], None]) -> None:
    """Serve the app until it is ended; `told` gets the address. Raises BadInput."""
    page = Page(listen(host, port), host, words)
    told(page.address)
    asyncio.run(page.run())
