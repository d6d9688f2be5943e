"""Logs on the screen: of any length, followed, searched, and text whatever is in them."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from typing import TextIO

import pytest
from textual.pilot import Pilot
from tui.kit import text, until, watched
from tui.staged import Staged, staged

from shorts_tui.screens.log import DaemonLogPage, LogLine
from shorts_tui.widgets.log_view import LogView
from shorts_tui.widgets.wrapping import ends

MILLION = 1_000_000


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of a million lines, one in a hundred thousand of which is a warning."""
    file = tmp_path_factory.mktemp("logs") / "long.log"
    stamp = "2026-11-29 00:04:57.000"
    with file.open("w") as log:
        for first in range(0, MILLION, 100_000):
            log.write(f"{stamp} [voice] warning: {first} is odd\n")
            log.writelines(f"{stamp} [render] frame {number}\n" for number in range(first + 1, first + 100_000))
    return file


@asynccontextmanager
async def reading(file: Path, size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[LogView, Pilot[None]]]:
    """A log on the screen, in an app whose daemon has no jobs."""
    with tempfile.TemporaryDirectory(prefix="shorts-") as folder, staged(Path(folder)) as stage:
        async with _opened(stage, file, size) as opened:
            yield opened


@asynccontextmanager
async def _opened(stage: Staged, file: Path, size: tuple[int, int]) -> AsyncIterator[tuple[LogView, Pilot[None]]]:
    async with watched(stage.client, size) as (app, pilot):
        page = DaemonLogPage(file)
        await app.look(page)
        await pilot.pause()
        yield page.log_view, pilot


async def told(pilot: Pilot[None], what: str) -> None:
    """Wait until something is told of the log."""
    line = pilot.app.screen.query_one(LogLine)
    await until(pilot, lambda: what in " · ".join(line.facts), what)


async def typed(pilot: Pilot[None], what: str) -> None:
    await pilot.press("slash", *what, "enter")


async def test_a_log_of_a_million_lines_is_opened_at_its_end(long: Path) -> None:
    """All lines are counted, the last is seen, and each other is a key away."""
    async with reading(long) as (log, pilot):
        await told(pilot, "1,000,000 lines · following")
        await until(pilot, lambda: "frame 999999" in text(pilot), "the last line")
        await pilot.press("g")
        assert "warning: 0 is odd" in text(pilot)
        log._go((654_321, 0))
        await pilot.pause()
        assert "frame 654321" in text(pilot)
        assert not log.following


async def test_a_search_finds_lines_anywhere_and_walks_over_them(long: Path) -> None:
    """Enter goes to the next one from here, n and N on and back; what is not there is said not to be."""
    async with reading(long) as (log, pilot):
        await told(pilot, "1,000,000 lines")
        await pilot.press("g")
        await typed(pilot, "e 777777")
        await told(pilot, "1 of 1 found")
        assert "frame 777777" in text(pilot)
        await typed(pilot, "is odd")
        await told(pilot, "10 found")
        await until(pilot, lambda: log.at == 800_000, "the first one from here")
        await pilot.press("n", "n")
        await until(pilot, lambda: log.at == 0, "the first one after the last")
        await pilot.press("N")
        await until(pilot, lambda: log.at == 900_000, "the one before")
        await typed(pilot, "Is Odd")
        await told(pilot, "not found")


async def test_a_level_leaves_the_other_lines_out(long: Path) -> None:
    """Warnings and errors first, then errors, then all again; a search keeps to what is shown."""
    async with reading(long) as (log, pilot):
        await told(pilot, "1,000,000 lines")
        await pilot.press("e")
        await told(pilot, "10 warnings and errors")
        await until(pilot, lambda: list(log.rows) == list(range(0, MILLION, 100_000)), "the warnings")
        await typed(pilot, "00000")
        await told(pilot, "of 9 found")
        await pilot.press("e")
        await told(pilot, "0 errors")
        await until(pilot, lambda: "There are no errors." in text(pilot), "that there are none")


