from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from servers.loopback import body, status
from servers.pexels import PexelsServer
from servers.stock import Shot, plenty
from servers.unsplash import UnsplashServer
from stocked import SIZE, pexels, scenes, unsplash
from support import InProcess, ListLedger, TestDesk

from shortsd.domain.errors import BadInput, DiskFull
from shortsd.domain.finish import both
from shortsd.domain.memory import PictureLedger, Seen
from shortsd.domain.ports import Pictures
from shortsd.domain.style import Fit
from shortsd.providers.images.chain import FirstOf
from shortsd.providers.images.painter import PainterPictures
from shortsd.providers.images.source import Failing, Found, Order, Source


@pytest.fixture
def server() -> Iterator[PexelsServer]:
    with PexelsServer() as running:
        yield running


@pytest.fixture
def other() -> Iterator[UnsplashServer]:
    with UnsplashServer() as running:
        yield running


def chain(*sources: Source, ledger: PictureLedger | None = None, repeat_after: int = 50) -> FirstOf:
    painter: Pictures = PainterPictures(InProcess())
    return FirstOf(sources, painter, "the painter", ledger or ListLedger(), repeat_after)


async def test_each_scene_asks_the_next_source(server: PexelsServer, other: UnsplashServer, tmp_path: Path) -> None:
    """What the first has nothing for comes from the second, and what that has nothing for is painted."""
    server.stock = lambda words: plenty(words) if words == "forest" else []
    other.stock = lambda words: plenty(words) if words == "road" else []
    desk = TestDesk()
    made = chain(pexels(server, tmp_path), unsplash(other, tmp_path))
    pictures = await made.pictures(scenes("forest", "road", "clock", "forest"), SIZE, tmp_path, desk)
    await made.close()
    assert [picture.source for picture in pictures] == ["Pexels", "Unsplash", "painted", "Pexels"]
    for picture in pictures:
        with Image.open(tmp_path / picture.file) as image:
            assert image.size == (picture.width, picture.height)
    assert len({picture.file for picture in pictures}) == 4
    assert desk.seen[-1][:2] == (4, 4)


async def test_a_source_that_fails_is_named(server: PexelsServer, other: UnsplashServer, tmp_path: Path) -> None:
    """The job's log warns of who failed, why, and who is asked instead; what was found before stays."""
    server.fail(*[status(500, "out of order")] * 30, at="/v1/search")
    desk = TestDesk()
    made = chain(pexels(server, tmp_path), unsplash(other, tmp_path))
    pictures = await made.pictures(scenes("forest", "road"), SIZE, tmp_path, desk)
    await made.close()
    assert {picture.source for picture in pictures} == {"Unsplash"}
    assert desk.log.lines == [
        "warning Pexels answered 500: out of order. 2 of 2 pictures are asked of Unsplash instead."
    ]


async def test_the_painter_never_fails_for_want_of_a_result(server: PexelsServer, tmp_path: Path) -> None:
    """When nobody has anything, everything is painted."""
    server.stock = lambda _: []
    made = chain(Failing("Unsplash", BadInput("There is no key.")), pexels(server, tmp_path))
    pictures = await made.pictures(scenes("forest", ""), SIZE, tmp_path, TestDesk())
    await made.close()
    assert [picture.source for picture in pictures] == ["painted", "painted"]


async def test_what_the_ledger_knows_is_not_shown(server: PexelsServer, tmp_path: Path) -> None:
    """None of the pictures of the last fifty other shorts; those of an older one may come again."""
    server.stock = lambda _: [Shot(1), Shot(2)]
    ledger = ListLedger({number: [Seen("Pexels", str(number))] for number in range(1, 52)})
    made = chain(pexels(server, tmp_path), ledger=ledger)
    pictures = await made.pictures(scenes("forest", "forest"), SIZE, tmp_path, TestDesk(job=99))
    await made.close()
    assert sorted((picture.source, picture.id) for picture in pictures) == [("Pexels", "1"), ("painted", "")]


async def test_jobs_at_the_same_time_do_not_share(server: PexelsServer, tmp_path: Path) -> None:
    """Before the ledger knows of either, two jobs that want the same show different pictures."""
    server.stock = lambda _: [Shot(number) for number in range(1, 7)]
    made = chain(pexels(server, tmp_path))
    folders = [tmp_path / name for name in "ab"]
    for folder in folders:
        folder.mkdir()
    wanted = scenes("forest", "forest", "forest")
    one, two = await both(
        made.fitted(Fit.CROP).pictures(wanted, SIZE, folders[0], TestDesk(job=1)),
        made.fitted(Fit.BLUR).pictures(wanted, SIZE, folders[1], TestDesk(job=2)),
    )
    await made.close()
    assert {picture.id for picture in one}.isdisjoint(picture.id for picture in two)
    assert {picture.source for picture in (*one, *two)} == {"Pexels"}


