import itertools
import re
import unicodedata
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from media.captions_support import Captions, Frame, drawn, edges, spoken, written, yellow

from shortsd.domain.errors import Internal
from shortsd.domain.story import Sentence, Word
from shortsd.domain.style import CaptionLook, CaptionPlace, CaptionStyle
from shortsd.media import cues, fonts
from shortsd.media.captions import area, timing

STYLES = list(CaptionStyle)


@pytest.fixture(scope="module")
def font(tmp_path_factory: pytest.TempPathFactory) -> fonts.FontFiles:
    return fonts.install(tmp_path_factory.mktemp("fonts"))


@pytest.mark.parametrize(
    ("style", "size"),
    [
        *product(STYLES, [(270, 480), (480, 270)]),
        *product([CaptionStyle.KARAOKE, CaptionStyle.BOXED], [(360, 360), (400, 500)]),
    ],
)
def test_captions_stay_inside_the_safe_area(
    font: fonts.FontFiles, tmp_path: Path, style: CaptionStyle, size: tuple[int, int]
) -> None:
    """No pixel of the widest and the highest letters lies outside, wherever captions are to stand, and it says so."""
    told = spoken("WWWWW ÅÅÅ€ggggj MMMMMM WWWWWWWWWWWWWWWWWWWWWWWWWWWWW mmm")
    safe = area.safe_area(*size)
    for place, scale in ((CaptionPlace.AUTO, 1.0), (CaptionPlace.TOP, 2.0), (CaptionPlace.BOTTOM, 2.0)):
        look = CaptionLook(style=style, place=place, size=scale)
        made = written(told, font, tmp_path, size=size, look=look)
        assert made.answer["outside"] == []
        assert made.answer["lines"] <= 2
        seen = np.any([drawn(frame) for frame in made.film(5, 11)], axis=0)
        left, top, right, bottom = edges(seen)
        assert safe.holds(area.Area(left, top, right + 1, bottom + 1), slack=1.0)
        assert right - left > 0.35 * min(size)


@pytest.mark.parametrize("style", STYLES)
def test_places_are_above_each_other(font: fonts.FontFiles, tmp_path: Path, style: CaptionStyle) -> None:
    """Top, middle and bottom are where their names say, the usual place of a tall frame between the last two."""
    tops = [
        edges(drawn(written(spoken("word"), font, tmp_path, look=CaptionLook(style=style, place=place)).frame(0.35)))[1]
        for place in (CaptionPlace.TOP, CaptionPlace.MIDDLE, CaptionPlace.AUTO, CaptionPlace.BOTTOM)
    ]
    assert tops == sorted(tops)
    assert tops[0] < 0.2 * 480 < 0.4 * 480 < tops[1] < 0.52 * 480 < tops[2] < 0.64 * 480 < tops[3]


def test_letters_that_do_not_fit_at_all_are_told(font: fonts.FontFiles, tmp_path: Path) -> None:
    """A tower of marks higher than the safe area is a caption outside of it."""
    tower = "a" + "\u0301" * 200
    made = written(spoken(f"one {tower} two. Another sentence"), font, tmp_path, size=(480, 270))
    assert [tower in text for text in made.answer["outside"]] == [True]


@pytest.mark.parametrize("style", STYLES)
def test_a_larger_size_makes_larger_letters(font: fonts.FontFiles, tmp_path: Path, style: CaptionStyle) -> None:
    """Twice the size is about twice as high."""

    def height(size: float) -> int:
        made = written(spoken("no"), font, tmp_path, look=CaptionLook(style=style, size=size))
        _, top, _, bottom = edges(drawn(made.frame(0.35)))
        return int(bottom - top)

    assert height(2.0) == pytest.approx(2 * height(1.0), rel=0.12)


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
    made = written(spoken(r"one \- two"), font, tmp_path)
    escaped = made.frame()
    made.ass.write_text(made.ass.read_text("utf-8").replace("\u2060", ""), "utf-8")
    assert np.array_equal(escaped, made.frame())


def test_percent_signs_and_quotes_are_written_as_they_stand(font: fonts.FontFiles, tmp_path: Path) -> None:
    """What is special elsewhere, but not in ASS, is not touched."""
    made = written(spoken("""100% "it's", 'x'"""), font, tmp_path, look=CaptionLook(style=CaptionStyle.CLEAN))
    assert made.bodies[0] == """100% "it's", 'x'"""


def test_text_without_spaces_is_shown_without_spaces(font: fonts.FontFiles, tmp_path: Path) -> None:
    """Characters of a script without spaces follow each other directly."""
    made = written(spoken("灯塔守望者。"), font, tmp_path, look=CaptionLook(style=CaptionStyle.CLEAN))
    assert "".join(dict.fromkeys(made.bodies)) == "灯塔守望者。"


