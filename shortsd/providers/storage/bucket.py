"""A storage elsewhere: a bucket of S3 (and what speaks like it), Google Cloud Storage, or Azure, by obstore.

Who we are there is said by each service's own environment variables, files and machine roles; none of it passes here.
"""

import asyncio
import errno
import mimetypes
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import obstore
from obstore import exceptions
from obstore.store import AzureStore, GCSStore, ObjectStore, S3Store
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from shortsd.domain.elsewhere import Stored
from shortsd.domain.errors import BadInput, ServiceFailed, ServiceRefused, ShortsError
from shortsd.domain.ports import Desk
from shortsd.providers.storage.paths import checked

SCHEMES = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
    "az": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
}
"""And the variables that say who we are there, where it is not the machine itself."""
TRIES = 3
"""For a file as a whole; each request in it is tried again by obstore."""
CHUNK = 8 << 20
"""Bytes that are sent at a time; S3 wants 5 MiB at least."""
AT_ONCE = 4
"""Chunks under way: what of a file is in memory."""
LET_GO_S = 3.0
"""How long an upload that nobody wants any more is waited for: what a request of it takes."""
_READ = 1 << 20
_CLIENT: Any = {"connect_timeout": timedelta(seconds=10), "timeout": timedelta(seconds=300), "allow_http": True}
"""Without TLS is spoken only where an environment names such an address: MinIO on a machine of one's own."""
_RETRY: Any = {"max_retries": 4, "retry_timeout": timedelta(seconds=60)}
_STATUS = re.compile(r"status code: (?P<code>\d{3})[^:]*")
"""In what obstore says; where it lists it makes no error of its own of a bucket that is not there or not ours."""
_QUERY = re.compile(r"\?\S*")
"""Of an address in a message: it may hold a signature."""
_REFUSED = (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError, PermissionError)
_BROKEN = (exceptions.BaseError, OSError, ValueError)
"""What obstore raises: it has made some of its errors Python's own (FileNotFoundError, ValueError)."""


class BucketStorage:
    """domain.elsewhere.Storage in a bucket, or below a prefix in one."""

    def __init__(self, url: str, store: ObjectStore | None = None) -> None:
        """Of `s3://bucket/prefix`, `gs://…`, `az://container/…`. Raises BadInput, ServiceRefused."""
        self._url = url.rstrip("/")
        self._store = store or _opened(self._url)

    @property
    def url(self) -> str:
        return self._url

    def whole(self, path: str) -> str:
        return f"{self._url}/{checked(path)}"

    async def files(self, folder: str, most: int) -> Sequence[Stored]:
        found: list[Stored] = []
        try:
            async for page in obstore.list(self._store, prefix=checked(folder)):
                found += [_stored(one) for one in page]
                if len(found) > most:
                    raise BadInput(f"{self.whole(folder)} has more than {most} files.", "Leave out what is not needed.")
        except _BROKEN as exc:
            raise _failed(exc, self.whole(folder)) from None
        return sorted(found, key=lambda one: one.path)

    async def find(self, path: str) -> Stored | None:
        try:
            return _stored(await obstore.head_async(self._store, checked(path)))
        except FileNotFoundError:
            return None
        except _BROKEN as exc:
            raise _failed(exc, self.whole(path)) from None

    async def fetch(self, stored: Stored, to: Path) -> None:
        async for attempt in _again():
            with attempt:
                await self._fetch(stored, to)

    async def expect(self, path: str) -> None:
        """What may be written to a bucket only writing tells."""
        checked(path)

    async def store(self, file: Path, path: str, desk: Desk) -> None:
        """Send it in chunks, and read it back: what is there then is what was sent, or somebody else's since."""
        checked(path)
        digest, size = await asyncio.to_thread(_digest, file)
        async for attempt in _again():
            with attempt:
                mark = await self._send(file, path, size, desk)
                await self._require(path, mark, digest)

    async def _fetch(self, stored: Stored, to: Path) -> None:
        size = 0
        try:
            found = await obstore.get_async(self._store, stored.path, options={"if_match": stored.mark or None})
            with to.open("wb") as made:
                async for piece in found.stream(min_chunk_size=_READ):
                    size += await asyncio.to_thread(made.write, piece)
        except exceptions.PreconditionError:
            raise ServiceFailed(f"{self.whole(stored.path)} was changed while it was read.", "Try again.") from None
        except _BROKEN as exc:
            if isinstance(exc, OSError) and exc.filename == str(to):
                raise
            raise _failed(exc, self.whole(stored.path)) from None
        if size != stored.size:
            raise ServiceFailed(f"Of {self.whole(stored.path)} came {size} bytes of {stored.size}.", "Try again.")

    async def _send(self, file: Path, path: str, size: int, desk: Desk) -> str:
        """The mark of what was made."""
        chunks = _Chunks(file, size, desk)
        sending = asyncio.ensure_future(self._put(path, chunks))
        try:
            return await asyncio.shield(sending)
        except asyncio.CancelledError:
            chunks.broken_off = True  # obstore goes on by itself; so it gives up what it has sent
            await asyncio.wait([sending], timeout=LET_GO_S)
            sending.cancel()
            raise
        except _BROKEN as exc:
            raise _failed(exc, self.whole(path)) from None

    async def _put(self, path: str, chunks: "_Chunks") -> str:
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        how: Any = {"attributes": {"Content-Type": kind}, "chunk_size": CHUNK, "max_concurrency": AT_ONCE}
        made = await obstore.put_async(self._store, path, chunks.read(), **how)
        return _mark(made)

    async def _require(self, path: str, mark: str, digest: str) -> None:
        """See that what was made is what was sent. Raises ServiceFailed."""
        found = sha256()
        try:
            answer = await obstore.get_async(self._store, path, options={"if_match": mark or None})
            async for piece in answer.stream(min_chunk_size=_READ):
                found.update(piece)
        except exceptions.PreconditionError:
            return  # whoever made another one meanwhile looks at that
        except _BROKEN as exc:
            raise _failed(exc, self.whole(path)) from None
        if found.hexdigest() != digest:
            raise ServiceFailed(f"What came to be {self.whole(path)} is not what was sent.", "Try again.")


