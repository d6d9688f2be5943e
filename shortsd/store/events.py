"""The list of facts, written in the transactions that make them true."""

from collections.abc import Mapping
from typing import Any

import msgspec

from shortsd.domain.events import Event
from shortsd.store.database import Transaction
from shortsd.store.rows import dump, event_of


async def tell(transaction: Transaction, at: float, kind: str, job: int, data: Mapping[str, Any]) -> None:
    """Add an event to a transaction; it is told of after the commit."""
    text = dump(data)
    transaction.facts.append(f"{kind}:{data['stage']}" if "stage" in data else kind)
    seq = await transaction.run("INSERT INTO events (at, type, job, data) VALUES (?, ?, ?, ?)", at, kind, job, text)
    transaction.events.append(Event(seq, at, kind, job, msgspec.json.decode(text)))


async def events_after(transaction: Transaction, seq: int, limit: int, job: int | None) -> list[Event] | None:
    """Events with a number above `seq`, oldest first, `limit` at most; of one job only if given.

    None if some with such numbers are kept no more.
    """
    oldest = await transaction.one("SELECT min(seq) FROM events")
    if oldest is not None and oldest[0] is not None and oldest[0] > seq + 1:
        return None
    rows = await transaction.all(
        "SELECT * FROM events WHERE seq > ? AND (? IS NULL OR job = ?) ORDER BY seq LIMIT ?",
        seq, job, job, limit,
    )  # fmt: skip
    return [event_of(row) for row in rows]


async def last_seq(transaction: Transaction) -> int:
    """The number of the newest event; 0 if there is none."""
    row = await transaction.one("SELECT coalesce(max(seq), 0) FROM events")
    return int(row[0]) if row else 0
