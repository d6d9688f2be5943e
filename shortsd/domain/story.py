"""What a short tells, how it sounds and what it shows, before it is a timeline."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """The text of a short and what is said about it."""

    title: str
    """At most 70 characters."""
    text: str
    """What is spoken, word for word."""
    description: str = ""
    tags: tuple[str, ...] = ()
    mood: str = "eerie"


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is shown, with the time it is spoken. Seconds from the start of what contains it."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """A spoken sentence; its words' times count from the start of the narration."""

    text: str
    start_s: float
    end_s: float
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Speech:
    """One sentence as a voice spoke it: a WAV file, and words whose times count from its start."""

    file: str
    duration_s: float
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class VoiceInfo:
    """A voice that can be asked for by its id."""

    id: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class SceneBrief:
    """What a picture source is told about a scene."""

    index: int
    text: str
    """The sentence or sentences spoken over it."""
    mood: str
    seed: int
    """The short's; with the text it decides about the picture, so that other words elsewhere leave it as it is."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to be filmed: an 8-bit sRGB JPEG or PNG without alpha, upright. Size in pixels."""

    file: str
    """File name in the folder that the source was given."""
    width: int
    height: int
    source: str
    author: str = ""
    licence: str = ""
    aim: tuple[float, float] | None = None
    """The point that it is about, in fractions of its width and height; None where none is known."""
    whole: bool = False
    """Whether it shows another picture whole, of which nothing should be left out."""


@dataclass(frozen=True, slots=True)
class MusicTrack:
    """A music file and whom to thank for it."""

    file: str
    title: str
    credit: str = ""
