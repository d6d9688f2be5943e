import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest
from media.captions_support import spoken, written

from shortsd.domain.style import CaptionLook, CaptionStyle
from shortsd.media import fonts


@pytest.fixture(scope="module")
def font(tmp_path_factory: pytest.TempPathFactory) -> fonts.FontFiles:
    return fonts.install(tmp_path_factory.mktemp("fonts"))


def test_subtitles_have_the_cues_and_times_of_the_picture(font: fonts.FontFiles, tmp_path: Path) -> None:
    """Numbered SubRip with commas, WebVTT with points, lines as they stand."""
    made = written(spoken("The old keeper never slept.", "He watched.", word_s=0.5, pause_s=2.0), font, tmp_path)
    assert made.srt == (
        "1\n00:00:00,000 --> 00:00:02,900\nThe old keeper\nnever slept.\n\n"
        "2\n00:00:04,500 --> 00:00:05,700\nHe watched.\n\n"
    )
    assert made.vtt == (
        "WEBVTT\n"
        "\n00:00:00.000 --> 00:00:02.900\nThe old keeper\nnever slept.\n"
        "\n00:00:04.500 --> 00:00:05.700\nHe watched.\n"
    )


@pytest.mark.parametrize("style", list(CaptionStyle))
def test_the_first_and_last_event_of_a_cue_have_its_times(
    font: fonts.FontFiles, tmp_path: Path, style: CaptionStyle
) -> None:
    """In every style the picture begins and ends a caption when the files beside it do."""
    made = written(spoken("one two", "three"), font, tmp_path, look=CaptionLook(style=style))
    starts, ends = ([event[at] for event in made.events] for at in (0, 1))
    assert (min(starts), max(ends)) == ("0:00:00.00", "0:00:01.70")
    assert "00:00:00.000 -->" in made.vtt
    assert "--> 00:00:01.700" in made.vtt


def test_times_beyond_an_hour_have_hours(font: fonts.FontFiles, tmp_path: Path) -> None:
    """Hours, minutes and seconds are all there, in two digits."""
    late = spoken("one", "two", word_s=0.5, pause_s=3661.0)
    assert "01:01:01,500 --> 01:01:02,200" in written(late, font, tmp_path).srt


def test_webvtt_markup_in_a_story_is_text(font: fonts.FontFiles, tmp_path: Path) -> None:
    """What WebVTT would read as a tag, a reference or an arrow is written as references (WebVTT 4.2.2)."""
    made = written(spoken("<b> &lt; --> ok"), font, tmp_path)
    assert made.vtt.endswith("\n&lt;b&gt; &amp;lt; --&gt; ok\n")


@pytest.mark.parametrize("kind", ["srt", "vtt"])
@pytest.mark.parametrize("story", [r"a {\an8}b", "a <i>b</i> c", "1 --> 2", r"a \N b", "a &amp; b", "x < y", "{x}"])
def test_players_read_subtitles_as_they_are_told(font: fonts.FontFiles, tmp_path: Path, story: str, kind: str) -> None:
    """FFmpeg, which many players read subtitles with, finds every character, and no markup, in both files."""
    written(spoken(story), font, tmp_path)
    assert _read(tmp_path / f"c.{kind}") == [story]


@pytest.mark.parametrize("kind", ["srt", "vtt"])
def test_a_line_keeps_its_sentences_direction(font: fonts.FontFiles, tmp_path: Path, kind: str) -> None:
    """Where a line of Hebrew begins with a Latin word, a mark says which way it goes; other lines have none."""
    written(spoken("הוא", "הוא ראה"), font, tmp_path)
    assert "\u200f" not in (tmp_path / f"c.{kind}").read_text("utf-8")
    written(spoken('"1" ראה'), font, tmp_path)
    written(spoken("הוא iPhone", word_s=9.0, pause_s=0), font, tmp_path, look=CaptionLook(size=2.0))
    assert "\u200fiPhone" in (tmp_path / f"c.{kind}").read_text("utf-8")


def _read(file: Path) -> list[str]:
    """The texts that FFmpeg reads in a file of subtitles, without invisible joiners and its own escapes for ASS."""
    argv = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", file.name, "-f", "ass", "-"]
    out = subprocess.run(argv, cwd=file.parent, check=True, capture_output=True, text=True).stdout
    bodies = [line.split(",", 9)[9] for line in out.splitlines() if line.startswith("Dialogue:")]
    return [body.replace("\\N", " ").replace("\\{{}", "{").replace("\u2060", "") for body in bodies]
