from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from providers.web.service_support import KEY, Make
from servers.loopback import Time
from servers.site import Site

from shortsd.providers.web.service import Service, Ways
from shortsd.providers.web.terms import Terms


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def make(site: Site, time: Time) -> AsyncIterator[Make]:
    """Services at the site, or elsewhere, that wait by `time` and draw nothing."""
    made: list[Service] = []

    def make(address: str | None = None, **terms: Any) -> Service:
        service = Service(
            "Example",
            site.address if address is None else address,
            Terms(**terms),
            headers=lambda: {"Authorization": f"Bearer {KEY}"},
            secrets=[KEY],
            ways=Ways(clock=time, wait=time.wait, draw=lambda: 0.0),
        )
        made.append(service)
        return service

    yield make
    for service in made:
        await service.close()
