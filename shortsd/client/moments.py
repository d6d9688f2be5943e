"""Moments as people read them in a terminal."""

from datetime import UTC, datetime, tzinfo


def written(at: float, zone: str = "") -> str:
    """A moment in a time zone (this machine's without one): "Mon 2026-11-30 09:00". `at` counts from the epoch."""
    return f"{datetime.fromtimestamp(at, UTC).astimezone(zone_of(zone)):%a %Y-%m-%d %H:%M}"


def zone_of(name: str) -> tzinfo | None:
    """A time zone by its name; None, this machine's, if it is not known here."""
    if not name:
        return None
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 - few commands have to do with zones

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
