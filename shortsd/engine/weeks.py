"""A week of shorts: hours that are free, and a job for each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import time

from shortsd.config.settings import Settings
from shortsd.domain.errors import BadInput
from shortsd.domain.ports import Clock
from shortsd.engine import calendar
from shortsd.store.calendar import CalendarStore
from shortsd.wire.channel import WeekRequest
from shortsd.wire.models import NewJob

MOST = 1000
"""Shorts of a week."""


@dataclass(frozen=True, slots=True)
class Weeks:
    """Plans weeks, by what is configured by now."""

    store: CalendarStore
    settings: Callable[[], Settings]
    clock: Clock

    def zone(self, request: WeekRequest) -> str:
        """The name of the time zone of a week. Raises BadInput."""
        return str(calendar.zone(request.zone)) if request.zone else self.usual_zone()

    def usual_zone(self) -> str:
        """The name of the time zone that is configured. Raises BadInput."""
        return str(calendar.zone(self.settings().schedule.zone))

    async def slots(self, request: WeekRequest) -> tuple[list[float], str]:
        """The hours of a week, none of them taken, and the name of their time zone. Raises BadInput."""
        if not 1 <= request.count <= MOST:
            raise BadInput(f"A week of {request.count} shorts cannot be made.", f"Give a number from 1 to {MOST}.")
        usual, now = self.settings().schedule, self.clock()
        zone = calendar.zone(request.zone or usual.zone)
        hours = calendar.hours(request.at or usual.at)
        per_day = len(hours) if request.per_day is None else request.per_day
        if not 1 <= per_day <= len(hours):
            raise BadInput(
                f"{per_day} shorts a day cannot be made for the hours {', '.join(map(_clock, hours))}.",
                f"Give from 1 to {len(hours)} a day, or more hours with --at.",
            )
        wish = calendar.Wish(calendar.day(request.start, now, zone), hours, per_day, zone)
        return calendar.slots(request.count, wish, now, await self.store.taken(now)), str(zone)

    def jobs(self, request: WeekRequest, slots: Sequence[float]) -> list[NewJob]:
        """The jobs of a week, about its topics in turn. Raises BadInput if it is about nothing."""
        topics = request.topics or [""]
        wanted = [
            replace(request.params, topic=topics[number % len(topics)]) if request.topics else request.params
            for number in range(len(slots))
        ]
        return [
            NewJob(params=params, priority=request.priority, publish_at=slot)
            for params, slot in zip(wanted, slots, strict=True)
        ]


def _clock(hour: time) -> str:
    return f"{hour:%H:%M}"
