"""How a job and a log look: a picture of each, as it was found good."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from tui.kit import QUIET, still, text, until
from tui.staged import Staged, failed, finished, now, rendering, staged

from shorts_tui.app import ShortsApp

LOG = """2026-11-29 00:04:57.000 [voice] warning: edge is away, espeak speaks
2026-11-29 00:04:58.000 [render] a line that goes on until it is wider than most of the screens on which it may be seen
2026-11-29 00:04:59.000 [render] \x1b[31mno red\x1b[0m, [bold]not bold[/], 東京の夜の灯台守
2026-11-29 00:05:00.000 [render] encoder: Error while opening the device
2026-11-29 00:05:01.000 [render] 412 of 900 frames
"""


@pytest.fixture
def stage(tmp_path: Path, short_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Staged]:
    del tmp_path
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    with staged(short_folder, rendering(), failed(), finished()) as made:
        for number in (5, 6, 7):
            made.log(number, LOG)
        yield made
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("size", "keys", "shown"),
    [
        ((80, 24), (), "▶ render"),
        ((80, 24), ("j",), "or by r"),
        ((120, 40), ("j", "j"), "1 of 2 passed"),
        ((200, 60), (), "▶ render"),
        ((120, 40), ("j", "enter"), "postponed, attempt 2"),
        ((80, 24), ("l", "slash", *"frame", "enter", "w"), "wrapped"),
    ],
    ids=["running-80x24", "failed-80x24", "finished-120x40", "running-200x60", "page-120x40", "log-80x24"],
)
def test_a_job_looks_as_it_did(
    stage: Staged, snap_compare: Callable[..., bool], size: tuple[int, int], keys: tuple[str, ...], shown: str
) -> None:
    """Whoever changes how it looks looks at it, and has the picture taken anew: `pytest --snapshot-update`."""

    async def look(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "▶ render" in text(pilot) and "412 of 900 frames" in text(pilot), "the jobs")
        await until(pilot, lambda: "cpu" in text(pilot), "the figures of the head")
        await pilot.press(*keys)
        await until(pilot, lambda: shown in text(pilot) and "00:05:01" in text(pilot), shown)

    app = ShortsApp(stage.client, QUIET, now, places=stage.places, machine=still)
    assert snap_compare(app, terminal_size=size, run_before=look)
