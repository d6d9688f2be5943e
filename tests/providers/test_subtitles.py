from collections.abc import Mapping

import pytest
from servers.videos import vtt

from shortsd.domain.transcript import UNKNOWN, Segment, told
from shortsd.providers.videos.subtitles import EMPTY, UNREADABLE, read
from shortsd.providers.videos.tracks import suiting

ROLLING = """WEBVTT
Kind: captions
Language: en

00:00:00.000 --> 00:00:02.000 align:start position:0%
{0}
the<00:00:00.500><c> lamp</c><00:00:01.000><c> burned</c>

00:00:02.000 --> 00:00:02.010 align:start position:0%
the lamp burned
{0}

00:00:02.010 --> 00:00:04.000 align:start position:0%
the lamp burned
every<00:00:03.000><c> night</c>

00:00:04.000 --> 00:00:04.010 align:start position:0%
every night
{0}
""".replace("{0}", " ")
"""As machines write them: each line comes twice more, for nothing but the look of it."""
NOTED = """WEBVTT - A file

STYLE
::cue { color: lime }

NOTE nobody is to read this

intro
00:01.000 --> 00:02.500
<v Ida>The caf&eacute; &amp; the <i>bell</i>

NOTE nor this

2
00:00:03.000 --> 00:00:04.000
<b></b>

00:00:05.000 --> 00:00:06.000
Rock {and} roll
"""
SRT = (
    "1\r\n00:00:01,000 --> 00:00:02,000\r\nThe caf\xe9.\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n{\\an8}Above.\r\n"
)
TTML = """<tt xmlns="http://www.w3.org/ns/ttml"><body><div>
<p begin="00:00:01.000" end="00:00:02.000">One<br/>line</p></div></body></tt>"""


def texts(found: list[Segment] | str) -> list[str]:
    assert not isinstance(found, str), found
    return [one.text for one in found]


def test_captions_that_roll_say_each_word_once() -> None:
    """Lines that are shown again below or above new ones are no new words."""
    found = read(ROLLING.encode(), "vtt")
    assert texts(found) == ["the lamp burned", "every night"]
    assert [(one.start_s, one.end_s) for one in found if isinstance(one, Segment)] == [(0.0, 2.0), (2.01, 4.0)]


def test_a_refrain_is_said_again() -> None:
    """The same words after a while are words anew."""
    text = vtt("La la.") + "\n" + vtt("La la.", first_s=9).removeprefix("WEBVTT\n")
    assert texts(read(text.encode(), "vtt")) == ["La la.", "La la."]


def test_what_is_no_text_is_left_out() -> None:
    """Notes, styles, names of cues, tags and references of WebVTT are not what is said; braces are."""
    assert texts(read(NOTED.encode(), "vtt")) == ["The café & the bell", "Rock {and} roll"]


@pytest.mark.parametrize(
    ("data", "ext", "said"),
    [
        (SRT.encode("cp1252"), "srt", ["The café.", "Above."]),
        (SRT.encode("utf-8-sig"), "srt", ["The café.", "Above."]),
        (SRT.encode("utf-16"), "srt", ["The café.", "Above."]),
        (TTML.encode(), "ttml", ["One line"]),
        (vtt("One.").encode(), "unknown_video", ["One."]),
    ],
    ids=["srt-cp1252", "srt-utf-8", "srt-utf-16", "ttml", "by its looks"],
)
def test_formats_and_encodings(data: bytes, ext: str, said: list[str]) -> None:
    """They are read as they come, whatever a site calls them."""
    assert texts(read(data, ext)) == said


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", EMPTY), (b"WEBVTT\n\n", EMPTY), (b"<html>Sign in</html>", UNREADABLE), (b"\x00\xff" * 500, UNREADABLE)],
    ids=["nothing", "a head", "another page", "noise"],
)
@pytest.mark.parametrize("ext", ["vtt", "srt", "ttml", "ass"])
def test_what_says_nothing(data: bytes, why: str, ext: str) -> None:
    """A reason is told, and nothing is raised."""
    assert read(data, ext) == why


def formats(tag: str, *exts: str) -> dict[str, list[dict[str, str]]]:
    return {tag: [{"ext": ext, "url": f"https://videos.example/{tag}.{ext}"} for ext in exts]}


def chosen(info: Mapping[str, object], wanted: str = "") -> list[tuple[str, bool, str]]:
    return [(one.language, one.automatic, str(one.source["ext"])) for one in suiting(info, wanted)]


def test_people_come_before_machines() -> None:
    """Subtitles that somebody wrote are taken before those that a machine heard, in the best format there is."""
    info = {"subtitles": formats("en", "json3", "ttml", "vtt"), "automatic_captions": formats("en", "vtt")}
    assert chosen(info) == [("en", False, "vtt"), ("en", True, "vtt")]


def test_what_was_heard_comes_before_translations() -> None:
    """Of a machine's captions those of the spoken language are taken, though there are some in any other."""
    heard = {**formats("en", "vtt"), **formats("de-orig", "vtt"), **formats("de", "vtt")}
    assert chosen({"automatic_captions": heard})[0] == ("de", True, "vtt")
    assert chosen({"automatic_captions": heard}, "en") == [("en", True, "vtt")]


def test_a_wanted_language() -> None:
    """Its region may differ, another language does not do; one that nobody names may be it."""
    info: Mapping[str, object] = {"subtitles": {**formats("en-GB", "vtt"), **formats("fr", "srt")}}
    assert chosen(info, "en") == [("en-GB", False, "vtt")]
    assert chosen(info, "de") == []
    assert chosen(
        {"subtitles": formats("None", "vtt") | {None: [{"ext": "vtt", "url": "https://a.example/"}]}}, "de"
    ) == [(UNKNOWN, False, "vtt")]


def test_what_is_no_subtitles() -> None:
    """Chats, and formats that nobody can read, are not taken for some."""
    info: Mapping[str, object] = {"subtitles": {**formats("live_chat", "json"), **formats("en", "json3")}}
    assert chosen(info) == []


def test_a_transcript_is_read_in_paragraphs() -> None:
    """A silence begins a new one, and so does a sentence's end in one that is long."""
    segments = [Segment(0, 1, "One."), Segment(1.5, 2, "Two."), Segment(9, 10, "Three.")]
    assert told(segments) == "One. Two.\n\nThree."
    assert told([]) == ""
    mixed = ("今日は灯台です。", "レンズは大きい。", "It turns.", "はい。")
    assert told(Segment(0, 1, text) for text in mixed) == "今日は灯台です。レンズは大きい。 It turns. はい。"
    long = told(Segment(at, at + 1, "word " * 20 + "end.") for at in range(30))
    assert max(map(len, long.split("\n\n"))) < 1300
