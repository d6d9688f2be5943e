"""A channel on loopback, and publishers to it that can be killed at any of their steps."""

import hashlib
import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
from servers.google import Google
from servers.loopback import Time, together
from servers.youtube import Video, Youtube

from shortsd.domain.memory import Upload
from shortsd.domain.ports import Publication
from shortsd.providers.publish.youtube.account import Account, Client
from shortsd.providers.publish.youtube.api import Api
from shortsd.providers.publish.youtube.metadata import Manner
from shortsd.providers.publish.youtube.quota import Quota
from shortsd.providers.publish.youtube.tokens import FILE, Hidden, TokenFile
from shortsd.providers.publish.youtube.youtube import YoutubePublisher
from shortsd.providers.web.service import Service, Ways
from shortsd.providers.web.terms import Terms
from shortsd.store.database import Database
from shortsd.store.uploads import UploadRecords

CHUNK = 256 << 10
"""As small as the protocol lets it be."""
FILM = 3 * CHUNK - 1000
"""Bytes of a film: it goes in three chunks."""


NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""To load what real ones trust takes longer than an upload."""


class Killed(BaseException):
    """The daemon died here."""


class Steps:
    """Counts the writes and requests of a publisher, and kills it before one of them; that is after the one before."""

    def __init__(self, kill_at: int = 0) -> None:
        self._taken = 0
        self._kill_at = kill_at

    def step(self) -> None:
        self._taken += 1
        if self._taken == self._kill_at:
            raise Killed


class SteppedUploads(UploadRecords):
    """Records whose every write is a step."""

    def __init__(self, database: Database, steps: Steps) -> None:
        super().__init__(database)
        self._steps = steps

    async def put(self, upload: Upload) -> None:
        self._steps.step()
        await super().put(upload)


class SteppedTransport(httpx.AsyncHTTPTransport):
    """A network on which every request is a step."""

    def __init__(self, steps: Steps) -> None:
        super().__init__(verify=NO_TLS)
        self._steps = steps

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._steps.step()
        return await super().handle_async_request(request)


@dataclass
class Channel:
    """Google, a channel at YouTube, and a home whose user is signed in."""

    home: Path
    google: Google
    youtube: Youtube
    database: Database
    time: Time = field(default_factory=Time)
    services: list[Service] = field(default_factory=list)

    async def close(self) -> None:
        """Let go of all connections."""
        for service in self.services:
            await service.close()

    @property
    def uploads(self) -> UploadRecords:
        return UploadRecords(self.database)

    @property
    def file(self) -> Path:
        return self.home / FILE

    def sign_in(self, *, lasts_s: float = 3600.0) -> dict[str, Any]:
        """Sign in anew; the tokens."""
        tokens = self.google.sign_in()
        self.file.touch(0o600)
        self.file.write_text(json.dumps({**tokens, "expires_at": self.time.now + lasts_s}))
        return tokens

    def account(self, hidden: Hidden) -> Account:
        service = Service(
            "Google", self.google.address, secrets=hidden, ways=self.ways, transport=SteppedTransport(Steps())
        )
        self.services.append(service)
        pages = self.google.address
        return Account(Client(*self.google.client), TokenFile(self.file), service, pages, hidden, self.time)

    @property
    def ways(self) -> Ways:
        return Ways(self.time, self.time.wait, lambda: 0.5)

    def publisher(
        self, manner: Manner | None = None, *, units: int = 10_000, steps: Steps | None = None, **terms: Any
    ) -> YoutubePublisher:
        """A daemon's publisher, as it is after its start."""
        hidden, stepped = Hidden(), steps or Steps()
        records = SteppedUploads(self.database, stepped)
        transport = SteppedTransport(stepped)
        limits = replace(Terms(connect_s=5, read_s=5, whole_s=10), **terms)
        service = Service("YouTube", self.youtube.address, limits, secrets=hidden, ways=self.ways, transport=transport)
        self.services.append(service)
        api = Api(service, self.account(hidden), Quota(records, units, self.time), hidden)
        return YoutubePublisher(api, records, manner or Manner(), self.time, CHUNK)

    @property
    def video(self) -> Video:
        """The one video of the channel."""
        assert len(self.youtube.videos) == 1
        return self.youtube.videos[0]

    def empty(self) -> None:
        """Begin anew with an empty channel."""
        self.youtube.empty()
        self.youtube.requests.clear()


@contextmanager
def serving() -> Iterator[tuple[Google, Youtube]]:
    """Both, for as long as it is wanted."""
    google = Google()
    youtube = Youtube(google.admits)
    with together(google, youtube):
        yield google, youtube


def publication(folder: Path, seed: int = 1, **given: Any) -> Publication:
    """A short that waits in a folder; another seed is another film."""
    folder.mkdir(exist_ok=True)
    (folder / "v").write_bytes(content(seed))
    (folder / "t").write_bytes(b"\xff\xd8jpeg")
    (folder / "s").write_bytes(b"1\n00:00:00,000 --> 00:00:01,000\nThe lamp went out.\n")
    (folder / "w").write_bytes(b"WEBVTT")
    video, thumbnail, srt, vtt = (folder / name for name in "vtsw")
    thanks = "Picture: A. Lamp (CC0)"
    described = f"It burned.\n\n{thanks}"
    metadata = {"description": described, "tags": ["ghost story", "lamp"], "credits": [thanks]}
    made = Publication(7, 1.5, "The Lamp", video, thumbnail, srt, vtt, metadata)
    return replace(made, **given)


def content(seed: int = 1) -> bytes:
    """The bytes of a film."""
    return b"".join(hashlib.sha256(f"{seed} {at}".encode()).digest() for at in range(FILM // 32 + 1))[:FILM]
