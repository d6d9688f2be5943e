import os
from pathlib import Path

import pytest
from PIL import Image
from stocked import SIZE, find, scenes
from support import InProcess, TestDesk

from shortsd.domain.errors import BadInput
from shortsd.domain.memory import Seen
from shortsd.providers.images.library import LibraryPictures


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "library"
    made.mkdir()
    return made


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (180, 320), (90, 40, 20)).save(folder / name)


def library(folder: Path) -> LibraryPictures:
    return LibraryPictures(InProcess(), folder)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("lighthouse.jpg", "lighthouse"),
        ("Old_Lighthouses-03.png", "lighthouse"),
        ("sea/IMG_0001.jpg", "sea"),
        ("storm by night.webp", "gulls,storm"),
        ("a storm.jpg", "coming storm"),
        ("eerie/x.jpg", "nothing,like,it"),
    ],
)
async def test_a_picture_is_found_by_its_names(folder: Path, tmp_path: Path, name: str, words: str) -> None:
    """By a word of its file's name or its folder's: also a plural, a later keyword, one word of it, the mood."""
    put(folder, name, "mouse.jpg")
    found = await find(library(folder), scenes(words), tmp_path)
    assert [picture.id for picture in found.pictures.values()] == [name]
    assert (tmp_path / "made" / found.pictures[0].file).is_file()


async def test_what_has_no_such_name_is_not_shown(folder: Path, tmp_path: Path) -> None:
    """A house is no mouse, and a scene may get nothing."""
    put(folder, "mouse.jpg", "car.jpg", ".house.jpg", ".hidden/house.jpg")
    found = await find(library(folder), scenes("house,cat"), tmp_path)
    assert found.pictures == {}
    assert found.failure is None


async def test_the_most_words_win(folder: Path, tmp_path: Path) -> None:
    """A picture of all keywords goes before one of some."""
    put(folder, "forest.jpg", "night.jpg", "forest by night.jpg")
    found = await find(library(folder), scenes("forest,night"), tmp_path)
    assert found.pictures[0].id == "forest by night.jpg"


async def test_no_picture_comes_twice_nor_again(folder: Path, tmp_path: Path) -> None:
    """Neither in a short nor after another one that showed it."""
    put(folder, "forest 1.jpg", "forest 2.jpg", "forest 3.jpg")
    seen = [Seen("folder", "forest 2.jpg")]
    found = await find(library(folder), scenes("forest", "forest", "forest"), tmp_path, seen=seen)
    assert {picture.id for picture in found.pictures.values()} == {"forest 1.jpg", "forest 3.jpg"}


async def test_credits_are_read_beside_the_pictures(folder: Path, tmp_path: Path) -> None:
    """By the way to a file, or by its name alone."""
    put(folder, "sea/forest.jpg", "road.jpg")
    (folder / "credits.toml").write_text(
        '["forest.jpg"]\nauthor = "Ann"\nlicence = "CC BY 4.0"\npage = "https://example.org/f"\n'
    )
    found = (await find(library(folder), scenes("forest", "road"), tmp_path)).pictures
    assert (found[0].author, found[0].licence, found[0].page) == ("Ann", "CC BY 4.0", "https://example.org/f")
    assert found[1].author == ""


async def test_credits_that_are_not_understood_are_a_failure(folder: Path, tmp_path: Path) -> None:
    """Nothing is shown whose author may have to be thanked."""
    put(folder, "forest.jpg")
    (folder / "credits.toml").write_text('["forest.jpg"]\nautor = "Ann"\n')
    found = await find(library(folder), scenes("forest"), tmp_path)
    assert found.pictures == {}
    assert isinstance(found.failure, BadInput)
    assert "autor" in found.failure.message


async def test_a_folder_that_is_not_there_is_a_failure(folder: Path, tmp_path: Path) -> None:
    """It names the folder."""
    found = await find(library(folder / "gone"), scenes("forest"), tmp_path)
    assert found.failure is not None
    assert str(folder / "gone") in found.failure.message


async def test_links_stay_in_the_folder(folder: Path, tmp_path: Path) -> None:
    """A link to a picture elsewhere is left out with a warning; one within the folder is shown."""
    put(tmp_path, "elsewhere.jpg")
    put(folder, "x.jpg")
    (folder / "forest.jpg").symlink_to(tmp_path / "elsewhere.jpg")
    (folder / "road.jpg").symlink_to(folder / "x.jpg")
    desk = TestDesk()
    found = await find(library(folder), scenes("forest", "road"), tmp_path, desk)
    assert found.pictures.keys() == {1}
    assert any("forest.jpg is left out" in line for line in desk.log.lines)


async def test_a_name_that_is_no_utf_8_can_be_kept(folder: Path, tmp_path: Path) -> None:
    """Its bytes are escaped in what is written of it; the picture is shown."""
    put(folder, os.fsdecode(b"forest \xff.jpg"))
    found = await find(library(folder), scenes("forest"), tmp_path)
    assert found.pictures[0].id == "forest \\udcff.jpg"


async def test_a_broken_picture_is_left_out_and_stays(folder: Path, tmp_path: Path) -> None:
    """It is the user's: the other one is shown, a warning tells of it, and it is not removed."""
    put(folder, "forest 1.jpg")
    (folder / "forest 2.jpg").write_bytes(b"no picture")
    desk = TestDesk()
    found = await find(library(folder), scenes("forest", "forest"), tmp_path, desk, size=SIZE)
    assert [picture.id for picture in found.pictures.values()] == ["forest 1.jpg"]
    assert (folder / "forest 2.jpg").exists()
    assert any("forest 2.jpg is left out" in line for line in desk.log.lines)
