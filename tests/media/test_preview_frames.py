"""Single frames and contact sheets as pictures for people: which frames, what colours, what size."""

import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from listening import FFMPEG
from PIL import Image

from shortsd.domain.errors import BadInput
from shortsd.domain.timeline import Scene, Timeline, View
from shortsd.media import preview
from shortsd.media.frames import Film
from shortsd.media.preview_frames import draw

HEAD = """[Script Info]
ScriptType: v4.00+
PlayResX: 160
PlayResY: 240

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Alignment
Style: Default,Sans,40,&H00FFFFFF,5

[Events]
Format: Layer, Start, End, Style, Text
"""
STILL = View(0.5, 0.5, 1.0)


def timeline(frames: int = 40, fps: int = 10, width: int = 160, height: int = 240) -> Timeline:
    """One picture that nothing moves over."""
    return Timeline(width, height, fps, frames, (Scene("1.png", 0, frames, STILL, STILL),), ())


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder with a picture of every colour, softly going over into each other."""
    across, down = np.meshgrid(np.linspace(0, 255, 160), np.linspace(0, 255, 240))
    picture = np.stack([across, down, 255 - across], axis=-1).astype(np.uint8)
    Image.fromarray(picture).save(tmp_path / "1.png")
    return tmp_path


def seen(film: Timeline, shots: preview.Shots, folder: Path, events: str = "", *, sheet: bool = False) -> Image.Image:
    """The picture that is made of frames, under these lines of captions."""
    raw, ass, out = folder / "raw.yuv", folder / "a 'caption'.ass", folder / "out.png"
    ass.write_text(HEAD + events)
    request = {"timeline": film, "pictures": str(folder), "numbers": list(shots.numbers), "out": str(raw), "look": None}
    draw(request, lambda *_: None)
    make = preview.sheet if sheet else preview.frame
    command = make(FFMPEG, film, shots, raw, ass, folder, out)
    subprocess.run(command.argv, capture_output=True, check=True)
    picture: Image.Image = Image.open(out)
    picture.load()
    return picture


def test_a_frame_has_the_colours_that_were_drawn(pictures: Path) -> None:
    """The PNG is what `Film.still` says the frame looks like, but for rounding, and says that it is sRGB."""
    picture = seen(timeline(), preview.Shots(7), pictures)
    still = Film(timeline(), pictures).still(7).astype(int)
    levels = np.asarray(picture).astype(int)
    off = np.abs(levels - still)
    assert picture.mode == "RGB"
    assert "srgb" in picture.info
    assert off.mean() < 0.5
    assert abs((levels - still).mean()) < 0.1
    assert off.max() <= 3


@pytest.mark.parametrize(
    ("at_s", "number"), [(0.0, 0), (0.09, 0), (0.1, 1), (0.3, 3), (1.25, 12), (3.99, 39), (4.0, 39)]
)
def test_a_time_means_the_frame_that_is_on_the_screen_then(at_s: float, number: int) -> None:
    """A frame is seen from its time until the next one's; at the very end it is the last one."""
    assert preview.frame_at(timeline(), at_s) == preview.Shots(number)


@pytest.mark.parametrize("at_s", [-0.1, 4.1, float("nan"), float("inf")])
def test_a_time_outside_of_the_short_is_told_with_its_length(at_s: float) -> None:
    """So is what is no time at all."""
    with pytest.raises(BadInput, match=r"lasts 4\.00 s") as raised:
        preview.frame_at(timeline(), at_s)
    assert raised.value.hint == "Give seconds from 0 to 4."


@pytest.mark.parametrize("frames", [1, 5, 11, 12, 13, 23, 24, 900])
def test_a_sheet_has_frames_from_all_over_the_short(frames: int) -> None:
    """Twelve, or all that there are, equally far from each other, with as much before the first as after the last."""
    numbers = preview.throughout(timeline(frames)).numbers
    assert len(numbers) == min(12, frames)
    assert abs(numbers[0] - (frames - 1 - numbers[-1])) <= 1
    assert all(0 <= number < frames for number in numbers)


@pytest.mark.parametrize(
    ("width", "height", "frames", "size"),
    [
        (1080, 1920, 40, (4 * 270 + 12, 3 * 480 + 8)),
        (1080, 1080, 40, (4 * 270 + 12, 3 * 270 + 8)),
        (1920, 1080, 40, (3 * 480 + 8, 4 * 270 + 12)),
        (160, 240, 5, (4 * 160 + 12, 2 * 240 + 4)),
    ],
)
def test_a_sheet_fits_the_shape(pictures: Path, width: int, height: int, frames: int, size: tuple[int, int]) -> None:
    """Tall frames stand in four columns, wide ones in three; no frame is enlarged."""
    film = timeline(frames, width=width, height=height)
    assert seen(film, preview.throughout(film), pictures, sheet=True).size == size


def test_each_frame_has_the_caption_of_its_own_time(pictures: Path) -> None:
    """Of twelve frames, the fourth alone is at the time of the only caption."""
    Image.new("RGB", (160, 240)).save(pictures / "1.png")
    film = replace(timeline(48), fps=10)
    shots = preview.throughout(film)
    begin = shots.numbers[3] / film.fps
    event = f"Dialogue: 0,0:00:{begin:05.2f},0:00:{begin + 0.1:05.2f},Default,HHHH\n"
    sheet = np.asarray(seen(film, shots, pictures, event, sheet=True))
    lit = [
        (row, column)
        for row in range(3)
        for column in range(4)
        if sheet[row * 244 : row * 244 + 240, column * 164 : column * 164 + 160].max() > 200
    ]
    assert lit == [(0, 3)]
    assert np.asarray(seen(film, preview.frame_at(film, begin), pictures, event)).max() > 200
    assert np.asarray(seen(film, preview.frame_at(film, begin + 0.1), pictures, event)).max() < 20
