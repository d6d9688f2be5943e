"""What is typed into a form, as the daemon takes it: each kind of line read, or a BadInput that says what is wrong.

What is plain is looked at here, as it is typed; the rest is the daemon's to say.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

from shortsd.domain import address
from shortsd.domain.errors import BadInput
from shortsd.domain.style import COLOUR, SHAPES
from shortsd.domain.text import has_words
from shortsd.wire.models import ShortParams

PRIORITY = 1000
"""The highest; the lowest is as far below 0."""

N = TypeVar("N", int, float)

_SIZE = re.compile(r"(\d{1,5})x(\d{1,5})")


def words(text: str) -> str:
    """A text with something to say."""
    if not has_words(text):
        raise BadInput("There is nothing to say in it.", "Write at least one word.")
    return text


def page(text: str) -> str:
    """The address of a page."""
    return address.page(text)


def line(text: str) -> str:
    """A line."""
    return " ".join(text.split())


def whole(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers."""
    return _number(int, "whole number", least, most)


def real(least: float, most: float) -> Callable[[str], float]:
    """A reader of numbers."""
    return _number(float, "number", least, most)


def size(text: str) -> str:
    """Width and height."""
    match = _SIZE.fullmatch(text)
    if match is None or any(int(side) % 2 or not 128 <= int(side) <= 4096 for side in match.groups()):
        raise BadInput(f"{text!r} is no size.", "Width and height in even pixels from 128 to 4096, such as 1080x1920.")
    return text


def colour(text: str) -> str:
    """A colour."""
    if not COLOUR.fullmatch(text):
        raise BadInput(f"{text!r} is no colour.", "One is written #RRGGBB, such as #FFD42A.")
    return text


def folder(text: str) -> str:
    """The whole path of a folder."""
    path = _path(text)
    if _is(path.exists) and not _is(path.is_dir):
        raise BadInput(f"{path} is no folder.", "It is a file; name the folder that it is in.")
    return _there(path)


def file(text: str) -> str:
    """The whole path of a file."""
    path = _path(text)
    if _is(path.is_dir):
        raise BadInput(f"{path} is a folder.", "Name a file in it.")
    return _there(path)


def unused(text: str) -> Path:
    """The whole path of a file that is yet to be."""
    path = _path(text)
    if _is(path.exists):
        raise BadInput(f"{path} is there already.", "Name another file: none is replaced.")
    if not _is(path.parent.is_dir):
        raise BadInput(f"There is no folder {path.parent}.", "See how it is written.")
    return path


def look(text: str) -> str:
    """A look's name, or the whole path of a file with one."""
    return file(text) if "/" in text or "." in text else text


def moment(clock: Callable[[], float]) -> Callable[[str], float]:
    """A reader of moments to come, by this machine's time zone: `18:30`, `tomorrow 9:00`, `2026-12-01 18:30`."""

    def read(text: str) -> float:
        now = datetime.fromtimestamp(clock()).astimezone()
        at = _moment(text, now)
        if at <= now:
            raise BadInput(f"{at:%a %Y-%m-%d %H:%M} is over.", "Give a moment that is yet to come.")
        return at.timestamp()

    return read


def hours(text: str) -> list[str]:
    """Hours of a day, with commas between them."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    for part in parts:
        _hour(part)
    return parts


def lines(text: str) -> list[str]:
    """Every line that says something."""
    return [words(each.strip()) for each in text.splitlines() if each.strip()]


def day(text: str) -> str:
    """A day to come, as the daemon takes it."""
    if text not in ("today", "tomorrow"):
        _date(text)
    return text


def short(values: Mapping[str, Any]) -> ShortParams:
    """What a short is to be made of, by the names that ShortParams has; what is None was left empty."""
    known = ShortParams.__dataclass_fields__
    return ShortParams(**{name: value for name, value in values.items() if name in known and value is not None})


def texts(params: Mapping[str, Any]) -> dict[str, str]:
    """What would have been typed for a job that is made of this (`JobView.params`), but for its seed."""
    captions = params.get("captions") or {}
    said = {name: params.get(name) for name in ("topic", "story", "url", "title", "voice", "images", "music", "fps")}
    said |= {name: params.get(name) for name in ("cuts", "fit", "look")}
    said |= {"captions": captions.get("style"), "review": _unless(params.get("review"), "nothing")}
    said |= {f"caption_{name}": captions.get(name) for name in ("colour", "size", "place")}
    sides = params.get("width"), params.get("height")
    said["shape"] = next((name for name, known in SHAPES.items() if known == sides), None)
    if None not in sides and said["shape"] is None:
        said["size"] = f"{sides[0]}x{sides[1]}"
    if params.get("max_speech_s", 0) is None:
        said["allow_long"] = "yes"
    return {name: str(value) for name, value in said.items() if value not in (None, "")}


def _number(of: Callable[[str], N], kind: str, least: N, most: N) -> Callable[[str], N]:
    """A reader of numbers of a kind."""

    def read(text: str) -> N:
        with suppress(ValueError):
            number = of(text)
            if least <= number <= most:
                return number
        raise BadInput(f"{text!r} is no {kind} from {least} to {most}.")

    return read


def _unless(value: Any, usual: str) -> Any:
    return None if value == usual else value


def _path(text: str) -> Path:
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError as exc:
        raise BadInput(f"Whose home {text} is in is not known.", "Write the whole path.") from exc


def _there(path: Path) -> str:
    if not _is(path.exists):
        raise BadInput(f"There is no {path}.", "See how it is written.")
    return str(path)


def _is(question: Callable[[], bool]) -> bool:
    """What a file system says; where we may not look, the daemon may, and it says what it finds."""
    try:
        return question()
    except (OSError, ValueError):
        return False


def _moment(text: str, now: datetime) -> datetime:
    on, _, at = text.rpartition(" ")
    hour = _hour(at)
    if on:
        days = {"today": now.date(), "tomorrow": now.date() + timedelta(days=1)}
        return datetime.combine(days.get(on) or _date(on), hour).astimezone()
    today = datetime.combine(now.date(), hour).astimezone()
    return today if today > now else datetime.combine(now.date() + timedelta(days=1), hour).astimezone()


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as exc:
        raise BadInput(f"{text!r} is no day.", "Write today, tomorrow, or one such as 2026-12-01.") from exc


def _hour(text: str) -> time:
    hour, _, minute = text.partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and len(minute) == 2 and int(hour) < 24 and int(minute) < 60):
        raise BadInput(f"{text!r} is no hour.", "One is written 18:30.")
    return time(int(hour), int(minute))
