"""From `config.toml` to Settings, refusing by name what is not understood."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from shortsd.config.secrets import FILE as SECRETS
from shortsd.config.secrets import KNOWN
from shortsd.config.settings import Providers, Settings
from shortsd.domain.errors import BadInput
from shortsd.domain.style import COLOUR

PRESETS = ("superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow")
"""x264's, without ultrafast: it leaves out what makes a stream High profile."""
ENCODERS = ("auto", "x264", "nvenc", "vaapi", "qsv", "videotoolbox", "svtav1")
LEVELS = ("debug", "info", "warning", "error")
WRITERS = ("auto", "builtin", "cerebras", "groq", "openai", "openrouter", "ollama", "custom")
VOICES = ("auto", "espeak", "edge", "openai")
PICTURES = ("auto", "painter", "pexels", "unsplash", "folder")
PRIVACY = ("private", "unlisted", "public")
HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
ADDRESS = re.compile(r"https?://[^\s@/]+(/\S*)?")
KEYED = re.compile(r"https?://[^\s/]*@\S*")
"""An address with a name or a password in it: it would be told in logs and errors."""
MEMORY_MB = range(256, 2**20 + 1)
MODES = ("d", "p")
DRAWERS = ("auto", "chromium", "pillow")
STORAGE = re.compile(r"(~?/|(s3|gs|az)://[^\s/?#@]+)[^\s?#]*")
RUN_JOB = re.compile(r"projects/[^\s/]+/locations/[^\s/]+/jobs/[^\s/]+")
LISTEN = re.compile(r"(\[[0-9a-fA-F:]+\]|[^\s:/]+):[0-9]{1,5}")
SIZE = re.compile(r"[1-9][0-9]{2,3}x[1-9][0-9]{2,3}")
IO_CLASSES = ("none", "best-effort", "idle")


def load(file: Path) -> Settings:
    """The settings of a file; the defaults if there is no such file.

    Raises BadInput, naming the file and the key, for a file that cannot be read or is not understood.
    """
    return parse(read(file), str(file))


def read(file: Path) -> Mapping[str, Any]:
    """What a file says, in tables; nothing if there is no such file. Raises BadInput if it is no TOML."""
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise BadInput(f"The configuration {file} cannot be read: {exc}.", "Mend the file, or move it away.") from exc


def parse(data: Mapping[str, Any], where: str) -> Settings:
    """Settings of TOML data; `where` names it in errors. Raises BadInput."""
    _known(data, Settings, where, "")
    try:
        settings = msgspec.convert(data, Settings)
    except msgspec.ValidationError as exc:
        raise BadInput(f"{where}: {_plain(str(exc))}.", "config.example.toml shows what each key takes.") from exc
    _require_no_keys(settings, where)
    checks = (*_bounds(settings), *_channel(settings), *_creations(settings), *_channels(settings), *_slides(settings))
    for ok, key, takes in checks:
        if not ok:
            raise BadInput(f"{where}: `{key}` takes {takes}.", "config.example.toml shows what each key takes.")
    return settings


def _require_no_keys(settings: Settings, where: str) -> None:
    """Raise BadInput, without a word of it, for an address that has a name or a password in it."""
    addresses = {f"services.{name}": value for name, value in asdict(settings.services).items()}
    for key, value in {**addresses, "writer.base_url": settings.writer.base_url}.items():
        if isinstance(value, str) and KEYED.fullmatch(value):
            what = f"{where}: the address in `{key}` has a name or a password in it, which would be told to others."
            raise BadInput(what, f"Leave out all up to the @. {_place_of_key(key)}")


def _place_of_key(address: str) -> str:
    """Where the key for an address goes."""
    name = "llm_key" if address == "writer.base_url" else f"{address.removeprefix('services.')}_key"
    if name not in KNOWN:
        return "Keys go into secrets.toml; docs/services.md says which there are."
    file = f'`{name} = "…"` in {SECRETS}, beside this file (chmod 600)'
    return f"Give its key as {file}, or as SHORTSD_{name.upper()} in the daemon's environment."


def _known(data: Mapping[str, Any], cls: type, where: str, prefix: str) -> None:
    """Raise BadInput for a key that `cls` does not have."""
    names = [field.name for field in fields(cls)]
    hints = get_type_hints(cls)
    for key, value in data.items():
        if key not in names:
            near = get_close_matches(key, names, n=1, cutoff=0.6)
            hint = f"Did you mean `{prefix}{near[0]}`?" if near else f"Known here: {', '.join(names)}."
            raise BadInput(f"{where}: there is no setting `{prefix}{key}`.", hint)
        if is_dataclass(hints[key]) and isinstance(value, Mapping):
            _known(value, hints[key], where, f"{prefix}{key}.")


