"""Signing in to a channel."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from shortsd.api.attention import while_awaited
from shortsd.api.handlers.jobs import ERRORS
from shortsd.engine.service import Service
from shortsd.wire.models import SignInView


def router(service: Service) -> APIRouter:
    """The route /v1/auth/youtube."""
    routes = APIRouter(prefix="/v1/auth", tags=["auth"], responses=ERRORS)

    @routes.post("/youtube")
    async def auth() -> SignInView:
        """Begin to sign in: `url` is the page to open in a browser on this machine, within five minutes."""
        return await service.signin.begin()

    @routes.get("/youtube")
    async def auth_state(request: Request, wait: Annotated[float, Query(ge=0, le=30)] = 0) -> SignInView:
        """Whether somebody is signed in; while a browser is waited for, the answer comes up to `wait` seconds later."""
        return await while_awaited(request, service.closing, service.signin.state(wait))

    @routes.delete("/youtube")
    async def auth_end() -> SignInView:
        """Sign out: the tokens are taken back, as far as Google can be reached, and forgotten in any case."""
        return await service.signin.end()

    return routes
