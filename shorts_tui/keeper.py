"""Turns news into what is known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from shorts_tui.feed import Away, Back, News, Older, Start
from shorts_tui.known import Known
from shorts_tui.model import Jobs
from shortsd.wire.models import EventView


@dataclass(slots=True)
class Keeper:
    """Keeps what is known. `clock` gives seconds since the epoch."""

    clock: Callable[[], float]
    known: Known = field(default_factory=Known)
    _jobs: Jobs = field(default_factory=Jobs)

    def take(self, news: Sequence[News]) -> Known:
        """What is known after some news, taken in order."""
        before = self.known
        for one in news:
            self._hear(one)
        self.known = replace(
            self.known,
            revision=before.revision + 1,
            jobs=self._jobs.by_id,
            counts=self._jobs.counts,
            changed=self._jobs.take_changed(),
            facts=tuple(one for one in news if isinstance(one, EventView) and one.type != "progress"),
            whole=self._jobs.whole,
        )
        return self.known

    def _hear(self, one: News) -> None:
        match one:
            case Away():
                since = self.known.away_since or self.clock()
                self.known = replace(self.known, away=one.why, away_since=since)
            case Back():
                self._back(one)
            case Start():
                self._jobs.start(one.jobs)
            case Older():
                self._jobs.older(one.jobs, last=one.last)
            case _:
                self._happened(one)

    def _back(self, back: Back) -> None:
        health = back.health
        self.known = replace(
            self.known,
            health=health,
            paused=health.paused,
            notes=tuple(health.notes),
            away=None,
            away_since=None,
        )

    def _happened(self, event: EventView) -> None:
        match event.type:
            case "queue.paused" | "queue.resumed":
                self.known = replace(self.known, paused=event.type == "queue.paused")
            case "config.refused":
                note = f"The configuration was refused, and the one before counts. {event.data.get('message', '')}"
                self.known = replace(self.known, notes=(note,))
            case "config.reloaded":
                self.known = replace(self.known, notes=())
            case _:
                self._jobs.hear(event)
