"""Cloud Run's Admin API v2 and the tokens for it, as far as executions of jobs go.

https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.jobs/run
https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.jobs.executions
https://developers.google.com/identity/protocols/oauth2/service-account (the token)
"""

import json
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from servers.loopback import Loopback

JOB = "projects/books/locations/europe-west1/jobs/render"


class CloudRun(Loopback):
    """One job; its executions end when a test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.executions: dict[str, dict[str, Any]] = {}
        self.tokens: set[str] = set()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/token", self._token),
            web.post(f"/v2/{JOB}:run", self._run_job),
            web.get(f"/v2/{JOB}/executions/{{name}}", self._get),
        ]

    def account(self, file: Path) -> Path:
        """A service account's file, whose tokens come from here."""
        about = {"type": "service_account", "project_id": "books", "private_key_id": "1", "private_key": _key()}
        about |= {"client_email": "render@books.iam.gserviceaccount.com", "token_uri": f"{self.address}/token"}
        file.write_text(json.dumps(about))
        return file

    def end(self, name: str, *, failed: str = "") -> None:
        """Let an execution end, well or for a reason."""
        state = "CONDITION_FAILED" if failed else "CONDITION_SUCCEEDED"
        self.executions[name] |= {
            "completionTime": "2026-11-29T12:05:00.000000Z",
            "runningCount": 0,
            **({"failedCount": 1} if failed else {"succeededCount": 1}),
            "conditions": [{"type": "Completed", "state": state, "message": failed}],
        }

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        token = f"ya29.{secrets.token_urlsafe(16)}"
        self.tokens.add(token)
        return web.json_response({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})

    def _admits(self, request: web.Request) -> bool:
        return request.headers.get("Authorization", "").removeprefix("Bearer ") in self.tokens

    async def _run_job(self, request: web.Request) -> web.Response:
        if not self._admits(request):
            return _error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        name = f"{JOB}/executions/render-{len(self.executions):05}"
        self.executions[name] = {"name": name, "taskCount": 1, "runningCount": 1, "createTime": "2026-11-29T12:00:00Z"}
        kind = {"@type": "type.googleapis.com/google.cloud.run.v2.Execution"}
        operation = f"projects/books/locations/europe-west1/operations/{secrets.token_hex(4)}"
        return web.json_response({"name": operation, "metadata": {**kind, **self.executions[name]}, "done": False})

    async def _get(self, request: web.Request) -> web.Response:
        if not self._admits(request):
            return _error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        name = f"{JOB}/executions/{request.match_info['name']}"
        if name not in self.executions:
            return _error(404, "NOT_FOUND", f"Resource '{name}' was not found.")
        return web.json_response(self.executions[name])


@cache
def _key() -> str:
    """A private key that is nobody's, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, *form).decode()


def _error(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": status, "message": message, "status": code}}, status=status)
