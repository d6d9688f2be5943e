"""Which short is to be seen when, week by week."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from textual import on, work
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from shorts_tui.commands.calendar import ON_CALENDAR, Leafed, NextFound, PreviousFound
from shorts_tui.commands.jobs import Approve, Change, Retry, Stop
from shorts_tui.commands.logs import Log
from shorts_tui.commands.make import MakeWeek, New
from shorts_tui.commands.outputs import Copy, Open, OpenLink
from shorts_tui.commands.views import Inspect
from shorts_tui.commands.ways import ShowJob
from shorts_tui.known import Known
from shorts_tui.model import Job
from shorts_tui.query import Query
from shorts_tui.screens.page import Page
from shorts_tui.searching import JOBS
from shorts_tui.weekly import DAYS, Week, monday_of, opening, week_of
from shorts_tui.widgets.calendar import Calendar
from shorts_tui.widgets.find_line import FindLine
from shortsd.client.moments import zone_of
from shortsd.domain.errors import ShortsError
from shortsd.domain.job import State


class SchedulePage(Page, Leafed):
    """A calendar of the hours of all jobs that have one, past and to come."""

    name_of_page = "Schedule"
    offers = (
        Inspect, *ON_CALENDAR, ShowJob, Log, Stop, Retry, Approve, Change, Open, OpenLink, Copy, MakeWeek, New,
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._zone: tzinfo | None = None
        self._apart: int | None = None
        """Weeks from the present one to that which is looked at; None until somebody has gone to another."""
        self._found: list[int] = []

    def content(self) -> Iterable[Widget]:
        yield FindLine("words of a title, state:failed, b3")
        with Horizontal(id="week-line"):
            yield Static("", id="week-name", markup=False)
            yield Static("", id="week-counts", markup=False)
        yield Calendar()

    @property
    def calendar(self) -> Calendar:
        """The calendar."""
        return self.query_one(Calendar)

    @property
    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.host.clock(), UTC).astimezone(self._zone)

    @property
    def _here(self) -> tzinfo:
        """The channel's time zone, or this machine's until that is known."""
        return self._now.tzinfo or UTC

    def on_mount(self) -> None:
        self.calendar.focus()

    def on_screen_resume(self) -> None:
        if self._zone is not None:
            self._ask_zone()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While nothing is searched for, `n` is what it is everywhere."""
        if action == "command" and parameters[0] in (NextFound.name(), PreviousFound.name()):
            return self.searching
        return super().check_action(action, parameters)

    def targets(self) -> Sequence[Job]:
        job = self.known.jobs.get(self.calendar.job or 0)
        return [] if job is None else [job]

    def heard(self, before: Known, known: Known) -> None:
        if known.connected and (not before.connected or any(fact.type == "config.reloaded" for fact in known.facts)):
            self._ask_zone()
        missed = before.jobs is not known.jobs or known.revision > before.revision + 1
        if missed or any(_planned(known, number) or number not in known.jobs for number in known.changed):
            self._show()

    @work(exclusive=True, group="zone")
    async def _ask_zone(self) -> None:
        """The channel's time zone: the hours themselves are those of the jobs, which are known."""
        try:
            calendar = await self.desk.ask(lambda client: client.schedule())
        except ShortsError:
            return  # the banner says that the daemon is away; asked again when it is back
        self._zone = zone_of(calendar.zone)
        self._show()

    def _show(self) -> None:
        now, jobs, here = self.host.clock(), self.known.jobs.values(), self._here
        if self._apart is None:
            week = opening(jobs, now, here)
        else:
            week = week_of(monday_of(now, here) + timedelta(days=DAYS * self._apart), jobs, here)
        calendar = self.calendar
        calendar.empty = "Nothing is planned for this week. W plans a week of shorts."
        calendar.show(week, self._now.date())
        self.query_one("#week-name", Static).update(self._title(week))
        self.query_one("#week-counts", Static).update(_counted(week))
        self.look_what_fits()

    def _title(self, week: Week) -> str:
        first, last = week.days[0], week.days[-1]
        zone = self._zone.key if isinstance(self._zone, ZoneInfo) else "this machine's time"
        return f"{first:%-d %b} – {last:%-d %b %Y}  {zone}"

    def leaf(self, weeks: int) -> None:
        seen = self.calendar.week
        self._apart = weeks + (self._apart_from(seen.monday) if weeks and seen is not None else 0)
        self._show()

    def _apart_from(self, monday: date) -> int:
        """How many weeks it is from the present one to another."""
        return (monday - monday_of(self.host.clock(), self._here)).days // DAYS

    @on(Calendar.Left)
    def _left_week(self, event: Calendar.Left) -> None:
        self.leaf(event.weeks)
        self.calendar.action_edge(0 if event.weeks > 0 else -1)

    @on(Calendar.Moved)
    def _moved(self) -> None:
        self.look_what_fits()

    @on(Calendar.Chosen)
    def _chosen(self) -> None:
        self.action_command(Inspect.name())

    def ask(self) -> None:
        self.query_one(FindLine).ask()

    @property
    def searching(self) -> bool:
        return bool(self.query_one(FindLine).field.value.strip())

    def end_search(self) -> None:
        self.query_one(FindLine).action_clear()

    @on(FindLine.Typed)
    def _typed(self, event: FindLine.Typed) -> None:
        query = Query.of(event.text, JOBS)
        planned = sorted(
            (job for job in self.known.jobs.values() if query and job.publish_at and query.matches(job, JOBS)),
            key=lambda job: (job.publish_at or 0.0, job.id),
        )
        self._found = [job.id for job in planned]
        self.calendar.found = frozenset(self._found)
        self.query_one(FindLine).told = f"{len(planned)} found · n next" if query else ""
        self._show()
        if planned:
            ahead = [job for job in planned if (job.publish_at or 0.0) >= self.host.clock()]
            self._go_to((ahead or planned)[0].id)

    @on(FindLine.Left)
    def _done_typing(self) -> None:
        self.calendar.focus()

    def jump(self, by: int) -> None:
        if not self._found:
            return
        here = self.calendar.job
        at = self._found.index(here) if here in self._found else -by
        self._go_to(self._found[(at + by) % len(self._found)])

    def _go_to(self, job: int) -> None:
        """Look at the week of a job, and point at it."""
        found = self.known.jobs.get(job)
        if found is None or found.publish_at is None:
            return
        self._apart = self._apart_from(monday_of(found.publish_at, self._here))
        self._show()
        self.calendar.point(job)


def _planned(known: Known, number: int) -> bool:
    job = known.jobs.get(number)
    return job is not None and job.publish_at is not None


def _counted(week: Week) -> str:
    """What is seen, waits, and failed in a week."""
    states = [slot.job.state for slot in week.slots]
    made, failed = states.count(State.SUCCEEDED), states.count(State.FAILED)
    counts = {"made": made, "failed": failed, "review": states.count(State.REVIEW)}
    counts["to come"] = len(states) - sum(counts.values())
    return " · ".join(f"{count} {name}" for name, count in counts.items() if count)
