import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image
from servers.loopback import Handler, Time, body, huge, status
from servers.pexels import PexelsServer
from servers.stock import Shot, jpeg, plenty
from stocked import SIZE, find, pexels, scenes
from support import TestDesk

from shortsd.domain.errors import BadInput, ServiceFailed, ServiceRefused
from shortsd.domain.finish import both
from shortsd.domain.memory import Seen
from shortsd.domain.style import Fit
from shortsd.providers.images.gathering import CHOICE, TRIES, Photo, ranked
from shortsd.providers.images.source import Order, Taken
from shortsd.providers.images.stock import covering, downloads, shape

PHOTO = "/photos"
NOISE = jpeg(Image.effect_noise((200, 300), 100))


@pytest.fixture
def server() -> Iterator[PexelsServer]:
    with PexelsServer() as running:
        yield running


def contents(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in folder.rglob("*") if file.is_file()]


def warnings(desk: TestDesk) -> list[str]:
    return [line for line in desk.log.lines if line.startswith("warning")]


async def test_a_scene_is_looked_for_by_its_keywords(server: PexelsServer, tmp_path: Path) -> None:
    """All that are asked for together come first, and where that finds something nothing else is asked."""
    await find(pexels(server, tmp_path), scenes("old lighthouse,storm,night,gulls"), tmp_path)
    assert [request.query["query"] for request in server.asked("/v1/search")] == ["old lighthouse storm night"]


async def test_fewer_words_are_asked_for_when_nothing_is_found(server: PexelsServer, tmp_path: Path) -> None:
    """One keyword after the other is left out, and at last the mood is asked for."""
    server.stock = lambda words: plenty(words) if words == "eerie" else []
    found = await find(pexels(server, tmp_path), scenes("lighthouse,storm,night"), tmp_path)
    asked = [request.query["query"] for request in server.asked("/v1/search")]
    assert asked == ["lighthouse storm night", "lighthouse storm", "lighthouse", "eerie"]
    assert found.pictures.keys() == {0}


async def test_no_picture_comes_twice_in_a_short(server: PexelsServer, tmp_path: Path) -> None:
    """Twelve scenes that want the same get twelve pictures, and it is looked for once."""
    found = await find(pexels(server, tmp_path), scenes(*["forest"] * 12), tmp_path)
    assert len({picture.id for picture in found.pictures.values()}) == 12
    assert len(server.asked("/v1/search")) == 1


async def test_what_was_seen_is_not_shown(server: PexelsServer, tmp_path: Path) -> None:
    """Of three photos of which two were shown before, the third is taken; a scene more gets none."""
    server.stock = lambda _: [Shot(1), Shot(2), Shot(3)]
    seen = [Seen("Pexels", "1"), Seen("Pexels", "3")]
    found = await find(pexels(server, tmp_path), scenes("forest", "forest"), tmp_path, seen=seen)
    assert {index: picture.id for index, picture in found.pictures.items()} == {0: "2"}
    assert found.failure is None


async def test_the_same_scenes_get_the_same_pictures(server: PexelsServer, tmp_path: Path) -> None:
    """Words and seed decide, not who answers first; another seed has other pictures."""
    wanted = scenes("forest", "road", "forest")
    one, two, other = [
        await find(pexels(server, tmp_path / name), scenes("forest", "road", "forest", seed=seed), tmp_path)
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    ]
    ids = [[each.pictures[scene.index].id for scene in wanted] for each in (one, two, other)]
    assert ids[0] == ids[1] != ids[2]


async def test_pictures_cover_the_size(server: PexelsServer, tmp_path: Path) -> None:
    """What is fetched is as large as is wanted, not as large as the photo is, and lies in the folder under its name."""
    found = await find(pexels(server, tmp_path), scenes("forest"), tmp_path)
    picture = found.pictures[0]
    with Image.open(tmp_path / "made" / picture.file) as image:
        assert image.size == (picture.width, picture.height) == (107, 160)
    assert picture.file == "01.jpg"


async def test_small_photos_are_a_last_resort(server: PexelsServer, tmp_path: Path) -> None:
    """One that covers the size is taken before smaller ones; without it, the largest of these."""
    server.stock = lambda words: [Shot(1, 80, 100), Shot(2, 85, 140), *([Shot(3)] if words == "forest" else [])]
    found = await find(pexels(server, tmp_path), scenes("forest", "road"), tmp_path)
    assert {index: picture.id for index, picture in found.pictures.items()} == {0: "3", 1: "2"}


