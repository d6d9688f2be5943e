"""What tests of picture sources share."""

from collections.abc import Sequence
from pathlib import Path

from servers.loopback import Time
from servers.pexels import PexelsServer
from servers.unsplash import UnsplashServer
from support import InProcess, TestDesk

from shortsd.domain.memory import Seen
from shortsd.domain.story import SceneBrief
from shortsd.domain.style import Fit
from shortsd.providers.images import pexels as pexels_
from shortsd.providers.images import unsplash as unsplash_
from shortsd.providers.images.cache import PictureCache
from shortsd.providers.images.pexels import Pexels
from shortsd.providers.images.source import Found, Order, Source, Taken
from shortsd.providers.images.stock import Stock, downloads
from shortsd.providers.images.unsplash import Unsplash
from shortsd.providers.web.allowance import Allowance
from shortsd.providers.web.service import Ways

SIZE = (90, 160)


def scenes(*keywords: str, mood: str = "eerie", seed: int = 1) -> list[SceneBrief]:
    """A scene for each; keywords of one are separated by commas."""
    return [
        SceneBrief(index, f"Sentence {index}.", mood, seed, tuple(filter(None, words.split(","))))
        for index, words in enumerate(keywords)
    ]


def pexels(server: PexelsServer, folder: Path, key: str = "", time: Time | None = None, language: str = "") -> Stock:
    """Pexels at a stand-in for it; the cache is under `folder`."""
    time = time or Time()
    ways = Ways(time, time.wait, lambda: 0.5)
    service = pexels_.service(f"{server.address}/v1", key or server.key, ways)
    agency = Pexels(service, pexels_.locale(language), Allowance("Pexels", pexels_.PER_HOUR))
    cache = PictureCache(folder / "cache" / "pexels", time)
    return Stock(agency, downloads("Pexels", ways=ways), InProcess(), cache)


def unsplash(server: UnsplashServer, folder: Path, key: str = "", time: Time | None = None) -> Stock:
    """Unsplash at a stand-in for it; the cache is under `folder`."""
    time = time or Time()
    ways = Ways(time, time.wait, lambda: 0.5)
    service = unsplash_.service(server.address, key or server.key, ways)
    agency = Unsplash(service, Allowance("Unsplash", unsplash_.PER_HOUR))
    cache = PictureCache(folder / "cache" / "unsplash", time)
    return Stock(agency, downloads("Unsplash", ways=ways), InProcess(), cache)


async def find(
    source: Source,
    wanted: Sequence[SceneBrief],
    folder: Path,
    desk: TestDesk | None = None,
    *,
    seen: Sequence[Seen] = (),
    size: tuple[int, int] = SIZE,
    fit: Fit = Fit.CROP,
) -> Found:
    """Ask a source for pictures once, and let go of its connections."""
    made = folder / "made"
    made.mkdir(exist_ok=True)
    try:
        return await source.find(Order(wanted, size, fit, made, desk or TestDesk(), Taken(frozenset(seen))))
    finally:
        await source.close()
