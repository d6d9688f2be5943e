"""A week of the channel's hours: which short is to be seen when."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from shorts_tui.model import Job

DAYS = 7


@dataclass(frozen=True, slots=True)
class Slot:
    """An hour and the job whose short is to be seen then."""

    at: datetime
    """In the channel's zone."""
    job: Job

    @property
    def clock(self) -> str:
        return f"{self.at:%H:%M}"


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from a Monday on."""

    monday: date
    slots: Sequence[Slot]
    """The earliest first."""

    @property
    def days(self) -> list[date]:
        return [self.monday + timedelta(days=day) for day in range(DAYS)]

    def on(self, day: date) -> list[Slot]:
        """The slots of a day."""
        return [slot for slot in self.slots if slot.at.date() == day]

    def rows(self) -> list[tuple[str, list[Slot | None]]]:
        """The hours that any day has, each with the slots of all days. Shorts of the same hour take further rows."""
        found: defaultdict[tuple[str, int], list[Slot | None]] = defaultdict(lambda: [None] * DAYS)
        for number, day in enumerate(self.days):
            seen: defaultdict[str, int] = defaultdict(int)
            for slot in self.on(day):
                found[slot.clock, seen[slot.clock]][number] = slot
                seen[slot.clock] += 1
        return [(clock, found[clock, nth]) for clock, nth in sorted(found)]


def monday_of(at: float, zone: tzinfo) -> date:
    """The Monday of the week of a moment (seconds since the epoch) in a zone."""
    day = _there(at, zone).date()
    return day - timedelta(days=day.weekday())


def week_of(monday: date, jobs: Iterable[Job], zone: tzinfo) -> Week:
    """The week from a Monday on, of all jobs those that have an hour in it."""
    begins = datetime.combine(monday, datetime.min.time(), zone).timestamp()
    ends = datetime.combine(monday + timedelta(days=DAYS), datetime.min.time(), zone).timestamp()
    held = [job for job in jobs if job.publish_at is not None and begins <= job.publish_at < ends]
    slots = [Slot(_there(job.publish_at or 0.0, zone), job) for job in held]
    return Week(monday, sorted(slots, key=lambda slot: (slot.at, slot.job.id)))


def opening(jobs: Collection[Job], now: float, zone: tzinfo) -> Week:
    """The week to begin with: the present one, or if that is empty the one of the next slot."""
    present = week_of(monday_of(now, zone), jobs, zone)
    ahead = [job.publish_at for job in jobs if job.publish_at is not None and job.publish_at >= now]
    return week_of(monday_of(min(ahead), zone), jobs, zone) if ahead and not present.slots else present


def _there(at: float, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(at, UTC).astimezone(zone)