def _plain(message: str) -> str:
    """The message of msgspec with the place in our words: "Expected `int`, got `str` - at `$.video.fps`"."""
    what, _, place = message.partition(" - at ")
    if choices := _choices(place.strip("`").removeprefix("$.").split(".")):
        return f"{place.replace('$.', '')} takes one of {', '.join(choices)}"
    words = what.replace("`object`", "a table").replace("`array`", "a list")
    return f"{place.replace('$.', '')}: {words}" if place else words


def _choices(place: Sequence[str]) -> list[str]:
    """What a setting takes of which only some words are right; nothing for all others."""
    kind: Any = Settings
    for name in place:
        kind = get_type_hints(kind).get(name) if is_dataclass(kind) else None
    return [str(one) for one in kind] if isinstance(kind, type) and issubclass(kind, StrEnum) else []


def _bounds(settings: Settings) -> list[tuple[bool, str, str]]:
    """For each bounded setting: whether it holds, its key, what it takes."""
    video, daemon, children, storage = settings.video, settings.daemon, settings.children, settings.storage
    captions = settings.captions
    return [
        (daemon.max_parallel_jobs >= 1, "daemon.max_parallel_jobs", "a number from 1 up"),
        (daemon.log_level in LEVELS, "daemon.log_level", "one of " + ", ".join(LEVELS)),
        (daemon.min_free_mb >= 0, "daemon.min_free_mb", "a number from 0 up"),
        (0 <= daemon.retries <= 20, "daemon.retries", "a number from 0 to 20"),
        (0 < daemon.retry_wait_s <= 3600, "daemon.retry_wait_s", "a number above 0, up to 3600"),
        (0 <= daemon.jobs_ahead <= 50, "daemon.jobs_ahead", "a number from 0 to 50"),
        (video.width % 2 == 0 and 128 <= video.width <= 4096, "video.width", "an even number from 128 to 4096"),
        (video.height % 2 == 0 and 128 <= video.height <= 4096, "video.height", "an even number from 128 to 4096"),
        (1 <= video.fps <= 120, "video.fps", "a number from 1 to 120"),
        (0 <= video.crf <= 51, "video.crf", "a number from 0 to 51"),
        (video.preset in PRESETS, "video.preset", "one of " + ", ".join(PRESETS)),
        (video.encoder in ENCODERS, "video.encoder", "one of " + ", ".join(ENCODERS)),
        (bool(COLOUR.fullmatch(captions.colour)), "captions.colour", "a colour as #RRGGBB"),
        (0.5 <= captions.size <= 2, "captions.size", "a number from 0.5 to 2"),
        (bool(settings.voice.voice.strip()), "voice.voice", "a voice's id, such as en-us"),
        (settings.voice.max_speech_s >= 1, "voice.max_speech_s", "a number from 1 up"),
        (0 <= children.nice <= 19, "children.nice", "a number from 0 to 19"),
        (children.stall_s > 0, "children.stall_s", "a number above 0"),
        (children.time_limit_s > 0, "children.time_limit_s", "a number above 0"),
        (children.parallel_encoders >= 1, "children.parallel_encoders", "a number from 1 up"),
        (children.io_class in IO_CLASSES, "children.io_class", "one of " + ", ".join(IO_CLASSES)),
        (
            not children.memory_mb or children.memory_mb in MEMORY_MB,
            "children.memory_mb",
            "0, or a number from 256 to 1048576",
        ),
        (storage.work_mb >= 0, "storage.work_mb", "a number from 0 up"),
        (storage.cache_mb >= 0, "storage.cache_mb", "a number from 0 up"),
        (storage.output_mb >= 0, "storage.output_mb", "a number from 0 up"),
        (storage.keep_days >= 0, "storage.keep_days", "a number from 0 up"),
    ]


def chain(providers: Providers) -> tuple[str, ...]:
    """The names of providers, in the order they are asked."""
    return (providers,) if isinstance(providers, str) else tuple(providers)


