from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shortsd.domain.errors import BadInput
from shortsd.domain.story import Picture, Sentence, Word
from shortsd.domain.style import Cut
from shortsd.domain.text import words
from shortsd.domain.timeline import Scene, Timeline
from shortsd.media.camera import Window, camera, reach
from shortsd.media.direction import CUT_S, SPEED, Span, frame_count, scenes, timeline

PAUSE_S = 0.35


def sentence(text: str, start_s: float, duration_s: float) -> Sentence:
    tokens = words(text)
    step = duration_s / len(tokens)
    spoken = tuple(Word(token.text, start_s + at * step, start_s + (at + 1) * step) for at, token in enumerate(tokens))
    return Sentence(text, start_s, start_s + duration_s, spoken)


def narration(*durations_s: float) -> list[Sentence]:
    told, at = [], 0.0
    for index, duration_s in enumerate(durations_s):
        text = " ".join(f"s{index}w{word}" for word in range(max(1, int(duration_s * 2.5)))) + "."
        told.append(sentence(text, at, duration_s))
        at += duration_s + PAUSE_S
    return told


def directed(
    told: list[Sentence],
    *,
    fps: int = 30,
    seed: int = 1,
    picture: tuple[int, int] = (1440, 2560),
    frame: tuple[int, int] = (1080, 1920),
    cut: Cut = Cut.CROSSFADE,
    aim: tuple[float, float] | None = None,
    whole: bool = False,
) -> Timeline:
    duration_s = told[-1].end_s + 0.5
    spans = scenes(told, duration_s)
    pictures = [Picture(f"{index}.png", *picture, "test", aim=aim, whole=whole) for index in range(len(spans))]
    width, height = frame
    return timeline(
        spans, told, pictures, width=width, height=height, fps=fps, duration_s=duration_s, seed=seed, cut=cut
    )


def way(scene: Scene) -> tuple[bool | None, ...]:
    """Which way a scene's camera goes: right, down and closer; None along an axis where it stays."""
    ends = ((scene.start.x, scene.end.x), (scene.start.y, scene.end.y), (scene.start.zoom, scene.end.zoom))
    return tuple(round(b - a, 3) > 0 if round(b - a, 3) else None for a, b in ends)


lengths = st.lists(st.floats(0.4, 20.0), min_size=1, max_size=25)


def test_short_sentences_share_a_scene_and_long_ones_have_their_own() -> None:
    """Sentences of two seconds are gathered into scenes, one of six seconds stands alone."""
    told = narration(2, 2, 6, 2, 2)

    spans = scenes(told, told[-1].end_s)

    assert [span.text for span in spans] == [
        f"{told[0].text} {told[1].text}",
        told[2].text,
        f"{told[3].text} {told[4].text}",
    ]


def test_a_very_long_sentence_is_split_after_a_comma() -> None:
    """A sentence of twelve seconds becomes two scenes, cut at the comma in its middle."""
    told = [sentence("one two three four five six, seven eight nine ten eleven twelve", 0.0, 12.0)]

    spans = scenes(told, 12.0)

    assert [span.text for span in spans] == ["one two three four five six,", "seven eight nine ten eleven twelve"]
    assert spans[1].start_s == told[0].words[6].start_s


def test_silence_is_one_scene() -> None:
    """Without a sentence there is still a scene, as long as the short."""
    assert scenes([], 3.0) == (Span("", 0.0, 3.0),)


@given(lengths)
def test_spans_follow_each_other_and_leave_no_word_out(durations_s: list[float]) -> None:
    """Scenes cover the short from 0 to its end without a gap, and their texts together are the story's."""
    told = narration(*durations_s)
    end_s = told[-1].end_s + 0.5

    spans = scenes(told, end_s)

    assert (spans[0].start_s, spans[-1].end_s) == (0.0, end_s)
    assert all(before.end_s == after.start_s for before, after in pairwise(spans))
    assert " ".join(span.text for span in spans) == " ".join(one.text for one in told)


@given(st.lists(st.floats(1.0, 8.9), min_size=1, max_size=25))
def test_scenes_begin_where_sentences_begin(durations_s: list[float]) -> None:
    """As long as no sentence is very long, every scene begins with one."""
    told = narration(*durations_s)

    spans = scenes(told, told[-1].end_s)

    assert {span.start_s for span in spans} <= {one.start_s for one in told}


