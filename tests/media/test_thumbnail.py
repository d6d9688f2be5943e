import io
import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from PIL import Image, ImageChops

from shortsd.domain.errors import BadInput
from shortsd.domain.timeline import Scene, Timeline, View
from shortsd.media import fonts, thumbnail
from shortsd.media.measure import Typeface

WHOLE = View(0.5, 0.5, 1.0)
SIZE = (270, 480)


@pytest.fixture(scope="module")
def font(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fonts.install(tmp_path_factory.mktemp("fonts")).file


def noise(size: tuple[int, int]) -> Image.Image:
    """A picture that no codec can make small."""
    return Image.fromarray(np.random.default_rng(1).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))


def request(folder: Path, font: Path, **more: Any) -> dict[str, Any]:
    """A short of a dull picture over frames 0 to 9 and a lively one over frames 10 to 19."""
    Image.new("RGB", SIZE, "#404448").save(folder / "dull.png")
    noise((9, 16)).resize(SIZE, Image.Resampling.NEAREST).save(folder / "lively.png")
    scenes = (Scene("dull.png", 0, 10, WHOLE, WHOLE), Scene("lively.png", 10, 10, WHOLE, WHOLE))
    timeline = folder / "timeline.json"
    timeline.write_bytes(msgspec.json.encode(Timeline(*SIZE, 5, 20, scenes, ())))
    made = {"timeline": str(timeline), "pictures": str(folder), "candidates": 4, "title": "The Keeper"}
    return {**made, "font_file": str(font), "out": str(folder / "out.jpg"), **more}


def test_the_strongest_frame_is_chosen_and_the_file_is_what_the_answer_says(tmp_path: Path, font: Path) -> None:
    """Of a dull and a lively scene the lively one wins; the JPEG is progressive, of the frame's size."""
    seen: list[tuple[float, float, str]] = []
    answer = thumbnail.compose(request(tmp_path, font), lambda *told: seen.append(told))
    with Image.open(tmp_path / "out.jpg") as image:
        assert (image.format, image.size, image.mode) == ("JPEG", SIZE, "RGB")
        assert image.info["progressive"] == 1
        assert image.getexif().get_ifd(0x8769)[0xA001] == 1
    assert answer["frame"] >= 10
    assert answer["bytes"] == (tmp_path / "out.jpg").stat().st_size
    assert [done for done, *_ in seen] == [0, 1, 2, 3]
    json.dumps(answer)


def test_named_candidates_are_the_only_ones(tmp_path: Path, font: Path) -> None:
    """A frame that was not named is not taken, however strong."""
    assert thumbnail.compose(request(tmp_path, font, candidates=[2, 5]), lambda *_: None)["frame"] in (2, 5)


def test_a_broken_timeline_is_said(tmp_path: Path, font: Path) -> None:
    """What is not a timeline is named."""
    (tmp_path / "t.json").write_text("{}")
    with pytest.raises(BadInput, match=r"t\.json"):
        thumbnail.compose(request(tmp_path, font) | {"timeline": str(tmp_path / "t.json")}, lambda *_: None)


@pytest.mark.parametrize("size", [(270, 480), (480, 270), (360, 360)])
@pytest.mark.parametrize(
    "title",
    [
        "Run",
        "The Lighthouse Keeper Who Never Sleeps " * 2,
        "W" * 70,
        "המגדלור שלא ישן לעולם",
        "{\\an8} 100% 🕷️ \\N",
        "灯塔" * 20,
    ],
)
def test_a_title_of_any_length_stays_inside_the_frame(font: Path, size: tuple[int, int], title: str) -> None:
    """Letters and their outline keep clear of every edge, and there are letters."""
    plain = Image.new("RGB", size, "#000000")
    found = ImageChops.difference(thumbnail.titled(plain, title, font), plain).getbbox()
    assert found is not None
    assert found[0] >= 0.05 * size[0]
    assert found[2] <= 0.95 * size[0]
    assert found[1] > 0
    assert found[3] < size[1]


def test_a_title_takes_four_lines_at_most_and_keeps_its_words(font: Path) -> None:
    """The lines together are the title."""
    title = "Something keeps knocking from the inside of my grandmother's door"
    lines = thumbnail.fit(title, Typeface(fonts.beside(font)), SIZE).lines
    assert 1 < len(lines) <= thumbnail.MOST_LINES
    assert " ".join(lines) == title


def test_an_empty_title_leaves_the_picture_alone(font: Path) -> None:
    """Nothing to set: nothing is darkened."""
    picture = noise(SIZE)
    assert thumbnail.titled(picture, "  ", font) is picture


def test_no_picture_is_too_much_for_two_megabytes() -> None:
    """Noise of twice the usual width is written at a lower quality, and fits."""
    data = thumbnail.jpeg(noise((2160, 1920)))
    assert len(data) <= thumbnail.LARGEST_BYTES
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "JPEG"


def test_grey_has_no_colour_and_blur_no_edge() -> None:
    """Colourfulness is zero for grey; a blurred picture is less sharp than its original."""
    sharp = np.asarray(noise((320, 320)))
    grey = np.repeat(sharp[..., :1], 3, axis=2)
    soft = np.asarray(Image.fromarray(sharp).resize((20, 20)).resize((320, 320)))
    assert thumbnail.strengths(grey)[1] == 0
    assert thumbnail.strengths(soft)[2] < thumbnail.strengths(sharp)[2]
