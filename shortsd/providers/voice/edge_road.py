"""The way to Edge's voices: where the service is, and what its failures are to us."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp
from edge_tts.constants import BASE_URL
from edge_tts.exceptions import EdgeTTSException, NoAudioReceived, SkewAdjustmentError
from yarl import URL

from shortsd.domain.errors import ServiceFailed, ServiceRefused
from shortsd.providers.web.failures import PASSING, SAID

if TYPE_CHECKING:
    from aiohttp.client_reqrep import ClientRequest
    from aiohttp.connector import Connection
    from aiohttp.tracing import Trace

NAME = "Edge's voices"
OWN = f"https://{BASE_URL}"
"""Where edge-tts looks for the service; it knows no other place."""


class Elsewhere(aiohttp.TCPConnector):
    """Goes to `base_url` with what is meant for OWN, without TLS if that begins with http.

    It outlives the sessions that it is lent to: edge-tts asks a second time, after it has looked at the service's
    clock, in a session of its own. Who made it calls `let_go`.
    """

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self._base = None if base_url.rstrip("/") == OWN else URL(base_url.rstrip("/"))

    async def connect(
        self,
        req: "ClientRequest",
        traces: "list[Trace]",
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - aiohttp's own signature
    ) -> "Connection":
        if self._base is not None:
            below = req.url.raw_path_qs.removeprefix(URL(OWN).raw_path)
            req.url = URL(f"{self._base}{below}", encoded=True)
            req.headers["Host"] = self._base.host_port_subcomponent or ""
            req.proxy = None
        return await super().connect(req, traces, timeout)

    async def close(self, *, abort_ssl: bool = False) -> None:
        """Not yet: the session that closes it is not its only one."""
        del abort_ssl

    async def let_go(self) -> None:
        """Close its connections."""
        await super().close()


@asynccontextmanager
async def road(base_url: str) -> AsyncIterator[Elsewhere]:
    """A connector to the service, for one request and its repetition."""
    connector = Elsewhere(base_url)
    try:
        yield connector
    finally:
        await connector.let_go()


FAILURES = (aiohttp.ClientError, EdgeTTSException, TimeoutError, LookupError, TypeError, ValueError)
"""What comes out of edge-tts: the last three for frames that it does not understand."""


def told(exc: Exception) -> ServiceFailed:
    """A failure of the service as an error of ours. What it asked of whom, with which token, is not in it."""
    if isinstance(exc, aiohttp.ClientResponseError):
        return _answered(exc)
    if isinstance(exc, SkewAdjustmentError):
        return _refused(403)
    if isinstance(exc, NoAudioReceived):
        return ServiceFailed(
            f"{NAME} sent no sound.", "See whether the voice speaks the language of the text.", retryable=False
        )
    if isinstance(exc, TimeoutError):
        return ServiceFailed(f"{NAME} did not answer in time.", "See whether this machine reaches the network.")
    if isinstance(exc, aiohttp.ClientError):
        why = str(exc) or type(exc).__name__
        return ServiceFailed(
            f"{NAME} cannot be reached ({why[:SAID]}).", "See whether this machine reaches the network."
        )
    return ServiceFailed(
        f"{NAME} sent what is not understood ({type(exc).__name__}).", "A newer edge-tts may understand it."
    )


def _answered(exc: aiohttp.ClientResponseError) -> ServiceFailed:
    if exc.status in (401, 403):
        return _refused(exc.status)
    passing = exc.status in PASSING or exc.status == 429
    return ServiceFailed(f"{NAME} answered {exc.status}.", status=exc.status, retryable=passing)


def _refused(status: int) -> ServiceRefused:
    """It does so to who asks too much, for some hours, and to all whose edge-tts is too old for it."""
    return ServiceRefused(
        f"{NAME} refuse us ({status}).",
        "It may let us again later; a newer edge-tts may be let in at once. Or have others speak: voice.provider.",
        status=status,
        retryable=True,
    )
