"""What is asked for anew."""

from shorts_tui import wishes
from shorts_tui.commands.base import Command, Desk, JobCommand
from shorts_tui.screens.new_short import NewShort
from shorts_tui.screens.week import PlanWeek

_GROUP = "Make"


class New(Command):
    """Ask for a short."""

    title = "New short"
    keys = "n"
    tip = "Make a short of a topic, a story or an article."
    group = _GROUP
    footer = "New"

    async def run(self, desk: Desk) -> None:
        await _made(desk, NewShort(desk))


class Again(JobCommand):
    """Ask for one like another."""

    title = "Make another like it"
    keys = "N"
    tip = "A new short, with what this one was asked for filled in; with a seed of its own."
    group = _GROUP

    def fits(self, desk: Desk) -> bool:
        return bool(desk.jobs) and desk.jobs[0].kind == "short"  # the form is that of a short

    async def run(self, desk: Desk) -> None:
        number = desk.jobs[0].id
        job = await desk.ask(lambda client: client.job(number))
        await _made(desk, NewShort(desk, wishes.texts(job.params)))


class MakeWeek(Command):
    """Ask for the shorts of a week."""

    title = "Plan a week"
    keys = "W"
    tip = "Make shorts for the hours of the days to come: the plan is shown first."
    group = _GROUP

    async def run(self, desk: Desk) -> None:
        week = await desk.host.put(PlanWeek(desk))
        if week is not None:
            await desk.host.point(week.jobs[-1])
            names = f"Batch b{week.batch}" if week.batch else f"Job {week.jobs[0]}"
            desk.host.tell(f"{names} is under way{f': {len(week.jobs)} shorts' if week.batch else ''}.")


async def _made(desk: Desk, form: NewShort) -> None:
    job = await desk.host.put(form)
    if job is not None:
        await desk.host.point(job)
        desk.host.tell(f"Job {job} is under way.")
