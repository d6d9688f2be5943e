"""The slots of a week: hours of a day in somebody's time zone, as moments that are not taken yet."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from tzlocal import get_localzone

from shortsd.domain.errors import BadInput
from shortsd.store.jobs import APART_S

FARTHEST = timedelta(days=366)
"""No slot is looked for farther ahead."""


@dataclass(frozen=True, slots=True)
class Wish:
    """When shorts are wished to be seen: from a day on, at these hours, so many a day with those that are there."""

    first: date
    hours: tuple[time, ...]
    per_day: int
    zone: tzinfo


def zone(name: str) -> tzinfo:
    """A time zone by its name, this machine's without one. Raises BadInput."""
    try:
        return ZoneInfo(name) if name else get_localzone()
    except (KeyError, ValueError, OSError) as exc:
        raise BadInput(f"There is no time zone {name!r}.", "Give one such as Europe/Berlin.") from exc


def hours(words: Sequence[str]) -> tuple[time, ...]:
    """Hours of a day, "09:00" or "9:30", each once, in their order. Raises BadInput."""
    return tuple(sorted({_hour(word.strip()) for word in words}))


def day(word: str, now: float, where: tzinfo) -> date:
    """A day: `today`, `tomorrow` or 2026-11-29. Raises BadInput."""
    today = datetime.fromtimestamp(now, where).date()
    near = {"today": today, "tomorrow": today + timedelta(days=1)}
    if word in near:
        return near[word]
    try:
        found = date.fromisoformat(word)
    except ValueError as exc:
        raise BadInput(f"{word!r} is no day.", "Give today, tomorrow, or one such as 2026-11-29.") from exc
    if not today <= found <= today + FARTHEST:
        raise BadInput(f"{word} is not among the days to come.", "Give one from today on, within a year.")
    return found


def slots(count: int, wish: Wish, now: float, taken: Collection[float]) -> list[float]:
    """The next `count` moments of a wish that lie ahead and are not taken, in seconds since the epoch.

    Raises BadInput if there are not so many within a year.
    """
    busy = {round(moment / APART_S) for moment in taken}
    full = Counter(datetime.fromtimestamp(moment, wish.zone).date() for moment in taken)
    found: list[float] = []
    for at in (wish.first + timedelta(days=number) for number in range(FARTHEST.days)):
        moments = sorted({moment(at, hour, wish.zone) for hour in wish.hours})
        free = [moment for moment in moments if moment > now and round(moment / APART_S) not in busy]
        found += free[: max(0, wish.per_day - full[at])]
        if len(found) >= count:
            return found[:count]
    raise BadInput(f"There are no {count} free hours within a year.", "Give more hours a day, or fewer shorts.")


def moment(at: date, hour: time, where: tzinfo) -> float:
    """An hour of a day as seconds since the epoch.

    One that the clock jumps over in spring is as much later as it jumps; of one that comes twice in autumn it is the
    first (PEP 495: `fold` 0).
    """
    local = datetime.combine(at, hour, tzinfo=where)
    return local.astimezone(UTC).timestamp()


def _hour(word: str) -> time:
    parts = word.split(":")
    try:
        if len(parts) == 2 and len(parts[1]) == 2:
            return time(int(parts[0]), int(parts[1]))
    except ValueError:
        pass
    raise BadInput(f"{word!r} is no hour.", "Give hours such as 09:00,17:30.")
