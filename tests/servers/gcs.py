"""Google Cloud Storage: its XML API as far as obstore speaks it, which no emulator of the package index does.

https://cloud.google.com/storage/docs/xml-api/reference-methods and …/multipart-uploads
"""

import json
import re
import secrets
from dataclasses import dataclass, field
from hashlib import blake2b
from urllib.parse import unquote
from xml.sax.saxutils import escape

from aiohttp import web

from servers.loopback import Loopback

NOW = "Sun, 29 Nov 2026 12:00:00 GMT"


@dataclass
class Gcs(Loopback):
    """Buckets that come to be when they are first named. `spoiled` next objects lose their last byte."""

    objects: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, dict[int, bytes]] = field(default_factory=dict)
    spoiled: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/{bucket}", self._list),
            web.get("/{bucket}/{key:.+}", self._get),
            web.put("/{bucket}/{key:.+}", self._put),
            web.post("/{bucket}/{key:.+}", self._post),
            web.delete("/{bucket}/{key:.+}", self._delete),
        ]

    @property
    def key(self) -> str:
        """What GOOGLE_SERVICE_ACCOUNT_KEY is to be, for who is to come here without signing in."""
        nobody = {"private_key": "", "private_key_id": "", "client_email": ""}
        return json.dumps({"gcs_base_url": self.address, "disable_oauth": True, **nobody})

    def _name(self, request: web.Request) -> str:
        return f"{request.match_info['bucket']}/{unquote(request.match_info['key'])}"

    async def _list(self, request: web.Request) -> web.Response:
        bucket, prefix = request.match_info["bucket"], request.query.get("prefix", "")
        found = "".join(
            f"<Contents><Key>{escape(name.partition('/')[2])}</Key><LastModified>2026-11-29T12:00:00.000Z</LastModified>"
            f"<ETag>{_etag(content)}</ETag><Size>{len(content)}</Size></Contents>"
            for name, content in sorted(self.objects.items())
            if name.startswith(f"{bucket}/{prefix}")
        )
        text = f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>"
        return web.Response(text=text, content_type="application/xml")

    async def _get(self, request: web.Request) -> web.StreamResponse:
        content = self.objects.get(self._name(request))
        if content is None:
            return web.Response(status=404, text="<Error><Code>NoSuchKey</Code></Error>")
        if request.headers.get("If-Match", _etag(content)) != _etag(content):
            return web.Response(status=412, text="<Error><Code>PreconditionFailed</Code></Error>")
        return web.Response(
            body=content, headers={"ETag": _etag(content), "Last-Modified": NOW, "Content-Length": str(len(content))}
        )

    async def _put(self, request: web.Request) -> web.Response:
        content = await request.read()
        if (upload := request.query.get("uploadId")) is not None:
            self.uploads[upload][int(request.query["partNumber"])] = content
            return web.Response(headers={"ETag": _etag(content)})
        return self._keep(self._name(request), content)

    async def _post(self, request: web.Request) -> web.Response:
        name = self._name(request)
        if "uploads" in request.query:
            upload = secrets.token_hex(8)
            self.uploads[upload] = {}
            inner = f"<Bucket/><Key>{escape(name)}</Key><UploadId>{upload}</UploadId>"
            return web.Response(text=f"<InitiateMultipartUploadResult>{inner}</InitiateMultipartUploadResult>")
        parts = self.uploads.pop(request.query["uploadId"])
        wanted = [int(number) for number in re.findall(r"<PartNumber>(\d+)</PartNumber>", await request.text())]
        kept = self._keep(name, b"".join(parts[number] for number in wanted))
        text = f"<CompleteMultipartUploadResult><ETag>{kept.headers['ETag']}</ETag></CompleteMultipartUploadResult>"
        return web.Response(text=text, headers=kept.headers)

    async def _delete(self, request: web.Request) -> web.Response:
        self.uploads.pop(request.query.get("uploadId", ""), None)
        return web.Response(status=204)

    def _keep(self, name: str, content: bytes) -> web.Response:
        if self.spoiled:
            self.spoiled -= 1
            content = content[:-1] + b"\0"
        self.objects[name] = content
        return web.Response(headers={"ETag": _etag(content)})


def _etag(content: bytes) -> str:
    return f'"{blake2b(content, digest_size=16).hexdigest()}"'
