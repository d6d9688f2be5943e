"""YouTube's Data API, of one channel.

Uploads: https://developers.google.com/youtube/v3/guides/using_resumable_upload_protocol
Resources: https://developers.google.com/youtube/v3/docs/videos, …/captions/insert, …/thumbnails/set,
…/channels/list, …/playlistItems/list
Errors: https://developers.google.com/youtube/v3/docs/errors
"""

import json
import re
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from typing import Any

from aiohttp import web

from servers.loopback import Handler, Loopback

UNIT = 256 << 10
"""Chunks but the last are multiples of it."""
PLAYLIST = "UU-of-the-channel"
UPLOADS = "/upload/youtube/v3/videos"


@dataclass
class Video:
    """A video of the channel."""

    id: str
    resource: dict[str, Any]
    content: bytes
    captions: dict[str, bytes] = field(default_factory=dict)
    """By language."""
    thumbnail: bytes = b""

    def shown(self) -> dict[str, Any]:
        return {"kind": "youtube#video", "id": self.id, **self.resource}


@dataclass
class Session:
    """An upload under way."""

    resource: dict[str, Any]
    size: int
    received: bytearray = field(default_factory=bytearray)
    video: Video | None = None


class Youtube(Loopback):
    """Admits whoever `admits` says, by the Authorization header."""

    def __init__(self, admits: Callable[[str], bool]) -> None:
        super().__init__()
        self.admits = admits
        self.empty()

    def empty(self) -> None:
        """Begin anew with a channel without videos."""
        self.videos: list[Video] = []
        """The oldest first."""
        self.sessions: dict[str, Session] = {}
        self.takes: deque[int] = deque()
        """How many bytes are taken of each of the next chunks, all of it afterwards."""
        self.unlisted = 0
        """So many times the uploads are listed without the newest."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(UPLOADS, self.begin),
            web.put(UPLOADS, self.put),
            web.delete(UPLOADS, self._signed(self._cancel)),
            web.post("/upload/youtube/v3/captions", self._signed(self._captions)),
            web.post("/upload/youtube/v3/thumbnails/set", self._signed(self._thumbnail)),
            web.get("/youtube/v3/channels", self._signed(self._channels)),
            web.get("/youtube/v3/playlistItems", self._signed(self._items)),
            web.get("/youtube/v3/videos", self._signed(self._list)),
        ]

    @property
    def begin(self) -> Handler:
        """What begins an upload: for requests that have no fault, before one that has."""
        return self._signed(self._begin)

    @property
    def put(self) -> Handler:
        """What takes bytes, and tells how many there are; as `begin`."""
        return self._signed(self._put)

    def _signed(self, handler: Handler) -> Handler:
        async def answer(request: web.Request) -> web.StreamResponse:
            if not self.admits(request.headers.get("Authorization", "")):
                return refused(401, "authError", "Invalid Credentials")
            return await handler(request)

        return answer

    async def _begin(self, request: web.Request) -> web.StreamResponse:
        resource = await request.json()
        wrong = _wrong(resource)
        if wrong:
            return refused(400, wrong, f"Bad Request: {wrong}")
        if request.query["uploadType"] != "resumable" or request.headers["X-Upload-Content-Type"] != "video/mp4":
            return refused(400, "badRequest", "Not a resumable upload of a video")
        name = secrets.token_urlsafe(24)
        self.sessions[name] = Session(resource, int(request.headers["X-Upload-Content-Length"]))
        at = f"{self.address}{UPLOADS}?uploadType=resumable&part=snippet%2Cstatus&upload_id={name}"
        return web.Response(headers={"Location": at})

    async def _put(self, request: web.Request) -> web.StreamResponse:
        session = self.sessions.get(request.query.get("upload_id", ""))
        if session is None:
            return web.Response(status=404, text="Not Found")
        asked = re.fullmatch(r"bytes (?:\*|(\d+)-(\d+))/(\d+)", request.headers["Content-Range"])
        assert asked is not None
        assert int(asked[3]) == session.size
        if asked[1] is not None and session.video is None:
            wrong = self._take(session, int(asked[1]), int(asked[2]), await request.read())
            if wrong:
                return refused(400, "badRequest", wrong)
        if session.video is not None:
            return web.json_response(session.video.shown(), status=200 if asked[1] is None else 201)
        there = {"Range": f"bytes=0-{len(session.received) - 1}"} if session.received else {}
        return web.Response(status=308, headers=there)

    def _take(self, session: Session, first: int, last: int, sent: bytes) -> str:
        """Take a chunk, or as much of it as is to be taken; what is wrong with it."""
        if len(sent) != last - first + 1:
            return "The length does not match the range."
        if first > len(session.received):
            return f"The offset {first} exceeds what was uploaded, {len(session.received)}."
        if last + 1 < session.size and len(sent) % UNIT:
            return "A chunk is no multiple of 256 KiB."
        most = self.takes.popleft() if self.takes else len(sent)
        session.received[first:] = sent[:most]
        if len(session.received) == session.size:
            session.video = Video(secrets.token_urlsafe(8), session.resource, bytes(session.received))
            self.videos.append(session.video)
        return ""

    async def _cancel(self, request: web.Request) -> web.StreamResponse:
        known = self.sessions.pop(request.query["upload_id"], None)
        return web.Response(status=404 if known is None else 499)

    async def _captions(self, request: web.Request) -> web.StreamResponse:
        kind = request.headers["Content-Type"].encode()
        parts = message_from_bytes(b"Content-Type: " + kind + b"\r\n\r\n" + await request.read()).get_payload()
        said, track = (part.get_payload(decode=True) for part in parts)  # type: ignore[union-attr] # of a multipart
        snippet = json.loads(said)["snippet"]  # type: ignore[arg-type] # as above
        video = self._video(snippet["videoId"])
        if snippet["language"] in video.captions:
            return refused(409, "captionExists", "The video has a track of this name and language")
        video.captions[snippet["language"]] = bytes(track)
        return web.json_response({"kind": "youtube#caption", "id": secrets.token_hex(4), "snippet": snippet})

    async def _thumbnail(self, request: web.Request) -> web.StreamResponse:
        assert request.headers["Content-Type"] == "image/jpeg"
        self._video(request.query["videoId"]).thumbnail = await request.read()
        return web.json_response({"kind": "youtube#thumbnailSetResponse", "items": []})

    async def _channels(self, request: web.Request) -> web.StreamResponse:
        assert request.query["mine"] == "true"
        lists = {"likes": "LL", "uploads": PLAYLIST}
        return web.json_response({"items": [{"id": "UC-it", "contentDetails": {"relatedPlaylists": lists}}]})

    async def _items(self, request: web.Request) -> web.StreamResponse:
        videos = self.videos[::-1]
        if self.unlisted:
            self.unlisted -= 1
            videos = videos[1:]
        if not self.videos or request.query["playlistId"] != PLAYLIST:
            return refused(404, "playlistNotFound", "The playlist cannot be found.")
        first, most = int(request.query.get("pageToken", "0")), int(request.query["maxResults"])
        assert most <= 50
        items = [{"contentDetails": {"videoId": video.id}} for video in videos[first : first + most]]
        more = {"nextPageToken": str(first + most)} if first + most < len(videos) else {}
        return web.json_response({"items": items, **more})

    async def _list(self, request: web.Request) -> web.StreamResponse:
        ids = request.query["id"].split(",")
        assert len(ids) <= 50
        return web.json_response({"items": [video.shown() for video in self.videos if video.id in ids]})

    def _video(self, name: str) -> Video:
        return next(video for video in self.videos if video.id == name)


def refused(status: int, reason: str, message: str) -> web.Response:
    """An error as the API writes it."""
    errors = [{"message": message, "domain": "youtube.quota" if "uota" in reason else "global", "reason": reason}]
    return web.json_response({"error": {"code": status, "message": message, "errors": errors}}, status=status)


def refusing(status: int, reason: str, message: str = "No.") -> Handler:
    """As `refused`, in place of an answer."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return refused(status, reason, message)

    return answer


def done_then(done: Handler, then: Handler) -> Handler:
    """What was asked for is done, and something else is answered."""

    async def answer(request: web.Request) -> web.StreamResponse:
        await done(request)
        return await then(request)

    return answer


def _wrong(resource: dict[str, Any]) -> str:
    """The reason to refuse a video, if there is one (…/docs/videos/insert#errors)."""
    snippet, status = resource["snippet"], resource["status"]
    tags = snippet["tags"]
    length = sum(len(tag) + 2 * (" " in tag) for tag in tags) + len(tags) - 1
    if not snippet["title"] or len(snippet["title"]) > 100 or set("<>") & set(snippet["title"]):
        return "invalidTitle"
    if len(snippet["description"].encode()) > 5000 or set("<>") & set(snippet["description"]):
        return "invalidDescription"
    if length > 500 or any(set("<>,") & set(tag) for tag in tags):
        return "invalidTags"
    if "publishAt" in status:
        datetime.fromisoformat(status["publishAt"])
        return "" if status["privacyStatus"] == "private" else "invalidPublishAt"
    return ""
