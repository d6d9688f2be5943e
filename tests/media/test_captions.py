import itertools
import re
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shortsd.domain import text
from shortsd.domain.errors import Internal
from shortsd.domain.story import Sentence, Word
from shortsd.media import captions, cues, fonts

WIDTH, HEIGHT = 270, 480
GREY = 128


@pytest.fixture(scope="module")
def font(tmp_path_factory: pytest.TempPathFactory) -> fonts.FontFiles:
    return fonts.install(tmp_path_factory.mktemp("fonts"))


def spoken(*sentences: str, word_s: float = 0.4, pause_s: float = 0.3) -> tuple[Sentence, ...]:
    """Sentences spoken one word every `word_s`."""
    now, found = 0.0, []
    for sentence in sentences:
        tokens = text.words(sentence)
        words = tuple(Word(token.text, now + word_s * at, now + word_s * (at + 1)) for at, token in enumerate(tokens))
        found.append(Sentence(sentence, now, now + word_s * len(tokens), words))
        now = found[-1].end_s + pause_s
    return tuple(found)


def written(told: tuple[Sentence, ...], font: fonts.FontFiles, out: Path, **more: Any) -> list[tuple[str, str, str]]:
    """Start, end and body of each event that the worker target writes."""
    request = {
        "sentences": msgspec.to_builtins(told),
        "width": WIDTH,
        "height": HEIGHT,
        "font_file": str(font.file),
        "out": str(out),
        "seconds": told[-1].end_s + 0.2,
        **more,
    }
    captions.write(request, lambda *_: None)
    lines = [line.split(",", 9) for line in out.read_text("utf-8").splitlines() if line.startswith("Dialogue:")]
    return [(line[1], line[2], line[9]) for line in lines]


