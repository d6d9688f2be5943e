"""What can be asked for: one class each. Keys, the palette and the help derive from them."""

from shorts_tui.commands.app import ChooseTheme, Help, Pause, Quit, Resume, StartDaemon, Suspend
from shorts_tui.commands.base import Command
from shorts_tui.commands.daemon import BackUp, ShutDown, SignInToYouTube
from shorts_tui.commands.logs import DaemonLog
from shorts_tui.commands.pages import GOING

EVERYWHERE: tuple[type[Command], ...] = (
    *GOING, DaemonLog, Pause, Resume, StartDaemon, SignInToYouTube, BackUp, ShutDown, ChooseTheme, Help, Suspend,
    Quit,
)  # fmt: skip
"""What every page offers, beside its own."""
