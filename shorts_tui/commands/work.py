"""What is offered where jobs are looked at."""

from shorts_tui.commands.base import Command
from shorts_tui.commands.clean import CleanAll, CleanThese
from shorts_tui.commands.jobs import Approve, Change, Delete, Earlier, Later, Retry, RetryFailed, RetryFrom, Stop
from shorts_tui.commands.make import Again, MakeWeek, New
from shorts_tui.commands.outputs import COPIES, Copy, Open, OpenLink

ON_JOBS: tuple[type[Command], ...] = (
    New,
    Stop,
    Retry,
    RetryFrom,
    RetryFailed,
    Approve,
    Change,
    Earlier,
    Later,
    Open,
    OpenLink,
    Copy,
    *COPIES,
    Again,
    MakeWeek,
    CleanThese,
    CleanAll,
    Delete,
)
"""All that can be done to jobs, and what makes some."""
