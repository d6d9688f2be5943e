"""Videos of the sites that yt-dlp knows, each question in a process of its own."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from shortsd.domain.errors import ServiceFailed
from shortsd.domain.ports import Desk, Workers
from shortsd.domain.transcript import Entry, Listing, Segment, Track, Video
from shortsd.providers.videos.fence import literal

_MODULE = "shortsd.providers.videos.fetching"
LISTING_S = 240.0
"""That a listing may take: of a channel with ten thousand videos some hundred requests."""
WHOLE_S = 120.0
"""That a page or subtitles may take, with all that is tried again."""


@dataclass(frozen=True, slots=True)
class SiteVideos:
    """domain.ports.Videos. What is fetched lies in `cache` as far as yt-dlp keeps it at all."""

    workers: Workers
    cache: Path
    trusted: tuple[str, ...] = ()
    """Hosts that may be at addresses of a private network."""
    wait_s: float = 20.0
    """For which a site may keep silent."""
    sound_mb: int = 500
    """Mebibytes that a video's sound may take."""

    async def listing(self, url: str, limit: int, since: str, desk: Desk) -> Listing:
        """The newest videos there. Raises BadInput, ServiceFailed, and what the worker does."""
        request = {"url": url, "limit": limit, "since": since}
        return msgspec.convert(await self._ask("listing", request, url, desk, LISTING_S), Listing)

    async def look(self, entry: Entry, language: str, site: str, to: Path, desk: Desk) -> Video:
        """What is known of a video. Raises as `listing` does."""
        request = {"entry": asdict(entry), "language": language, "to": str(to)}
        return msgspec.convert(await self._ask("look", request, site, desk, WHOLE_S), Video)

    async def subtitles(self, track: Track, site: str, folder: Path, desk: Desk) -> Sequence[Segment] | str:
        """What subtitles say, or why that cannot be told. Raises ServiceFailed for what may pass."""
        request = {"source": dict(track.source), "folder": str(folder)}
        answer = await self._ask("subtitles", request, site, desk, WHOLE_S)
        return str(answer["unusable"]) if "unusable" in answer else msgspec.convert(answer["segments"], list[Segment])

    async def sound(self, known: Path, site: str, folder: Path, desk: Desk) -> str:
        """Bring a video's sound into a folder; its file. It has as long as any process. Raises as `listing` does."""
        request = {"known": str(known), "folder": str(folder), "most": self.sound_mb << 20}
        answer: Mapping[str, str] = await self._ask("sound", request, site, desk, None)
        return answer["file"]

    async def _ask(self, what: str, request: Mapping[str, Any], site: str, desk: Desk, limit_s: float | None) -> Any:
        own = literal(site)
        terms = {"trusted": [*self.trusted, *([own] if own else [])], "wait_s": self.wait_s, "cache": str(self.cache)}
        try:
            async with asyncio.timeout(limit_s):
                return await self.workers.call(f"{_MODULE}:{what}", {**terms, **request}, desk)
        except TimeoutError as exc:
            raise ServiceFailed(f"{urlsplit(site).hostname} took more than {limit_s:g} s.") from exc
