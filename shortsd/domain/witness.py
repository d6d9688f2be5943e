"""Who is there when something comes to be for good. Nobody is, but for tests of crashes, which pass somebody in."""

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol


class Witness(Protocol):
    """Is told of every transition that outlives the daemon, and of every stage that is about to work."""

    def transition(self, *facts: str) -> AbstractContextManager[object]:
        """Is entered right before `facts` come to be for good, all at once, and left right after.

        A fact is an event's type (`job.started`, `stage.finished:voice`) or the like of it: `child.added:render`,
        `folder.promoted:voice`, `file.published:.mp4`. It happens in whatever thread does it.
        """
        ...

    async def entered(self, stage: str) -> None:
        """Inside of a stage that is about to work."""
        ...


class Nobody:
    """The witness that is not there."""

    def transition(self, *facts: str) -> AbstractContextManager[object]:
        """Nothing before, nothing after."""
        del facts
        return nullcontext()

    async def entered(self, stage: str) -> None:
        """Nothing."""
        del stage


NOBODY: Witness = Nobody()
