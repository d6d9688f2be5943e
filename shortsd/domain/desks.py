"""Desks that stand before another one: whose progress is told otherwise, or not at all."""

from dataclasses import dataclass

from shortsd.domain.ports import Desk, Log


@dataclass(frozen=True, slots=True)
class _Before:
    """A desk that is another one in all but its progress."""

    desk: Desk

    @property
    def job(self) -> int:
        return self.desk.job

    @property
    def stage(self) -> str:
        return self.desk.stage

    @property
    def log(self) -> Log:
        return self.desk.log


class Quiet(_Before):
    """A desk whose progress nobody follows: what is counted there is something else."""

    __slots__ = ()

    def progress(self, done: float, total: float, message: str = "") -> None:
        """Not told."""


@dataclass(frozen=True, slots=True)
class Part(_Before):
    """The desk of who does some of what is counted: of `total`, `before` are there already."""

    before: int
    total: int

    def progress(self, done: float, total: float, message: str = "") -> None:
        """Count on; how many those are that this part does is known."""
        del total
        self.desk.progress(self.before + done, self.total, message)
