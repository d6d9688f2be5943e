"""What belongs to a video beside its bytes: its captions and its thumbnail."""

import secrets
from asyncio import to_thread

import msgspec

from shortsd.domain.errors import BadInput
from shortsd.domain.ports import Publication
from shortsd.providers.publish.youtube.api import Api

THUMBNAIL_BYTES = 2 << 20
"""https://developers.google.com/youtube/v3/docs/thumbnails/set."""
EXISTS = 409
"""There are captions of this language and name: ours, of which we had not heard that they came (captionExists)."""


async def add_captions(api: Api, video: str, publication: Publication) -> None:
    """Add the captions; asked again, there is one track (https://developers.google.com/youtube/v3/docs/captions/insert).

    Raises NotYet, ServiceFailed, ServiceRefused, OSError.
    """
    said = {"snippet": {"videoId": video, "language": publication.language, "name": "", "isDraft": False}}
    kind, content = _related(msgspec.json.encode(said), await to_thread(publication.srt.read_bytes))
    await api.ask(
        "captions.insert",
        "POST",
        "/upload/youtube/v3/captions",
        query={"uploadType": "multipart", "part": "snippet"},
        content=content,
        headers={"Content-Type": kind},
        again=True,
        accept=(EXISTS,),
    )


async def set_thumbnail(api: Api, video: str, publication: Publication) -> None:
    """Set the thumbnail. Raises BadInput for one that is too large, NotYet, ServiceFailed, ServiceRefused, OSError."""
    image = await to_thread(publication.thumbnail.read_bytes)
    if len(image) > THUMBNAIL_BYTES:
        raise BadInput(f"It has {len(image)} bytes, and YouTube takes {THUMBNAIL_BYTES}.")
    await api.ask(
        "thumbnails.set",
        "POST",
        "/upload/youtube/v3/thumbnails/set",
        query={"videoId": video, "uploadType": "media"},
        content=image,
        headers={"Content-Type": "image/jpeg"},
        again=True,
    )


def _related(resource: bytes, media: bytes) -> tuple[str, bytes]:
    """A resource and its media as one body (RFC 2387), and what kind of body that is."""
    boundary = secrets.token_hex(16)
    parts = (("application/json; charset=UTF-8", resource), ("application/octet-stream", media))
    lines = b"".join(f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n".encode() + part + b"\r\n" for kind, part in parts)
    return f"multipart/related; boundary={boundary}", lines + f"--{boundary}--\r\n".encode()
