"""What stand-ins for stock services share: shots by what is looked for, and pictures of the sizes asked for."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zlib import crc32

from aiohttp import web
from PIL import Image

from servers.loopback import Loopback


@dataclass(frozen=True)
class Shot:
    """A photo in stock."""

    number: int
    width: int = 4000
    height: int = 6000


def plenty(words: str) -> list[Shot]:
    """Thirty shots of anything, others for other words."""
    return [Shot(crc32(words.encode()) % 1_000_000 * 100 + number) for number in range(30)]


class StockServer(Loopback):
    """A service with pictures. `stock` says what it has; it knows `key`, and has `remaining` requests left."""

    key = "s3cret-key-of-the-stock"

    def __init__(self, stock: Callable[[str], Sequence[Shot]] = plenty) -> None:
        super().__init__()
        self.stock = stock
        self.remaining = 19_684

    def rates(self) -> dict[str, str]:
        """Headers that tell what is left."""
        self.remaining -= 1
        return {"X-Ratelimit-Limit": "20000", "X-Ratelimit-Remaining": str(self.remaining)}


async def picture(request: web.Request) -> web.StreamResponse:
    """A JPEG of the width and height that are asked for, of a colour of its own."""
    size = int(request.query.get("w", 4000)), int(request.query.get("h", 6000))
    shade = crc32(request.path.encode())
    made = Image.new("RGB", size, (shade & 255, shade >> 8 & 255, shade >> 16 & 255))
    return web.Response(body=jpeg(made), content_type="image/jpeg")


def jpeg(image: Image.Image) -> bytes:
    data = io.BytesIO()
    image.save(data, "JPEG")
    return data.getvalue()
