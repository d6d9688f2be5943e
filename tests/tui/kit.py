"""The app on a screen that tests look at, in front of a real daemon."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from shorts_tui.app import ShortsApp
from shorts_tui.host import Options
from shorts_tui.vitals import Machine
from shortsd.client.client import Client
from shortsd.config.places import Places

QUIET = Options(images=False, motion=False)
PATIENCE_S = 30.0


def still() -> Machine:
    """A machine whose figures stay as they are."""
    return Machine(cpu=34.0, memory=41.0, free_bytes=120_000_000_000)


@asynccontextmanager
async def watched(
    client: Client,
    size: tuple[int, int] = (120, 40),
    options: Options = QUIET,
    clock: Callable[[], float] = time.time,
    places: Places | None = None,
) -> AsyncIterator[tuple[ShortsApp, Pilot[None]]]:
    """The app, running, and who presses its keys."""
    app = ShortsApp(client, options, clock, places=places, machine=still)
    async with app.run_test(size=size, notifications=True) as pilot:
        yield app, pilot


async def until(pilot: Pilot[None], condition: Callable[[], object], what: str) -> None:
    """Return as soon as a condition holds and the screen has come to rest; fail, saying what did not come."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come; the screen shows:\n{text(pilot)}")
        await asyncio.sleep(0.02)
    await pilot.pause()


async def shows(pilot: Pilot[None], *said: str) -> None:
    """Return as soon as the screen shows all of this."""
    await until(pilot, lambda: all(each in text(pilot) for each in said), " and ".join(said))


def text(pilot: Pilot[None]) -> str:
    """What the screen shows, as text."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)
