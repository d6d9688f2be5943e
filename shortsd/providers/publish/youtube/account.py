"""Signing in as an installed app, and staying signed in.

https://developers.google.com/identity/protocols/oauth2/native-app, RFC 8252 (native apps), RFC 7636 (PKCE).
"""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urlencode

import msgspec

from shortsd.domain.errors import BadInput, ServiceRefused, ShortsError
from shortsd.domain.finish import in_thread
from shortsd.domain.ports import Clock
from shortsd.providers.publish.youtube.tokens import AGAIN, Hidden, TokenFile, Tokens
from shortsd.providers.web.bodies import Answer
from shortsd.providers.web.service import Service

SCOPES = (
    "https://www.googleapis.com/auth/youtube.upload",
    "https://www.googleapis.com/auth/youtube.force-ssl",
)
"""To upload videos; to add captions, and to see the channel's own uploads
(https://developers.google.com/youtube/v3/guides/auth/installed-apps)."""
NO_CLIENT = """\
Once: at https://console.cloud.google.com make a project, enable "YouTube Data API v3" in it, and make an OAuth client
of type "Desktop app". Put its two values into secrets.toml beside config.toml (chmod 600):
  youtube_client_id = "…"
  youtube_client_secret = "…"
or into the daemon's environment as SHORTSD_YOUTUBE_CLIENT_ID and SHORTSD_YOUTUBE_CLIENT_SECRET, and start the daemon
anew. docs/youtube.md goes through it step by step."""
EARLY_S = 120.0
"""Before a token expires by so much, another is fetched."""


@dataclass(frozen=True, slots=True)
class Client:
    """What Google knows this app by: https://console.cloud.google.com/auth/clients, type Desktop app."""

    id: str
    secret: str = field(repr=False)

    def require(self) -> None:
        """Raises BadInput, saying what to do, if there is none yet."""
        if not self.id or not self.secret:
            raise BadInput("youtube_client_id and youtube_client_secret are not set.", NO_CLIENT)


@dataclass(frozen=True, slots=True)
class _Granted:
    """An answer of the token endpoint."""

    access_token: str
    expires_in: float = 3600.0
    refresh_token: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class _Refused:
    """An error of the token endpoint (RFC 6749, 5.2)."""

    error: str = ""


class Account:
    """A Google account that lets us in.

    `pages` is the address at which people sign in, `service` the one that gives tokens.
    """

    def __init__(
        self, client: Client, file: TokenFile, service: Service, pages: str, hidden: Hidden, clock: Clock
    ) -> None:
        self._client = client
        self._file = file
        self._service = service
        self._pages = pages
        self._hidden = hidden
        self._clock = clock
        self._renewing = asyncio.Lock()

    async def access(self) -> str:
        """A token that is good for a while. Raises ServiceRefused if we are not let in any more, ServiceFailed."""
        tokens = await self._read()
        if tokens.expires_at - EARLY_S > self._clock():
            return tokens.access_token
        return await self.renewed(tokens.access_token)

    async def renewed(self, refused: str) -> str:
        """Another token than the one that is not taken; jobs that find that out together fetch one. As `access`."""
        async with self._renewing:
            tokens = await self._read()
            if tokens.access_token != refused:
                return tokens.access_token
            granted = await self._ask(
                {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token}, again=True
            )
            await self._keep(granted, tokens.refresh_token)
            return granted.access_token

    def address(self, redirect: str, state: str, verifier: str) -> str:
        """The page at which a person says yes; the browser then goes to `redirect`, with `state` and a code.

        Raises BadInput if Google knows nothing of this app.
        """
        self._client.require()
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "client_id": self._client.id,
            "redirect_uri": redirect,
            "response_type": "code",
            "scope": " ".join(SCOPES),
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "access_type": "offline",
            "prompt": "consent",  # or a second sign-in would bring no token to stay signed in with
        }
        return f"{self._pages.rstrip('/')}/o/oauth2/v2/auth?{urlencode(query)}"

    async def exchange(self, code: str, redirect: str, verifier: str) -> None:
        """Sign in with the code that a browser brought. Raises ServiceRefused, ServiceFailed, BadInput, Unavailable."""
        self._hidden.hide(code, verifier)
        granted = await self._ask(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect,
                "code_verifier": verifier,
            },
            again=False,
        )
        if not granted.refresh_token:
            raise ServiceRefused("Google gave no token to stay signed in with.", "Sign in once more.")
        missing = set(SCOPES) - set(granted.scope.split()) if granted.scope else set()
        if missing:
            raise BadInput(
                f"Not all was allowed that is needed: {', '.join(sorted(missing))} is missing.",
                "Sign in once more, and leave every box ticked.",
            )
        await self._keep(granted, granted.refresh_token)

    async def sign_out(self) -> None:
        """Let Google forget us as well as that can be done now, and forget the tokens in any case. Raises Unavailable.

        https://developers.google.com/identity/protocols/oauth2/native-app#tokenrevoke
        """
        try:
            tokens = await self._read()
            await self._post("/revoke", {"token": tokens.refresh_token}, again=True)
        except ShortsError:
            pass  # it knows none, or is not to be reached: the file goes all the same
        await in_thread(self._file.remove)

    async def close(self) -> None:
        """Let go of connections."""
        await self._service.close()

    def signed_in(self) -> bool:
        """Whether there are tokens; they need not be good any more."""
        try:
            self._file.read()
        except ServiceRefused:
            return False
        return True

    async def _read(self) -> Tokens:
        tokens = await asyncio.to_thread(self._file.read)
        self._hidden.hide(tokens.refresh_token, tokens.access_token)
        return tokens

    async def _keep(self, granted: _Granted, refresh_token: str) -> None:
        self._hidden.hide(granted.access_token, refresh_token)
        expires_at = self._clock() + granted.expires_in
        await in_thread(self._file.write, Tokens(refresh_token, granted.access_token, expires_at))

    async def _ask(self, form: Mapping[str, str], *, again: bool) -> _Granted:
        """Ask for a token. Raises BadInput, ServiceRefused, ServiceFailed."""
        self._client.require()
        client = {"client_id": self._client.id, "client_secret": self._client.secret}
        answer = await self._post("/token", {**form, **client}, again=again)
        if answer.status != 200:
            raise self._refusal(answer)
        return self._service.decode(answer, _Granted)

    async def _post(self, path: str, form: Mapping[str, str], *, again: bool) -> Answer:
        self._hidden.hide(self._client.secret)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        content = urlencode(form).encode()
        return await self._service.ask("POST", path, content=content, headers=kind, again=again, accept=(400, 401))

    def _refusal(self, answer: Answer) -> ServiceRefused:
        try:
            why = msgspec.json.decode(answer.body, type=_Refused).error
        except (msgspec.DecodeError, UnicodeDecodeError):
            why = ""
        if why == "invalid_grant":
            return ServiceRefused("The sign-in to YouTube has expired or was taken back.", AGAIN)
        if why in ("invalid_client", "unauthorized_client"):
            return ServiceRefused(
                "Google does not know the client id and secret that we have.",
                "Compare youtube_client_id and youtube_client_secret with the console's; docs/youtube.md.",
            )
        said = self._service.said(answer)
        return ServiceRefused(f"Google gives no token ({answer.status}){': ' if said else ''}{said}.", AGAIN)