def test_characters_that_no_font_has_are_reported(font: fonts.FontFiles, tmp_path: Path) -> None:
    """The answer names each of them once; a private-use character is in no font."""
    made = written(spoken("a \U000f1234 b \U000f1234"), font, tmp_path)
    assert made.answer == {"cues": 1, "lines": 1, "outside": [], "missing": ["\U000f1234"]}


def test_highlighting_leaves_arabic_joined_and_in_order(font: fonts.FontFiles, tmp_path: Path) -> None:
    """The ink of a right-to-left caption is that of the same caption without any colour; its first word is right."""
    made = written(spoken("الحارس في"), font, tmp_path)
    coloured = made.frame()
    made.ass.write_text(re.sub(r"\\[13]c&H2AD4FF&", "", made.ass.read_text("utf-8")), "utf-8")
    ink = drawn(made.frame())
    assert (drawn(coloured) != ink).mean() < 0.001
    assert yellow(coloured)[-1] > edges(ink)[2] - 8
    assert yellow(coloured)[0] > edges(ink)[0] + 8


SCRIPTS = {
    "arabic": "كان الحارس يسمع",
    "hebrew": "הזקן שמע צעדים",
    "devanagari": "बूढ़ा रक्षक सीढ़ियों",
    "han": "他打开灯塔的门",
    "kana": "老いた灯台守は",
    "hangul": "늙은 등대지기는",
    "thai": "ผู้เฒ่าเฝ้าประภาคาร",
    "mixed": "הוא ראה iPhone 12",
    "symbols": "look ★ ♞ ∑ up",
}
TELLING = ("arabic", "devanagari", "mixed")
"""Scripts that are joined, reordered and mixed: where styles that are tagged alike may still differ."""


@pytest.mark.parametrize(
    ("style", "script"),
    [
        *product([CaptionStyle.KARAOKE], SCRIPTS),
        *product([CaptionStyle.TWO_TONE, CaptionStyle.TYPEWRITER], TELLING),
    ],
)
def test_lines_are_shaped_as_if_nothing_changed_in_them(
    font: fonts.FontFiles, tmp_path: Path, style: CaptionStyle, script: str
) -> None:
    """When all is spoken, the ink is that of lines without a tag inside; on the way there letters do not move."""
    made = written(spoken(SCRIPTS[script]), font, tmp_path, look=CaptionLook(style=style, size=0.7))
    made.ass.write_text(re.sub(r"Dialogue: 1.*\n", "", made.ass.read_text("utf-8")), "utf-8")  # the caret
    *_, last_s = (word.start_s for word in spoken(SCRIPTS[script])[0].words)
    begun, done = (drawn(made.frame(at_s)) for at_s in (last_s + 0.02, last_s + 0.39))
    inside = re.compile(r"(?<!,)\{\\(?:1c|alpha)[^}]*\}")
    made.ass.write_text(inside.sub("", made.ass.read_text("utf-8")), "utf-8")
    plain = drawn(made.frame(last_s + 0.39))
    assert made.answer == {"cues": 1, "lines": made.answer["lines"], "outside": [], "missing": []}
    assert (done != plain).mean() < 0.002
    assert (begun & ~plain).mean() < 0.002


@pytest.mark.parametrize(
    ("style", "script"), [*product([CaptionStyle.POP], SCRIPTS), *product([CaptionStyle.BOXED], TELLING)]
)
def test_words_drawn_one_by_one_are_shaped_as_in_their_line(
    font: fonts.FontFiles, tmp_path: Path, style: CaptionStyle, script: str
) -> None:
    """The spoken word has the same proportions as in karaoke's, where libass sets the line as a whole."""
    told = spoken(SCRIPTS[script])
    size = (540, 960)
    one = written(told, font, tmp_path / "one", size=size, look=CaptionLook(style=style, size=1.5))
    whole = written(told, font, tmp_path / "whole", size=size, look=CaptionLook(size=1.5))
    boxed = "\\p1" in one.ass.read_text("utf-8")
    films = [made.film(10, 4 * len(told[0].words)) for made in (one, whole)]
    for ends in range(3, len(films[0]), 4):
        assert _proportions(films[0][ends], boxed=boxed) == pytest.approx(_proportions(films[1][ends]), rel=0.08)


TIMES_S = (0.2137, 0.6011, 1.0, 1.3345, 1.9999)
"""When words begin: within frames, on frames, and where floating point has its doubts."""


