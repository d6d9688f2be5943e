"""What is said in videos elsewhere: a listing of them, what is known of one, and its words with their times."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shortsd.domain.text import joined

UNKNOWN = "und"
"""The tag of a language that nobody tells (ISO 639-2)."""
SILENCE_S = 2.0
"""Without a word, after which a transcript begins a new paragraph."""
PARAGRAPH = 900
"""Characters after which it does where a sentence ends, and after twice as many in any case."""
_ENDS = (".", "!", "?", "…", "。", "！", "？")


@dataclass(frozen=True, slots=True)
class Entry:
    """A video as a listing has it."""

    id: str
    url: str
    title: str = ""
    uploaded: str = ""
    """The day, "2026-11-29", as far as the listing tells; of some sites it is about right, never too early."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Videos of a channel, newest first where the site tells when they came."""

    id: str
    """What its site calls it: the same by whatever address it was asked for."""
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Track:
    """Subtitles that a video has."""

    language: str
    """A tag, UNKNOWN if nobody tells."""
    automatic: bool
    """Whether a machine has heard them."""
    source: Mapping[str, Any]
    """How they are fetched, in the words of who found them."""


@dataclass(frozen=True, slots=True)
class Video:
    """What is known of a video."""

    id: str
    url: str
    title: str
    channel: str = ""
    uploaded: str = ""
    """As of an Entry, and exact."""
    duration_s: float | None = None
    language: str = ""
    """That is spoken in it, if its site tells."""
    tracks: tuple[Track, ...] = ()
    """Its subtitles that suit what was asked for, the best first."""
    languages: tuple[str, ...] = ()
    """Tags of all its subtitles that people wrote, and of those that a machine heard where nobody did."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Words that are said from `start_s` to `end_s`."""

    start_s: float
    end_s: float
    text: str
    """In one line."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What is said in a video."""

    language: str
    source: str
    """`manual` or `automatic` subtitles, or `speech` that was listened to here."""
    segments: tuple[Segment, ...] = ()


def told(segments: Iterable[Segment]) -> str:
    """A transcript as a text to be read: paragraphs, a new one after a silence and where one gets long."""
    paragraphs: list[list[str]] = []
    end_s, length = 0.0, 0
    for segment in segments:
        ended = paragraphs and paragraphs[-1][-1].endswith(_ENDS)
        if not paragraphs or segment.start_s - end_s > SILENCE_S or length > (PARAGRAPH if ended else 2 * PARAGRAPH):
            paragraphs.append([])
            length = 0
        paragraphs[-1].append(segment.text)
        end_s, length = segment.end_s, length + len(segment.text)
    return "\n\n".join(map(joined, paragraphs))


def primary(tag: str) -> str:
    """The language of a tag without its script and region: "en" of "en-GB"."""
    return tag.replace("_", "-").partition("-")[0].casefold()


def matching(tag: str, wanted: str) -> int:
    """How well a tag suits a wanted one: 2 wholly, 1 in the language alone, 0 not at all."""
    tag, wanted = tag.replace("_", "-").casefold(), wanted.replace("_", "-").casefold()
    return 2 if tag == wanted else int(primary(tag) == primary(wanted))


def since(entries: Sequence[Entry], day: str) -> tuple[Entry, ...]:
    """Those that came on a day or later, and those of which nobody tells when they came."""
    return tuple(entry for entry in entries if not entry.uploaded or entry.uploaded >= day)