async def test_a_retry_asks_for_nothing_again(server: PexelsServer, tmp_path: Path) -> None:
    """Searches and pictures come from the disk, within a day; what is used counts as used now."""
    await find(pexels(server, tmp_path), scenes("forest", "road"), tmp_path)
    asked = len(server.requests)
    files = [file for file in (tmp_path / "cache/pexels").iterdir() if file.is_file()]
    for file in files:
        os.utime(file, (1, 1))
    again = await find(pexels(server, tmp_path), scenes("forest", "road"), tmp_path)
    assert len(again.pictures) == len(files) == 2
    assert len(server.requests) == asked
    assert all(file.stat().st_mtime > 1 for file in files)


async def test_two_jobs_that_want_the_same_fetch_it_once(server: PexelsServer, tmp_path: Path) -> None:
    """At the same moment: the second one waits for the file of the first."""
    server.stock = lambda _: [Shot(1)]
    source, folders = pexels(server, tmp_path), [tmp_path / name for name in "ab"]
    orders = [Order(scenes("forest"), SIZE, Fit.CROP, folder, TestDesk(), Taken(frozenset())) for folder in folders]
    for folder in folders:
        folder.mkdir()
    one, other = await both(source.find(orders[0]), source.find(orders[1]))
    await source.close()
    assert one.pictures[0].id == other.pictures[0].id == "1"
    assert (len(server.asked("/v1/search")), len(server.asked(PHOTO))) == (1, 1)


