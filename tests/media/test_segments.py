from dataclasses import replace
from typing import Any

import pytest

from shortsd.domain.style import Cut
from shortsd.domain.timeline import Scene, Timeline, View
from shortsd.media.segments import LONGEST_S, SHORTEST_S, Segment, content, segments

HERE, THERE = View(0.5, 0.5, 1.0), View(0.4, 0.5, 1.2)
HASHES = {f"{index}.png": f"hash {index}" for index in range(40)}
HEAD = "[Events]\nFormat: Layer, Start, End, Style, Text\n"


def film(*seconds: float, fps: int = 30) -> Timeline:
    """A timeline of scenes of these lengths."""
    scenes: list[Scene] = []
    for index, length in enumerate(seconds):
        first = scenes[-1].first + scenes[-1].frames if scenes else 0
        scenes.append(Scene(f"{index}.png", first, round(length * fps), HERE, THERE))
    return Timeline(108, 192, fps, scenes[-1].first + scenes[-1].frames, tuple(scenes), (), crossfade=12)


def says(text: str, start: str, end: str) -> str:
    return f"Dialogue: 0,{start},{end},Left,,0,0,0,,{text}\n"


def seen(made: Timeline, segment: Segment, ass: str = HEAD) -> Any:
    return content(made, segment, HASHES, ass)


@pytest.mark.parametrize(
    "lengths", [(5,) * 6, (1,), (0.1, 0.1), (100,), (3, 50, 3, 3), (9, 9, 9), (7.9,) * 3, (0.5,) * 37]
)
@pytest.mark.parametrize("fps", [7, 30, 60])
def test_segments_cover_all_frames_once(lengths: tuple[float, ...], fps: int) -> None:
    """They follow each other from the first frame to the last; none is too long, and only the last may be short."""
    made = film(*lengths, fps=fps)
    found = segments(made)
    assert [segment.first for segment in found] == [0, *(segment.end for segment in found[:-1])]
    assert found[-1].end == made.frames
    assert all(0 < segment.frames <= LONGEST_S * fps + 1 for segment in found)
    assert all(segment.frames >= SHORTEST_S * fps - 1 for segment in found[:-1])


def test_segments_begin_where_scenes_do() -> None:
    """Scenes are kept whole, so that one that changes touches as few segments as may be."""
    made = film(5, 5, 5, 5, 5)
    assert {segment.first for segment in segments(made)} <= {scene.first for scene in made.scenes}


def test_a_scene_that_moves_is_the_same_segment() -> None:
    """When what is long gone grows by some frames, a segment shows what it showed, captions too."""
    sooner, later = film(10, 10, 10), film(11, 10, 10)
    one = seen(sooner, Segment(600, 300), HEAD + says("a word", "0:00:22.00", "0:00:22.50"))
    other = seen(later, Segment(630, 300), HEAD + says("a word", "0:00:23.00", "0:00:23.50"))
    assert one == other


@pytest.mark.parametrize(
    "change",
    [
        lambda made: replace(made, scenes=(made.scenes[0], replace(made.scenes[1], end=HERE))),
        lambda made: replace(made, scenes=(replace(made.scenes[0], picture="7.png"), made.scenes[1])),
        lambda made: replace(made, cut=Cut.DIP),
        lambda made: replace(made, crossfade=3),
        lambda made: replace(made, width=192),
        lambda made: replace(made, fps=25),
    ],
)
def test_what_is_seen_in_a_segment_changes_it(change: Any) -> None:
    """The scene itself, the one that gives way to it, and how it does."""
    made = film(10, 10)
    assert seen(change(made), Segment(300, 300)) != seen(made, Segment(300, 300))


def test_what_is_not_seen_in_a_segment_leaves_it() -> None:
    """A picture that went before, one that comes after, captions of another time, what a file is called."""
    made = film(10, 10, 10)
    middle = Segment(300, 300)
    after = replace(made, scenes=(*made.scenes[:2], replace(made.scenes[2], picture="9.png")))
    assert seen(after, middle) == seen(made, middle)
    said = HEAD + says("before", "0:00:01.00", "0:00:10.00") + says("after", "0:00:20.00", "0:00:21.00")
    assert seen(made, middle, said) == seen(made, middle)
    renamed = {**HASHES, "other.png": HASHES["1.png"]}
    other = replace(made, scenes=(made.scenes[0], replace(made.scenes[1], picture="other.png"), made.scenes[2]))
    assert content(other, middle, renamed, HEAD) == seen(made, middle)


def test_captions_at_the_edge_belong_to_who_shows_them() -> None:
    """An event counts where a frame of the segment shows it, and its words, style and layer do."""
    made = film(10, 10)
    edge = HEAD + says("word", "0:00:09.97", "0:00:10.01")
    assert seen(made, Segment(300, 300), edge) != seen(made, Segment(300, 300))
    assert seen(made, Segment(300, 300), edge.replace("Left", "Right")) != seen(made, Segment(300, 300), edge)
    assert seen(made, Segment(0, 300), HEAD.replace("Layer", "layer")) != seen(made, Segment(0, 300))
