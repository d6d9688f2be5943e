"""Pictures of services that have them in stock: looked for by the words of each scene, fetched once, kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Protocol

import httpx
import msgspec

from shortsd.domain.address import page
from shortsd.domain.errors import BadInput, ServiceFailed
from shortsd.domain.ports import Workers
from shortsd.domain.story import SceneBrief
from shortsd.domain.text import cut, line
from shortsd.providers.images.cache import PictureCache
from shortsd.providers.images.gathering import Photo, gather
from shortsd.providers.images.source import Found, Order
from shortsd.providers.web.service import Service, Ways
from shortsd.providers.web.terms import Terms

VERSION = 1
"""Raised when the same results come to be looked for or chosen in another way."""
MOST_BYTES = 40 << 20
"""Of a picture's file."""
AUTHOR = 100
"""Characters of a photographer's name that are kept."""
Pixels = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
"""A width or a height that a photo can have."""
TOGETHER = 3
"""Keywords that are looked for at once: more are never in one picture."""
NEARLY_SQUARE = 1.1
"""Frames whose sides differ by less than this want square pictures."""


class Agency(Protocol):
    """One such service: its wire format and its rules."""

    @property
    def service(self) -> Service:
        """The service itself, which knows the key."""
        ...

    async def search(self, words: str, size: tuple[int, int]) -> Sequence[Photo]:
        """Photos that show something, of the shape of `size` (width and height in pixels), best first.

        Raises ServiceFailed.
        """
        ...

    def address(self, photo: Photo, size: tuple[int, int]) -> str:
        """Where the file of a photo is that covers a size."""
        ...

    async def tell(self, photo: Photo) -> None:
        """Say that a photo is used, to who wants to know. Raises ServiceFailed."""
        ...


@dataclass(slots=True)
class Stock:
    """The source of an agency's pictures.

    `downloads` fetches files from the addresses that the agency gave: it has no key, and looks where it goes. `cache`
    is this source's own.
    """

    agency: Agency
    downloads: Service
    workers: Workers
    cache: PictureCache

    @property
    def name(self) -> str:
        return self.agency.service.name

    @property
    def key(self) -> str:
        return f"{self.name} {VERSION}"

    @property
    def down(self) -> str:
        return self.downloads.down

    async def find(self, order: Order) -> Found:
        """Pictures that fit the scenes' words, each told to the agency if it wants that."""
        gathered = await gather(self, self.workers, order)
        if order.desk.job:
            await self._tell(gathered.photos.values(), order)
        return gathered.found

    async def _tell(self, photos: Iterable[Photo], order: Order) -> None:
        """Say of each photo, once for a job, that it is used. That this failed is no matter for the job."""
        for photo in photos:
            if photo.told:
                try:
                    await self.cache.once(f"{order.desk.job}-{photo.id}", partial(self.agency.tell, photo))
                except ServiceFailed as exc:
                    order.desk.log.info(f"{self.name} was not told that {photo.called()} is used: {exc.message}")
                    return

    def searches(self, scene: SceneBrief) -> Sequence[str]:
        """The scene's keywords together, then fewer of them, then its mood."""
        words = scene.keywords[:TOGETHER]
        fewer = [" ".join(words[:count]) for count in range(len(words), 0, -1)]
        return list(dict.fromkeys([*fewer, scene.mood]))

    async def search(self, words: str, size: tuple[int, int]) -> Sequence[Photo]:
        asked = (words, shape(size), f"{size[0]}x{size[1]}")
        return await self.cache.answer(asked, lambda: self.agency.search(words, size))

    async def fetch(self, photo: Photo, size: tuple[int, int]) -> Path:
        async def download(part: Path) -> None:
            address = self.agency.address(photo, size)
            await self.downloads.download(address, part, most_bytes=MOST_BYTES, types=("image/",))

        return await self.cache.file(photo.id, size, download)

    def discard(self, file: Path) -> None:
        file.unlink(missing_ok=True)

    async def close(self) -> None:
        await self.agency.service.close()
        await self.downloads.close()


def name(text: str) -> str:
    """A photographer's name, fit for a line of credits, whatever it is said to be."""
    return cut(line(text), AUTHOR)


def link(address: str) -> str:
    """The address of a page to be linked to; empty if it is none."""
    try:
        return page(address)
    except BadInput:
        return ""


def shape(size: tuple[int, int]) -> str:
    """What shape a frame has: portrait, landscape or square."""
    width, height = size
    if max(size) < NEARLY_SQUARE * min(size):
        return "square"
    return "portrait" if height > width else "landscape"


def covering(photo: Photo, size: tuple[int, int]) -> tuple[int, int]:
    """The width and height of a photo when it just covers a size; its own if it is too small for that."""
    if not (photo.width and photo.height):
        return size
    scale = min(1.0, max(size[0] / photo.width, size[1] / photo.height))
    return -int(-photo.width * scale // 1), -int(-photo.height * scale // 1)


def downloads(name: str, transport: httpx.AsyncBaseTransport | None = None, ways: Ways | None = None) -> Service:
    """Who fetches the pictures of an agency: a service without a key, asked at whole addresses."""
    return Service(f"The store of {name}", "", Terms(), ways=ways or Ways(), transport=transport)