async def test_searches_are_forgotten_after_a_day(server: PexelsServer, tmp_path: Path) -> None:
    """What was found yesterday is looked for again; the picture is there still."""
    time = Time()
    await find(pexels(server, tmp_path, time=time), scenes("forest"), tmp_path)
    time.now += 86_401
    await find(pexels(server, tmp_path, time=time), scenes("forest"), tmp_path)
    assert len(server.asked("/v1/search")) == 2
    assert len(server.asked(PHOTO)) == 1


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (body(b"%PDF-1.7 of something", "application/pdf"), "application/pdf"),
        (body(b"<html>Not found</html>", "text/html"), "text/html"),
        (body(b"%PDF-1.7 of something", "image/jpeg"), "not a JPEG"),
        (body(NOISE[: len(NOISE) // 2], "image/jpeg"), "truncated"),
        (body(jpeg(Image.new("RGB", (1, 1))), "image/gif"), "1×1"),
        (huge(41, "image/jpeg"), "more than 40 MB"),
        (status(404, "gone"), "404"),
    ],
    ids=["pdf", "html", "pdf called a jpeg", "cut off", "one pixel", "huge", "gone"],
)
async def test_what_is_no_picture_is_left_out(server: PexelsServer, tmp_path: Path, answer: Handler, why: str) -> None:
    """A warning says which and why, another picture is taken, and nothing of it stays in the cache."""
    desk = TestDesk()
    server.fail(answer, at=PHOTO)
    found = await find(pexels(server, tmp_path), scenes("forest"), tmp_path, desk)
    assert found.pictures.keys() == {0}
    assert len(warnings(desk)) == 1
    assert why in warnings(desk)[0]
    assert len([file for file in (tmp_path / "cache/pexels").iterdir() if file.is_file()]) == 1


async def test_a_download_that_breaks_off_is_begun_again(server: PexelsServer, tmp_path: Path) -> None:
    """The same picture comes whole at the second try, and no part of the first one stays."""
    server.fail(body(NOISE[:500], "image/jpeg", len(NOISE)), at=PHOTO)
    desk = TestDesk()
    found = await find(pexels(server, tmp_path), scenes("forest"), tmp_path, desk)
    assert found.pictures.keys() == {0}
    assert len({request.path for request in server.asked(PHOTO)}) == 1
    assert warnings(desk) == []
    assert not list((tmp_path / "cache").rglob("*.part"))


async def test_a_damaged_file_in_the_cache_goes(server: PexelsServer, tmp_path: Path) -> None:
    """It is left out with a warning, and another picture taken; the next time it is fetched anew."""
    first = await find(pexels(server, tmp_path), scenes("forest"), tmp_path)
    (kept,) = (file for file in (tmp_path / "cache/pexels").iterdir() if file.is_file())
    kept.write_bytes(NOISE[:500])
    second = await find(pexels(server, tmp_path), scenes("forest"), tmp_path)
    assert second.pictures[0].id != first.pictures[0].id
    assert not kept.exists()


async def test_a_source_of_rubbish_is_given_up(server: PexelsServer, tmp_path: Path) -> None:
    """After a few pictures that are none the scene is left to others."""
    server.fail(*[body(b"rubbish", "image/png")] * 20, at=PHOTO)
    found = await find(pexels(server, tmp_path), scenes("forest"), tmp_path)
    assert found.pictures == {}
    assert len(server.asked(PHOTO)) == TRIES


async def test_a_key_that_is_refused_is_told(server: PexelsServer, tmp_path: Path) -> None:
    """The error says so, and neither it nor the log holds the key."""
    desk = TestDesk()
    found = await find(pexels(server, tmp_path, key="wr0ng-key"), scenes("forest", "road"), tmp_path, desk)
    assert isinstance(found.failure, ServiceRefused)
    assert "refuses our key" in found.failure.message
    assert "wr0ng-key" not in repr((found, desk))


async def test_a_search_that_fails_is_asked_again(server: PexelsServer, tmp_path: Path) -> None:
    """After a 500, and after a 429 when the time it names has passed."""
    time = Time()
    server.fail(status(500), status(429, Retry_After="7"), at="/v1/search")
    found = await find(pexels(server, tmp_path, time=time), scenes("forest"), tmp_path)
    assert found.pictures.keys() == {0}
    assert 7.0 in time.waits


@pytest.mark.parametrize("code", [429, 500])
async def test_a_service_that_goes_on_failing_is_told(server: PexelsServer, tmp_path: Path, code: int) -> None:
    """What was found before stays found, and the failure says why there is no more."""
    await find(pexels(server, tmp_path), scenes("forest"), tmp_path)
    server.fail(*[status(code)] * 20, at="/v1/search")
    found = await find(pexels(server, tmp_path), scenes("forest", "road"), tmp_path)
    assert found.pictures.keys() == {0}
    assert isinstance(found.failure, ServiceFailed)
    assert str(code) in found.failure.message


async def test_downloads_have_no_key(server: PexelsServer, tmp_path: Path) -> None:
    """It goes to the API alone; where pictures lie is somebody else's word."""
    await find(pexels(server, tmp_path), scenes("forest"), tmp_path)
    assert [request.headers["Authorization"] for request in server.asked("/v1")] == [server.key]
    assert server.asked(PHOTO)
    assert not any(server.key in repr(request) for request in server.asked(PHOTO))


async def test_no_key_is_on_the_disk(server: PexelsServer, tmp_path: Path) -> None:
    """Nothing that is kept holds it."""
    await find(pexels(server, tmp_path), scenes("forest"), tmp_path)
    kept = contents(tmp_path)
    assert len(kept) > 2
    assert not any(server.key.encode() in content for content in kept)


async def test_progress_counts_pictures(server: PexelsServer, tmp_path: Path) -> None:
    """It rises to the number of scenes, whatever had to be fetched twice."""
    server.fail(body(b"rubbish", "image/png"), at=PHOTO)
    desk = TestDesk()
    await find(pexels(server, tmp_path), scenes("forest", "road", "sea"), tmp_path, desk)
    counts = [done for done, total, _ in desk.seen if total == 3]
    assert counts == sorted(counts)
    assert counts[-1] == 3


def test_one_of_the_best_is_drawn() -> None:
    """The order is drawn among the first results that are large enough; those behind them keep their places."""
    photos = [Photo(source="s", id=str(number), address="", width=4000, height=6000) for number in range(12)]
    (scene,) = scenes("forest")
    order = [photo.id for photo in ranked(photos, scene, SIZE)]
    assert sorted(order[:CHOICE], key=int) == [str(number) for number in range(CHOICE)]
    assert order[CHOICE:] == ["8", "9", "10", "11"]


@pytest.mark.parametrize(
    ("size", "name"), [((1080, 1920), "portrait"), ((1920, 1080), "landscape"), ((1080, 1080), "square")]
)
def test_a_frame_has_a_shape(size: tuple[int, int], name: str) -> None:
    """As the services call it."""
    assert shape(size) == name


def test_no_more_is_fetched_than_covers_a_frame() -> None:
    """A photo of 4000×6000 for 1440×2560 is fetched as 1707×2560; a smaller one as it is."""
    photo = Photo(source="s", id="1", address="", width=4000, height=6000)
    assert covering(photo, (1440, 2560)) == (1707, 2560)
    assert covering(photo, (9000, 9000)) == (4000, 6000)


async def test_an_address_that_must_not_be_asked_is_left_out(server: PexelsServer, tmp_path: Path) -> None:
    """What guards the way out may refuse where a picture is said to be: a warning, and in the end no picture."""

    class Guard(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise BadInput(f"{request.url.host} is in a private network.")

    desk = TestDesk()
    stock = pexels(server, tmp_path)
    stock.downloads = downloads("Pexels", Guard())
    found = await find(stock, scenes("forest"), tmp_path, desk)
    assert (found.pictures, found.failure) == ({}, None)
    assert len(warnings(desk)) == TRIES
    assert "127.0.0.1 is in a private network" in warnings(desk)[0]
