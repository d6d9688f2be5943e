"""What a stage or the engine is handed: Protocols, with no word about who stands behind them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from shortsd.domain.slides import Script
from shortsd.domain.story import (
    Article,
    Assignment,
    MusicTrack,
    Picture,
    SceneBrief,
    Speech,
    Story,
    VoiceInfo,
)
from shortsd.domain.transcript import Entry, Listing, Segment, Track, Transcript, Video


class Clock(Protocol):
    """Seconds since the epoch."""

    def __call__(self) -> float: ...


class Progress(Protocol):
    """Hears how far a piece of work is, in its own unit (words, images, frames)."""

    def __call__(self, done: float, total: float, message: str = "") -> None: ...


class Log(Protocol):
    """The log of a job."""

    def info(self, message: str) -> None: ...
    def warning(self, message: str) -> None: ...
    def output(self, source: str, *lines: str) -> None:
        """Lines that a child process wrote."""
        ...


class Desk(Protocol):
    """What a piece of work has at hand: its log, its listener, and whose work it is."""

    @property
    def job(self) -> int: ...
    @property
    def stage(self) -> str: ...
    @property
    def log(self) -> Log: ...
    @property
    def progress(self) -> Progress: ...


@dataclass(frozen=True, slots=True)
class Command:
    """A child process to be. `name` stands for it in logs and errors; `argv` holds no secrets."""

    name: str
    argv: tuple[str, ...]
    stdin: bytes = b""
    answers: bool = False
    """Whether its standard error is what it is asked for, and not for the job's log. An error has its last lines."""


@dataclass(frozen=True, slots=True)
class Output:
    """What a child wrote, the last mebibyte of each stream at most."""

    stdout: str
    stderr: str


class Children(Protocol):
    """Runs child processes, each in a group of its own that ends with the work it belongs to.

    Their standard error goes to the job's log line by line, unless it is an answer. A cancelled call ends the group
    before it returns.
    """

    async def run(self, command: Command, desk: Desk, on_line: Callable[[str], None] | None = None) -> Output:
        """Run a command to its end; `on_line` hears each line of its standard output.

        Raises ChildFailed (with the last lines it wrote), TimedOut, DiskFull.
        """
        ...

    async def pipe(
        self, source: Command, sink: Command, desk: Desk, on_line: Callable[[str], None] | None = None
    ) -> Output:
        """Run two commands, the first one's standard output being the second's standard input, by an OS pipe.

        `on_line` hears the sink's standard output, and the sink's output is returned. Raises as `run` does, for
        the one that failed first.
        """
        ...


class Workers(Protocol):
    """Runs heavy Python of ours in a child process, so that the daemon stays light and the work can be ended."""

    async def call(self, target: str, request: Mapping[str, Any], desk: Desk) -> Any:
        """Call `target` ("package.module:function") with a JSON request; its JSON answer.

        Raises ChildFailed, TimedOut, DiskFull, or the ShortsError that the function raised.
        """
        ...


class Writer(Protocol):
    """Makes a story of a topic, or retells an article."""

    @property
    def key(self) -> str:
        """Name and version: what it wrote is written anew when this changes."""
        ...

    async def write(self, assignment: Assignment, desk: Desk) -> Story:
        """Write what is asked for, and nothing like what is to be avoided. Raises BadInput, ServiceFailed."""
        ...


class Summarizer(Protocol):
    """Says what a text says in fewer words."""

    name: str
    """For people."""

    @property
    def key(self) -> str:
        """As of a Writer."""
        ...

    async def summarize(self, article: Article, words: int, desk: Desk) -> str:
        """What an article says, in about so many words. Raises BadInput, ServiceFailed."""
        ...


class Videos(Protocol):
    """Knows of videos elsewhere. Methods raise BadInput for what a second look will not better, else ServiceFailed.

    `site` is the address that the user gave: its host is asked wherever it is, others where everybody may.
    """

    async def listing(self, url: str, limit: int, since: str, desk: Desk) -> Listing:
        """The newest `limit` videos at an address that came on the day `since` or later; any if that is empty."""
        ...

    async def look(self, entry: Entry, language: str, site: str, to: Path, desk: Desk) -> Video:
        """What is known of a video, and into the file `to` what `sound` is found by.

        `language` is the tag of the subtitles that are wanted; empty for those of the language that is spoken.
        """
        ...

    async def subtitles(self, track: Track, site: str, folder: Path, desk: Desk) -> Sequence[Segment] | str:
        """What subtitles say, at least something; or why there is nothing to be had of these. Works in `folder`."""
        ...

    async def sound(self, known: Path, site: str, folder: Path, desk: Desk) -> str:
        """Bring the sound of a video into a folder, as small as it is to be had; the file's name.

        `known` is what `look` wrote. Progress counts bytes.
        """
        ...


