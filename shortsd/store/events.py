"""The list of facts, written in the transactions that make them true."""

from collections.abc import Mapping
from typing import Any

import msgspec

from shortsd.domain.events import Event
from shortsd.store.database import Transaction
from shortsd.store.rows import dump


async def tell(transaction: Transaction, at: float, kind: str, job: int, data: Mapping[str, Any]) -> None:
    """Add an event to a transaction; it is told of after the commit."""
    text = dump(data)
    transaction.facts.append(f"{kind}:{data['stage']}" if "stage" in data else kind)
    seq = await transaction.run("INSERT INTO events (at, type, job, data) VALUES (?, ?, ?, ?)", at, kind, job, text)
    transaction.events.append(Event(seq, at, kind, job, msgspec.json.decode(text)))