@pytest.mark.parametrize("fps", [30, 60])
@pytest.mark.parametrize("style", STYLES)
def test_each_change_shows_in_the_frame_of_the_words_time(
    font: fonts.FontFiles, tmp_path: Path, style: CaptionStyle, fps: int
) -> None:
    """In the first frame at or after a word's start pixels change, and not in the one before."""
    words = [Word(f"wOrd{at}", start_s, start_s + 0.3) for at, start_s in enumerate(TIMES_S)]
    parts = [words[:3], words[3:]]
    told = tuple(
        Sentence(" ".join(word.text for word in part), part[0].start_s, part[-1].end_s, tuple(part)) for part in parts
    )
    made = written(told, font, tmp_path, size=(180, 320), look=CaptionLook(style=style), seconds=2.5)
    film = [np.full((320, 180, 3), 128, np.uint8), *made.film(fps, round(2.4 * fps))]
    changed = {
        frame
        for frame, (before, now) in enumerate(itertools.pairwise(film))
        if (np.abs(before.astype(int) - now) > 24).any()
    }
    shown = [part[0] for part in parts] if style is CaptionStyle.CLEAN else words
    due = {next(n for n in itertools.count() if n / fps >= word.start_s - 1e-9) for word in shown}
    assert due <= changed
    assert not {frame - 1 for frame in due} & changed
    assert changed == due or style in (CaptionStyle.POP, CaptionStyle.TYPEWRITER)


@pytest.mark.parametrize("style", STYLES)
def test_captions_in_a_dark_accent_are_legible(font: fonts.FontFiles, tmp_path: Path, style: CaptionStyle) -> None:
    """Letters in a dark colour have a light edge, and letters on a dark box are light."""
    made = written(spoken("one two"), font, tmp_path, look=CaptionLook(style=style, colour="#20108A"))
    frame = made.frame(0.35)
    assert (frame.min(axis=2) > 220).sum() > 40
    assert style is CaptionStyle.CLEAN or (np.abs(frame.astype(int) - (0x20, 0x10, 0x8A)).max(axis=2) < 24).any()


@pytest.mark.parametrize("fps", [10, 12, 15, 20, 30, 60])
@given(start_ms=st.integers(0, 200_000))
def test_a_change_shows_from_the_first_frame_of_its_time(fps: int, start_ms: int) -> None:
    """At these rates the first frame at or after a moment is the first that libass draws changed."""
    start_s = start_ms / 1000
    instant_ms = timing.instant(start_s) * 10
    first = next(n for n in itertools.count(int(start_s * fps)) if n / fps >= start_s - 1e-6)
    assert int(first / fps * 1000 + 1e-6) >= instant_ms
    assert first == 0 or int((first - 1) / fps * 1000 + 1e-6) < instant_ms


@given(
    st.lists(st.text(st.sampled_from("abcdW .,灯א\\{}"), min_size=1, max_size=60).filter(str.strip), max_size=4),
    st.floats(0.01, 0.9),
    st.floats(0, 2),
    st.sampled_from([cues.Reading(), cues.Reading(comfortable=0.75, most_words=4, gap=0.4)]),
)
def test_cues_show_every_word_once_in_at_most_two_lines_that_fit(
    stories: list[str], word_s: float, pause_s: float, reading: cues.Reading
) -> None:
    """Nothing is lost or doubled, no cue goes over a sentence's end, none is too wide, none overlaps the next."""
    told = spoken(*stories, word_s=word_s, pause_s=pause_s) if stories else ()
    seconds = told[-1].end_s if told else 1.0
    found = cues.cues(told, lambda each: float(len(each)), 8.0, seconds, reading)
    shown = "".join(piece.text for cue in found for piece in cue.pieces)
    assert shown == "".join("".join(story.split()) for story in stories)
    assert all(len(cue.lines) <= 2 for cue in found)
    assert all(_length(line, reading.gap) * cue.scale <= 8.0 + 1e-9 for cue in found for line in cue.lines)
    assert all(cue.scale >= cues.SMALLEST for cue in found)
    assert all(sooner.end_s <= later.start_s + 1e-9 for sooner, later in itertools.pairwise(found))
    assert all(
        any(s.start_s - 1e-9 <= cue.pieces[0].start_s <= cue.pieces[-1].end_s <= s.end_s + 1e-9 for s in told)
        for cue in found
    )


def test_what_is_drawn_as_one_is_not_broken() -> None:
    """Marks, conjuncts, joined emoji and skin tones stay with what they belong to."""
    for whole in ("é", "क्ष", "👩\u200d🚀", "👍🏽"):
        word = unicodedata.normalize("NFD", whole)
        assert cues.cuts(word + "a") == [0, len(word)]


def test_events_touch_and_never_overlap(font: fonts.FontFiles, tmp_path: Path) -> None:
    """Within continuous speech each state of a line begins where the one before it ended."""
    made = written(spoken("I did, because one.", "He stood there.", pause_s=0.2), font, tmp_path)
    for row in _rows(made):
        events = [event for event in made.events if f"pos({row})" in event[2]]
        assert all(start >= end for (_, end, _), (start, _, _) in itertools.pairwise(events))
    assert {start for start, _, _ in made.events[1:]} <= {"0:00:00.00"} | {end for _, end, _ in made.events}


