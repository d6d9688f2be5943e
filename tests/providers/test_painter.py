from dataclasses import asdict, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from support import InProcess, TestDesk

from shortsd.domain.errors import Unavailable
from shortsd.domain.story import SceneBrief
from shortsd.providers.images.painter import PainterPictures
from shortsd.providers.images.painting import paint, palette, plan

STORY = (
    "The lighthouse keeper never sleeps.",
    "Every night he climbs the stairs and lights the lamp.",
    "The sea below is black and quiet.",
    "One evening a boat came out of the fog with nobody in it.",
    "He heard a knock at the door at midnight.",
    "In the morning the bed was wet with salt water.",
    "They buried him in the churchyard, in the rain.",
    "But the light still turns.",
)
TINY = (180, 320)


def briefs(lines: tuple[str, ...] = STORY, mood: str = "eerie", seed: int = 3) -> list[SceneBrief]:
    return [SceneBrief(index, text, mood, seed) for index, text in enumerate(lines)]


def read(file: Path) -> np.ndarray:
    image = cv2.imread(str(file))
    assert image is not None
    return image


def painted(folder: Path, scenes: list[SceneBrief], size: tuple[int, int] = TINY) -> list[np.ndarray]:
    folder.mkdir()
    request = {"scenes": [asdict(scene) for scene in scenes], "size": list(size), "folder": str(folder)}
    answer = paint.paint(request, lambda *_: None)
    return [read(folder / picture["file"]).astype(np.int16) for picture in answer["pictures"]]


def a_plan(kind: str, variant: int = 0, **changes: Any) -> plan.Plan:
    usual = plan.Plan(kind, variant, mirrored=False, mood="eerie", shade=0, light="", weather="", peopled=True, seed=5)
    return replace(usual, **changes)


@pytest.mark.parametrize("kind", plan.kinds())
def test_every_place_can_be_painted(kind: str) -> None:
    """Each kind of place, in each composition, gives a picture of the asked size with both light and dark in it."""
    for variant in range(3):
        image = paint.picture(a_plan(kind, variant), *TINY)
        assert image.shape == (320, 180, 3)
        assert image.dtype == np.uint8
        low, high = np.percentile(image.max(axis=2), (10, 99))
        assert high - low > 40


@pytest.mark.parametrize("size", [(270, 480), (480, 270), (300, 300), (90, 160), (37, 61)])
def test_any_size_can_be_painted(size: tuple[int, int]) -> None:
    """Portrait, landscape, square and thumbnail sizes are painted exactly."""
    for kind in ("lighthouse", "forest", "corridor", "city"):
        assert paint.picture(a_plan(kind), *size).shape == (size[1], size[0], 3)


@pytest.mark.parametrize("size", [(320, 180), (240, 240), TINY])
@pytest.mark.parametrize("variant", range(3))
def test_a_lighthouse_has_its_lamp_in_every_frame(variant: int, size: tuple[int, int]) -> None:
    """It is the brightest spot of all, and there is sky above it: no tower runs out of the picture at its top."""
    seen = cv2.blur(paint.picture(a_plan("lighthouse", variant), *size).astype(np.float32).mean(axis=2), (9, 9))
    lamp, _ = np.unravel_index(seen.argmax(), seen.shape)
    assert seen.max() > 150
    assert 0.1 * size[1] < lamp < 0.4 * size[1]


def test_the_same_request_gives_the_same_pixels(tmp_path: Path) -> None:
    """Painting is a function of the scenes and the size."""
    once, again = (painted(tmp_path / name, briefs(STORY[:4])) for name in "ab")
    assert all(np.array_equal(*pair) for pair in zip(once, again, strict=True))


def test_another_seed_gives_other_pictures(tmp_path: Path) -> None:
    """The same words with another seed are painted anew."""
    once, again = (painted(tmp_path / str(seed), briefs(STORY[:4], seed=seed)) for seed in (1, 2))
    assert all(np.abs(a - b).mean() > 2 for a, b in zip(once, again, strict=True))