@given(lengths, st.sampled_from([10, 24, 30, 60]))
def test_scenes_of_a_timeline_follow_each_other(durations_s: list[float], fps: int) -> None:
    """The scenes' frames make up the short from its first frame to its last, none left out."""
    film = directed(narration(*durations_s), fps=fps)

    assert film.scenes[0].first == 0
    assert all(before.first + before.frames == after.first for before, after in pairwise(film.scenes))
    assert film.scenes[-1].first + film.scenes[-1].frames == film.frames
    assert 0 <= film.crossfade <= min(scene.frames for scene in film.scenes)
    assert film.crossfade <= CUT_S[Cut.CROSSFADE] * fps


@given(st.lists(st.floats(2.0, 8.9), min_size=2, max_size=20))
def test_cuts_fall_in_the_pauses(durations_s: list[float]) -> None:
    """A scene's first frame comes when the voice has ended a sentence and not yet begun the next."""
    told = narration(*durations_s)
    film = directed(told)

    for scene in film.scenes[1:]:
        at_s = scene.first / film.fps
        assert any(a.end_s - 1e-6 <= at_s <= b.start_s + 1e-6 for a, b in pairwise(told))


@pytest.mark.parametrize(
    ("duration_s", "fps", "frames"), [(1.0, 30, 30), (0.1 * 3, 10, 3), (1.001, 30, 31), (29.7, 30, 891), (0.0, 30, 1)]
)
def test_frames_cover_the_duration(duration_s: float, fps: int, frames: int) -> None:
    """A duration is rounded up to whole frames, but not because of a float's last digit."""
    assert frame_count(duration_s, fps) == frames


@settings(max_examples=60)
@given(
    lengths,
    st.integers(0, 2**32),
    st.tuples(st.integers(16, 8000), st.integers(16, 8000)),
)
def test_the_camera_never_leaves_the_picture(durations_s: list[float], seed: int, picture: tuple[int, int]) -> None:
    """Whatever the picture's shape, each frame's window lies inside it and has the frame's shape."""
    film = directed(narration(*durations_s), fps=10, seed=seed, picture=picture)
    frame = (film.width, film.height)

    for scene in film.scenes:
        for at in range(scene.frames + film.crossfade):
            view = camera(scene, at, scene.frames + film.crossfade, picture, frame)
            assert _inside(view)
            shape = (view.width * picture[0]) / (view.height * picture[1])
            assert shape == pytest.approx(film.width / film.height)


def _inside(view: Window) -> bool:
    dust = 1e-9
    return min(view.x, view.y) >= -dust and max(view.x + view.width, view.y + view.height) <= 1 + dust


@given(lengths, st.integers(0, 2**32))
def test_views_need_no_correction(durations_s: list[float], seed: int) -> None:
    """The views of a directed scene can be filmed as they are: zoomed 1.0 to 1.22, their windows inside the picture."""
    film = directed(narration(*durations_s), seed=seed)
    width, height = reach((1440, 2560), (1080, 1920))

    for view in (view for scene in film.scenes for view in (scene.start, scene.end)):
        assert 1.0 <= view.zoom <= 1.22
        assert _inside(
            Window(
                view.x - width / view.zoom / 2, view.y - height / view.zoom / 2, width / view.zoom, height / view.zoom
            )
        )


@given(st.integers(0, 2**32))
def test_every_scene_moves_and_gently(seed: int) -> None:
    """Over a scene the window's edges go somewhere, and no faster than the speed limit on average."""
    film = directed(narration(*[5.0] * 8), seed=seed)

    for scene in film.scenes:
        size = (1440, 2560)
        start, end = (camera(scene, at, scene.frames, size, (1080, 1920)) for at in (0, scene.frames - 1))
        way = max(abs(end.x - start.x), abs(end.y - start.y), abs(end.width - start.width))
        assert 0.03 < way <= SPEED * scene.frames / film.fps + 1e-9


def test_no_move_comes_twice_in_a_row() -> None:
    """Each scene's camera goes another way than that of the scene before."""
    film = directed(narration(*[5.0] * 40), seed=7)

    ways = [way(scene) for scene in film.scenes]

    assert all(before != after for before, after in pairwise(ways))
    assert len(set(ways)) > 6


