"""What a command is: one class each, from which its key, its line in the palette and its line in the help derive."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.binding import Binding
from textual.keys import format_key

from shorts_tui.model import Job
from shortsd.client.client import Client
from shortsd.domain.errors import NoDaemon, ShortsError

if TYPE_CHECKING:
    from shorts_tui.host import Host
    from shorts_tui.screens.page import Page

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works with."""

    host: Host
    page: Page
    """The page that was looked at."""
    jobs: Sequence[Job]
    """The marked jobs, or the one that is pointed at; empty where there is none."""

    async def ask(self, question: Callable[[Client], T]) -> T:
        """Ask the daemon, while the screen goes on. Raises ShortsError.

        An answer that comes when the app ends is nobody's any more: who waited for it is cancelled.
        """
        try:
            return await asyncio.to_thread(question, self.host.client)
        finally:
            if not self.host.shell.is_running:
                raise asyncio.CancelledError

    async def each(self, do: Callable[[Client, Job], object], done: str) -> None:
        """Do one thing to every job; whatever becomes of the others, each is tried. Tell how it went.

        `done` says what they are then: "stopped". Raises NoDaemon: the others would fare no better.
        """
        fine: list[int] = []
        for job in self.jobs:
            try:
                await self.ask(partial(_done_to, job, do))
            except NoDaemon:
                raise
            except ShortsError as error:
                self.host.complain(error)
            else:
                fine.append(job.id)
        if fine:
            self.host.tell(f"{named(fine)} {done}.")


def _done_to(job: Job, do: Callable[[Client, Job], object], client: Client) -> object:
    return do(client, job)


def named(numbers: Sequence[int]) -> str:
    """Jobs as they are spoken of: "Job 7", "Jobs 3, 7", "12 jobs"."""
    if len(numbers) > 4:
        return f"{len(numbers)} jobs"
    return f"Job{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


class Command(ABC):
    """Something that can be asked for. Its state is that of the desk that it is given."""

    title: ClassVar[str]
    """As the palette and the help call it."""
    keys: ClassVar[str] = ""
    """Textual's names of the keys, separated by commas."""
    tip: ClassVar[str]
    """What it does, in a sentence."""
    group: ClassVar[str]
    """Under which head the help has it."""
    footer: ClassVar[str] = ""
    """Its word in the line of keys at the bottom; none keeps it out of there."""

    @classmethod
    def name(cls) -> str:
        """What bindings call it."""
        return cls.__name__.lower()

    @classmethod
    def binding(cls) -> Binding:
        """Its keys."""
        return Binding(cls.keys, f"command('{cls.name()}')", cls.footer or cls.title, bool(cls.footer), tooltip=cls.tip)

    @classmethod
    def key_shown(cls) -> str:
        """Its first key, as people write it."""
        return format_key(cls.keys.partition(",")[0])

    def fits(self, desk: Desk) -> bool:
        """Whether it can be done now."""
        del desk
        return True

    @abstractmethod
    async def run(self, desk: Desk) -> None:
        """Do it. Raises ShortsError, which is shown."""


class JobCommand(Command):
    """One that is about jobs: there have to be some, each in one of `states` if these are given."""

    group = "Jobs"
    states: ClassVar[frozenset[str]] = frozenset()

    def fits(self, desk: Desk) -> bool:
        return any(not self.states or job.state in self.states for job in desk.jobs)

    def fitting(self, desk: Desk) -> Desk:
        """The desk with those jobs only to which it can be done."""
        return replace(desk, jobs=[job for job in desk.jobs if not self.states or job.state in self.states])
