"""What the application does about bodies, and the server about requests that do not end."""

import asyncio
import socket
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from shortsd.api.limits import BODIES, BODY, Bounds, LimitBody
from shortsd.api.server import Server
from shortsd.api.socket import listen

SCOPE = {"type": "http"}


async def sent(message: Message) -> None:
    del message


def receiving(size: int) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": bytes(size), "more_body": False}

    return receive


async def test_all_bodies_together_are_bounded() -> None:
    """Beyond what may be held at a time a body is refused for now; once others have been answered it is taken."""
    answering, taken = asyncio.Event(), list[bytes]()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, send
        taken.append((await receive())["body"])
        await answering.wait()

    limited = LimitBody(app)
    async with asyncio.TaskGroup() as under_way:
        for _ in range(BODIES // BODY):
            under_way.create_task(limited(SCOPE, receiving(BODY), sent))
        while len(taken) < BODIES // BODY:  # noqa: ASYNC110 - each task is one turn of the loop away
            await asyncio.sleep(0)
        with pytest.raises(HTTPException) as refused:
            await limited(SCOPE, receiving(1), sent)
        assert refused.value.status_code == 503
        answering.set()
    await limited(SCOPE, receiving(1), sent)
    assert taken[-1] == b"\0"


async def test_a_request_that_does_not_end_is_ended_with_the_server(
    short_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """After its grace; nobody is told of a fault, since there was none."""
    entered = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive, send
        entered.set()
        await asyncio.Event().wait()

    with ExitStack() as stack:
        path = short_folder / "socket"
        server = Server(app, Bounds(grace_s=0.01))
        serving = asyncio.create_task(server.serve(sockets=[stack.enter_context(listen(path)).socket]))
        await server.listening.wait()
        line = stack.enter_context(socket.socket(socket.AF_UNIX))
        line.connect(str(path))
        line.sendall(b"GET / HTTP/1.1\r\nHost: shortsd\r\n\r\n")
        await entered.wait()
        server.should_exit = True
        await serving
    assert not [record for record in caplog.records if record.exc_info]
