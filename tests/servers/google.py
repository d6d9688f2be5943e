"""Google's accounts: the page at which people say yes, and the tokens that come of it.

https://developers.google.com/identity/protocols/oauth2/native-app; errors: RFC 6749, 5.2; challenges: RFC 7636.
"""

import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from servers.loopback import Loopback


class Google(Loopback):
    """One account, one app; whoever asks at the page says yes, unless `says` is an error."""

    client = ("id.apps.googleusercontent.com", "GOCSPX-client-secret")

    def __init__(self) -> None:
        super().__init__()
        self.says = ""
        self.scope = ""
        """What is granted, if it is less than was asked for."""
        self.codes: dict[str, dict[str, str]] = {}
        self.staying: set[str] = set()
        """Refresh tokens that are good."""
        self.access: set[str] = set()
        """Access tokens that are good."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/o/oauth2/v2/auth", self._page),
            web.post("/token", self._token),
            web.post("/revoke", self._revoke),
        ]

    def admits(self, authorization: str) -> bool:
        """Whether an Authorization header lets in."""
        return authorization.removeprefix("Bearer ") in self.access

    def sign_in(self) -> dict[str, Any]:
        """Tokens that are good, as the app keeps them."""
        staying, access = f"1//{secrets.token_urlsafe(16)}", f"ya29.{secrets.token_urlsafe(16)}"
        self.staying.add(staying)
        self.access.add(access)
        return {"refresh_token": staying, "access_token": access}

    async def _page(self, request: web.Request) -> web.StreamResponse:
        asked = dict(request.query)
        to = asked["redirect_uri"]
        wrong = (
            asked["client_id"] != self.client[0]
            or asked["response_type"] != "code"
            or asked["code_challenge_method"] != "S256"
            or urlsplit(to).hostname != "127.0.0.1"
        )
        if wrong:
            return web.Response(status=400, text="Error 400: invalid_request")
        back = {"state": asked["state"]}
        if self.says:
            back["error"] = self.says
        else:
            code = f"4/{secrets.token_urlsafe(12)}"
            self.codes[code] = asked
            back |= {"code": code, "scope": asked["scope"]}
        return web.Response(status=302, headers={"Location": f"{to}?{urlencode(back)}"})

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form = {key: str(value) for key, value in (await request.post()).items()}
        if (form.get("client_id"), form.get("client_secret")) != self.client:
            return _error("invalid_client", "The OAuth client was not found.", 401)
        if form["grant_type"] == "refresh_token":
            known = form["refresh_token"] in self.staying
            return self._granted({}) if known else _error("invalid_grant", "Token has been expired or revoked.")
        asked = self.codes.pop(form["code"], {})
        challenge = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if asked.get("code_challenge") != challenge or asked.get("redirect_uri") != form["redirect_uri"]:
            return _error("invalid_grant", "Malformed auth code.")
        staying = f"1//{secrets.token_urlsafe(16)}"
        self.staying.add(staying)
        return self._granted({"refresh_token": staying, "scope": self.scope or asked["scope"]})

    def _granted(self, more: dict[str, Any]) -> web.Response:
        access = f"ya29.{secrets.token_urlsafe(16)}"
        self.access.add(access)
        return web.json_response({"access_token": access, "expires_in": 3599, "token_type": "Bearer", **more})

    async def _revoke(self, request: web.Request) -> web.StreamResponse:
        token = str((await request.post())["token"])
        if token not in self.staying:
            return _error("invalid_token", "Token expired or revoked")
        self.staying.discard(token)
        self.access.clear()
        return web.json_response({})


def _error(error: str, description: str, status: int = 400) -> web.Response:
    return web.json_response({"error": error, "error_description": description}, status=status)
