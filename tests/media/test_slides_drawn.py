"""Slides as they are laid out and drawn."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops
from support import InProcess, TestDesk

from shortsd.domain.errors import ChildFailed
from shortsd.domain.slides import Theme
from shortsd.domain.style import CaptionLook, CaptionStyle
from shortsd.media import fonts
from shortsd.media.captions.area import safe_area
from shortsd.media.slides import page
from shortsd.media.slides.design import LOOKS
from shortsd.media.slides.drawers import PROOF, Drawing, PillowDrawer
from shortsd.media.slides.layout import Fonts, room, sheets
from shortsd.media.slides.parts import Shot, Text

Request = Mapping[str, Any]
TAGS = {"html", "head", "meta", "title", "style", "body", "section", "i", "div", "span", "footer", "b"}
"""Of a page without pictures."""
EVIL = '</style><script src="http://evil.example/x.js"></script><img src=file:///etc/passwd>'


def item(kind: str, text: str, detail: str = "") -> dict[str, str]:
    return {"kind": kind, "text": text, "detail": detail, "file": ""}


def pixels(file: Path) -> Image.Image:
    with Image.open(file) as opened:
        image: Image.Image = opened.convert("RGB")
    return image


def board(mark: str, heading: str, *items: dict[str, str], shown: int | None = None) -> dict[str, Any]:
    return {"mark": mark, "heading": heading, "items": items, "shown": len(items) if shown is None else shown}


BOARDS = (
    board("title", "How tea is made"),
    board("first", EVIL, item("point", EVIL), item("code", f"x = 1  # {EVIL}", "python"), shown=1),
    board("both", EVIL, item("point", EVIL), item("code", f"x = 1  # {EVIL}", "python")),
)


@pytest.fixture(scope="module")
def common(tmp_path_factory: pytest.TempPathFactory) -> Request:
    """What all slides of these tests have in common."""
    files = fonts.install(tmp_path_factory.mktemp("cache") / "fonts")
    return {
        "theme": "night",
        "size": [480, 270],
        "captions": {"style": "clean", "size": 0.7},
        "fonts": {use: str(file) for use, file in fonts.install_for_slides(files).items()},
        "helpers": [],
    }


def test_what_others_wrote_is_text(common: Request) -> None:
    """The page has no tag of theirs, asks for nothing elsewhere, and forbids both."""
    faces = Fonts.of(common["fonts"], [])
    laid = sheets({**common, "boards": BOARDS})
    html = page.rendered(laid, faces, page._letters(laid, faces))
    tags = re.findall(r"<(\w+)([^>]*)>", html)
    assert {name for name, _ in tags} == TAGS
    assert not any("evil" in attributes or "file:" in attributes for _, attributes in tags)
    assert "default-src 'none'" in html
    assert set(re.findall(r"url\(\"(\w+):", html)) == {"data"}


@pytest.mark.parametrize("theme", Theme)
async def test_pillow_draws_every_theme(common: Request, tmp_path: Path, theme: Theme) -> None:
    """A point that is still to come leaves its room free, and what is there already does not move."""
    await PillowDrawer(InProcess()).draw(Drawing(BOARDS, {**common, "theme": theme}), tmp_path, TestDesk())
    first, both, title = (pixels(tmp_path / f"{mark}.png") for mark in ("first", "both", "title"))
    changed = ImageChops.difference(first, both).getbbox()
    free = room((480, 270), CaptionLook(style=CaptionStyle.CLEAN, size=0.7))
    assert changed is not None
    assert changed[1] > 0.3 * 270
    assert changed[3] <= free.bottom + 1
    assert title.size == (480, 270)


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (1080, 1080)])
@pytest.mark.parametrize("style", CaptionStyle)
def test_captions_stand_below_all_that_is_on_a_slide(common: Request, size: tuple[int, int], style: str) -> None:
    """The fullest slide keeps above the band, inside what no player covers, whatever captions look like."""
    full = [item("point", "A point that is rather long, and goes over more than a line") for _ in range(6)]
    wanted = {
        **common,
        "size": size,
        "captions": {"style": style, "size": 0.7},
        "boards": [board("full", "F" * 60, *full)],
    }
    free = room(size, CaptionLook(style=CaptionStyle(style), size=0.7))
    texts = [part for part in sheets(wanted)[0].parts if isinstance(part, Text)]
    assert max(part.top + part.height for part in texts) <= free.bottom
    assert free.bottom < free.band < safe_area(*size).bottom
    assert min(part.em for part in texts) >= 0.02 * min(size)


@pytest.mark.parametrize(
    ("size", "words", "beside"),
    [
        ((1920, 1080), "A warm pot keeps the water hot", "right"),
        ((1920, 1080), "קומקום חם שומר על חום המים", "left"),
        ((1080, 1920), "A warm pot keeps the water hot", ""),
    ],
)
def test_a_picture_stands_beside_words_in_a_wide_frame(
    common: Request, tmp_path: Path, size: tuple[int, int], words: str, beside: str
) -> None:
    """On the side where lines end, larger than above them; it stays where it is while points appear."""
    Image.new("RGB", (400, 300), "teal").save(tmp_path / "pot.png")
    picture = {**item("picture", "A pot"), "file": str(tmp_path / "pot.png")}
    items = (item("point", words), picture, item("point", words))
    free = room(size, CaptionLook(style=CaptionStyle.CLEAN, size=0.7))
    boards = [board(str(shown), "The pot", *items, shown=shown) for shown in (1, 2, 3)]
    one, two, three = sheets({**common, "size": size, "boards": boards})
    assert not [part for part in one.parts if isinstance(part, Shot)]
    (shot,) = (part for part in three.parts if isinstance(part, Shot))
    assert shot in two.parts
    assert free.left <= shot.left < shot.left + shot.width <= free.right + 1
    assert shot.top + shot.height <= free.bottom + 1
    texts = [part for part in three.parts if isinstance(part, Text) and part.face == "regular"]
    assert len(texts) == 2
    if beside == "right":
        assert max(part.right for part in texts) < shot.left
    elif beside == "left":
        assert min(part.left for part in texts) > shot.left + shot.width
    else:
        assert texts[0].top < shot.top < texts[1].top
    assert (shot.height > 0.42 * 1080) is bool(beside)


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920)])
def test_words_wider_than_a_slide_are_broken(common: Request, size: tuple[int, int]) -> None:
    """Of a long word nothing goes beyond the room, and no letter is lost; a heading, a point and a quotation alike."""
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
    items = [item("point", f"See {word} there"), item("quote", word)]
    sheet = sheets({**common, "size": size, "boards": [board("long", word, *items)]})[0]
    free, faces = room(size, CaptionLook(style=CaptionStyle.CLEAN, size=0.7)), Fonts.of(common["fonts"], [])
    texts = [part for part in sheet.parts if isinstance(part, Text)]
    lines = [(part, "".join(span.text for span in line)) for part in texts for line in part.lines]
    assert max(part.left + part.em * getattr(faces, part.face).width(line) for part, line in lines) <= free.right + 1
    assert "".join(line for _, line in lines).replace(" ", "") == f"{word}See{word}there{word}"


def test_headings_and_points_without_end_are_shown_as_far_as_there_is_room(common: Request) -> None:
    """A heading of a thousand words takes no longer than another one, and nothing stands on the captions."""
    endless, captions = "a heading that has no end " * 170, CaptionLook(style=CaptionStyle.CLEAN, size=0.7)
    boards = [board("title", endless), board("more", "A heading " * 40, item("point", endless), item("point", "b"))]
    for sheet in sheets({**common, "boards": boards}):
        texts = [part for part in sheet.parts if isinstance(part, Text)]
        assert max(part.top + part.height for part in texts) <= room((480, 270), captions).bottom + 1
        assert any(part.lines[-1][-1].text.endswith("…") for part in texts)


def test_of_too_many_points_those_are_shown_that_there_is_room_for(common: Request, tmp_path: Path) -> None:
    """Each with its number and all its words; a picture below many is smaller, or left out, not over the captions."""
    Image.new("RGB", (400, 300)).save(tmp_path / "pot.png")
    points = [item("point", "Some words", str(number)) for number in range(1, 30)]
    picture = {**item("picture", "A pot"), "file": str(tmp_path / "pot.png")}
    few = [board(str(count), "A heading " * 6, *points[:count], picture) for count in (5, 6, 7, 8, 9, 10)]
    boards = [board("points", "A heading " * 6, *points), *few]
    square = (270, 270)  # in a wide one the picture stands beside the points
    bottom = room(square, CaptionLook(style=CaptionStyle.CLEAN, size=0.7)).bottom
    many, *below = sheets({**common, "size": square, "boards": boards})
    _, *said = ["".join(span.text for span in part.lines[0]) for part in many.parts if isinstance(part, Text)]
    assert said == [word for number in range(1, len(said) // 2 + 1) for word in (f"{number}.", "Some words")]
    for sheet in (many, *below):
        assert max(part.top + part.height for part in sheet.parts[1:]) <= bottom + 1
    shots = [part.height for sheet in below for part in sheet.parts if isinstance(part, Shot)]
    assert min(shots) < max(shots)


@pytest.mark.parametrize("theme", Theme)
def test_no_theme_is_taken_for_black(theme: Theme) -> None:
    """The check of a finished file counts as black what has less than a tenth of the light (BT.709)."""
    red, green, blue = (int(LOOKS[theme].ground[at : at + 2], 16) / 255 for at in (1, 3, 5))
    assert 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.12


def test_a_picture_that_was_taken_too_early_is_none(tmp_path: Path) -> None:
    """A browser that shows a font's letter in one place and nothing in the next had not made that one ready."""
    taken = Image.new("RGB", (480, 270 + PROOF), "white")
    taken.paste("black", (8, 280, 16, 290))
    taken.save(tmp_path / "slides.png")
    request = {"picture": str(tmp_path / "slides.png"), "marks": ["one"], "size": [480, 270], "to": str(tmp_path)}
    assert page.cut({**request, "fonts": 1}, lambda *_: None) == {"slides": 1}
    with pytest.raises(ChildFailed, match="before a font was ready"):
        page.cut({**request, "fonts": 2}, lambda *_: None)
    with pytest.raises(ChildFailed, match="480×302 pixels, not 480×572"):
        page.cut({**request, "fonts": 1, "marks": ["one", "two"]}, lambda *_: None)
