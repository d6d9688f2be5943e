"""What widgets ask of the page, and pages of the app."""

from dataclasses import dataclass

from textual.message import Message

from shorts_tui.commands.base import Command
from shorts_tui.model import Job


class Rang(Message):
    """There is news on the feed."""


@dataclass
class Requested(Message):
    """Somebody asked for a command, for these jobs."""

    command: Command
    jobs: list[Job]
