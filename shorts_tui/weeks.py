"""A week as it is planned, by days: its hours, and those that others have taken."""

from collections.abc import Iterator
from itertools import groupby

from rich.text import Text

from shortsd.client import moments
from shortsd.wire.channel import Calendar, SlotView, Week

DAY, HOUR = slice(0, 14), slice(15, 20)
"""Where the day and the hour stand in a written moment, "Mon 2026-11-30 09:00"."""


def planned(week: Week, calendar: Calendar) -> Text:
    """A line for each day of a week: when shorts are to be seen, and in the way of which hours others are."""
    written = {moments.written(at, week.zone): None for at in week.slots}
    moments_of_all = written | {moments.written(slot.at, week.zone): slot for slot in _among(week, calendar)}
    days = groupby(sorted(moments_of_all.items(), key=lambda each: each[0][4:]), key=lambda each: each[0][DAY])
    return Text("\n").join(_day(day, dict(hours)) for day, hours in days)


def taken(week: Week, calendar: Calendar) -> str:
    """How many hours meanwhile are others'; empty if none is."""
    others = len(list(_among(week, calendar)))
    return f"{others} {'hour is' if others == 1 else 'hours are'} taken already, and left alone." if others else ""


def _among(week: Week, calendar: Calendar) -> Iterator[SlotView]:
    """The slots of others from the first day of a week to its last hour."""
    if not week.slots:
        return
    first = moments.written(week.slots[0], week.zone)[4:14]
    for slot in calendar.slots:
        if moments.written(slot.at, week.zone)[4:14] >= first and slot.at <= week.slots[-1]:
            yield slot


def _day(day: str, hours: dict[str, SlotView | None]) -> Text:
    line = Text(f"{day}  ")
    for at, other in hours.items():
        if other is None:
            line.append(f"  {at[HOUR]}", "bold")
        else:
            line.append(f"  {at[HOUR]} is job {other.job}'s", "dim")
    return line
