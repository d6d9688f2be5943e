"""Several writers, of which the next one is asked where one fails."""

from collections.abc import Awaitable, Callable, Sequence
from itertools import pairwise
from typing import Protocol, TypeVar

from shortsd.domain.errors import ServiceFailed
from shortsd.domain.ports import Author, Desk, Summarizer
from shortsd.domain.slides import Script
from shortsd.domain.story import Article, Assignment, Story

T = TypeVar("T")


class NamedWriter(Author, Summarizer, Protocol):
    """A writer that can be spoken of, and summarizes, too."""

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
        return await self._first("story", lambda writer: writer.write(assignment, desk), desk)

    async def summarize(self, article: Article, words: int, desk: Desk) -> str:
        """A summary by the first of them that does not fail. Warns and raises as `write` does."""
        return await self._first("summary", lambda writer: writer.summarize(article, words, desk), desk)

    async def _first(self, what: str, ask: Callable[[NamedWriter], Awaitable[T]], desk: Desk) -> T:
        for writer, following in pairwise(self._writers):
            try:
                return await ask(writer)
            except ServiceFailed as exc:
                desk.log.warning(f"{writer.name} wrote no {what}: {exc.message} {following.name} is asked instead.")
        return await ask(self._writers[-1])

    async def outline(self, article: Article, words: int, desk: Desk) -> Script | None:
        """A lecture by the first of them that does not fail. Warns and raises as `write` does."""
        return await self._first("slides", lambda writer: writer.outline(article, words, desk), desk)
