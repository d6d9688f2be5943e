"""Between rows and values."""

import sqlite3
from typing import Any

import msgspec

from shortsd.domain.events import Event
from shortsd.domain.job import Job, JobError, Move, Moved, State


def dump(value: Any) -> str:
    """A value as JSON text."""
    return msgspec.json.encode(value).decode()


def job_of(row: sqlite3.Row) -> Job:
    """A row of `jobs`."""
    error = row["error"]
    return Job(
        id=row["id"],
        kind=row["kind"],
        params=msgspec.json.decode(row["params"]),
        state=State(row["state"]),
        created_at=row["created_at"],
        moved_at=row["moved_at"],
        priority=row["priority"],
        batch=row["batch"],
        title=row["title"],
        attempt=row["attempt"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        reason=row["reason"],
        error=msgspec.json.decode(error, type=JobError) if error else None,
        result=msgspec.json.decode(row["result"]),
        percent=row["percent"],
        retry_at=row["retry_at"],
        tries=row["tries"],
        deaths=row["deaths"],
        publish_at=row["publish_at"],
        due_at=row["due_at"],
        held=row["held"],
        approved=row["approved"],
    )


def moved_of(row: sqlite3.Row) -> Moved:
    """A row of `moves`."""
    error = row["error"]
    return Moved(
        at=row["at"],
        move=Move(row["move"]),
        attempt=row["attempt"],
        reason=row["reason"],
        error=msgspec.json.decode(error, type=JobError) if error else None,
    )


def event_of(row: sqlite3.Row) -> Event:
    """A row of `events`."""
    return Event(row["seq"], row["at"], row["type"], row["job"], msgspec.json.decode(row["data"]))