def burnt(ass: Path, font: fonts.FontFiles, at_s: float = 0.1, size: tuple[int, int] = (WIDTH, HEIGHT)) -> np.ndarray:
    """The frame at `at_s` of a grey film with these captions, RGB."""
    ass.parent.joinpath("fonts").unlink(missing_ok=True)
    ass.parent.joinpath("fonts").symlink_to(font.folder)
    picture = f"color=0x808080:s={size[0]}x{size[1]}:r=1000"
    argv = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", picture, "-frames:v", "1"]
    looks = f"setpts={at_s}/TB,format=rgb24,ass=f={ass.name}:fontsdir=fonts,format=rgb24"
    argv += ["-vf", looks, "-f", "rawvideo", "-"]
    raw = subprocess.run(argv, cwd=ass.parent, check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(size[1], size[0], 3)


def drawn(frame: np.ndarray) -> np.ndarray:
    """Which pixels have ink."""
    return np.abs(frame.astype(int) - GREY).max(axis=2) > 24


def yellow(frame: np.ndarray) -> np.ndarray:
    """Columns that hold the colour of the spoken word."""
    red, blue = frame[..., 0].astype(int), frame[..., 2].astype(int)
    return np.flatnonzero(((red > 200) & (blue < 100)).any(axis=0))


@pytest.mark.parametrize("size", [(270, 480), (480, 270), (360, 360), (1080, 1920)])
def test_captions_stay_inside_the_safe_area(font: fonts.FontFiles, tmp_path: Path, size: tuple[int, int]) -> None:
    """No pixel of the widest lines lies in the margins, in any shape of frame."""
    told = spoken("WWWWW MMMMMM WWWWW WWWW MMMM WWWWWWWWWWWWWWWWWWWWWWWWWWWWW mmm")
    out = tmp_path / "c.ass"
    events = written(told, font, out, width=size[0], height=size[1])
    seen = np.zeros((size[1], size[0]), bool)
    for body in {re.sub(r"\{\\c[^}]*\}", "", body): start for start, _, body in events}.values():
        seen |= drawn(burnt(out, font, _seconds(body) + 0.05, size))
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    assert columns[0] >= captions.SIDE * size[0] - 1
    assert columns[-1] <= (1 - captions.SIDE) * size[0] + 1
    assert rows[-1] <= 0.94 * size[1]
    assert size[0] >= size[1] or rows[-1] <= 0.70 * size[1]
    assert columns[-1] - columns[0] > 0.5 * min(size)


@pytest.mark.parametrize(
    ("story", "plain"),
    [
        (r"a{\an8}b", "aanb"),
        (r"a\Nb", "ab"),
        (r"a\hb", r"ab"),
        (r"a\nb", "ab"),
        ("a{b", "ab"),
        ("a}b", "ab"),
        (r"a\{b", "a{b"),
        (r"a\\b", r"a\b"),
    ],
)
def test_what_ass_would_interpret_is_shown(font: fonts.FontFiles, tmp_path: Path, story: str, plain: str) -> None:
    """Markup in a story takes up room on one line, as wide as its characters: none is eaten."""
    wide, narrow = (_ink(font, tmp_path, each) for each in (story, plain))
    assert wide[0] > narrow[0] + 2
    assert wide[1] < 1.6 * _ink(font, tmp_path, "{b}")[1]


def test_the_mark_after_a_backslash_has_no_looks(font: fonts.FontFiles, tmp_path: Path) -> None:
    r"""`\-`, which nobody interprets, is drawn alike with and without the escape."""
    out = tmp_path / "c.ass"
    written(spoken(r"one \- two"), font, out)
    escaped = burnt(out, font)
    out.write_text(out.read_text("utf-8").replace("\u2060", ""), "utf-8")
    assert np.array_equal(escaped, burnt(out, font))


def test_percent_signs_and_quotes_are_written_as_they_stand(font: fonts.FontFiles, tmp_path: Path) -> None:
    """What is special elsewhere, but not in ASS, is not touched."""
    events = written(spoken("""100% "it's", 'x'"""), font, tmp_path / "c.ass")
    assert _plain(events[0][2]) == """100% "it's", 'x'"""


def test_text_without_spaces_is_shown_without_spaces(font: fonts.FontFiles, tmp_path: Path) -> None:
    """Characters of a script without spaces follow each other directly."""
    events = written(spoken("灯塔守望者。"), font, tmp_path / "c.ass")
    assert _plain(events[0][2]).replace("\\N", "") == "灯塔守望者。"


def test_characters_that_no_font_has_are_reported(font: fonts.FontFiles, tmp_path: Path) -> None:
    """The answer names each of them once; a private-use character is in no font."""
    told = spoken("a \U000f1234 b \U000f1234")
    request = {"sentences": msgspec.to_builtins(told), "width": 270, "height": 480, "seconds": 3.0}
    answer = captions.write({**request, "font_file": str(font.file), "out": str(tmp_path / "c")}, lambda *_: None)
    assert answer == {"cues": 1, "missing": ["\U000f1234"]}


def test_the_spoken_word_is_highlighted_in_the_frame_of_its_time(font: fonts.FontFiles, tmp_path: Path) -> None:
    """The colour moves to the next word at its start, and only the spoken word has it."""
    out = tmp_path / "c.ass"
    written(spoken("one two", word_s=0.5), font, out)
    first, last = yellow(burnt(out, font, 0.4834)), yellow(burnt(out, font, 0.5))
    assert len(first) > 0
    assert first[-1] < last[0]


def test_highlighting_leaves_arabic_joined_and_in_order(font: fonts.FontFiles, tmp_path: Path) -> None:
    """The ink of a right-to-left caption is that of the same caption without any colour; its first word is right."""
    out = tmp_path / "c.ass"
    written(spoken("الحارس في"), font, out)
    coloured = burnt(out, font)
    out.write_text(re.sub(r"\{\\c[^}]*\}", "", out.read_text("utf-8")), "utf-8")
    ink = drawn(burnt(out, font))
    assert (drawn(coloured) != ink).mean() < 0.001
    assert yellow(coloured)[-1] > np.flatnonzero(ink.any(axis=0))[-1] - 8
    assert yellow(coloured)[0] > np.flatnonzero(ink.any(axis=0))[0] + 8


@pytest.mark.parametrize("fps", [10, 12, 15, 20, 30, 60])
@given(start_ms=st.integers(0, 200_000))
def test_a_change_shows_from_the_first_frame_of_its_time(fps: int, start_ms: int) -> None:
    """At these rates the first frame at or after a moment is the first that libass draws changed."""
    start_s = start_ms / 1000
    instant_ms = captions._instant(start_s) * 10
    first = next(n for n in itertools.count(int(start_s * fps)) if n / fps >= start_s - 1e-6)
    assert int(first / fps * 1000 + 1e-6) >= instant_ms
    assert first == 0 or int((first - 1) / fps * 1000 + 1e-6) < instant_ms


@given(
    st.lists(st.text(st.sampled_from("abcdW .,灯א\\{}"), min_size=1, max_size=60).filter(str.strip), max_size=4),
    st.floats(0.01, 0.9),
    st.floats(0, 2),
)
def test_cues_show_every_word_once_in_at_most_two_lines_that_fit(
    stories: list[str], word_s: float, pause_s: float
) -> None:
    """Nothing is lost or doubled, no cue goes over a sentence's end, none is too wide, none overlaps the next."""
    told = spoken(*stories, word_s=word_s, pause_s=pause_s) if stories else ()
    seconds = told[-1].end_s if told else 1.0
    found = cues.cues(told, lambda each: float(len(each)), 8.0, seconds)
    shown = "".join(piece.text for cue in found for piece in cue.pieces)
    assert shown == "".join("".join(story.split()) for story in stories)
    assert all(len(cue.lines) <= 2 for cue in found)
    assert all(_length(line) * cue.scale <= 8.0 + 1e-9 for cue in found for line in cue.lines)
    assert all(cue.scale >= cues.SMALLEST for cue in found)
    assert all(sooner.end_s <= later.start_s + 1e-9 for sooner, later in itertools.pairwise(found))
    assert all(
        any(s.start_s - 1e-9 <= cue.pieces[0].start_s <= cue.pieces[-1].end_s <= s.end_s + 1e-9 for s in told)
        for cue in found
    )


def test_events_touch_and_never_overlap(font: fonts.FontFiles, tmp_path: Path) -> None:
    """Within continuous speech each event begins where the one before it ended."""
    events = written(spoken("I did, because one night I climbed the steps.", "He stood there."), font, tmp_path / "c")
    assert [start for start, _, _ in events[1:]] == [end for _, end, _ in events[:-1]]


def test_a_long_pause_clears_the_screen(font: fonts.FontFiles, tmp_path: Path) -> None:
    """After a short hold nothing is shown until the next sentence."""
    events = written(spoken("one", "two", word_s=1.0, pause_s=3.0), font, tmp_path / "c")
    assert events[0][1] == "0:00:01.40"


def test_a_very_long_word_is_broken_and_all_of_it_shown(font: fonts.FontFiles, tmp_path: Path) -> None:
    """Two hundred letters come in several cues, in order, none lost."""
    word = "".join(str(number) for number in range(1000, 1050))
    events = written(spoken(word, word_s=4.0), font, tmp_path / "c")
    bodies = dict.fromkeys(_plain(body).replace("\\N", "") for _, _, body in events)
    assert "".join(bodies) == word


def test_words_that_are_not_those_of_the_text_are_a_fault() -> None:
    """A voice that lost a word is found out, not shown wrong."""
    (told,) = spoken("one two")
    with pytest.raises(Internal, match="1 words"):
        cues.cues([Sentence(told.text, 0, 1, told.words[:1])], partial(len), 8.0, 1.0)


def _seconds(stamp: str) -> float:
    hours, minutes, seconds = stamp.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def _plain(body: str) -> str:
    return re.sub(r"(?<!\\)\{[^}]*\}", "", body)


def _length(line: tuple[cues.Piece, ...]) -> float:
    return sum(piece.width for piece in line) + sum(piece.spaced for piece in line[1:])


def _ink(font: fonts.FontFiles, folder: Path, story: str) -> tuple[int, int]:
    """Width and height of what is drawn for a story, in pixels."""
    out = folder / "c.ass"
    written(spoken(story), font, out)
    ink = drawn(burnt(out, font))
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return int(columns[-1] - columns[0]), int(rows[-1] - rows[0])
