"""Pexels: https://www.pexels.com/api/documentation/."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import msgspec

from shortsd.providers.images.gathering import Photo
from shortsd.providers.images.stock import Pixels, covering, link, name, shape
from shortsd.providers.web.allowance import Allowance
from shortsd.providers.web.service import Service, Ways
from shortsd.providers.web.terms import Terms

NAME = "Pexels"
LICENCE = "Pexels License"
"""https://www.pexels.com/license/: free to use and to alter, also for money; not to be sold or shown unaltered as one's
own stock."""
PER_HOUR = 200
"""Requests, and 20,000 a month: the documentation's Guidelines. Pictures themselves are not counted."""
PER_PAGE = 80
"""Results of a search at most."""
TERMS = Terms(at_once=2, read_s=30, whole_s=60)
LOCALES = (
    *("en-US", "pt-BR", "es-ES", "ca-ES", "de-DE", "it-IT", "fr-FR", "sv-SE", "id-ID", "pl-PL", "ja-JP", "zh-TW"),
    *("zh-CN", "ko-KR", "th-TH", "nl-NL", "hu-HU", "vi-VN", "cs-CZ", "da-DK", "fi-FI", "uk-UA", "el-GR", "ro-RO"),
    *("nb-NO", "sk-SK", "tr-TR", "ru-RU"),
)
"""What words may be in: the documentation's Search for Photos."""
SIZES = (("small", 4e6), ("medium", 12e6), ("large", 24e6))
"""Pixels that photos have at least, as the documentation's `size`: four, twelve and twenty-four megapixels."""
TWO_BY_THREE = 1.5
"""The shape of most photos: what they have beyond a taller frame is not seen."""


class _Sizes(msgspec.Struct):
    original: str


class _Photo(msgspec.Struct):
    id: int
    width: Pixels
    height: Pixels
    url: str
    photographer: str
    photographer_url: str
    src: _Sizes


class _Page(msgspec.Struct):
    photos: list[_Photo]


def service(base_url: str, key: str, ways: Ways) -> Service:
    """The service, asked with a key: the header Authorization has it as it is."""
    return Service(NAME, base_url, TERMS, headers=lambda: {"Authorization": key}, secrets=(key,), ways=ways)


@dataclass(frozen=True, slots=True)
class Pexels:
    """The agency. Its guidelines: credit photographers with a link to the photo, and Pexels with it."""

    service: Service
    locale: str = ""
    allowance: Allowance | None = None

    async def search(self, words: str, size: tuple[int, int]) -> Sequence[Photo]:
        """GET /search: https://www.pexels.com/api/documentation/#photos-search."""
        if self.allowance:
            await self.allowance.take()
        query: dict[str, str | int] = {"query": words, "orientation": shape(size), "per_page": PER_PAGE}
        query |= {"size": wanted} if (wanted := _least(size)) else {}
        query |= {"locale": self.locale} if self.locale else {}
        page = await self.service.json("GET", "/search", _Page, query=query)
        return [_told(photo) for photo in page.photos]

    def address(self, photo: Photo, size: tuple[int, int]) -> str:
        """The original's address, with the parameters by which the API's own sizes are made of it."""
        width, height = covering(photo, size)
        sized = urlencode({"auto": "compress", "cs": "tinysrgb", "fit": "crop", "w": width, "h": height})
        return f"{photo.address}{'&' if '?' in photo.address else '?'}{sized}"

    async def tell(self, photo: Photo) -> None:
        """Pexels does not ask for that."""


def locale(language: str) -> str:
    """The documentation's name of a language, given as a tag ("de"); none for English, the usual one, and others."""
    tag = language.replace("_", "-").lower()
    exact = next((name for name in LOCALES if name.lower() == tag), "")
    near = next((name for name in LOCALES if name.lower().startswith(f"{tag.partition('-')[0]}-")), "")
    found = exact or near
    return "" if found.startswith("en") else found


def _least(size: tuple[int, int]) -> str:
    """The smallest of SIZES of which photos cover a frame; none if even the largest may not."""
    short, long = sorted(size)
    pixels = max(long, TWO_BY_THREE * short) * max(short, long / TWO_BY_THREE)
    return next((name for name, least in SIZES if pixels <= least), "")


def _told(photo: _Photo) -> Photo:
    return Photo(
        source=NAME,
        id=str(photo.id),
        address=photo.src.original,
        width=photo.width,
        height=photo.height,
        author=name(photo.photographer),
        author_page=link(photo.photographer_url),
        page=link(photo.url),
        licence=LICENCE,
    )