@pytest.mark.parametrize("lines", [STORY, ("The sea was calm.",) * 8, ("Zzz.",) * 8], ids=["story", "sea", "no hint"])
def test_no_two_pictures_of_a_short_look_the_same(tmp_path: Path, lines: tuple[str, ...]) -> None:
    """Blurred to a few blots, any two pictures of one short still differ, however alike its sentences are."""
    images = painted(tmp_path / "p", briefs(lines))
    blots = [cv2.resize(image.astype(np.float32), (18, 32), interpolation=cv2.INTER_AREA) for image in images]
    assert min(np.abs(a - b).mean() for a, b in combinations(blots, 2)) > 6


def test_words_choose_the_places() -> None:
    """A sentence that names a place is painted there."""
    lines = ("The forest was silent.", "A ship sailed by.", "The clock struck.", "The graves lay open.")
    assert [each.kind for each in plan.plan(briefs(lines))] == ["forest", "boat", "clock", "graveyard"]


def test_words_choose_light_and_weather() -> None:
    """Dawn, blood, rain and snow in the words are in the plan, and nothing where nothing is said."""
    lines = ("At dawn we left.", "Blood on the hill.", "It rained in the forest.", "Snow fell.", "A house.")
    assert [(each.light, each.weather) for each in plan.plan(briefs(lines))] == [
        ("dawn", ""),
        ("red", ""),
        ("storm", "rain"),
        ("snow", "snow"),
        ("", ""),
    ]


def test_other_words_in_one_scene_leave_the_other_pictures_as_they_are() -> None:
    """A sentence told in other words, about the same place, changes its own picture alone."""
    again = (*STORY[:4], "He heard a loud knock at the door at midnight.", *STORY[5:])
    before, after = plan.plan(briefs()), plan.plan(briefs(again))
    assert [a == b for a, b in zip(before, after, strict=True)] == [number != 4 for number in range(8)]


def test_one_palette_goes_through_a_short() -> None:
    """All scenes of a short share one of the mood's palettes."""
    assert len({each.shade for each in plan.plan(briefs())}) == 1


def test_rain_can_be_seen() -> None:
    """A rainy scene differs from the same scene in dry weather."""
    dry, wet = (paint.picture(a_plan("road", weather=weather), *TINY).astype(int) for weather in ("", "rain"))
    assert np.abs(dry - wet).mean() > 0.5


def test_a_mood_without_palettes_is_painted_like_an_eerie_one() -> None:
    """An unknown mood is no error."""
    assert palette.names("hungry") == palette.names("eerie")
    assert paint.picture(a_plan("hills", mood="hungry"), *TINY).any()


@pytest.mark.parametrize("text", ["", "…", "灯台守は眠らない。", "\ud800 lone", "{\\an8}%s\\N"])
def test_any_text_can_be_painted(text: str) -> None:
    """Text without a known word, in any script, gives a plan."""
    assert plan.plan(briefs((text,)))[0].kind in plan.kinds()


def test_skies_do_not_band() -> None:
    """Grain breaks up the sky: neighbouring pixels are seldom equal over long runs."""
    sky = paint.picture(a_plan("hills"), 540, 960)[40:200, :, 1].astype(int)
    assert (np.diff(sky, axis=1) != 0).mean() > 0.5


async def test_the_provider_gives_a_picture_for_each_scene(tmp_path: Path) -> None:
    """Each Picture names a file in the folder and has its true size; progress counts pictures."""
    desk = TestDesk()
    pictures = await PainterPictures(InProcess()).pictures(briefs(STORY[:3]), TINY, tmp_path, desk)
    assert [picture.file for picture in pictures] == ["01.jpg", "02.jpg", "03.jpg"]
    assert {(picture.width, picture.height, picture.source) for picture in pictures} == {(*TINY, "painted")}
    assert read(tmp_path / "03.jpg").shape == (320, 180, 3)
    assert [seen[:2] for seen in desk.seen] == [(1, 3), (2, 3), (3, 3)]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """Painting into a folder that is not there raises Unavailable, which names the file."""
    request = {"scenes": [asdict(briefs()[0])], "size": [36, 64], "folder": str(tmp_path / "none")}
    with pytest.raises(Unavailable, match=r"01\.jpg"):
        paint.paint(request, lambda *_: None)
