"""Several writers, of which the next one is asked where one fails."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from shortsd.domain.errors import ServiceFailed
from shortsd.domain.ports import Author, Desk
from shortsd.domain.slides import Script
from shortsd.domain.story import Article, Assignment, Story


class NamedWriter(Author, Protocol):
    """A writer that can be spoken of."""

    name: str


class FirstOf:
    """Has the first of some writers write that can; at least one."""

    def __init__(self, writers: Sequence[NamedWriter]) -> None:
        self._writers = writers
        self.name = ", ".join(writer.name for writer in writers)

    @property
    def key(self) -> str:
        return " | ".join(writer.key for writer in self._writers)

    async def write(self, assignment: Assignment, desk: Desk) -> Story:
        """What the first of them writes that does not fail; a warning says who did and why, and who is asked next.

        Raises BadInput at once, for nobody could do better; what the last one raises.
        """
        for writer, following in pairwise(self._writers):
            try:
                return await writer.write(assignment, desk)
            except ServiceFailed as exc:
                desk.log.warning(f"{writer.name} wrote no story: {exc.message} {following.name} is asked instead.")
        return await self._writers[-1].write(assignment, desk)

    async def outline(self, article: Article, words: int, desk: Desk) -> Script | None:
        """As `write`."""
        for writer, following in pairwise(self._writers):
            try:
                return await writer.outline(article, words, desk)
            except ServiceFailed as exc:
                desk.log.warning(f"{writer.name} wrote no slides: {exc.message} {following.name} is asked instead.")
        return await self._writers[-1].outline(article, words, desk)
