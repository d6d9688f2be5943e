"""A headless Chromium that tests lead by its own protocol (https://chromedevtools.github.io/devtools-protocol/)."""

import asyncio
import base64
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

PATIENCE_S = 30.0
MISSING = "there is no Chromium here: apt-get install chromium"


def found() -> str | None:
    """The browser's path, if one is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


async def eventually(condition: Callable[[], Awaitable[object]]) -> None:
    """Return as soon as a condition holds. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.05)


class Tab:
    """A page of the browser."""

    def __init__(self, line: aiohttp.ClientWebSocketResponse) -> None:
        self._line = line
        self._numbers = count(1)

    async def do(self, method: str, **params: Any) -> Any:
        """Call a method of the protocol; what it gives back."""
        number = next(self._numbers)
        await self._line.send_json({"id": number, "method": method, "params": params})
        while True:
            told = await self._line.receive_json(timeout=PATIENCE_S)
            if told.get("id") == number:
                assert "error" not in told, told
                return told["result"]

    async def value(self, script: str) -> Any:
        """What a script gives back in the page."""
        result = await self.do("Runtime.evaluate", expression=script, returnByValue=True)
        return result["result"].get("value")

    async def click(self, x: float, y: float) -> None:
        for kind in ("mousePressed", "mouseReleased"):
            await self.do("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def press(self, letter: str) -> None:
        """Press the key of a letter."""
        await self.do("Input.dispatchKeyEvent", type="keyDown", key=letter, text=letter)
        await self.do("Input.dispatchKeyEvent", type="keyUp", key=letter)

    async def picture(self) -> bytes:
        """The page as a PNG."""
        shot = await self.do("Page.captureScreenshot", format="png")
        return base64.b64decode(shot["data"])


@asynccontextmanager
async def browsing(address: str, width: int, height: int) -> AsyncIterator[Tab]:
    """A tab that shows an address, in a browser of its own."""
    browser = found()
    assert browser is not None, MISSING
    # processes of it may write into its profile for a moment after it has ended
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as folder:
        argv = [
            browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--remote-debugging-port=0", f"--user-data-dir={folder}", f"--window-size={width},{height}", address,
        ]  # fmt: skip
        quiet = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(*argv, stdout=quiet, stderr=quiet)
        try:
            async with aiohttp.ClientSession() as session, _line(session, Path(folder)) as line:
                yield Tab(line)
        finally:
            process.terminate()
            await process.wait()


@asynccontextmanager
async def _line(session: aiohttp.ClientSession, folder: Path) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """The line to the first tab, once the browser has said on which port it listens."""
    told = folder / "DevToolsActivePort"

    async def says() -> bool:
        return told.exists() and bool(told.read_text().strip())

    await eventually(says)
    port = told.read_text().split()[0]
    async with session.get(f"http://127.0.0.1:{port}/json") as answer:
        tabs = await answer.json()
    line = next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
    async with session.ws_connect(line, max_msg_size=0) as socket:
        yield socket
