"""Who we are at Google: what google-auth finds in the environment, in a file, or on a machine of theirs.

https://cloud.google.com/docs/authentication/application-default-credentials
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import google.auth
import httpx
from google.auth import exceptions
from google.auth.credentials import Credentials
from google.auth.transport import Request, Response

from shortsd.domain.errors import ServiceFailed, ServiceRefused

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
TIMEOUT_S = 30.0
_HINT = "Name a service account's file in GOOGLE_APPLICATION_CREDENTIALS, or run where there is an account."


@dataclass(slots=True)
class Identity:
    """Gives access tokens. `hidden` is what no message may hold."""

    hidden: list[str] = field(default_factory=list)
    _found: Credentials | None = None

    async def token(self) -> str:
        """A token that is good for a while. Raises ServiceRefused if there is nobody to be, ServiceFailed."""
        try:
            token = await asyncio.to_thread(self._token)
        except exceptions.TransportError as exc:
            raise ServiceFailed(f"Google gave no token: {_first_line(exc)}.", "Try again later.") from None
        except exceptions.GoogleAuthError as exc:
            raise ServiceRefused(f"Google gave no token: {_first_line(exc)}.", _HINT) from None
        self.hidden[:] = [token]
        return token

    def _token(self) -> str:
        if self._found is not None and self._found.valid:
            return str(self._found.token)
        with httpx.Client(timeout=TIMEOUT_S) as client:
            ask = _Asking(client)
            if self._found is None:
                self._found, _ = google.auth.default(scopes=[SCOPE], request=ask)
            self._found.refresh(ask)  # type: ignore[no-untyped-call]  # google-auth has no hints there
            return str(self._found.token)


class _Asking(Request):
    """google-auth's way to ask for tokens, by httpx."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **_: Any,
    ) -> Response:
        try:
            answer = self._client.request(method, url, content=body, headers=headers, timeout=timeout or TIMEOUT_S)
        except httpx.HTTPError as exc:
            raise exceptions.TransportError(exc) from exc  # type: ignore[no-untyped-call]  # as above
        return _Answered(answer)


class _Answered(Response):
    """An answer of httpx as google-auth reads it."""

    def __init__(self, answer: httpx.Response) -> None:
        self._answer = answer

    @property
    def status(self) -> int:
        return self._answer.status_code

    @property
    def headers(self) -> Mapping[str, str]:
        return self._answer.headers

    @property
    def data(self) -> bytes:
        return self._answer.content


def _first_line(exc: Exception) -> str:
    return str(exc).partition("\n")[0][:200].rstrip(".")