def _channel(settings: Settings) -> list[tuple[bool, str, str]]:
    """As `_bounds`, for where material comes from and where shorts go."""
    writer, youtube, schedule = settings.writer, settings.youtube, settings.schedule
    services = {name: value for name, value in asdict(settings.services).items() if isinstance(value, str)}
    return [
        (_among(writer.provider, WRITERS), "writer.provider", _one_or_list(WRITERS)),
        (not writer.base_url or _is_address(writer.base_url), "writer.base_url", "an address that begins with http"),
        ("custom" not in chain(writer.provider) or bool(writer.base_url), "writer.base_url", "the address of `custom`"),
        (bool(writer.language.strip()), "writer.language", "a language tag, such as en"),
        (30 <= writer.words <= 2000, "writer.words", "a number from 30 to 2000"),
        (0 <= writer.rewrites <= 10, "writer.rewrites", "a number from 0 to 10"),
        (_among(settings.voice.provider, VOICES), "voice.provider", _one_or_list(VOICES)),
        (_among(settings.images.provider, PICTURES), "images.provider", _one_or_list(PICTURES)),
        (settings.images.repeat_after >= 0, "images.repeat_after", "a number from 0 up"),
        (youtube.privacy in PRIVACY, "youtube.privacy", "one of " + ", ".join(PRIVACY)),
        (1 <= youtube.category <= 99, "youtube.category", "a number from 1 to 99"),
        (youtube.quota_units >= 450, "youtube.quota_units", "a number from 450 up, which one video takes"),
        (
            bool(schedule.at) and all(map(HOUR.fullmatch, schedule.at)),
            "schedule.at",
            'hours, such as ["09:00", "21:00"]',
        ),
        (_is_zone(schedule.zone), "schedule.zone", "the name of a time zone, such as Europe/Berlin"),
        *(
            (_is_whole(folder), f"{table}.folder", "a path that begins with / or ~/")
            for table, folder in (
                ("images", settings.images.folder),
                ("music", settings.music.folder),
                ("inbox", settings.inbox.folder),
            )
        ),
        (0 < settings.inbox.settle_s <= 3600, "inbox.settle_s", "a number above 0, up to 3600"),
        *(
            (_is_address(value), f"services.{name}", "an address that begins with http")
            for name, value in services.items()
        ),
    ]


def _creations(settings: Settings) -> list[tuple[bool, str, str]]:
    """As `_bounds`, for picture books."""
    wanted = settings.creations
    storage = not wanted.storage or STORAGE.fullmatch(wanted.storage) is not None
    return [
        (storage, "creations.storage", "a path that begins with / or ~/, s3://…, gs://… or az://…"),
        (wanted.mode in MODES, "creations.mode", "one of " + ", ".join(MODES)),
        (not wanted.job or RUN_JOB.fullmatch(wanted.job) is not None, "creations.job", "projects/…/locations/…/jobs/…"),
        (wanted.mode != "p" or bool(wanted.job), "creations.job", "the job of mode p"),
        (wanted.mode != "p" or "://" in wanted.storage, "creations.storage", "the address of a bucket, for mode p"),
        (not wanted.listen or LISTEN.fullmatch(wanted.listen) is not None, "creations.listen", "host:port"),
        (SIZE.fullmatch(wanted.size) is not None, "creations.size", "width and height in pixels, such as 1920x1080"),
        (0.5 <= wanted.silent_s <= 60, "creations.silent_s", "a number from 0.5 to 60"),
    ]


def _channels(settings: Settings) -> list[tuple[bool, str, str]]:
    """As `_bounds`, for videos that are written down."""
    wanted = settings.channels
    return [
        (_is_whole(wanted.speech_model), "channels.speech_model", "a path that begins with / or ~/"),
        (20 <= wanted.summary_words <= 2000, "channels.summary_words", "a number from 20 to 2000"),
        (1 <= wanted.at_once <= 16, "channels.at_once", "a number from 1 to 16"),
        (0 < wanted.wait_s <= 300, "channels.wait_s", "a number above 0, up to 300"),
        (1 <= wanted.sound_mb <= 100_000, "channels.sound_mb", "a number from 1 to 100000"),
    ]


def _among(providers: Providers, known: Sequence[str]) -> bool:
    """Whether all are known, and none is there twice; `auto` stands alone."""
    names = chain(providers)
    alone = "auto" not in names or len(names) == 1
    return bool(names) and set(names) <= set(known) and len(set(names)) == len(names) and alone


def _one_or_list(known: Sequence[str]) -> str:
    return "one of " + ", ".join(known) + ", or a list of them without auto"


def _is_address(value: str) -> bool:
    return ADDRESS.fullmatch(value) is not None


def _is_whole(path: str) -> bool:
    """Whether a path means the same wherever one stands; none does."""
    return not path or path.startswith(("/", "~/"))


def _is_zone(name: str) -> bool:
    """Whether a time zone is known here; none is this machine's own."""
    try:
        return not name or ZoneInfo(name) is not None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _slides(settings: Settings) -> list[tuple[bool, str, str]]:
    """As `_bounds`, for lectures."""
    wanted = settings.slides
    return [
        (wanted.drawer in DRAWERS, "slides.drawer", "one of " + ", ".join(DRAWERS)),
        (50 <= wanted.words <= 3000, "slides.words", "a number from 50 to 3000"),
    ]