class Hearing(Protocol):
    """Writes down what is said in a sound file."""

    @property
    def key(self) -> str: ...

    def check(self) -> None:
        """Raises BadInput if it cannot be used here, saying what it takes."""
        ...

    async def listen(self, sound: Path, language: str, desk: Desk) -> Transcript:
        """What is said in a language (a tag; empty: whichever is heard). Progress counts seconds.

        Raises BadInput for a file without sound.
        """
        ...


class Lecturer(Protocol):
    """Makes a lecture of an article."""

    async def outline(self, article: Article, words: int, desk: Desk) -> Script | None:
        """A lecture of slides, about so many words long; None from who does not think in slides.

        Raises ServiceFailed, ServiceRefused.
        """
        ...


class Author(Writer, Lecturer, Protocol):
    """Writes whatever is wanted."""


class Articles(Protocol):
    """Reads pages elsewhere."""

    async def fetch(self, url: str, desk: Desk) -> Article:
        """The article that a page holds. Raises BadInput (no such page, no article in it), ServiceFailed."""
        ...


class Pages(Articles, Protocol):
    """Reads pages elsewhere with all that is on them."""

    async def structured(self, url: str, desk: Desk) -> tuple[Article, str]:
        """The article that a page holds, and as Markdown: with its headings, lists, code, and addresses of pictures.

        Raises as `fetch`.
        """
        ...

    async def picture(self, url: str, to: Path, desk: Desk) -> None:
        """Bring the picture at an address into the file `to`. Raises BadInput, ServiceFailed, OSError for `to`."""
        ...


class Voice(Protocol):
    """Speaks a sentence."""

    @property
    def key(self) -> str: ...

    async def voices(self) -> Sequence[VoiceInfo]: ...

    async def speak(self, text: str, voice: str, to: Path, desk: Desk) -> Speech:
        """Speak `text` into the file `to`: a WAV, or what FFmpeg takes for sound whatever its name says.

        The words are those of `shortsd.domain.text.words(text)`, all of them and in that order; their times rise.
        Raises BadInput for a voice that does not exist (its hint says near names), ServiceFailed, ServiceRefused.
        """
        ...


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who may speak a whole narration."""

    provider: str
    voice: Voice
    id: str
    """The voice's, at its provider."""
    at_once: int = 1
    """Sentences that it may be asked for at the same time."""

    def __str__(self) -> str:
        return f"{self.provider}:{self.id}"


@dataclass(frozen=True, slots=True)
class Roster:
    """Voices that can be asked for."""

    providers: tuple[str, ...]
    voices: tuple[VoiceInfo, ...]
    notes: tuple[str, ...] = ()
    """Whose voices cannot be told now, and why."""


class Pictures(Protocol):
    """Finds or makes a picture for each scene."""

    @property
    def key(self) -> str: ...

    async def pictures(
        self, scenes: Sequence[SceneBrief], size: tuple[int, int], folder: Path, desk: Desk
    ) -> Sequence[Picture]:
        """Write one picture for each scene into `folder`; progress counts pictures.

        `size` is the width and height in pixels that a picture should cover to be filmed without being blown up.
        Raises BadInput if none of what the user gave can be read.
        """
        ...


class Music(Protocol):
    """Finds or makes music."""

    @property
    def key(self) -> str: ...

    async def track(self, duration_s: float, mood: str, seed: int, folder: Path, desk: Desk) -> MusicTrack:
        """Write a track into `folder`; it may be shorter or longer than asked, who mixes it loops and fades it."""
        ...


@dataclass(frozen=True, slots=True)
class Publication:
    """A finished short on its way out."""

    job: int
    created_at: float
    """When the job was asked for; with its id, whose short it is."""
    title: str
    video: Path
    thumbnail: Path
    srt: Path
    vtt: Path
    """Its captions, as SubRip and as WebVTT."""
    metadata: Mapping[str, Any]
    """What it is called (`title`, `description`, `tags`, `credits`) and made of."""
    language: str = "en"
    """That it is told in, as a language tag."""
    publish_at: float | None = None
    """When it is to be seen, in seconds since the epoch; None for at once."""


@dataclass(frozen=True, slots=True)
class Published:
    """Where a short went."""

    video: str
    thumbnail: str
    metadata: str
    srt: str = ""
    vtt: str = ""
    """Its captions; empty where it was published without any, as it was once."""
    link: str = ""
    """The address at which others see it; empty where it is on this machine only."""
    warnings: tuple[str, ...] = ()
    """What did not go as it should, though it was published."""


class Publisher(Protocol):
    """Brings a finished short to where it is seen."""

    @property
    def key(self) -> str: ...

    async def publish(self, publication: Publication, desk: Desk) -> Published:
        """Make the short public, wholly or not at all, also when cancelled; again, it replaces what it published."""
        ...

    async def withdraw(self, job: int, created_at: float) -> None:
        """Take back what a killed daemon published of a job that has since been stopped."""
        ...
