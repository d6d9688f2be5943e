"""Hours of days in a time zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from shortsd.domain.errors import BadInput
from shortsd.engine.calendar import Wish, day, hours, slots, zone

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 28, 12, tzinfo=BERLIN).timestamp()


def local(moments: list[float], where: ZoneInfo = BERLIN) -> list[str]:
    return [datetime.fromtimestamp(moment, where).isoformat(timespec="minutes") for moment in moments]


def wish(first: date, at: str, per_day: int, where: ZoneInfo = BERLIN) -> Wish:
    return Wish(first, hours(at.split(",")), per_day, where)


def test_slots_come_in_their_order_so_many_a_day() -> None:
    """Hours that were given in any order are taken from the first day on, the earliest first."""
    found = slots(5, wish(date(2026, 11, 29), "21:00,09:00,13:00", 2), NOON, [])
    assert local(found) == [
        "2026-11-29T09:00+01:00",
        "2026-11-29T13:00+01:00",
        "2026-11-30T09:00+01:00",
        "2026-11-30T13:00+01:00",
        "2026-12-01T09:00+01:00",
    ]


def test_an_hour_that_has_passed_is_not_taken() -> None:
    """Of today there is only what is ahead."""
    assert local(slots(2, wish(date(2026, 11, 28), "09:00,13:00", 2), NOON, [])) == [
        "2026-11-28T13:00+01:00",
        "2026-11-29T09:00+01:00",
    ]


def test_hours_that_are_taken_are_passed_over_and_count_for_their_day() -> None:
    """Nothing collides, and a day with two shorts is full where two a day are wished for."""
    first = slots(2, wish(date(2026, 11, 29), "09:00,13:00,17:00", 2), NOON, [])
    assert local(slots(1, wish(date(2026, 11, 29), "09:00,13:00,17:00", 2), NOON, first)) == ["2026-11-30T09:00+01:00"]
    assert local(slots(1, wish(date(2026, 11, 29), "09:00,13:00,17:00", 3), NOON, first)) == ["2026-11-29T17:00+01:00"]
    near = [first[0] + 20]
    assert local(slots(1, wish(date(2026, 11, 29), "09:00", 3), NOON, near)) == ["2026-11-30T09:00+01:00"]


@pytest.mark.parametrize(
    ("first", "at", "expected"),
    [
        (date(2027, 3, 28), "02:30", "2027-03-28T03:30+02:00"),
        (date(2027, 3, 28), "09:00", "2027-03-28T09:00+02:00"),
        (date(2027, 3, 27), "09:00", "2027-03-27T09:00+01:00"),
        (date(2027, 10, 31), "02:30", "2027-10-31T02:30+02:00"),
        (date(2027, 10, 31), "09:00", "2027-10-31T09:00+01:00"),
    ],
)
def test_hours_are_those_of_the_clock_on_the_wall(first: date, at: str, expected: str) -> None:
    """Nine is nine on either side of a change; a skipped hour comes later, one that comes twice is the first."""
    assert local(slots(1, wish(first, at, 1), NOON, [])) == [expected]


def test_an_hour_that_is_skipped_onto_another_is_one() -> None:
    """02:30 and 03:30 are the same moment on a day in spring."""
    found = slots(2, wish(date(2027, 3, 28), "02:30,03:30", 2), NOON, [])
    assert local(found) == ["2027-03-28T03:30+02:00", "2027-03-29T02:30+02:00"]


def test_days() -> None:
    """Days are said in a word or as a date, in the zone's own calendar."""
    late = datetime(2026, 11, 28, 23, 30, tzinfo=ZoneInfo("UTC")).timestamp()
    assert day("today", late, BERLIN) == date(2026, 11, 29)
    assert day("tomorrow", late, BERLIN) == date(2026, 11, 30)
    assert day("2027-01-02", late, BERLIN) == date(2027, 1, 2)


@pytest.mark.parametrize("word", ["", "9", "24:00", "09:60", "9:5", "nine", "09:00:00", "-1:00"])
def test_no_hour(word: str) -> None:
    """What is no hour of a day is named."""
    with pytest.raises(BadInput, match="is no hour"):
        hours([word])


def test_no_day_and_no_zone() -> None:
    """Neither is guessed."""
    with pytest.raises(BadInput, match="'someday' is no day"):
        day("someday", NOON, BERLIN)
    with pytest.raises(BadInput, match="'Mars/Olympus'"):
        zone("Mars/Olympus")
    assert zone("Europe/Berlin") == BERLIN


def test_more_than_a_year_has() -> None:
    """No slot is looked for without end."""
    with pytest.raises(BadInput, match="within a year"):
        slots(400, wish(date(2026, 11, 29), "09:00", 1), NOON, [])
