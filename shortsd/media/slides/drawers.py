"""Who draws slides: a headless Chromium, by a page; or Pillow. Both by the same layout."""

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from shortsd.domain.desks import Quiet
from shortsd.domain.errors import ChildFailed
from shortsd.domain.ports import Children, Command, Desk, Workers
from shortsd.media.slides.design import VERSION

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome-headless-shell")
"""What headless browsers are called that draw slides, in the order they are looked for."""
PROOF = 32
"""Pixels below the slides of a page, where each of its fonts shows that it is there."""
TALLEST = 16_384
"""Pixels of a picture that a browser draws: the largest texture of most of them."""
_QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--mute-audio",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--force-device-scale-factor=1",
    "--font-render-hinting=none",
    "--log-level=3",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",
    "--virtual-time-budget=10000",
)
"""No window, no network, nothing of a user's: a page is drawn and that is all. Port 9 is where nobody answers. Virtual
time stands still while fonts are made ready, and before it has run out no picture is taken."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Slides to be drawn, and what they all have in common; together they are what workers are asked with."""

    boards: Sequence[Mapping[str, Any]]
    """Each with `mark`, `heading`, `items` (each with `kind`, `text`, `detail`, and `file` if it is a picture) and
    `shown`, how many of them are seen."""
    common: Mapping[str, Any]
    """`theme`, `size`, `captions` (`style` and `size`), `fonts` (`regular`, `bold`, `mono`) and `helpers`."""


class Drawer(Protocol):
    """Draws slides."""

    @property
    def key(self) -> str:
        """Name and version: what it drew is drawn anew when this changes."""
        ...

    async def draw(self, drawing: Drawing, folder: Path, desk: Desk) -> None:
        """Write each slide into `folder` as a PNG named with its mark. Progress counts slides.

        Raises ChildFailed, TimedOut, BadInput, DiskFull.
        """
        ...


@dataclass(frozen=True, slots=True)
class PillowDrawer:
    """Draws by Pillow, in a worker."""

    workers: Workers

    @property
    def key(self) -> str:
        return f"pillow {VERSION}"

    async def draw(self, drawing: Drawing, folder: Path, desk: Desk) -> None:
        request = {**drawing.common, "boards": list(drawing.boards), "to": str(folder)}
        await self.workers.call("shortsd.media.slides.painting:paint", request, desk)


@dataclass(frozen=True, slots=True)
class ChromiumDrawer:
    """Draws by a Chromium that shows a page with as many slides as go on one picture, and exits."""

    program: str
    workers: Workers
    children: Children

    @property
    def key(self) -> str:
        return f"chromium {VERSION}"

    async def draw(self, drawing: Drawing, folder: Path, desk: Desk) -> None:
        width, height = drawing.common["size"]
        at_once = max(1, (TALLEST - PROOF) // height)
        boards = drawing.boards
        for first in range(0, len(boards), at_once):
            some = boards[first : first + at_once]
            with tempfile.TemporaryDirectory(dir=folder, prefix="browser-") as own:
                await self._shoot({**drawing.common, "boards": list(some)}, Path(own), (width, height), folder, desk)
            desk.progress(min(first + at_once, len(boards)), len(boards))

    async def _shoot(
        self, request: Mapping[str, Any], own: Path, size: tuple[int, int], folder: Path, desk: Desk
    ) -> None:
        page, picture = own / "slides.html", own / "slides.png"
        marks = [board["mark"] for board in request["boards"]]
        quiet = Quiet(desk)
        made = await self.workers.call("shortsd.media.slides.page:write", {**request, "page": str(page)}, quiet)
        await self.children.run(
            browse(self.program, page, (size[0], size[1] * len(marks) + PROOF), picture, own), quiet
        )
        if not picture.is_file():
            raise ChildFailed(f"{self.program} ended well and drew nothing.", "The job's log has its words.")
        cut = {"picture": str(picture), "marks": marks, "size": list(size), "to": str(folder), **made}
        await self.workers.call("shortsd.media.slides.page:cut", cut, quiet)


def browse(program: str, page: Path, size: tuple[int, int], picture: Path, folder: Path) -> Command:
    """Draw a page of that size into a PNG; the browser keeps what is its own in `folder`."""
    argv = (
        program,
        *_QUIET,
        *(["--no-sandbox"] if os.geteuid() == 0 else []),  # which Chromium cannot do as root
        f"--user-data-dir={folder / 'profile'}",
        f"--window-size={size[0]},{size[1]}",
        f"--screenshot={picture}",
        page.as_uri(),
    )
    return Command("chromium", argv)


def browser(named: str) -> str | None:
    """The browser to draw with: the one that is named, or the first that is there."""
    return next((found for name in ([named] if named else BROWSERS) if (found := shutil.which(name))), None)