async def test_a_log_is_followed_until_somebody_looks_elsewhere(tmp_path: Path) -> None:
    """New lines come up; scrolled up it stays where it is, and `f` goes back to the end."""
    file = tmp_path / "7.log"
    file.write_text("".join(f"line {number}\n" for number in range(50)))
    with file.open("a") as more:
        await _followed(file, more)


async def _followed(file: Path, more: TextIO) -> None:
    async with reading(file) as (log, pilot):
        await until(pilot, lambda: "line 49" in text(pilot), "the end")
        print("half a li", end="", file=more, flush=True)
        await until(pilot, lambda: "half a li" in text(pilot), "what is not finished")
        print("ne", file=more, flush=True)
        await until(pilot, lambda: "half a line" in text(pilot), "the rest of the line")
        await pilot.press("k")
        print("unseen", file=more, flush=True)
        await told(pilot, "52 lines")
        assert "unseen" not in text(pilot)
        await pilot.press("f")
        await until(pilot, lambda: "unseen" in text(pilot), "the new end")
        assert log.following


async def test_a_log_that_is_begun_anew_is_shown_anew(tmp_path: Path) -> None:
    """The daemon puts a long one aside; a file that is not there yet is waited for."""
    file = tmp_path / "shortsd.log"
    async with reading(file) as (_, pilot):
        await until(pilot, lambda: "writes no log of its own" in text(pilot), "that there is none")
        file.write_text("the first\n")
        await until(pilot, lambda: "the first" in text(pilot), "the log")
        (tmp_path / "other").write_text("the second\n")
        (tmp_path / "other").replace(file)
        await until(pilot, lambda: "the second" in text(pilot), "the new log")
        assert "the first" not in text(pilot)


async def test_what_a_terminal_would_obey_is_shown_as_text(tmp_path: Path) -> None:
    """Escape sequences, markup and bad bytes stand there as they are."""
    file = tmp_path / "7.log"
    file.write_bytes(b"\x1b[2Jcleared \x1b]0;title\x07\n[bold]not bold[/] [@click=app.quit]quit[/]\n\xff\xfe torn\n")
    async with reading(file) as (_, pilot):
        await until(pilot, lambda: "torn" in text(pilot), "the log")
        shown = text(pilot)
        assert r"\x1b[2Jcleared \x1b]0;title\x07" in shown
        assert "[bold]not bold[/] [@click=app.quit]quit[/]" in shown
        assert "�� torn" in shown


async def test_long_lines_are_cut_off_or_wrapped(tmp_path: Path) -> None:
    """`w` shows all of a line, of wide letters too, and the end of the log is still its end."""
    file = tmp_path / "7.log"
    file.write_text("".join(f"{number} {'東京' * 60} end of {number}\n" for number in range(30)))
    async with reading(file) as (_, pilot):
        await until(pilot, lambda: "29 東" in text(pilot), "the last line")
        assert "end of 29" not in text(pilot)
        await pilot.press(*["right"] * 12)
        assert "end of 29" in text(pilot)
        await pilot.press("w")
        assert "end of 29" in text(pilot)
        assert "29 東" in text(pilot)
        await pilot.press("g")
        first = text(pilot).partition("\n 0 ")[2].partition(" end of 0")[0]
        assert "".join(first.split()) == "東京" * 60
        await pilot.press("k")
        assert "end of 29" not in text(pilot)
        await pilot.press("g")
        assert "0 東" in text(pilot)
        await pilot.press("G")
        assert "end of 29" in text(pilot)
        await pilot.resize_terminal(3, 24)  # one cell is left for letters of two
        await until(pilot, lambda: pilot.app.size.width == 3, "a terminal without room")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "end of 29" in text(pilot), "room again")


async def test_a_log_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    """A folder in its place is no reason to fall."""
    file = tmp_path / "7.log"
    file.mkdir()
    async with reading(file) as (_, pilot):
        await told(pilot, "cannot be read")


@pytest.mark.parametrize("text", ["東京の夜", "\u0301a\u0301", "\u200d\u200d", ""])
def test_letters_that_are_wider_than_the_screen_are_got_over(text: str) -> None:
    """In a terminal of one column lines are wrapped to an end, whatever takes two cells or none."""
    assert list(islice(ends(text, 1), 20))[-1] == len(text)
