"""Keeps addresses that others have given from reaching into this machine and the network around it."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence

import httpx

from shortsd.domain.errors import BadInput
from shortsd.providers.web.public import is_public

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host at a port, best first. Raises OSError, UnicodeError, OverflowError."""

_PORTS = {"http": 80, "https": 443}


async def addresses(host: str, port: int) -> Sequence[str]:
    """Ask the system for a host's addresses, each once, in the order of RFC 6724."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(where[0]) for *_, where in found))


def forgetful(verify: ssl.SSLContext | bool = True) -> httpx.AsyncHTTPTransport:
    """A transport that keeps no connections.

    By its address one would be found again for another host there, whose name nobody has seen a certificate for.
    """
    return httpx.AsyncHTTPTransport(verify, limits=httpx.Limits(max_keepalive_connections=0))


class GuardedTransport(httpx.AsyncBaseTransport):
    """Asks hosts of the internet at large and those of `trusted` (`host` or `host:port`), and refuses all others.

    A host all of whose addresses are public is asked at these very addresses: who answers for its name cannot give
    others once we have looked. Redirects are requests of their own, and looked at as any. A proxy is not used.
    """

    def __init__(
        self,
        trusted: Sequence[str],
        inner: httpx.AsyncBaseTransport | None = None,
        resolve: Resolve = addresses,
    ) -> None:
        self._trusted = {name.lower() for name in trusted}
        self._inner = inner or forgetful()
        self._resolve = resolve

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. Raises BadInput for a host that is not to be asked, and what httpx raises."""
        url = request.url
        host = url.raw_host.decode("ascii").lower().rstrip(".")
        if url.scheme not in _PORTS or not host:
            raise BadInput(f"{_shown(url)} is no address of a page.", "Give one that begins with https://.")
        if url.userinfo:
            raise BadInput(f"{_shown(url)} is asked for with a user's name or password, which nobody is told.")
        port = _PORTS[url.scheme] if url.port is None else url.port
        found = await self._found(request, host, port)
        if not self._trusts(host, port):
            _require_public(host, found)
        return await self._first(request, host, found)

    async def aclose(self) -> None:
        """Let go of all connections."""
        await self._inner.aclose()

    def _trusts(self, host: str, port: int) -> bool:
        name = f"[{host}]" if ":" in host else host
        return not self._trusted.isdisjoint((host, name, f"{name}:{port}"))

    async def _found(self, request: httpx.Request, host: str, port: int) -> Sequence[str]:
        """The addresses of a host, one at least."""
        try:
            found = await self._resolve(host, port)
        except (UnicodeError, OverflowError) as exc:
            raise BadInput(f"There cannot be a host {host}, port {port}.", "Look at the address once more.") from exc
        except OSError as exc:
            raise httpx.ConnectError(f"{host}: {exc}", request=request) from exc
        if not found:
            raise httpx.ConnectError(f"{host} has no address", request=request)
        return found

    async def _first(self, request: httpx.Request, host: str, found: Sequence[str]) -> httpx.Response:
        """The answer of the first address that can be connected to."""
        for address in found[:-1]:
            try:
                return await self._inner.handle_async_request(_pinned(request, host, address))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._inner.handle_async_request(_pinned(request, host, found[-1]))


def _require_public(host: str, found: Sequence[str]) -> None:
    """Raise BadInput if any of a host's addresses is not public: which of them is asked is not for it to choose."""
    for address in found:
        if not is_public(address):
            where = f"{host} is at {address}" if address != host else host
            raise BadInput(
                f"{where}: addresses of this machine and of private networks are not asked.",
                "If it is yours, name the host in services.trusted.",
            )


def _pinned(request: httpx.Request, host: str, address: str) -> httpx.Request:
    """A request for a host, to be sent to this address of it; its certificate has to be the host's all the same."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": host},
    )


def _shown(url: httpx.URL) -> str:
    """An address for people, without a password."""
    return str(url.copy_with(userinfo=b"")) if url.userinfo else str(url)