def test_the_seed_decides() -> None:
    """The same seed directs the same film, another seed another one."""
    told = narration(5, 5, 5)

    assert directed(told, seed=3) == directed(told, seed=3)
    assert directed(told, seed=3) != directed(told, seed=4)


@settings(max_examples=60)
@given(
    st.lists(st.floats(5.0, 8.0), min_size=3, max_size=12),
    st.integers(0, 2**32),
    st.tuples(st.floats(0.1, 0.9), st.floats(0.1, 0.9)),
    st.sampled_from([(1080, 1920), (1920, 1080), (1080, 1080)]),
)
def test_the_camera_keeps_what_matters_in_view(
    durations_s: list[float], seed: int, aim: tuple[float, float], frame: tuple[int, int]
) -> None:
    """Wherever a wide picture aims, but for its very edge, every scene shows that place in the middle of its move."""
    picture = (2560, 1440)

    for scene in directed(narration(*durations_s), seed=seed, picture=picture, frame=frame, aim=aim).scenes:
        view = camera(scene, scene.frames // 2, scene.frames, picture, frame)
        assert view.x - 1e-6 <= aim[0] <= view.x + view.width + 1e-6
        assert view.y - 1e-6 <= aim[1] <= view.y + view.height + 1e-6


def test_other_words_leave_the_other_shots_as_they_are() -> None:
    """A sentence that is told in other words changes its own scene's shot, and that of a neighbour at most."""
    told = narration(*[5.0] * 12)
    again = [*told[:5], sentence(" ".join(["other"] * 12) + ".", told[5].start_s, 5.0), *told[6:]]

    pairs = list(zip(directed(told).scenes, directed(again).scenes, strict=True))

    assert len(pairs) == 12
    assert [before == after for before, after in pairs].count(False) <= 2
    assert all(before == after for before, after in [*pairs[:5], *pairs[7:]])


def test_a_picture_shown_whole_stays_whole() -> None:
    """The camera goes a little nearer and back, and leaves a picture's inner 92 % alone."""
    film = directed(narration(*[5.0] * 9), picture=(1440, 2560), whole=True, aim=(0.1, 0.1))

    for scene in film.scenes:
        for view in (scene.start, scene.end):
            assert (view.x, view.y) == pytest.approx((0.5, 0.5))
            assert 1.0 <= view.zoom <= 1 / 0.92
    assert {way(scene) for scene in film.scenes} == {(None, None, True), (None, None, False)}


@pytest.mark.parametrize(("cut", "frames"), [(Cut.CROSSFADE, 24), (Cut.DIP, 36), (Cut.WHIP, 24), (Cut.HARD, 0)])
def test_each_kind_of_cut_takes_its_time(cut: Cut, frames: int) -> None:
    """At 60 frames a second; a hard cut takes no time at all."""
    film = directed(narration(5, 5, 5), fps=60, cut=cut)

    assert (film.cut, film.crossfade) == (cut, frames)


def test_odd_sizes_are_refused() -> None:
    """4:2:0 video has even sizes only."""
    with pytest.raises(BadInput, match="271×480"):
        timeline([Span("", 0, 1)], [], [Picture("a", 9, 9, "t")], width=271, height=480, fps=10, duration_s=1, seed=1)


def test_more_scenes_than_frames_are_refused() -> None:
    """A scene has one frame at least."""
    spans = [Span("", 0.0, 0.05), Span("", 0.05, 0.1)]
    with pytest.raises(BadInput, match="1 frames"):
        timeline(spans, [], [Picture("a", 9, 9, "t")] * 2, width=270, height=480, fps=10, duration_s=0.1, seed=1)


def test_a_picture_much_wider_than_the_frame_is_filmed_about_its_middle() -> None:
    """Whatever the move, the camera passes the centre of a user's wide picture: what it shows is there."""
    sentences = tuple(Sentence(f"Sentence {n}.", 6.0 * n, 6.0 * n + 5.5, ()) for n in range(12))
    spans = [Span("a", 6.0 * n, 6.0 * n + 6.0) for n in range(12)]
    wide = [Picture("wide.jpg", 1920, 1080, "wide.jpg")] * 12
    made = timeline(spans, sentences, wide, width=1080, height=1920, fps=30, duration_s=72.0, seed=3)
    for scene in made.scenes:
        assert (scene.start.x + scene.end.x) / 2 == pytest.approx(0.5)
