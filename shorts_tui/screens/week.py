"""Asks for a week: what it is to be, then what that would be, then makes it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar
from uuid import uuid4

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Button, Label, Static

from shorts_tui import weeks, wishes
from shorts_tui.commands.base import Desk
from shorts_tui.screens.form import Form
from shorts_tui.screens.question import Question
from shorts_tui.screens.short_fields import More, main_lines
from shorts_tui.widgets.field import Line, Words
from shortsd.client.text import lasted, shown
from shortsd.wire.channel import Calendar, Week, WeekRequest

COUNT = 16
MOST = 1000


class PlanWeek(Form[Week]):
    """The answer is the week that was made."""

    heading = "A week of shorts"
    go = "Plan it"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._asked: tuple[WeekRequest, str] | None = None
        """What was to be made last, and its key: asked again after an answer was lost, it makes no second week."""

    def fields(self) -> Iterable[Widget]:
        yield Words("topics", "Topics", wishes.lines, placeholder="one on a line; several are taken in turn")
        yield Line("count", "How many", wishes.whole(1, MOST), text=str(COUNT))
        yield Line("per_day", "A day", wishes.whole(1, MOST), placeholder="as many as there are hours")
        yield Line("start", "From", wishes.day, text="tomorrow", placeholder="today, tomorrow or 2026-12-01")
        yield Line("at", "At", wishes.hours, placeholder="as configured; or hours such as 09:00, 18:30")
        yield Line("zone", "Time zone", wishes.line, placeholder="as configured; or one such as Europe/Berlin")
        yield from main_lines({})
        yield More({})

    def on_mount(self) -> None:
        super().on_mount()
        self.field("topics").take_focus()
        steps = ["The hours are looked for first, and shown with what they take.", "Nothing is made before you agree."]
        self.tell(("What comes next", steps))

    def check(self, values: Mapping[str, Any]) -> bool:
        if not values["topics"]:
            return self.miss("topics", "A week has to be about something.")
        return values["count"] is not None or self.miss("count", "Say how many.")

    async def send(self, values: Mapping[str, Any]) -> Week | None:
        request = _request(values)
        planned = await self.desk.ask(lambda client: client.week(replace(request, dry_run=True), str(uuid4())))
        calendar = await self.desk.ask(lambda client: client.schedule())
        if not await self.app.push_screen_wait(Planned(planned, calendar)):
            return None
        if self._asked is None or self._asked[0] != request:
            self._asked = request, str(uuid4())
        key = self._asked[1]
        return await self.desk.ask(lambda client: client.week(request, key))


def _request(values: Mapping[str, Any]) -> WeekRequest:
    return WeekRequest(
        count=values["count"],
        per_day=values["per_day"],
        start=values["start"] or "tomorrow",
        at=values["at"] or [],
        zone=values["zone"] or "",
        topics=values["topics"],
        params=wishes.short(values),
        priority=values.get("priority") or 0,
    )


class Planned(Question[bool]):
    """Shows a week that is planned; the answer is whether to make it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n,q", "dismiss(False)", "Back"),
        Binding("ctrl+s,y", "dismiss(True)", "Make them"),
    ]

    def __init__(self, week: Week, calendar: Calendar) -> None:
        super().__init__()
        self._week = week
        self._calendar = calendar

    def compose(self) -> ComposeResult:
        week = self._week
        with Vertical(classes="box"):
            count = len(week.slots)
            shorts = f"{count} short{'' if count == 1 else 's'}"
            yield Label(f"{shorts}, to be seen at ({shown(week.zone)})", classes="title", markup=False)
            with VerticalScroll(classes="days"):
                yield Static(weeks.planned(week, self._calendar))
            yield Static(self._takes(), classes="takes")
            with Horizontal(classes="buttons"):
                yield Button("Back (n)", id="back", compact=True)
                yield Button("Make them (y)", id="make", variant="primary", compact=True)

    def on_mount(self) -> None:
        self.query_one("#make").focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id == "make")

    def _takes(self) -> Text:
        estimate = self._week.estimate
        takes = f"About {lasted(estimate.seconds)} on this machine. {weeks.taken(self._week, self._calendar)}"
        return Text.assemble((takes, "bold"), "\n", ", ".join(map(shown, estimate.uses)))
