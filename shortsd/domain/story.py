"""What a short tells, how it sounds and what it shows, before it is a timeline."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a story that is seen in one picture, and what that is to be looked for by."""

    text: str
    keywords: tuple[str, ...] = ()


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
    passages: tuple[Passage, ...] = ()
    """The whole text, stretch by stretch; none where its writer does not think in pictures."""
    writer: str = ""
    """Who wrote it: a provider, and its model if it has one. Empty for a user's own text."""
    tokens: int = 0
    """What a language model counted for all that it read and wrote for it."""
    source: str = ""
    """The address of the article that it retells."""


@dataclass(frozen=True, slots=True)
class Article:
    """The text of a page elsewhere."""

    url: str
    """Where it was found in the end."""
    title: str
    text: str
    author: str = ""
    site: str = ""
    language: str = ""
    """As a language tag ("en"), if that is known."""


@dataclass(frozen=True, slots=True)
class Twin:
    """A story told before that another one is too much like."""

    job: int
    title: str
    text: str
    likeness: float
    """From 0 to 100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What a writer is asked for. Either `topic` is not empty or there is an `article` to be retold."""

    topic: str = ""
    article: Article | None = None
    seed: int = 0
    avoid: tuple[Twin, ...] = ()
    """What was written for this before, or is known, and was too much like a story told before."""


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
    """As a language tag; `mul` for one that speaks many (ISO 639-2)."""
    provider: str = ""
    gender: str = ""
    """`female`, `male`, or empty where nobody says."""


@dataclass(frozen=True, slots=True)
class SceneBrief:
    """What a picture source is told about a scene."""

    index: int
    text: str
    """The sentence or sentences spoken over it."""
    mood: str
    seed: int
    """The short's; with the text it decides about the picture, so that other words elsewhere leave it as it is."""
    keywords: tuple[str, ...] = ()
    """What a picture is to be looked for by, best first; none where nobody has thought of any."""


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
    id: str = ""
    """What its source calls it; with `source`, it is the same picture wherever that is the same."""
    page: str = ""
    """The address of the page that shows it where it came from."""
    author_page: str = ""
    """The address of its author's page there."""
    still: bool = False
    """Whether the camera stands still over it: it is read."""


@dataclass(frozen=True, slots=True)
class MusicTrack:
    """A music file and whom to thank for it."""

    file: str
    title: str
    credit: str = ""
    licence: str = ""
