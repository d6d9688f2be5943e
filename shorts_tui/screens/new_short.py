"""Asks for a new short."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import uuid4

from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import TabbedContent, TabPane

from shorts_tui import wishes
from shorts_tui.commands.base import Desk
from shorts_tui.screens.form import Form
from shorts_tui.screens.short_fields import More, main_lines, spoken
from shorts_tui.widgets.field import Field, Line, Words
from shorts_tui.widgets.gone import gone
from shortsd.client import moments
from shortsd.client.client import Client
from shortsd.client.text import lasted
from shortsd.domain.errors import ShortsError
from shortsd.domain.job import State
from shortsd.wire.channel import Estimate
from shortsd.wire.models import NewJob, NewJobs

SUBJECTS = ("topic", "story", "url")
"""What a short is made of: one of these."""


class NewShort(Form[int]):
    """The answer is the new job's number. `typed` is what stands there at first, by the names that ShortParams has."""

    heading = "A new short"
    go = "Make it"

    def __init__(self, desk: Desk, typed: Mapping[str, str] | None = None) -> None:
        super().__init__(desk)
        self._given = typed or {}
        self._asked: tuple[NewJobs, str] | None = None
        """What was asked for last, and its key: asked again after an answer was lost, it makes no second job."""

    def fields(self) -> Iterable[Widget]:
        typed = self._given
        with TabbedContent(initial=f"of-{self._subject_given()}", id="subject"):
            with TabPane("Topic", id="of-topic"):
                yield Line(
                    "topic",
                    "",
                    wishes.words,
                    text=typed.get("topic", ""),
                    placeholder="what a story is to be about",
                    tip="For a story or an article: shift+tab, then ← or →.",
                )
            with TabPane("Story", id="of-story"):
                yield Words(
                    "story",
                    "",
                    wishes.words,
                    text=typed.get("story", ""),
                    placeholder="told word for word",
                    echo=spoken,
                )
            with TabPane("Article", id="of-url"):
                yield Line(
                    "url",
                    "",
                    wishes.page,
                    text=typed.get("url", ""),
                    placeholder="https://… of an article that is retold",
                )
        yield Line("title", "Title", wishes.line, text=typed.get("title", ""), placeholder="made from the story")
        yield from main_lines(typed)
        yield Line(
            "publish_at",
            "Publish at",
            wishes.moment(self.desk.host.clock),
            text=typed.get("publish_at", ""),
            placeholder="at once; or 18:30, tomorrow 9:00, 2026-12-01 18:30",
            echo=moments.written,
        )
        yield More(typed)

    def on_mount(self) -> None:
        super().on_mount()
        self.field(self._subject_given()).take_focus()
        self.run_worker(self._learn())

    def counts(self, field: Field) -> bool:
        return field.key not in SUBJECTS or field.key == self._subject

    def check(self, values: Mapping[str, Any]) -> bool:
        if values[self._subject] is not None:
            return True
        return self.miss(self._subject, "There is nothing to tell yet: this is what the short is made of.")

    async def send(self, values: Mapping[str, Any]) -> int | None:
        new = NewJob(params=wishes.short(values), priority=values.get("priority") or 0, publish_at=values["publish_at"])
        jobs = NewJobs(jobs=[new])
        if self._asked is None or self._asked[0] != jobs:
            self._asked = jobs, str(uuid4())
        key = self._asked[1]
        created = await self.desk.ask(lambda client: client.create(jobs, key))
        return created.jobs[0].id

    @property
    def _subject(self) -> str:
        """The subject whose tab is open."""
        return self.query_one(TabbedContent).active.removeprefix("of-")

    def _subject_given(self) -> str:
        return next((subject for subject in SUBJECTS if self._given.get(subject)), SUBJECTS[0])

    async def _learn(self) -> None:
        """Find out what it takes, and who can speak."""
        try:
            estimate = await self.desk.ask(lambda client: client.estimate(1))
            self.tell(("What it takes", list(self._takes(estimate))), ("What is used", estimate.uses))
            voices = await self.desk.ask(_voices)
            if gone(self):
                return
        except ShortsError as error:
            self.tell(("What it takes", [error.message, self.desk.host.known.hint(error)]))
            return
        voice = self.field("voice")
        if isinstance(voice, Line):
            voice.suggest(SuggestFromList(voices, case_sensitive=False))

    def _takes(self, estimate: Estimate) -> Iterator[str]:
        known = self.desk.host.known
        before = known.counts[State.QUEUED] + known.counts[State.RUNNING]
        yield f"About {lasted(estimate.seconds)} on this machine."
        if before:
            yield f"{before} {'job is' if before == 1 else 'jobs are'} before it."
        if known.paused:
            yield "Paused: it waits for you to resume."


def _voices(client: Client) -> list[str]:
    return [voice.id for voice in client.voices().voices]