def test_a_long_pause_clears_the_screen(font: fonts.FontFiles, tmp_path: Path) -> None:
    """After a short hold nothing is shown until the next sentence."""
    made = written(spoken("one", "two", word_s=1.0, pause_s=3.0), font, tmp_path)
    assert made.events[0][1] == "0:00:01.40"


@pytest.mark.parametrize("style", STYLES)
def test_a_very_long_word_is_broken_and_all_of_it_shown(
    font: fonts.FontFiles, tmp_path: Path, style: CaptionStyle
) -> None:
    """Two hundred letters come in several cues of two lines at most, in order, none lost, none outside."""
    word = "".join(str(number) for number in range(1000, 1050))
    made = written(spoken(word, word_s=4.0), font, tmp_path, look=CaptionLook(style=style, size=2.0))
    shown = re.sub(r"\d+\n.* --> .*\n", "", made.srt).replace("\n", "")
    assert shown == word
    assert made.answer["outside"] == []
    assert made.answer["lines"] <= 2


@pytest.mark.parametrize(
    "told",
    [
        (),
        (Sentence("", 0.0, 0.5, ()),),
        (Sentence("\x07", 0.0, 0.5, (Word("\x07", 0.0, 0.5),)),),
    ],
)
def test_a_story_without_anything_to_show_has_no_captions(
    font: fonts.FontFiles, tmp_path: Path, told: tuple[Sentence, ...]
) -> None:
    """Three good files, none of them with a cue, in every style; FFmpeg draws nothing of them."""
    for style in STYLES:
        made = written(told, font, tmp_path, look=CaptionLook(style=style))
        assert made.answer == {"cues": 0, "lines": 0, "outside": [], "missing": []}
        assert (made.srt, made.vtt, made.events) == ("", "WEBVTT\n", [])
    assert not drawn(made.frame()).any()


@pytest.mark.parametrize("style", STYLES)
def test_a_sentence_without_length_is_shown_in_the_pause_after_it(
    font: fonts.FontFiles, tmp_path: Path, style: CaptionStyle
) -> None:
    """Where the voice says nothing of a sentence, its caption stands until the next one."""
    empty = Sentence("Oh dear", 0.0, 0.0, (Word("Oh", 0.0, 0.0), Word("dear", 0.0, 0.0)))
    (later,) = spoken("Next one")
    moved = tuple(Word(word.text, word.start_s + 0.4, word.end_s + 0.4) for word in later.words)
    made = written((empty, Sentence("Next one", 0.4, 1.2, moved)), font, tmp_path, look=CaptionLook(style=style))
    assert made.answer["cues"] == 2
    assert drawn(made.frame(0.2)).any()


def test_a_sentence_that_never_has_a_frame_is_told(
    font: fonts.FontFiles, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the next one begins in the same moment, the log names the caption that nobody sees."""
    empty = Sentence("Oh dear", 0.0, 0.0, (Word("Oh", 0.0, 0.0), Word("dear", 0.0, 0.0)))
    made = written((empty, *spoken("Next one")), font, tmp_path)
    assert made.answer["cues"] == 1
    assert "Oh dear" in caplog.text


def test_words_that_are_not_those_of_the_text_are_a_fault() -> None:
    """A voice that lost a word is found out, not shown wrong."""
    (told,) = spoken("one two")
    with pytest.raises(Internal, match="1 words"):
        cues.cues([Sentence(told.text, 0, 1, told.words[:1])], partial(len), 8.0, 1.0)


def _length(line: tuple[cues.Piece, ...], gap: float) -> float:
    return sum(piece.width for piece in line) + (1 + gap) * sum(piece.spaced for piece in line[1:])


def _rows(made: Captions) -> set[str]:
    """The places of the lines."""
    return {match[1] for _, _, body in made.events if (match := re.search(r"pos\(([^)]*)\)", body))}


def _proportions(frame: Frame, *, boxed: bool = False) -> float:
    """Width by height of the letters of the spoken word, which are yellow, or dark on yellow."""
    ink = (frame[..., 0] > 180) & (frame[..., 2] < 110)
    if boxed:
        left, top, right, bottom = edges(ink)
        ink = frame[top + 5 : bottom - 4, left + 5 : right - 4].max(axis=2) < 90
    left, top, right, bottom = edges(ink)
    return (right - left + 1) / (bottom - top + 1)


def _ink(font: fonts.FontFiles, folder: Path, story: str) -> tuple[int, int]:
    """Width and height of what is drawn for a story, in pixels."""
    left, top, right, bottom = edges(drawn(written(spoken(story), font, folder).frame()))
    return right - left, bottom - top
