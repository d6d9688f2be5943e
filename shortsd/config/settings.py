"""What a user may set, with the defaults; `config.example.toml` shows every key."""

import os
from dataclasses import dataclass, field

from shortsd.domain.gates import Gate
from shortsd.domain.slides import Theme
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
    jobs_ahead: int = 3
    """Further jobs whose stories, voices and pictures are fetched meanwhile, where these come from services."""


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


Providers = str | list[str]
"""The name of one, or of several that are asked one after the other until one does it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Who writes stories."""

    provider: Providers = "auto"
    """`auto`, `builtin`, `cerebras`, `groq`, `openai`, `openrouter`, `ollama`, `custom`, or a list of these."""
    model: str = ""
    """The language model; empty for the one that is usual with the provider."""
    base_url: str = ""
    """Of `custom`: any OpenAI-compatible chat endpoint, up to before `/chat/completions`."""
    language: str = "en"
    """The language that stories are to be in, as a tag."""
    words: int = 140
    """About how many words a story is to have."""
    prompts: str = ""
    """A folder with prompts in place of ours: `story.md`, `retell.md`, `title.md`, `repair.md`."""
    rewrites: int = 3
    """How often a story is written again that is too much like one told before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """The narrator."""

    provider: Providers = "espeak"
    """`espeak`, `edge`, `openai`, a list of these, or `auto`: the best of them that works."""
    voice: str = "en-us"
    """A voice's id, as `shortsctl voices` lists them."""
    edge_voice: str = "en-US-ChristopherNeural"
    """Who speaks for `edge` where `voice` is none of its own."""
    speech_voice: str = "onyx"
    """Who speaks for `openai` where `voice` is none of its own."""
    speech_model: str = "gpt-4o-mini-tts"
    """Of `openai`, or of the endpoint at services.speech."""
    max_speech_s: int = 180
    """Seconds of speech above which a story needs `--allow-long`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Images:
    """The pictures."""

    provider: Providers = "auto"
    """`painter`, `pexels`, `unsplash`, `folder`, a list of these, or `auto`: those with a key, then ours."""
    folder: str = ""
    """Of `folder`: your own pictures, found by the words in their names."""
    repeat_after: int = 50
    """Shorts after which a picture from elsewhere may be shown again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Music:
    """The music."""

    folder: str = ""
    """Your own, in sub-folders by mood or with a `music.toml`; empty for a synthesised pad."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Youtube:
    """The channel. Sign in first: `shortsctl auth youtube`."""

    upload: bool = False
    """Whether finished shorts are uploaded."""
    privacy: str = "private"
    """`private`, `unlisted` or `public`. A public one is seen from its hour on."""
    category: int = 24
    """YouTube's number: 24 is Entertainment."""
    made_for_kids: bool = False
    synthetic: bool = True
    """Tell viewers that it was made or changed with artificial means."""
    quota_units: int = 10_000
    """That a day has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When the shorts of a week are to be seen."""

    at: list[str] = field(default_factory=lambda: ["09:00", "13:00", "17:00", "21:00"])
    """The hours of a day."""
    zone: str = ""
    """The time zone that they are of, such as Europe/Berlin; empty for this machine's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Whether a person looks before a job goes on."""

    before: Gate = Gate.NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """A folder from which stories are taken."""

    watch: bool = True
    folder: str = ""
    """Empty for one beside that of the finished shorts (`Places.inbox`)."""
    settle_s: float = 2.0
    """Seconds for which a file has to stay as it is before it is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Creations:
    """Picture books that become videos, for who asks over HTTP."""

    storage: str = ""
    """Where they lie: a folder, s3://bucket/…, gs://bucket/… or az://container/…. Empty: nobody can ask."""
    mode: str = "d"
    """`d`: this daemon renders them. `p`: an execution of a Cloud Run job does."""
    job: str = ""
    """Of mode `p`: projects/PROJECT/locations/REGION/jobs/NAME."""
    listen: str = ""
    """`host:port` on which they can be asked for by TCP, too, with the secret http_token; empty for nowhere."""
    size: str = "1920x1080"
    """Width and height of their videos in pixels, where nothing else is asked for."""
    silent_s: float = 3.0
    """Seconds for which a page is shown that says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """Videos elsewhere that are written down."""

    speech_model: str = ""
    """The folder of a faster-whisper model, for videos without subtitles; empty: these fail, and say so."""
    summary_words: int = 150
    """About how many words a summary is to have."""
    at_once: int = 2
    """Videos that are written down at a time, beside other jobs."""
    wait_s: float = 20.0
    """Seconds that a site may keep silent."""
    sound_mb: int = 500
    """Mebibytes that the sound of a video may take, where it is listened to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slides:
    """Lectures of slides."""

    theme: Theme = Theme.PAPER
    drawer: str = "auto"
    """`auto`: a Chromium if one is found, and Pillow where it is not or fails; `chromium` or `pillow` alone."""
    chromium: str = ""
    """Path of the browser; empty for the first that is found."""
    words: int = 350
    """About how many words are said of an article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Where services elsewhere are."""

    cerebras: str = "https://api.cerebras.ai/v1"
    groq: str = "https://api.groq.com/openai/v1"
    openai: str = "https://api.openai.com/v1"
    openrouter: str = "https://openrouter.ai/api/v1"
    ollama: str = "http://127.0.0.1:11434/v1"
    speech: str = "https://api.openai.com/v1"
    edge: str = "https://speech.platform.bing.com/consumer/speech/synthesize/readaloud"
    pexels: str = "https://api.pexels.com/v1"
    unsplash: str = "https://api.unsplash.com"
    youtube: str = "https://www.googleapis.com"
    google_accounts: str = "https://accounts.google.com"
    google_tokens: str = "https://oauth2.googleapis.com"
    cloud_run: str = "https://run.googleapis.com"
    trusted: list[str] = field(default_factory=list)
    """Hosts that may have addresses of a private network, as `host` or `host:port`; others are refused there."""


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
    writer: Writer = field(default_factory=Writer)
    voice: Voice = field(default_factory=Voice)
    images: Images = field(default_factory=Images)
    music: Music = field(default_factory=Music)
    youtube: Youtube = field(default_factory=Youtube)
    schedule: Schedule = field(default_factory=Schedule)
    review: Review = field(default_factory=Review)
    inbox: Inbox = field(default_factory=Inbox)
    creations: Creations = field(default_factory=Creations)
    channels: Channels = field(default_factory=Channels)
    slides: Slides = field(default_factory=Slides)
    services: Services = field(default_factory=Services)
    children: Children = field(default_factory=Children)
    storage: Storage = field(default_factory=Storage)
