"""What a stage or the engine is handed: Protocols, with no word about who stands behind them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from shortsd.domain.story import MusicTrack, Picture, SceneBrief, Speech, Story, VoiceInfo


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


@dataclass(frozen=True, slots=True)
class Output:
    """What a child wrote, the last mebibyte of each stream at most."""

    stdout: str
    stderr: str


class Children(Protocol):
    """Runs child processes, each in a group of its own that ends with the work it belongs to.

    Their standard error goes to the job's log line by line. A cancelled call ends the group before it returns.
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
    """Makes a story of a topic."""

    @property
    def key(self) -> str:
        """Name and version: what it wrote is written anew when this changes."""
        ...

    async def write(self, topic: str, seed: int, desk: Desk) -> Story: ...


class Voice(Protocol):
    """Speaks a sentence."""

    @property
    def key(self) -> str: ...

    async def voices(self) -> Sequence[VoiceInfo]: ...

    async def speak(self, text: str, voice: str, to: Path, desk: Desk) -> Speech:
        """Speak `text` into the WAV file `to`.

        The words are those of `shortsd.domain.text.words(text)`, all of them and in that order; their times rise.
        Raises BadInput for a voice that does not exist (its hint says near names).
        """
        ...


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


@dataclass(frozen=True, slots=True)
class Published:
    """Where a short went."""

    video: str
    thumbnail: str
    metadata: str
    srt: str = ""
    vtt: str = ""
    """Its captions; empty where it was published without any, as it was once."""


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
