"""What a user may set, with the defaults; `config.example.toml` shows every key."""

import os
from dataclasses import dataclass, field

from shortsd.domain.style import CaptionLook, Cut, Fit


@dataclass(frozen=True, slots=True, kw_only=True)
class Daemon:
    """The daemon itself."""

    max_parallel_jobs: int = max(1, (os.cpu_count() or 1) // 2)
    """Jobs worked on at the same time, at least 1."""
    log_level: str = "info"
    """`debug`, `info`, `warning` or `error`."""
    min_free_mb: int = 500
    """Mebibytes that must be free where shorts are made, or new work is refused."""
    retries: int = 3
    """How often a job that failed is tried again by itself, where trying again can help."""
    retry_wait_s: float = 15.0
    """Seconds before the first of these tries; each further one waits about three times as long as the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """The picture."""

    width: int = 1080
    height: int = 1920
    fps: int = 30
    crf: int = 20
    """x264's constant rate factor: lower is better and larger; 18 to 23 is sensible. Other encoders are told alike."""
    preset: str = "superfast"
    """x264's preset, `superfast` to `veryslow`; other encoders have one of their own."""
    encoder: str = "x264"
    """`auto`, `x264`, `nvenc`, `vaapi`, `qsv`, `videotoolbox` or `svtav1`; x264 where what is named does not work."""
    cuts: Cut = Cut.CROSSFADE
    fit: Fit = Fit.CROP


@dataclass(frozen=True, slots=True, kw_only=True)
class Captions(CaptionLook):
    """The words on the screen."""


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
    parallel_encoders: int = max(1, (os.cpu_count() or 1) // 2)
    """Encoders that run at the same time, over all jobs, at least 1."""
    io_class: str = "best-effort"
    """How the kernel serves their reads and writes: `none` (as the daemon's), `best-effort` (its lowest) or `idle`."""
    memory_mb: int = 4096
    """Mebibytes that each process may take; 0 for no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """How much of the disk may be taken, in mebibytes (0: no limit), and for how long."""

    work_mb: int = 20_000
    """For the artifacts of jobs. Above it those of jobs that succeeded go, oldest first."""
    cache_mb: int = 5_000
    """For what can be made again. Above it the least recently used goes."""
    output_mb: int = 0
    """For finished shorts. Above it new work is refused; a short is never removed unless somebody asks for it."""
    keep_days: float = 7.0
    """Days after which the artifacts of a job that succeeded go in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All of `config.toml`, a table for each field."""

    daemon: Daemon = field(default_factory=Daemon)
    video: Video = field(default_factory=Video)
    captions: Captions = field(default_factory=Captions)
    voice: Voice = field(default_factory=Voice)
    children: Children = field(default_factory=Children)
    storage: Storage = field(default_factory=Storage)
