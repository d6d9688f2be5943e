"""What a user may set, with the defaults; `config.example.toml` shows every key."""

import os
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Daemon:
    """The daemon itself."""

    max_parallel_jobs: int = max(1, (os.cpu_count() or 1) // 2)
    """Jobs worked on at the same time, at least 1."""
    log_level: str = "info"
    """`debug`, `info`, `warning` or `error`."""
    min_free_mb: int = 500
    """Mebibytes that must be free where shorts are made, or new work is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """The picture."""

    width: int = 1080
    height: int = 1920
    fps: int = 30
    crf: int = 20
    """x264's constant rate factor: lower is better and larger; 18 to 23 is sensible."""
    preset: str = "veryfast"
    """x264's preset, `superfast` to `veryslow`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """The narrator."""

    voice: str = "en-us"
    """A voice's id, as `espeak-ng --voices` names languages."""
    max_speech_s: int = 180
    """Seconds of speech above which a story needs `--allow-long`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Children:
    """The processes that the daemon starts."""

    ffmpeg: str = ""
    """Path of an FFmpeg to use instead of the one that comes with shortsd."""
    nice: int = 5
    """Their niceness, 0 to 19."""
    stall_s: float = 120
    """Seconds without a sign of life after which a process is ended."""
    time_limit_s: float = 3600
    """Seconds after which a process is ended in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All of `config.toml`, a table for each field."""

    daemon: Daemon = field(default_factory=Daemon)
    video: Video = field(default_factory=Video)
    voice: Voice = field(default_factory=Voice)
    children: Children = field(default_factory=Children)
