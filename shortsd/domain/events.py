"""Facts: what happened, in the order it became true."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NO_JOB = 0
"""Stands for a job in what is about none."""


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """A fact about a job, published after the commit that made it true. It equals nothing but itself.

    `seq` counts up without a gap over the life of the store; it is None for progress and for what is about no job,
    which are samples, not facts: they are shown to who listens now, and never stored.
    """

    seq: int | None
    at: float
    type: str
    """`job.` and a Move; `job.titled`, `job.deleted`, `stage.started`, `stage.finished`, `progress`, `config.…`."""
    job: int
    data: Mapping[str, Any] = field(default_factory=dict)
