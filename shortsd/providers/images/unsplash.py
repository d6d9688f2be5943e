"""Unsplash: https://unsplash.com/documentation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from shortsd.domain.errors import ServiceFailed, ServiceRefused
from shortsd.providers.images.gathering import Photo
from shortsd.providers.images.stock import Pixels, covering, link, name, shape
from shortsd.providers.web.allowance import Allowance
from shortsd.providers.web.bodies import Answer
from shortsd.providers.web.service import Service, Ways
from shortsd.providers.web.terms import Terms

NAME = "Unsplash"
LICENCE = "Unsplash License"
"""https://unsplash.com/license: free to use and to alter, also for money; not to be sold unaltered."""
PER_HOUR = 50
"""Requests of an application in demo mode: https://unsplash.com/documentation#rate-limiting. Pictures do not count."""
PER_PAGE = 30
"""Results of a search at most."""
QUALITY = 85
TERMS = Terms(at_once=2, read_s=30, whole_s=60)
REFERRAL = urlencode({"utm_source": "shortsd", "utm_medium": "referral"})
"""What every link back has: https://help.unsplash.com/en/articles/2511315-guideline-attribution."""
ORIENTATIONS = {"portrait": "portrait", "landscape": "landscape", "square": "squarish"}


class _Addresses(msgspec.Struct):
    raw: str


class _Links(msgspec.Struct):
    html: str
    download_location: str = ""


class _UserLinks(msgspec.Struct):
    html: str


class _User(msgspec.Struct):
    name: str
    links: _UserLinks


class _Photo(msgspec.Struct):
    id: str
    width: Pixels
    height: Pixels
    urls: _Addresses
    links: _Links
    user: _User


class _Page(msgspec.Struct):
    results: list[_Photo]


def service(base_url: str, key: str, ways: Ways) -> Service:
    """The service, asked with an access key: https://unsplash.com/documentation#public-authentication."""
    return Service(
        NAME,
        base_url,
        TERMS,
        headers=lambda: {"Authorization": f"Client-ID {key}", "Accept-Version": "v1"},
        secrets=(key,),
        ways=ways,
    )


@dataclass(frozen=True, slots=True)
class Unsplash:
    """The agency. Its guidelines: https://help.unsplash.com/en/articles/2511245-unsplash-api-guidelines.

    Photos are fetched from the addresses that it gave, each use is told to it, and credits link to photographer and
    photo. What we show is a work made of many pictures, which need not be shown from its own servers
    (https://help.unsplash.com/en/articles/2511271-guideline-hotlinking-images).
    """

    service: Service
    allowance: Allowance | None = None

    async def search(self, words: str, size: tuple[int, int]) -> Sequence[Photo]:
        """GET /search/photos: https://unsplash.com/documentation#search-photos."""
        orientation = ORIENTATIONS[shape(size)]
        answer = await self._ask("/search/photos", {"query": words, "orientation": orientation, "per_page": PER_PAGE})
        return [_told(photo) for photo in self.service.decode(answer, _Page).results]

    def address(self, photo: Photo, size: tuple[int, int]) -> str:
        """The address as it was given, in a size: https://unsplash.com/documentation#dynamically-resizable-images."""
        width, height = covering(photo, size)
        sized = urlencode({"w": width, "h": height, "fit": "crop", "q": QUALITY, "fm": "jpg"})
        return f"{photo.address}{'&' if '?' in photo.address else '?'}{sized}"

    async def tell(self, photo: Photo) -> None:
        """GET links.download_location: https://help.unsplash.com/en/articles/2511258-guideline-triggering-a-download.

        Its query is kept, as is asked for. Its host is not: the key goes nowhere else than where it is for.
        """
        query = urlsplit(photo.told).query
        await self._ask(f"/photos/{quote(photo.id, safe='')}/download{'?' + query if query else ''}")

    async def _ask(self, path: str, query: Mapping[str, str | int] | None = None) -> Answer:
        """GET; a 403 may say that no more requests are left (https://unsplash.com/documentation#rate-limiting).

        Raises ServiceFailed, ServiceRefused.
        """
        if self.allowance:
            await self.allowance.take()
        answer = await self.service.ask("GET", path, query=query, accept=(403,))
        if answer.status != 403:
            return answer
        if answer.headers.get("x-ratelimit-remaining") == "0":
            raise ServiceFailed(f"{NAME} answers no more requests in this hour.", "Try again later.", status=403)
        raise ServiceRefused(f"{NAME} refuses our key (403).", "Look at the key and its rights.", status=403)


def _told(photo: _Photo) -> Photo:
    return Photo(
        source=NAME,
        id=photo.id,
        address=photo.urls.raw,
        width=photo.width,
        height=photo.height,
        author=name(photo.user.name),
        author_page=_referring(photo.user.links.html),
        page=_referring(photo.links.html),
        licence=LICENCE,
        told=photo.links.download_location,
    )


def _referring(address: str) -> str:
    to = link(address)
    return f"{to}{'&' if '?' in to else '?'}{REFERRAL}" if to else ""
