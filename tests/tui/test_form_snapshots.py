"""How the forms and a question look: a picture of each, as it was found good."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from daemon import Home, home
from textual.pilot import Pilot
from tui.kit import QUIET, still, text, until

from shorts_tui.app import ShortsApp

LONG_AGO = 86_400.0
"""The app's time: every age is that of something made just now."""


@pytest.fixture(scope="module")
def paused() -> Iterator[Home]:
    """A daemon that starts neither of its two jobs."""
    with tempfile.TemporaryDirectory(prefix="shorts-") as folder, home(Path(folder) / "h") as daemon:
        daemon.client.pause()
        daemon.make(topic="the last train")
        daemon.make(topic="the lighthouse keeper who never sleeps")
        yield daemon


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        (("n",), "published to the output folder"),
        (("W",), "The hours are looked for first"),
        (("space", "space", "s"), "Stop 2 jobs?"),
    ],
    ids=["new", "week", "stop"],
)
def test_a_form_looks_as_it_did(
    paused: Home, snap_compare: Callable[..., bool], size: tuple[int, int], keys: tuple[str, ...], shown: str
) -> None:
    """Whoever changes how it looks looks at it, and has the picture taken anew: `pytest --snapshot-update`."""

    async def look(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, ShortsApp)
        await until(pilot, lambda: len(app.known.jobs) == 2 and app.known.whole, "the jobs")
        await until(pilot, lambda: app.vitals.machine, "the figures of the head")
        await pilot.press(*keys)
        for widget in app.screen_stack[0].children:
            widget.visible = False  # the page behind it has pictures of its own
        await until(pilot, lambda: shown in " ".join(text(pilot).split()), "the form")

    assert snap_compare(
        ShortsApp(paused.client, QUIET, lambda: LONG_AGO, machine=still), terminal_size=size, run_before=look
    )
