"""What travels over the socket. Plain dataclasses: FastAPI makes the OpenAPI of them, msgspec reads them in clients."""

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

STRICT = {"extra": "forbid"}
"""pydantic's setting for requests: a key that we do not know is an error, not a silent nothing."""


class Exactly:
    """For pydantic, which clients do not load: nothing is made fit, so that 0 is not false."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        """The schema of what is annotated, made strict."""
        return {**handler(source), "strict": True}


Truth = Annotated[bool, Exactly()]
Whole = Annotated[int, Exactly()]
Real = Annotated[float, Exactly()]


@dataclass(frozen=True, kw_only=True)
class FilmParams:
    """How any video is told, shown and heard. Paths are absolute, on the daemon's machine."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    title: str | None = None
    voice: str | None = None
    """A voice's id; the configured one if not given."""
    music: str | None = None
    """A sound file."""
    fps: Whole | None = None
    size: str | None = None
    """Width and height in pixels, "1080x1920"."""
    shape: str | None = None
    """In place of a size: "9:16", "16:9" or "1:1"."""
    captions: str | None = None
    """A caption style: karaoke, pop, boxed, clean, typewriter or two-tone."""
    caption_colour: str | None = None
    """Its accent, as #RRGGBB."""
    caption_size: Real | None = None
    """Times the usual size, 0.5 to 2."""
    cuts: str | None = None
    """crossfade, dip, whip or hard."""
    seed: Whole | None = None
    """Chooses among the built-in stories, paintings, camera moves and tones."""


@dataclass(frozen=True, kw_only=True)
class ShortParams(FilmParams):
    """What a short is made of. One of `topic`, `story` and `url`. Without a seed it gets a new one."""

    topic: str | None = None
    story: str | None = None
    """Spoken word for word."""
    url: str | None = None
    """The address of an article that is retold."""
    picture: list[str] | None = None
    """Pictures of certain scenes, counted from 1: "3=/home/ann/bell.jpg"; "3=" takes one back."""
    images: str | None = None
    """A folder of pictures, taken in the order of their names."""
    caption_place: str | None = None
    """auto, top, middle or bottom."""
    fit: str | None = None
    """Pictures of another shape than the frame: crop or blur."""
    look: str | None = None
    """The name of a look, or a Python file with one."""
    review: str | None = None
    """What it does not do before somebody approves of it: `render`, `publish` or `nothing`."""
    allow_long: Truth = False
    """Let a story through that takes more than three minutes to say."""


@dataclass(frozen=True, kw_only=True)
class NewJob:
    """A job to be made."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    kind: str = "short"
    params: Any
    """What it is made of, in the dataclass of its kind: ShortParams of a short."""
    priority: Whole = 0
    publish_at: Real | None = None
    """When it is to be seen, in seconds since the epoch; at once if not given."""


@dataclass(frozen=True, kw_only=True)
class NewJobs:
    """Jobs asked for together; two or more become a batch."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    jobs: list[NewJob]


@dataclass(frozen=True, kw_only=True)
class RetryRequest:
    """How to try again."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    stage: str | None = None
    """Do this stage and all after it again, whatever their fingerprints."""
    changes: Any = None
    """What is to be different from now on, by the names of the params of the job's kind; what is not given stays."""
    unset: list[str] = field(default_factory=list)
    """Of these names, which are to be as if they had not been asked for."""


@dataclass(frozen=True, kw_only=True)
class PriorityRequest:
    """Which priority a job is to have."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    priority: Whole


@dataclass(frozen=True, kw_only=True)
class PreviewRequest:
    """What is to be seen of a short that nobody has asked for yet: either `at` or `strip`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    params: ShortParams
    at: Real | None = None
    """The moment, in seconds."""
    strip: Truth = False
    """A contact sheet of the whole short."""


@dataclass(frozen=True, kw_only=True)
class ErrorBody:
    """Every error, of every route."""

    code: str
    message: str
    hint: str = ""
    stage: str | None = None


@dataclass(frozen=True, kw_only=True)
class StageView:
    """A stage of a job. Times in seconds since the epoch."""

    name: str
    state: str
    """`waiting`, `running`, `done`, `reused`, `failed`, `stopped`."""
    percent: float = 0.0
    seconds: float | None = None
    """How long it took, or has taken so far."""
    message: str = ""
    fingerprint: str | None = None


@dataclass(frozen=True, kw_only=True)
class MoveView:
    """A move that a job made. `at` is in seconds since the epoch."""

    at: float
    move: str
    """`created`, `started`, `postponed`, `interrupted`, `failed` …"""
    attempt: int
    reason: str
    error: ErrorBody | None


