"""What subtitles say: any format that pysubs2 knows, as segments in order, each word once."""

import codecs
import html
import re
from collections.abc import Iterable, Iterator

import pysubs2
from pysubs2.exceptions import Pysubs2Error

from shortsd.domain.text import joined, line
from shortsd.domain.transcript import Segment

EMPTY = "they are empty"
UNREADABLE = "they cannot be read"
MOST = 50_000
"""Segments that are kept: a day's worth."""
_MARKUP = re.compile(r"\{\\[^}]*\}|<[^<>]{0,200}>")
"""Overrides of ASS, and tags of WebVTT, which also say when a word comes."""
_KNOWN = frozenset(("srt", "vtt", "ass", "ssa", "ttml", "sami"))
_BLANKS = re.compile(r"\\[Nnh]")
_MOMENT = re.compile(r"<\d[\d:.]*>")
"""Within a cue of WebVTT. Two of them in a line would be taken for the times of another cue."""
_HEAD = re.compile(r"\A\s*(WEBVTT[^\n]*)?\s*\Z")


def read(data: bytes, ext: str) -> list[Segment] | str:
    """The segments of a file, at least one; or why there are none."""
    text = _decoded(data)
    if _HEAD.match(text):
        return EMPTY
    found = list(_segments(_lines(text, ext)))[:MOST]
    return found or UNREADABLE


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _lines(text: str, ext: str) -> Iterator[tuple[float, float, list[str]]]:
    """When what is shown, lines without markup, in order."""
    if text.lstrip().startswith("WEBVTT"):
        ext, text = "vtt", _cues(text)
    try:
        events = pysubs2.SSAFile.from_string(text, format_=ext if ext in _KNOWN else None)
    except (Pysubs2Error, ValueError, KeyError, IndexError, TypeError, AttributeError, SyntaxError):
        return  # what its readers raise at garbage
    for event in sorted(events, key=lambda event: (event.start, event.end)):
        shown = [line(html.unescape(_MARKUP.sub("", one))) for one in _BLANKS.sub("\n", event.text).split("\n")]
        start_s = max(0.0, event.start / 1000)
        yield start_s, max(start_s, event.end / 1000), [one for one in shown if one]


def _cues(text: str) -> str:
    """WebVTT without all that is no cue, and without the names of cues, which would be taken for words (4.1 there)."""
    blocks = re.split(r"\n\n+", _MOMENT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    lines = [block.split("\n") for block in blocks if "-->" in block]
    timed = [next(at for at, line in enumerate(block) if "-->" in line) for block in lines]
    return "\n\n".join(["WEBVTT", *("\n".join(block[at:]) for block, at in zip(lines, timed, strict=True))])


def _segments(shown: Iterable[tuple[float, float, list[str]]]) -> Iterator[Segment]:
    """Each line once: captions that roll show it again, below or above what is new."""
    before: list[str] = []
    before_end_s = 0.0
    for start_s, end_s, lines in shown:
        rolls = start_s <= before_end_s + 0.05
        new = lines[_shared(before, lines) :] if rolls else lines
        if new:
            yield Segment(round(start_s, 3), round(end_s, 3), joined(new))
        before, before_end_s = lines or before, max(before_end_s, end_s)


def _shared(before: list[str], lines: list[str]) -> int:
    """How many of the first lines were the last ones shown before."""
    most = min(len(before), len(lines))
    return next((count for count in range(most, 0, -1) if before[-count:] == lines[:count]), 0)
