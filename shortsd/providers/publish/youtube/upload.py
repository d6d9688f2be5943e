"""Bytes to YouTube in a session that can be gone on with after anything.

https://developers.google.com/youtube/v3/guides/using_resumable_upload_protocol
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Self

import msgspec

from shortsd.domain.errors import ServiceFailed
from shortsd.providers.publish.youtube.api import Api, reasons
from shortsd.providers.publish.youtube.quota import VIDEOS
from shortsd.providers.web.bodies import Answer

CHUNK = 8 << 20
"""Bytes sent in a request; a multiple of 256 KiB, as the protocol wants it."""
PIECE = 256 << 10
"""Bytes read, handed to the network and told of at a time."""
STANDSTILLS = 5
"""Requests one after the other that bring an upload no further, after which it fails for now."""
NO_HOUR = "invalidPublishAt"
"""https://developers.google.com/youtube/v3/docs/videos/insert#errors"""
INCOMPLETE = 308
"""More bytes are to come."""
CANCELLED = 499
GONE = (404, 410, CANCELLED)
"""There is no such session: it has expired, or was cancelled."""
KIND = "video/mp4"

Tell = Callable[[int, int], None]
"""Hears how many bytes of how many have been sent."""


class SessionGone(Exception):
    """A session is no more. What came of it is not known by that."""


class HourPassed(Exception):
    """YouTube takes the hour of a video for one that has passed, or cannot be kept."""


@dataclass(frozen=True, slots=True)
class Film:
    """A video file as it is to be sent."""

    path: Path
    size: int
    digest: str
    """SHA-256 of its bytes, in hexadecimal."""

    @classmethod
    def of(cls, path: Path) -> Self:
        """Raises OSError."""
        digest, size = sha256(), 0
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
                size += len(piece)
        return cls(path, size, digest.hexdigest())


@dataclass(frozen=True, slots=True)
class _Video:
    """What is read of a video's resource. An answer that names none says nothing of what came of an upload."""

    id: Annotated[str, msgspec.Meta(min_length=1)]


async def begin(api: Api, resource: dict[str, Any], size: int) -> str:
    """The address of a new session, to which no byte has gone.

    Raises HourPassed, NotYet, ServiceFailed, ServiceRefused.
    """
    answer = await api.ask(
        VIDEOS,
        "POST",
        "/upload/youtube/v3/videos",
        query={"uploadType": "resumable", "part": "snippet,status"},
        body=resource,
        headers={"X-Upload-Content-Length": str(size), "X-Upload-Content-Type": KIND},
        again=True,  # a session that nobody heard of takes no bytes, and expires
        accept=(400,),
    )
    if answer.status == 400:
        if NO_HOUR in reasons(answer):
            raise HourPassed
        raise await api.refusal(VIDEOS, answer)
    address = answer.headers.get("location", "")
    if not address:
        raise ServiceFailed("YouTube began an upload and did not say where to.")
    return api.require_ours(address)


@dataclass(frozen=True, slots=True)
class Session:
    """An upload under way at an address, which is as good as a key: no message may hold it."""

    api: Api
    address: str
    size: int
    chunk: int = CHUNK

    def __post_init__(self) -> None:
        self.api.hidden.hide(self.address, self.address.partition("?")[2])

    async def send(self, film: Film, tell: Tell, received: int | None = None) -> str:
        """Send what is missing, all after the first `received` bytes if that is known; the id of the video.

        Raises SessionGone, NotYet, ServiceFailed, ServiceRefused. Cancelled, it can be gone on with.
        """
        at = await self.received() if received is None else received
        standstills = 0
        while isinstance(at, int):
            before, at = at, await self._further(film, at, tell, standstills)
            standstills = 0 if isinstance(at, str) or at > before else standstills + 1
            if standstills >= STANDSTILLS:
                raise ServiceFailed(f"YouTube takes no more than {before} of {self.size} bytes.")
        return at

    async def _further(self, film: Film, at: int, tell: Tell, standstills: int) -> int | str:
        """Send a chunk, after a while if the last ones brought nothing; as `received`.

        Without an answer, all of it, some of it or nothing came: that is asked for.
        """
        if standstills:
            await self.api.pause(standstills, None)
        try:
            return await self._put(film, at, tell)
        except ServiceFailed as exc:
            if not exc.retryable or standstills + 1 >= STANDSTILLS:
                raise
            await self.api.pause(standstills + 1, exc.retry_after_s)
        return await self.received()

    async def received(self) -> int | str:
        """How many bytes are there, or the video's id if all are. Raises as `send`."""
        return self._heard(await self._ask(b"", {"Content-Range": f"bytes */{self.size}"}, again=True))

    async def cancel(self) -> None:
        """Give it up. Raises SessionGone if it was no more by then, ServiceFailed, ServiceRefused."""
        answer = await self.api.ask(VIDEOS, "DELETE", self.address, accept=GONE, counted=False)
        if answer.status in GONE and answer.status != CANCELLED:
            raise SessionGone

    async def _put(self, film: Film, at: int, tell: Tell) -> int | str:
        """Send a chunk; as `received`."""
        end = min(at + self.chunk, self.size)
        if at >= end:  # all are there, and it is still being seen to
            return await self.received()
        headers = {
            "Content-Type": KIND,
            "Content-Length": str(end - at),
            "Content-Range": f"bytes {at}-{end - 1}/{self.size}",
        }

        def pieces() -> AsyncIterator[bytes]:
            return _pieces(film.path, at, end, lambda sent: tell(sent, self.size))

        return self._heard(await self._ask(pieces, headers, again=False))

    async def _ask(
        self, content: bytes | Callable[[], AsyncIterator[bytes]], headers: dict[str, str], *, again: bool
    ) -> Answer:
        """A request to the session. Raises SessionGone."""
        answer = await self.api.ask(
            VIDEOS,
            "PUT",
            self.address,
            content=content,
            headers=headers,
            again=again,
            accept=(INCOMPLETE, *GONE),
            counted=False,
        )
        if answer.status in GONE:
            raise SessionGone
        return answer

    def _heard(self, answer: Answer) -> int | str:
        """The bytes that are there, or the video's id."""
        if answer.status != INCOMPLETE:
            return self.api.service.decode(answer, _Video).id
        last = answer.headers.get("range", "").rpartition("-")[2]  # "bytes=0-262143", and none if nothing is there
        return min(int(last) + 1, self.size) if last.isdecimal() else 0


async def _pieces(path: Path, start: int, end: int, tell: Callable[[int], None]) -> AsyncIterator[bytes]:
    """A part of a file. Raises ServiceFailed if it is not there any more: it was cut short or taken away."""
    at = start
    with await asyncio.to_thread(path.open, "rb") as file:
        file.seek(start)
        while at < end:
            piece = await asyncio.to_thread(file.read, min(PIECE, end - at))
            if not piece:
                raise ServiceFailed(f"{path.name} has become shorter while it was uploaded.", retryable=False)
            yield piece
            at += len(piece)
            tell(at)