@dataclass(frozen=True, kw_only=True)
class JobView:
    """A job. Times in seconds since the epoch."""

    id: int
    kind: str
    title: str
    state: str
    priority: int
    batch: int | None
    created_at: float
    moved_at: float
    started_at: float | None
    ended_at: float | None
    attempt: int
    reason: str
    percent: float
    """Of the whole job, 0 to 100."""
    eta_s: float | None
    """Seconds left, if that can be told."""
    stage: str | None
    """The stage that is running."""
    message: str
    """What the running stage says of itself, "412 of 900 frames"; of a queued job, why it has to wait."""
    error: ErrorBody | None
    params: dict[str, Any]
    """What was asked for, every default filled in; of a story over 200 characters lists and snapshots have 200."""
    result: dict[str, Any]
    """What a finished job made: `video`, `thumbnail`, `metadata` (absolute paths), `duration_s`, `checks` …"""
    retry_at: float | None = None
    """When a job that failed is tried again by itself."""
    tries: int = 0
    """How often it was tried again by itself since a user last asked for it."""
    deaths: int = 0
    """How often the daemon died during it since then."""
    publish_at: float | None = None
    """When its short is to be seen."""
    due_at: float | None = None
    """When a scheduled job goes on."""
    approved: str = ""
    """What it was approved to go on to."""
    stages: list[StageView] = field(default_factory=list)
    history: list[MoveView] = field(default_factory=list)
    """What became of it, move by move; given for one job only, as `stages` are."""


@dataclass(frozen=True, kw_only=True)
class JobsPage:
    """Jobs, newest first. `next` goes back as `cursor` for the page after this."""

    jobs: list[JobView]
    next: int | None = None


@dataclass(frozen=True, kw_only=True)
class Created:
    """Jobs that were made, in the order they were asked for."""

    jobs: list[JobView]
    batch: int | None = None


@dataclass(frozen=True, kw_only=True)
class LogLines:
    """The end of a job's log, oldest first."""

    lines: list[str]


@dataclass(frozen=True, kw_only=True)
class EventView:
    """A fact (with `seq`) or a sample (without), about no job if `job` is 0. See `shortsd.domain.events`."""

    seq: int | None
    at: float
    type: str
    job: int
    data: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Where everything stands right after event `seq`: the first thing on a new event stream."""

    seq: int
    jobs: list[JobView]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that doctor looked at."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


@dataclass(frozen=True, kw_only=True)
class Findings:
    """All that doctor looked at."""

    findings: list[Finding]


@dataclass(frozen=True, kw_only=True)
class VoiceView:
    """A voice that can be asked for: by its id, or as `provider:id`."""

    id: str
    name: str
    language: str
    """A language tag; `mul` for one that speaks many."""
    provider: str
    gender: str | None = None
    """`female` or `male`, where the provider says."""


@dataclass(frozen=True, kw_only=True)
class VoiceList:
    """Voices, provider by provider in the order in which these are asked."""

    voices: list[VoiceView]
    notes: list[str] = field(default_factory=list)
    """Whose voices cannot be told now, and why."""


@dataclass(frozen=True, kw_only=True)
class SignInView:
    """How signing in to a channel stands."""

    state: str
    """`signed_out`, `waiting` (for a browser) or `signed_in`."""
    url: str = ""
    """While it waits: the page to open."""
    error: ErrorBody | None = None
    """Why the last try failed, if it did."""


@dataclass(frozen=True, kw_only=True)
class Health:
    """Whether the daemon lives, or can take work, and why not."""

    ok: bool
    version: str
    pid: int
    reasons: list[str] = field(default_factory=list)
    paused: bool = False
    """Whether no more jobs are started."""
    notes: list[str] = field(default_factory=list)
    """What else somebody should know: a configuration that was refused. Work is done all the same."""


@dataclass(frozen=True, kw_only=True)
class Cleaned:
    """What `clean` took away; what it would, if it was a dry run."""

    jobs: list[int]
    freed_bytes: int
    """All of them."""
    work_bytes: int = 0
    """Those of working files."""
    output_bytes: int = 0
    """Those of finished shorts."""
    left: list[str] = field(default_factory=list)
    """Files of finished shorts that were left, since nothing beside them says whose they are."""
    yours: list[str] = field(default_factory=list)
    """Files that jobs made and that stay, as they are the user's: edited since, or in a folder of his choice."""
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class Ended:
    """The answer to a request to shut down."""

    pid: int
