"""What every source of pictures holds to, alone behind the painter."""

from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from PIL import Image
from servers.pexels import PexelsServer
from servers.unsplash import UnsplashServer
from stocked import SIZE, pexels, scenes, unsplash
from support import InProcess, ListLedger, TestDesk

from shortsd.domain.ports import Pictures
from shortsd.providers.images.chain import FirstOf
from shortsd.providers.images.folder import FolderPictures
from shortsd.providers.images.library import LibraryPictures
from shortsd.providers.images.painter import PainterPictures
from shortsd.providers.images.source import Source

WORDS = ("forest", "road", "clock", "forest", "")


def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    for number in range(3):
        Image.new("RGB", (200, 300), (number, 40, 80)).save(folder / f"forest {number}.jpg")
    return folder


def _first(source: Source) -> FirstOf:
    return FirstOf([source], PainterPictures(InProcess()), "the painter", ListLedger(), 50)


SOURCES: dict[str, Callable[[Path, ExitStack], Pictures]] = {
    "painter": lambda *_: PainterPictures(InProcess()),
    "folder": lambda path, _: FolderPictures(InProcess(), _folder(path)),
    "library": lambda path, _: _first(LibraryPictures(InProcess(), _folder(path))),
    "pexels": lambda path, stack: _first(pexels(stack.enter_context(PexelsServer()), path)),
    "unsplash": lambda path, stack: _first(unsplash(stack.enter_context(UnsplashServer()), path)),
}


@pytest.fixture(params=SOURCES)
async def source(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Pictures]:
    with ExitStack() as stack:
        made = SOURCES[request.param](tmp_path, stack)
        yield made
        if isinstance(made, FirstOf):
            await made.close()


async def test_every_scene_has_a_picture_to_film(source: Pictures, tmp_path: Path) -> None:
    """One for each, in their order: a JPEG of sRGB pixels that is as large as is said and covers the size."""
    to = tmp_path / "to"
    to.mkdir()
    pictures = await source.pictures(scenes(*WORDS), SIZE, to, TestDesk())
    assert len(pictures) == len(WORDS)
    for picture in pictures:
        with Image.open(to / picture.file) as image:
            assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (picture.width, picture.height))
        assert picture.width >= SIZE[0]
        assert picture.height >= SIZE[1]
        assert picture.source


async def test_progress_comes_to_its_end(source: Pictures, tmp_path: Path) -> None:
    """It counts pictures, rises, and ends with all of them."""
    to = tmp_path / "to"
    to.mkdir()
    desk = TestDesk()
    await source.pictures(scenes(*WORDS), SIZE, to, desk)
    done = [now for now, _, _ in desk.seen]
    assert done == sorted(done)
    assert desk.seen[-1][:2] == (len(WORDS), len(WORDS))


async def test_nothing_is_written_elsewhere(source: Pictures, tmp_path: Path) -> None:
    """Every file lies in the folder that was given."""
    to = tmp_path / "to"
    to.mkdir()
    for picture in await source.pictures(scenes(*WORDS), SIZE, to, TestDesk()):
        assert (to / picture.file).resolve().is_relative_to(to.resolve())


def test_a_key_stays_the_same(source: Pictures) -> None:
    """It names the source, and does not change by being looked at."""
    assert source.key
    assert source.key == source.key
