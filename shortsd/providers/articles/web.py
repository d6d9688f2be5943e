"""Articles on pages that users give the addresses of."""

import asyncio
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from shortsd.domain import address
from shortsd.domain.errors import BadInput, ServiceFailed
from shortsd.domain.finish import in_thread
from shortsd.domain.ports import Desk, Workers
from shortsd.domain.story import Article
from shortsd.providers.web.bodies import Answer
from shortsd.providers.web.guard import GuardedTransport, Resolve, addresses
from shortsd.providers.web.service import Service, Ways
from shortsd.providers.web.terms import Terms

_EXTRACT = "shortsd.providers.articles.extract:extract"
TYPES = ("text/html", "application/xhtml+xml", "text/plain")
PICTURES = ("image/jpeg", "image/png", "image/webp", "image/gif")
PICTURE_BYTES = 10 << 20
HOPS = 5
"""Redirects that are followed; a page that has moved takes one or two."""
TERMS = Terms(at_once=1, connect_s=10.0, read_s=15.0, whole_s=30.0, tries=2, longest_wait_s=10.0, most_bytes=5 << 20)
"""Of one page: all of it, redirects and second try among it, takes `whole_s` at most."""


class WebArticles:
    """Fetches pages from hosts of the internet at large and of `trusted`; a worker takes their articles out."""

    def __init__(
        self,
        workers: Workers,
        trusted: Sequence[str] = (),
        terms: Terms = TERMS,
        ways: Ways | None = None,
        resolve: Resolve = addresses,
    ) -> None:
        self._workers = workers
        self._trusted = trusted
        self._terms = terms
        self._ways = ways or Ways()
        self._resolve = resolve

    async def fetch(self, url: str, desk: Desk) -> Article:
        """The article that a page holds, of 60 000 characters at most.

        Raises BadInput for an address that is none or not to be asked, a page that is not there or not for everybody,
        and one without an article; ServiceFailed for what may pass; what the worker raises.
        """
        return msgspec.convert(await self._extracted(url, desk, structured=False), Article)

    async def structured(self, url: str, desk: Desk) -> tuple[Article, str]:
        """As `fetch`, and the article as Markdown."""
        found = await self._extracted(url, desk, structured=True)
        return msgspec.convert(found, Article), str(found["markdown"])

    async def picture(self, url: str, to: Path, desk: Desk) -> None:
        """Bring the picture at an address into a file, of 10 MB at most. Raises as `fetch`; OSError for the file."""
        url = address.page(url)
        desk.log.info(f"fetches the picture {url}")
        answer = await self._page(url, PICTURES, PICTURE_BYTES)
        await in_thread(to.write_bytes, answer.body)

    async def _extracted(self, url: str, desk: Desk, *, structured: bool) -> Mapping[str, Any]:
        url = address.page(url)
        desk.log.info(f"reads {url}")
        answer = await self._page(url, TYPES, self._terms.most_bytes)
        request = {
            "url": answer.url,
            "content": b64encode(answer.body).decode("ascii"),
            "type": answer.headers.get("content-type", ""),
            "structured": structured,
        }
        found: Mapping[str, Any] = await self._workers.call(_EXTRACT, request, desk)
        return found

    async def _page(self, url: str, types: Sequence[str], most_bytes: int) -> Answer:
        """The page at an address. That a host fails says nothing of others: each page has a service of its own."""
        host = urlsplit(url).hostname or url
        transport = GuardedTransport(self._trusted, resolve=self._resolve)
        service = Service(host, "", self._terms, ways=self._ways, transport=transport)
        try:
            async with asyncio.timeout(self._terms.whole_s):
                return await service.page(url, most_bytes=most_bytes, types=types, hops=HOPS)
        except TimeoutError as exc:
            raise ServiceFailed(f"{host} did not answer within {self._terms.whole_s:g} s.") from exc
        except ServiceFailed as exc:
            if exc.retryable:
                raise
            raise _unusable(url, host, exc) from exc
        finally:
            await service.close()


def _unusable(url: str, host: str, error: ServiceFailed) -> BadInput:
    """What is told of a page that a second look will not better."""
    hint = "See whether the address opens in a browser, or give the text itself with --story."
    if not error.status:
        return BadInput(f"{url} cannot be read: {error.message}", hint)
    why = {401: ", which wants a login", 403: ", which lets nobody in", 404: ", which knows no such page"}
    why[410] = ", which says that the page is gone"
    return BadInput(f"{url} cannot be read: {host} answered {error.status}{why.get(error.status, '')}.", hint)
