"""Reads a log in a thread of its own: counts its lines, looks through them, and waits for more."""

import re
import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from pathlib import Path

from shorts_tui.background import Background
from shorts_tui.logs.levels import LEVELS, Level
from shorts_tui.logs.lines import LineFile
from shorts_tui.logs.scan import Scan, of_level, of_text, wanted

LOOK_S = 0.2
"""How often it is seen whether a log has grown, in seconds."""

PACE_S = 1 / 15
"""Between two times that news are told, in seconds."""


class Reader(Background):
    """A log that may grow, be cut short or be replaced, or not be there yet.

    `news` is called in the thread, at most fifteen times a second, when there is more than before.
    """

    def __init__(self, path: Path, news: Callable[[], None]) -> None:
        super().__init__(f"log {path.name}")
        self.path = path
        self._news = news
        self.file: LineFile | None = None
        self.level = LEVELS[0]
        self.kept: Scan | None = None
        """The lines that the level lets through; None if it is all of them."""
        self.found: Scan | None = None
        """Of those the ones that are searched for; None if nothing is."""
        self.whole = False
        """Whether all that is there has been counted once."""
        self.trouble = ""
        """Why the log cannot be read."""
        self._needle = ""
        self._told = float("-inf")

    def keep(self, level: Level) -> None:
        """Show the lines of a level only."""
        self.level = level
        self._look_anew()

    def search(self, needle: str) -> None:
        """Look for a text; for none if it is empty."""
        self._needle = needle
        self._look_anew()

    @property
    def length(self) -> int:
        """Lines that were counted."""
        return len(self.file) if self.file is not None else 0

    @property
    def rows(self) -> Sequence[int]:
        """The numbers of the lines that are shown, as far as they are known."""
        if self.kept is not None:
            return self.kept.found
        return range(self.length)

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """What is searched for."""
        return wanted(self._needle) if self._needle else None

    def line(self, number: int) -> str:
        """A line, counted from 0."""
        return self.file.line(number) if self.file else ""

    def share(self) -> float:
        """How much of the log has been counted and looked through, 0 to 1; 1 if there is none."""
        if self.file is None:
            return 1.0
        scans = [scan.share(self.file) for scan in (self.kept, self.found) if scan is not None]
        return min([self.file.share(), *scans]) if self.file.size else 1.0

    def facts(self, at: int | None) -> list[str]:
        """What is told of it, part by part, where the search is at a line; what is wrong, if something is."""
        if self.trouble:
            return [self.trouble]
        parts = [f"{self.length:,} lines"]
        if self.kept is not None:
            parts.append(f"{len(self.rows):,} {self.level.name}")
        if self.found is not None:
            parts.append(self._found_said(self.found.found, at))
        if self.share() < 1:
            parts.append(f"{self.share():.0%} read")
        return parts

    def _found_said(self, found: Sequence[int], at: int | None) -> str:
        if not found:
            return "not found" if self.share() == 1 else "searching"
        place = "" if at is None else f"{bisect_right(found, at):,} of "
        return f"{place}{len(found):,} found, n and N go on"

    def _look_anew(self) -> None:
        self.kept = of_level(self.level) if self.level.words else None
        self.found = of_text(self._needle, self.level) if self._needle else None
        self.look_again()

    def run(self) -> None:
        untold = False
        while not self.ended:
            try:
                moved = self._step()
                self.trouble = ""
            except OSError as exc:
                moved, self.trouble = not self.trouble, f"{self.path} cannot be read: {exc.strerror}."
            untold |= moved
            untold = untold and not self._tell(at_once=not moved)
            if not moved:
                self.wait(LOOK_S)

    def _step(self) -> bool:
        """Do the next piece of work; whether there was any."""
        if self.file is None or self.file.gone():
            return self._open()
        if self.file.grow():
            return True
        first = not self.whole
        self.whole = True
        scans = [scan.step(self.file) for scan in (self.kept, self.found) if scan is not None]
        return any(scans) or first

    def _open(self) -> bool:
        """Begin with the file that lies there now, if one does."""
        try:
            self.file = LineFile(self.path)
        except FileNotFoundError:
            first, self.whole = not self.whole, True
            return first
        self.whole = False
        self._look_anew()
        return True

    def _tell(self, *, at_once: bool) -> bool:
        """Tell that there are news, if it is time; whether it was."""
        now = time.monotonic()
        if not at_once and now - self._told < PACE_S:
            return False
        self._told = now
        self._news()
        return True