async def test_who_began_later_may_choose_first(server: PexelsServer, tmp_path: Path) -> None:
    """A job that is still searching shows nothing that another one, begun after it, has taken meanwhile."""
    server.stock = lambda _: [Shot(1), Shot(2)]
    made = chain(pexels(server, tmp_path))
    folders = [tmp_path / name for name in "ab"]
    for folder in folders:
        folder.mkdir()
    later: list[str] = []

    class Interrupted(Failing):
        """A source before Pexels, during whose search another job does all of its own."""

        async def find(self, order: Order) -> Found:
            del order
            pictures = await made.pictures(scenes("forest"), SIZE, folders[1], TestDesk(job=2))
            later.extend(picture.id for picture in pictures)
            return Found({}, self.why)

    earlier = replace(made, sources=[Interrupted("Slow", BadInput("Not there.")), *made.sources])
    pictures = await earlier.pictures(scenes("forest"), SIZE, folders[0], TestDesk(job=1))
    await made.close()
    assert {pictures[0].id, *later} == {"1", "2"}


async def test_who_failed_gives_its_pictures_back(server: PexelsServer, tmp_path: Path) -> None:
    """A job that comes to nothing keeps no picture from others."""
    server.stock = lambda _: [Shot(1)]
    made = chain(pexels(server, tmp_path))
    (tmp_path / "last").touch()
    with pytest.raises(FileExistsError):
        await made.pictures(scenes("forest", "forest"), SIZE, tmp_path, TestDesk(job=1))
    (tmp_path / "b").mkdir()
    pictures = await made.pictures(scenes("forest"), SIZE, tmp_path / "b", TestDesk(job=2))
    await made.close()
    assert [picture.id for picture in pictures] == ["1"]


async def test_a_preview_takes_nothing_from_jobs(server: PexelsServer, tmp_path: Path) -> None:
    """What is found for no job may be shown by the next."""
    server.stock = lambda _: [Shot(1)]
    made = chain(pexels(server, tmp_path))
    ids = [(await made.pictures(scenes("forest"), SIZE, tmp_path, TestDesk(job=job)))[0].id for job in (0, 1)]
    await made.close()
    assert ids == ["1", "1"]


async def test_pictures_may_come_again_at_once_where_that_is_wished(server: PexelsServer, tmp_path: Path) -> None:
    """With repeat_after = 0 the ledger forbids nothing; within a short, none comes twice all the same."""
    server.stock = lambda _: [Shot(1), Shot(2)]
    ledger = ListLedger({7: [Seen("Pexels", "1"), Seen("Pexels", "2")]})
    made = chain(pexels(server, tmp_path), ledger=ledger, repeat_after=0)
    pictures = await made.pictures(scenes("forest", "forest"), SIZE, tmp_path, TestDesk())
    await made.close()
    assert {picture.id for picture in pictures} == {"1", "2"}


async def test_a_full_disk_is_no_fault_of_a_source(server: PexelsServer, tmp_path: Path) -> None:
    """What fails on this machine fails the job; nobody else is asked."""

    class Full(InProcess):
        async def call(self, *_: object) -> None:
            raise DiskFull("There is no space left.")

    stock = pexels(server, tmp_path)
    stock.workers = Full()
    made = chain(stock)
    with pytest.raises(DiskFull):
        await made.pictures(scenes("forest"), SIZE, tmp_path, TestDesk())
    await made.close()


async def test_rubbish_everywhere_is_painted_over(server: PexelsServer, other: UnsplashServer, tmp_path: Path) -> None:
    """When all that is fetched is no picture, the short has painted ones and the log says why."""
    server.fail(*[body(b"rubbish", "image/png")] * 9, at="/photos")
    other.fail(*[body(b"rubbish", "image/png")] * 9, at="/photo-")
    desk = TestDesk()
    made = chain(pexels(server, tmp_path), unsplash(other, tmp_path))
    pictures = await made.pictures(scenes("forest"), SIZE, tmp_path, desk)
    await made.close()
    assert [picture.source for picture in pictures] == ["painted"]
    assert sum("is left out" in line for line in desk.log.lines) == 8


def test_the_key_names_all_that_decides() -> None:
    """Who is asked in which order, and what becomes of pictures of another shape."""
    one, two = (Failing(name, BadInput("Not there.")) for name in ("a", "b"))
    keys = {chain(one, two).key, chain(two, one).key, chain(one).key, chain(one, two).fitted(Fit.BLUR).key}
    assert len(keys) == 4
