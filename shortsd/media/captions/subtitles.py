"""Captions as files of their own: SubRip and WebVTT, with the cues and the times that the picture has."""

import re
from collections.abc import Iterable, Sequence

from shortsd.media.captions.timing import TimedCue
from shortsd.media.cues import Cue, leftward

_WORD_JOINER = "\u2060"
_LEFT_TO_RIGHT_MARK, _RIGHT_TO_LEFT_MARK = "\u200e", "\u200f"


def srt(seen: Sequence[TimedCue]) -> str:
    """As `subrip`, of cues as they are seen."""
    return subrip((cue.start, cue.end, _text(cue.cue)) for cue in seen)


def subrip(cues: Iterable[tuple[int, int, str]]) -> str:
    r"""A SubRip document: number, times, lines, an empty line. Cues begin and end at hundredths of a second.

    The format has no escapes, and players read `<i>` and `{\an8}` as markup; a word joiner, which has no width and no
    looks, behind the opening sign keeps them from it, and from an arrow that is none.
    """
    return "".join(
        f"{number}\n{_stamp(start, ',')} --> {_stamp(end, ',')}\n{_plain(lines)}\n\n"
        for number, (start, end, lines) in enumerate(cues, 1)
    )


def vtt(seen: Sequence[TimedCue]) -> str:
    """A WebVTT document (W3C, WebVTT: The Web Video Text Tracks Format, 4.1 and 4.2.2)."""
    cues = (f"\n{_stamp(cue.start, '.')} --> {_stamp(cue.end, '.')}\n{_referenced(_text(cue.cue))}\n" for cue in seen)
    return "WEBVTT\n" + "".join(cues)


def text(cue: Cue) -> tuple[str, ...]:
    """The lines of a cue as they are read."""
    return tuple(
        "".join(" " * (piece.spaced and index > 0) + piece.text for index, piece in enumerate(line))
        for line in cue.lines
    )


def _text(cue: Cue) -> str:
    """The lines of a cue, each marked where its first letter would give it another direction than its sentence's."""
    mark = _RIGHT_TO_LEFT_MARK if cue.leftward else _LEFT_TO_RIGHT_MARK
    return "\n".join(mark * (leftward(line) is not cue.leftward) + line for line in text(cue))


def _plain(lines: str) -> str:
    marked = re.sub(r"<(?=[A-Za-z/])|\{(?=\\)", rf"\g<0>{_WORD_JOINER}", _unbroken(lines))
    return marked.replace("-->", f"--{_WORD_JOINER}>")


def _unbroken(lines: str) -> str:
    r"""Text in which players built on FFmpeg, which hands it on as ASS, find no `\N`, `\n` or `\h`."""
    return re.sub(r"\\(?=[Nnh])", rf"\g<0>{_WORD_JOINER}", lines)


def _referenced(lines: str) -> str:
    return _unbroken(lines).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _stamp(instant: int, point: str) -> str:
    seconds, hundredths = divmod(instant, 100)
    minutes = seconds // 60
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds % 60:02}{point}{hundredths:02}0"
