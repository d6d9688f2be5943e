"""How far a running job is, and how long it will still take."""

from collections.abc import Mapping
from dataclasses import dataclass

from shortsd.domain.ports import Clock
from shortsd.domain.stage import PACES, Pace

ENOUGH = 0.02
"""Of a stage that must be done before its pace is believed."""


@dataclass(slots=True)
class _Stage:
    """The running stage: when it began, and how much of it is done (0 to 1)."""

    name: str
    began: float
    fraction: float = 0.0
    message: str = ""
    paced_from: tuple[float, float] | None = None
    """When it first had something done, and how much: what it did before that was getting ready."""


class Tracker:
    """Turns the progress of `stages` into the job's. `usual` are the seconds that they take on this machine.

    The share of a stage in the whole is fixed when the attempt begins, so that the percentage never falls.
    """

    def __init__(self, usual: Mapping[str, float], clock: Clock, stages: Mapping[str, Pace] = PACES) -> None:
        self._clock = clock
        self._stages = stages
        self._usual = {name: max(usual.get(name, pace.seconds), 0.01) for name, pace in stages.items()}
        self._whole = sum(self._usual.values())
        self._done: set[str] = set()
        self._stage: _Stage | None = None
        self._percent = 0.0

    @property
    def stage(self) -> str | None:
        return self._stage.name if self._stage else None

    @property
    def message(self) -> str:
        return self._stage.message if self._stage else ""

    @property
    def percent(self) -> float:
        """Of the whole job, 0 to 100; it never falls."""
        return self._percent

    @property
    def stage_percent(self) -> float:
        """Of the running stage, 0 to 100."""
        return 100 * self._stage.fraction if self._stage else 0.0

    def started(self, stage: str) -> None:
        self._stage = _Stage(stage, self._clock())

    def progressed(self, done: float, total: float, message: str) -> None:
        """Take in what the running stage says of itself, in its own unit."""
        if self._stage is None:
            return
        fraction = min(1.0, max(0.0, done / total)) if total > 0 else 0.0
        self._stage.fraction = max(self._stage.fraction, fraction)
        if fraction > 0 and self._stage.paced_from is None:
            self._stage.paced_from = self._clock(), fraction
        self._stage.message = message or f"{done:.0f} of {total:.0f} {self._stages[self._stage.name].unit}"
        self._rise()

    def finished(self, *, whole: bool) -> None:
        """The running stage has ended; `whole` if it need not be done again."""
        if self._stage is not None and whole:
            self._done.add(self._stage.name)
        self._stage = None
        self._rise()

    def eta_s(self) -> float:
        """Seconds that the job will still take: by the pace of the running stage, and as usual for those to come."""
        ahead = sum(self._usual[name] for name in self._usual if name not in self._done)
        if self._stage is None:
            return ahead
        return ahead - self._usual[self._stage.name] + self._stage_s(self._stage)

    def _stage_s(self, stage: _Stage) -> float:
        """Seconds that the running stage will still take: as usual, until it has shown its pace."""
        since, before = stage.paced_from or (stage.began, 0.0)
        gained = stage.fraction - before
        if gained < ENOUGH:
            return max(self._usual[stage.name] - (self._clock() - stage.began), 0.0)
        return max(0.0, self._clock() - since) * (1 - stage.fraction) / gained

    def _rise(self) -> None:
        done = sum(self._usual[name] for name in self._done)
        part = self._usual[self._stage.name] * self._stage.fraction if self._stage else 0.0
        self._percent = max(self._percent, min(100.0, 100 * (done + part) / self._whole))