def _again() -> AsyncRetrying:
    """Tries a file as a whole again, as long as that may help."""
    passing = retry_if_exception(lambda exc: isinstance(exc, ServiceFailed) and exc.retryable)
    wait = wait_random_exponential(multiplier=0.4, max=10)
    return AsyncRetrying(retry=passing, wait=wait, stop=stop_after_attempt(TRIES), reraise=True)


def _opened(url: str) -> ObjectStore:
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.netloc or parts.query or "@" in parts.netloc:
        raise BadInput(
            f"{_QUERY.sub('', url)} is no storage.", "Give a folder, s3://bucket, gs://bucket or az://container."
        )
    prefix = parts.path.strip("/")
    how: Any = {"client_options": _CLIENT, "retry_config": _RETRY, "prefix": checked(prefix) if prefix else None}
    try:
        match parts.scheme:
            case "s3":
                return S3Store(parts.netloc, checksum_algorithm="SHA256", **how)
            case "gs":
                return GCSStore(parts.netloc, **how)
            case _:
                return AzureStore(parts.netloc, **how)
    except _BROKEN as exc:
        raise _refused(exc, url) from None


def _stored(meta: Any) -> Stored:
    return Stored(meta["path"], meta["size"], _mark(meta))


def _mark(meta: Any) -> str:
    """The entity tag as HTTP writes it: Azure's lists leave its quotation marks out."""
    tag = meta["e_tag"] or ""
    return tag if not tag or tag.endswith('"') else f'"{tag}"'


def _digest(file: Path) -> tuple[str, int]:
    """The SHA-256 of a file, and its bytes."""
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest(), opened.tell()


@dataclass(slots=True)
class _Chunks:
    """A file piece by piece, until it is broken off."""

    file: Path
    size: int
    desk: Desk
    broken_off: bool = False

    async def read(self) -> AsyncIterator[bytes]:
        done = 0
        with self.file.open("rb") as opened:
            while piece := await asyncio.to_thread(opened.read, _READ):
                if self.broken_off:
                    raise OSError(errno.ECANCELED, "broken off")
                yield piece
                done += len(piece)
                self.desk.progress(done, self.size)


def _failed(exc: Exception, where: str) -> ShortsError:
    """What a service did not do, in a sentence."""
    code, why = _said(exc)
    if isinstance(exc, FileNotFoundError) or code == "404":
        return BadInput(f"There is no {where} ({why}).", "Look for a typing error in its name.")
    if isinstance(exc, _REFUSED) or code in ("401", "403"):
        return _refused(exc, where)
    return ServiceFailed(f"The storage did not do what it was asked for at {where} ({why}).", "Try again later.")


def _refused(exc: Exception, where: str) -> ServiceRefused:
    keys = SCHEMES[where.partition(":")[0]]
    hint = f"Look at {keys} in the environment, and at the account's rights."
    return ServiceRefused(f"The storage does not let us at {where} ({_said(exc)[1]}).", hint)


def _said(exc: Exception) -> tuple[str, str]:
    """The status of HTTP, if there was one, and obstore's first line without what an address may hold."""
    line = str(exc).partition("\n")[0]
    status = _STATUS.search(line)
    return status["code"] if status else "", _QUERY.sub("", line[: status and status.end()]).strip().rstrip(".:")[:300]
