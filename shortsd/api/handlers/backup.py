"""A copy of the job database, to put into a safe place."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncGenerator

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from shortsd.api.handlers.jobs import ERRORS
from shortsd.engine.service import Service
from shortsd.store.backup import Copy

KIND = "application/vnd.sqlite3"
CHUNK = 256 * 2**10


def router(service: Service) -> APIRouter:
    """The route /v1/backup."""
    routes = APIRouter(prefix="/v1/backup", tags=["daemon"], responses=ERRORS)

    @routes.get("", response_class=StreamingResponse, responses={200: {"content": {KIND: {}}}})
    async def backup() -> StreamingResponse:
        """The job database as it stands, an SQLite file; `Repr-Digest` (RFC 9530) tells whether it arrived whole."""
        copy = await service.backup()
        digest = b64encode(copy.sha256).decode()
        headers = {"Content-Length": str(copy.size), "Repr-Digest": f"sha-256=:{digest}:", "Cache-Control": "no-store"}
        return StreamingResponse(_chunks(copy), media_type=KIND, headers=headers)

    return routes


async def _chunks(copy: Copy) -> AsyncGenerator[bytes]:
    with copy.file as file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk
