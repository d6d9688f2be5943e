"""What yt-dlp raises, as errors for people: what a second look will not better, and what may pass."""

import errno
from collections.abc import Sequence
from urllib.parse import urlsplit

from yt_dlp.networking.exceptions import HTTPError, RequestError
from yt_dlp.utils import DownloadError, ExtractorError, UnsupportedError

from shortsd.domain.errors import BadInput, DiskFull, ServiceFailed, ShortsError
from shortsd.domain.text import cut, line

PASSING = frozenset((408, 425, 429))
"""Statuses that may pass, beside those from 500 on (RFC 9110, 15; RFC 6585, 4; RFC 8470, 5.2)."""
SAID = 300
"""Characters of a site's own words."""
_WHY = {
    401: ", which wants a login",
    403: ", which lets nobody in",
    404: ", which knows no such page",
    410: ", which says that it is gone",
}
_LOOK = "See whether the address opens in a browser."


def told(exc: BaseException, url: str, refused: Sequence[str]) -> ShortsError:
    """The error that an exception stands for; `refused` is what the fence has kept from being asked."""
    host = urlsplit(url).hostname or "the site"
    if refused:
        return BadInput(
            f"{host} leads to {refused[-1]}: addresses of this machine and of private networks are not asked.",
            "If it is yours, name its host in services.trusted.",
        )
    return _of(_cause(exc), host, url)


def _of(cause: BaseException, host: str, url: str) -> ShortsError:
    if isinstance(cause, HTTPError):
        return _of_status(cause.status, host, url)
    if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull("What a video has found no space left on the disk.", "Make room on the disk, then retry.")
    if isinstance(cause, RequestError | OSError):
        return ServiceFailed(f"{host} did not answer as it should: {_said(cause)}.")
    if isinstance(cause, UnsupportedError):
        return BadInput(f"There is no video at {url}.", "Give the address of a channel, a list, a feed or a video.")
    return BadInput(f"{url} cannot be read: {_said(cause)}.", "A newer yt-dlp may know the site better.")


def _of_status(status: int, host: str, url: str) -> ShortsError:
    if status in PASSING or status >= 500:
        return ServiceFailed(f"{host} answered {status}.", status=status)
    return BadInput(f"{url} cannot be read: {host} answered {status}{_WHY.get(status, '')}.", _LOOK)


def _cause(exc: BaseException) -> BaseException:
    """What an exception of yt-dlp came of: it wraps what it meets, up to twice."""
    for _ in range(4):
        inner: object = None
        if isinstance(exc, DownloadError) and exc.exc_info:
            inner = exc.exc_info[1]
        elif isinstance(exc, ExtractorError):
            inner = exc.cause
        if not isinstance(inner, BaseException) or inner is exc:
            break
        exc = inner
    return exc


def _said(exc: BaseException) -> str:
    """Its words without yt-dlp's own: who found it, and where to report a bug."""
    text = line(str(getattr(exc, "orig_msg", None) or exc)).removeprefix("ERROR: ")
    return cut(text.partition("; please report this issue")[0], SAID).rstrip(".") or type(exc).__name__
