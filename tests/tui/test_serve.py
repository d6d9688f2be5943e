"""The dashboard in a web page."""

import asyncio
import io
import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import aiohttp
import pytest
from daemon import Home, wait_for
from PIL import Image
from tui import chromium

WIDTH, HEIGHT = 1000, 600

SECOND_ROW = 5.5 * 21
"""Below the head, the pages, the banner, the names of the columns and the first row, of 21 pixels each."""


@pytest.fixture(scope="module")
def page(shared: Home) -> Iterator[str]:
    """The address of a page that is served before a daemon with two jobs in its queue."""
    shared.client.pause()
    for _ in range(2):
        shared.make()
    argv = [sys.executable, "-m", "shorts_tui", "--serve", "0", "--no-images", "--no-motion"]
    with subprocess.Popen(argv, env=shared.environ, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        found = re.search(r"http://\S+", server.stdout.readline().decode())
        assert found
        yield found.group()
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0


async def status(address: str, **headers: str) -> int:
    """What the server answers to who asks for an address."""
    async with aiohttp.ClientSession() as session, session.get(address, headers=headers) as answer:
        return answer.status


async def test_nobody_is_let_in_without_the_token(page: str) -> None:
    """The page, its scripts and the line to the app are refused to who lacks it, or has another one."""
    base = page.partition("/?")[0]
    for path in ("/", "/?token=x", "/static/js/textual.js", "/ws?width=80&height=24"):
        assert await status(base + path) == 403, path
    assert await status(page) == 200


async def test_no_page_of_somebody_else_is_let_in(page: str) -> None:
    """With the token, too, a line that another page opens is refused, and a name that is not ours."""
    line = page.replace("/?", "/ws?")
    assert await status(line, Origin="http://evil.example") == 403
    assert await status(page, Host="evil.example:80") == 403


@pytest.mark.skipif(chromium.found() is None, reason=chromium.MISSING)
async def test_a_job_is_pointed_at_and_stopped_in_a_browser(shared: Home, page: str) -> None:
    """A real browser shows the dashboard from the address alone; a click points at a job, a key stops it."""
    async with chromium.browsing(page, WIDTH, HEIGHT) as tab:
        await chromium.eventually(lambda: drawn(tab))
        await tab.click(WIDTH / 2, SECOND_ROW)
        await tab.press("s")
        await asyncio.to_thread(wait_for, lambda: shared.client.job(1).state == "stopped", "the end of the older job")
        assert shared.client.job(2).state == "queued"
        picture = Image.open(io.BytesIO(await tab.picture()))
        assert picture.width == WIDTH


async def drawn(tab: chromium.Tab) -> bool:
    """Whether the dashboard has drawn itself: an empty page has fewer colours."""
    if not await tab.value("document.body?.classList.contains('-first-byte')"):
        return False
    return len(Image.open(io.BytesIO(await tab.picture())).convert("P").getcolors() or []) > 8


def test_others_are_served_only_after_a_yes(shared: Home) -> None:
    """Beyond this machine nothing is served without a warning and a yes, and nobody is there to give one."""
    argv = [sys.executable, "-m", "shorts_tui", "--serve", "0", "--host", "0.0.0.0"]  # noqa: S104 - refused
    done = subprocess.run(
        argv, env=shared.environ, stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False
    )
    assert done.returncode == 2
    assert b"not encrypted" in done.stderr
    assert b"--yes" in done.stderr
