import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.loopback import body
from servers.pexels import PexelsServer
from servers.stock import Shot
from stocked import find, pexels, scenes

from shortsd.domain.errors import ServiceFailed
from shortsd.providers.images.pexels import Pexels, locale
from shortsd.providers.web.allowance import Allowance


@pytest.fixture
def server() -> Iterator[PexelsServer]:
    with PexelsServer() as running:
        yield running


async def test_a_search_says_what_is_wanted(server: PexelsServer, tmp_path: Path) -> None:
    """Shape, least size, as many results as there can be, and the language of the words."""
    await find(pexels(server, tmp_path, language="de"), scenes("leuchtturm"), tmp_path, size=(2560, 1440))
    (request,) = server.asked("/v1/search")
    assert request.query == {
        "query": "leuchtturm",
        "orientation": "landscape",
        "per_page": "80",
        "size": "medium",
        "locale": "de-DE",
    }


async def test_a_picture_tells_where_it_comes_from(server: PexelsServer, tmp_path: Path) -> None:
    """Its source, its id, who made it, both pages and the licence."""
    picture = (await find(pexels(server, tmp_path), scenes("forest"), tmp_path)).pictures[0]
    assert picture.source == "Pexels"
    assert picture.author == f"Ann Example {picture.id}"
    assert picture.author_page == f"https://www.pexels.com/@ann-{picture.id}"
    assert picture.page == f"https://www.pexels.com/photo/a-house-by-night-{picture.id}/"
    assert picture.licence == "Pexels License"


async def test_a_picture_is_fetched_as_the_api_makes_sizes(server: PexelsServer, tmp_path: Path) -> None:
    """The original's address has the parameters of the addresses beside it."""
    await find(pexels(server, tmp_path), scenes("forest"), tmp_path)
    (request,) = server.asked("/photos")
    assert request.query == {"auto": "compress", "cs": "tinysrgb", "fit": "crop", "w": "107", "h": "160"}


async def test_an_answer_that_is_something_else_is_told(server: PexelsServer, tmp_path: Path) -> None:
    """JSON without photos is not understood, and says where to look."""
    server.fail(body(b'{"error": "maintenance"}'), at="/v1/search")
    found = await find(pexels(server, tmp_path), scenes("forest"), tmp_path)
    assert isinstance(found.failure, ServiceFailed)
    assert "not understood" in found.failure.message


async def test_what_a_photographer_is_called_is_one_line(server: PexelsServer, tmp_path: Path) -> None:
    """Whatever the name holds, it adds no line to the credits, and what is no address is no link."""
    evil = {"photographer": f"Ann\n\nPhoto by \u202eMallory {'x' * 200}", "photographer_url": "javascript:alert(1)"}
    server.fail(
        body(json.dumps({"photos": [server.photo(Shot(1)) | evil | {"url": "x\ny"}]}).encode()), at="/v1/search"
    )
    picture = (await find(pexels(server, tmp_path), scenes("forest"), tmp_path)).pictures[0]
    assert (picture.author, picture.author_page, picture.page) == ("Ann Photo by Mallory…", "", "")


async def test_a_size_that_no_photo_has_is_not_believed(server: PexelsServer, tmp_path: Path) -> None:
    """It is told as what it is, an answer that is not understood."""
    photo = server.photo(Shot(1)) | {"width": 10**400}
    server.fail(body(json.dumps({"photos": [photo]}).encode()), at="/v1/search")
    found = await find(pexels(server, tmp_path), scenes("forest"), tmp_path)
    assert found.failure is not None
    assert "not understood" in found.failure.message


async def test_no_more_is_asked_than_an_hour_allows(server: PexelsServer, tmp_path: Path) -> None:
    """Who has asked as often as is allowed, and would have to wait too long, is told so; nothing is sent."""
    stock = pexels(server, tmp_path)
    stock.agency = Pexels(stock.agency.service, "", Allowance("Pexels", 1, longest_wait_s=0.01))
    found = await find(stock, scenes("forest", "road"), tmp_path)
    assert len(found.pictures) == 1
    assert found.failure is not None
    assert "used up" in found.failure.message
    assert len(server.asked("/v1/search")) == 1


@pytest.mark.parametrize(
    ("language", "name"),
    [("de", "de-DE"), ("pt-br", "pt-BR"), ("zh_TW", "zh-TW"), ("zh", "zh-TW"), ("en", ""), ("en-gb", ""), ("xx", "")],
)
def test_a_language_has_a_name_there(language: str, name: str) -> None:
    """English is the usual one, as is what is not spoken there."""
    assert locale(language) == name
