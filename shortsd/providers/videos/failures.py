"""What yt-dlp raises, as errors for people: what a second look will not better, and what may pass."""

import errno
from collections.abc import Mapping, Sequence
from socket import gaierror
from urllib.parse import urlsplit

from yt_dlp.networking.exceptions import HTTPError, RequestError, TransportError
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
_SILENT: Mapping[type[BaseException], str] = {
    TimeoutError: "did not answer in time",
    ConnectionRefusedError: "answers nobody there: the connection was refused",
    ConnectionError: "broke the connection off",
    gaierror: "has no address that a name server knows",
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
        return _of_status(cause.status, host, url, round_and_round=cause.redirect_loop)
    if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull("What a video has found no space left on the disk.", "Make room on the disk, then retry.")
    if isinstance(cause, RequestError) and not isinstance(cause, TransportError):
        return BadInput(f"{url} leads to what is no page: {_said(cause)}.", _LOOK)
    if isinstance(cause, RequestError | OSError):
        return ServiceFailed(_unheard(cause, host), "See whether this machine reaches the network.")
    if isinstance(cause, UnsupportedError):
        return BadInput(f"There is no video at {url}.", "Give the address of a channel, a list, a feed or a video.")
    return BadInput(f"{url} cannot be read: {_said(cause)}.", "A newer yt-dlp may know the site better.")


def _unheard(cause: BaseException, host: str) -> str:
    """Why there was no answer, by what the system said of it at the bottom."""
    bottom: BaseException | None = cause
    while bottom is not None:
        for kind, why in _SILENT.items():
            if isinstance(bottom, kind):
                return f"{host} {why}."
        bottom = bottom.__cause__ or bottom.__context__
    return f"{host} did not answer as it should: {_said(cause)}."


def _of_status(status: int, host: str, url: str, *, round_and_round: bool) -> ShortsError:
    if round_and_round:
        return BadInput(f"{url} cannot be read: it leads to itself.", _LOOK)
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
