import asyncio
from contextlib import suppress
from email.utils import formatdate
from typing import Any

import httpx
import pytest
from aiohttp import web
from providers.web.service_support import Make, failure
from servers.loopback import Handler, Time, drip, silence, status
from servers.site import Site

from shortsd.domain.errors import ServiceFailed
from shortsd.providers.web.service import Service


async def test_trips_and_comes_back(site: Site, make: Make, time: Time) -> None:
    """After so many failures it is not asked until its time has come; one more failure then is enough, or a success."""
    service = make(tries=1, trip_after=3, trip_s=300.0)
    site.fail(*[status(500, "Overheated.")] * 4)
    for _ in range(2):
        await failure(service.ask("GET", "/json"))
    assert not service.down
    await failure(service.ask("GET", "/json"))
    assert service.down.startswith("Example answered 500: Overheated. It is not asked before 20")
    error = await failure(service.ask("GET", "/json"))
    assert (error.message, error.retryable, len(site.requests)) == (service.down, True, 3)

    time.now += 300
    assert not service.down
    await failure(service.ask("GET", "/json"))
    assert (bool(service.down), len(site.requests)) == (True, 4)

    time.now += 300
    assert (await service.ask("GET", "/json")).status == 200
    site.fail(status(500))
    await failure(service.ask("GET", "/json"))
    assert not service.down


@pytest.mark.parametrize(
    ("fault", "down_s"),
    [
        (status(429, Retry_After="61"), 61),
        (status(503, Retry_After=formatdate(Time().now + 3600, usegmt=True)), 3600),
        (status(429, Retry_After="9" * 400), 86_400),
        (status(401), 300),
        (status(404), 0),
        (status(429, Retry_After="60"), 0),
    ],
    ids=["61 s", "an hour", "for ever", "no such key", "a wrong request", "a minute"],
)
async def test_left_alone_at_once(site: Site, make: Make, time: Time, fault: Handler, down_s: float) -> None:
    """Who asks for a wait above ours is left alone for it, a day at most; who refuses our key is for a while."""
    site.fail(fault)
    service = make(longest_wait_s=60.0, trip_s=300.0)
    with suppress(ServiceFailed):
        await service.ask("GET", "/json")
    began = Time().now
    if down_s:
        time.now = began + down_s - 1
        assert service.down
        time.now = began + down_s
    assert not service.down


async def test_a_wrong_answer_of_ours_is_no_failure(site: Site, make: Make) -> None:
    """However many requests were wrong, the service is asked."""
    service = make(trip_after=1)
    site.fail(*[status(404)] * 3)
    for _ in range(3):
        await failure(service.ask("GET", "/json"))
    assert (await service.ask("GET", "/json")).status == 200


async def test_who_waits_for_a_turn(site: Site, make: Make) -> None:
    """Requests that waited for their turn while the circuit opened are not sent."""
    site.fail(*[status(500)] * 9)
    service = make(at_once=1, tries=1, trip_after=1)
    errors = await asyncio.gather(*(failure(service.ask("GET", "/json")) for _ in range(5)))
    assert len(site.requests) == 1
    assert [error.message.startswith("Example answered 500.") for error in errors] == [True] * 5


async def test_many_tasks(site: Site, make: Make) -> None:
    """Of many tasks so many are served at the same time, and all in the end."""
    inside, most = 0, 0
    two = asyncio.Barrier(2)

    async def meet(_: web.Request) -> web.StreamResponse:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await two.wait()
        inside -= 1
        return web.json_response({})

    site.fail(*[meet] * 20)
    service = make(at_once=2)
    answers = await asyncio.gather(*(service.ask("GET", "/json") for _ in range(20)))
    assert ([answer.status for answer in answers], most) == ([200] * 20, 2)


async def test_cancelled(site: Site, make: Make) -> None:
    """A cancelled request leaves no connection and no turn behind, and counts as no failure, in whichever phase."""
    service = make(at_once=1, trip_after=1)
    for fault in (silence(), drip(b"x" * 1000, pause_s=0.01)):
        site.fail(fault)
        seen = len(site.requests)
        task = asyncio.create_task(service.ask("GET", "/json"))
        while len(site.requests) == seen or not _connections(service):  # noqa: ASYNC110 - it is another thread's
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert _connections(service) == []
    assert (await service.ask("GET", "/json")).status == 200


def _connections(service: Service) -> list[Any]:
    assert service._client is not None
    transport = service._client._transport
    assert isinstance(transport, httpx.AsyncHTTPTransport)
    return list(transport._pool.connections)
