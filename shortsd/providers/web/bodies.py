"""What services answer with: unpacked piece by piece, and what they say of an error."""

import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import httpx
import msgspec

PACKING = "gzip"
"""What is asked for and understood, once: packed twice, a gigabyte would come in some kilobytes."""
_PIECE = 1 << 18
"""Bytes that are unpacked at a time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered: all of it."""

    status: int
    headers: httpx.Headers
    body: bytes
    url: str = ""
    """Where it came from in the end."""


async def unpacked(response: httpx.Response) -> AsyncIterator[bytes]:
    """A body in pieces of 256 KiB at most, however well it is packed. Raises what httpx raises.

    httpx itself unpacks any number of packings within one another, each of them at once.
    """
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", PACKING):
        raise httpx.DecodingError(f"it is packed as {coding[:40]!r}, which was not asked for", request=response.request)
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
    async for chunk in response.aiter_raw():
        if coding == "identity":
            yield chunk
        else:
            for piece in _gunzip(unpack, chunk, response):
                yield piece
    if coding == PACKING and response.num_bytes_downloaded and not unpack.eof:
        raise httpx.DecodingError("it is cut off", request=response.request)


def _gunzip(unpack: "zlib._Decompress", data: bytes, response: httpx.Response) -> Iterator[bytes]:
    while data and not unpack.eof:
        try:
            yield unpack.decompress(data, _PIECE)
        except zlib.error as exc:
            raise httpx.DecodingError(str(exc), request=response.request) from exc
        data = unpack.unconsumed_tail


def said(body: bytes) -> str:
    """What a service says of an error, in a line: its message, if there is one in JSON, else its text, but no HTML."""
    try:
        data = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        text = body.decode("utf-8", "replace")
        data = "" if text.lstrip().startswith("<") else text
    while isinstance(data, dict):
        data = next((data[key] for key in ("error", "message", "errors", "detail") if key in data), "")
    if isinstance(data, list):
        data = "; ".join(str(one) for one in data)
    return " ".join(str(data).split()).rstrip(".")
