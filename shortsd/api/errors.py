"""Every error of every route as the same body, with the status that the table gives."""

import logging
from dataclasses import asdict
from http import HTTPMethod

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from shortsd.domain.errors import BadRequest, Internal, NotFound, ShortsError, Unavailable
from shortsd.wire.errors import TABLE, body

logger = logging.getLogger("shortsd.api")


def install(app: FastAPI) -> None:
    """Let an application answer errors in our words."""
    app.add_exception_handler(ShortsError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def answer(error: ShortsError, status: int | None = None) -> JSONResponse:
    """An error as a response."""
    return JSONResponse(asdict(body(error)), status or TABLE[error.code].status)


async def _ours(request: Request, exc: Exception) -> JSONResponse:
    del request
    return answer(exc if isinstance(exc, ShortsError) else Internal(str(exc)))


async def _invalid(request: Request, exc: Exception) -> JSONResponse:
    """What pydantic found wrong, as one sentence naming each place."""
    del request
    found = exc.errors() if isinstance(exc, RequestValidationError) else []
    places = [f"{'.'.join(str(step) for step in one['loc'])}: {one['msg']}" for one in found[:5]]
    return answer(BadRequest(f"The request is not understood: {'; '.join(places)}.", "See /v1/openapi.json."))


async def _http(request: Request, exc: Exception) -> JSONResponse:
    """No such route, or not by this method, or more than is taken."""
    if not isinstance(exc, HTTPException):
        return await _unexpected(request, exc)
    if exc.status_code == 404:
        return answer(NotFound(f"There is nothing at {request.url.path}.", "See /v1/openapi.json."))
    if exc.status_code == 503:
        return answer(Unavailable(f"{exc.detail}.", "Try again in a moment."))
    error = BadRequest(f"{request.method} {request.url.path}: {exc.detail}.", "See /v1/openapi.json.")
    response = answer(error, exc.status_code)
    if exc.status_code == 405:
        response.headers["Allow"] = ", ".join(_methods(request))
    return response


def _methods(request: Request) -> list[str]:
    """By which a path is known. Starlette names those of the first route only that has the path."""
    scopes = {method: {**request.scope, "method": method} for method in HTTPMethod}
    routes = request.app.routes
    return [name for name, scope in scopes.items() if any(route.matches(scope)[0] is Match.FULL for route in routes)]


async def _unexpected(request: Request, exc: Exception) -> JSONResponse:
    logger.error("a request broke", extra={"path": request.url.path}, exc_info=exc)
    return answer(Internal("The daemon failed in a way it should not.", "Its log has the traceback."))
