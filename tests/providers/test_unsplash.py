from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.loopback import status
from servers.unsplash import UnsplashServer
from stocked import find, scenes, unsplash
from support import TestDesk

from shortsd.domain.errors import ServiceRefused


@pytest.fixture
def server() -> Iterator[UnsplashServer]:
    with UnsplashServer() as running:
        yield running


async def test_a_search_says_what_is_wanted(server: UnsplashServer, tmp_path: Path) -> None:
    """Shape, as many results as there can be, and the version of the API."""
    await find(unsplash(server, tmp_path), scenes("forest"), tmp_path, size=(1000, 1000))
    (request,) = server.asked("/search/photos")
    assert request.query == {"query": "forest", "orientation": "squarish", "per_page": "30"}
    assert request.headers["Accept-Version"] == "v1"


async def test_a_picture_tells_where_it_comes_from(server: UnsplashServer, tmp_path: Path) -> None:
    """Its source, its id, who made it and the licence; links say who sent the visitor, as the guideline wants it."""
    picture = (await find(unsplash(server, tmp_path), scenes("forest"), tmp_path)).pictures[0]
    number = picture.id.removeprefix("Dwu85P")
    referral = "?utm_source=shortsd&utm_medium=referral"
    assert (picture.source, picture.licence) == ("Unsplash", "Unsplash License")
    assert picture.author == f"Ben Example {number}"
    assert picture.author_page == f"https://unsplash.com/@ben{number}{referral}"
    assert picture.page == f"https://unsplash.com/photos/{picture.id}{referral}"


async def test_a_picture_is_fetched_from_the_address_given(server: UnsplashServer, tmp_path: Path) -> None:
    """In the size that is wanted, and with what the address had in it."""
    await find(unsplash(server, tmp_path), scenes("forest"), tmp_path)
    (request,) = server.asked("/photo-")
    assert request.query.items() >= {"w": "107", "h": "160", "fit": "crop", "q": "85", "fm": "jpg"}.items()
    assert request.query["ixid"].startswith("M3wxMjA3")


async def test_each_picture_that_is_used_is_told_once(server: UnsplashServer, tmp_path: Path) -> None:
    """Those that are shown and no others; a retry tells nothing again, another job does."""
    found = await find(unsplash(server, tmp_path), scenes("forest", "road"), tmp_path)
    used = sorted(picture.id for picture in found.pictures.values())
    assert sorted(server.used) == used
    await find(unsplash(server, tmp_path), scenes("forest", "road"), tmp_path)
    assert sorted(server.used) == used
    await find(unsplash(server, tmp_path), scenes("forest", "road"), tmp_path, TestDesk(job=2))
    assert sorted(server.used) == sorted(used * 2)


async def test_what_is_told_keeps_its_query_and_goes_to_the_service_alone(
    server: UnsplashServer, tmp_path: Path
) -> None:
    """The address names api.unsplash.com; the request has its `ixid`, and goes where the key is for."""
    await find(unsplash(server, tmp_path), scenes("forest"), tmp_path)
    (request,) = (request for request in server.requests if request.path.endswith("/download"))
    assert request.query["ixid"].startswith("M3wxMjA3")
    assert request.headers["Authorization"] == f"Client-ID {server.key}"


async def test_a_preview_uses_nothing(server: UnsplashServer, tmp_path: Path) -> None:
    """What belongs to no job is not told of."""
    found = await find(unsplash(server, tmp_path), scenes("forest"), tmp_path, TestDesk(job=0))
    assert found.pictures.keys() == {0}
    assert server.used == []


async def test_that_nobody_could_be_told_is_no_matter(server: UnsplashServer, tmp_path: Path) -> None:
    """The picture is shown, the log has a line, and a retry tells it."""
    desk = TestDesk()
    server.fail(*[status(500)] * 3, at="/photos/")
    found = await find(unsplash(server, tmp_path), scenes("forest"), tmp_path, desk)
    assert found.pictures.keys() == {0}
    assert found.failure is None
    assert "was not told" in desk.log.lines[-1]
    await find(unsplash(server, tmp_path), scenes("forest"), tmp_path)
    assert server.used[-1] == found.pictures[0].id


async def test_a_spent_hour_is_no_wrong_key(server: UnsplashServer, tmp_path: Path) -> None:
    """A 403 with nothing left says that, not that the key is wrong."""
    server.remaining = 0
    found = await find(unsplash(server, tmp_path), scenes("forest"), tmp_path)
    assert found.failure is not None
    assert not isinstance(found.failure, ServiceRefused)
    assert "no more requests in this hour" in found.failure.message


@pytest.mark.parametrize("code", [401, 403])
async def test_a_key_that_is_refused_is_told(server: UnsplashServer, tmp_path: Path, code: int) -> None:
    """The error says so without the key."""
    server.fail(status(code), at="/search")
    found = await find(unsplash(server, tmp_path), scenes("forest"), tmp_path)
    assert isinstance(found.failure, ServiceRefused)
    assert server.key not in repr(found)
