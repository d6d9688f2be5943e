"""Which files of a storage are the pages of a creation."""

import pytest

from shortsd.domain.elsewhere import Stored
from shortsd.domain.errors import BadInput
from shortsd.stages.pages import IMAGE_BYTES, Book, book, checked_id


def found(*names: str, size: int = 10) -> Book:
    return book("tale", [Stored(f"tale/assets/{name}", size, "mark") for name in names])


def test_pages_are_in_the_order_of_their_numbers() -> None:
    """Page 10 comes after page 2, as text 10 does after text 9; of gaps a note tells."""
    read = found("10/image.png", "1/10.txt", "1/9.txt", "1/image.png", "2/image.jpg", "2/1.txt")
    assert [page.number for page in read.pages] == [1, 2, 10]
    assert [one.path[-6:] for one in read.pages[0].texts] == ["/9.txt", "10.txt"]
    assert read.notes == ("There is no page 3, 4, 5, 6, 7, 8, 9; the others follow each other.",)


def test_what_is_no_page_is_left_alone() -> None:
    """The finished video, notes, hidden files, folders in pages."""
    read = found(
        "1/image.png", "video.mp4", "1/notes.txt", "1/.1.txt.swp", "1/more/1.txt", "x/image.png", "1/image.psd"
    )
    assert [(page.number, page.texts) for page in read.pages] == [(1, ())]


def test_a_page_without_a_picture_keeps_that_of_its_neighbour() -> None:
    """A note tells of it; a page without a text is as it should be."""
    read = found("1/image.png", "2/1.txt", "3/image.png")
    assert read.notes == ("Page 2 has no picture; that of its neighbour stays.",)
    assert read.pages[1].image is None


def test_of_several_pictures_a_png_is_shown() -> None:
    """Then a JPEG, a WebP, a GIF; case does not matter."""
    (page,) = found("1/image.JPG", "1/image.PNG", "1/image.webp").pages
    assert page.image is not None
    assert page.image.path.endswith("PNG")


@pytest.mark.parametrize(
    ("names", "size", "why"),
    [
        ((), 1, "has no pages"),
        (("1/1.txt",), 1, "no picture on any page"),
        (("1/image.png", "01/1.txt"), 1, "there twice, as 01 and 1"),
        (("1/image.png",), IMAGE_BYTES + 1, "MB is the limit"),
        (tuple(f"{number}/image.png" for number in range(1, 1002)), 1, "1000 is the limit"),
    ],
)
def test_what_no_book_is_made_of(names: tuple[str, ...], size: int, why: str) -> None:
    """It is said in words before anything is fetched."""
    with pytest.raises(BadInput, match=why):
        found(*names, size=size)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../tale", "a/b", "/etc", "a\\b", ".hidden", "a..b", "a\0", "x" * 129, "ü"]
)
def test_ids_that_lead_elsewhere(name: str) -> None:
    """An id is a folder's name and nothing more."""
    with pytest.raises(BadInput, match="no id of a creation"):
        checked_id(name)
