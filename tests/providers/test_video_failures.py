"""What is said of what yt-dlp raises; made here as it makes it, since nobody is asked."""

import pytest
from yt_dlp.networking.exceptions import RequestError, TransportError
from yt_dlp.utils import DownloadError

from shortsd.domain.errors import BadInput, ServiceFailed
from shortsd.providers.videos.failures import told

URL = "https://videos.example/watch/1"


def wrapped(outer: type[RequestError], bottom: Exception) -> BaseException:
    """An exception of a request as it comes out of yt-dlp, with what the system said at its bottom."""
    request = outer(cause=bottom)
    request.__cause__ = bottom
    made: BaseException = DownloadError(str(request), (type(request), request, None))
    return made


@pytest.mark.parametrize(
    ("bottom", "said"),
    [
        (TimeoutError("Read timed out. (read timeout=20.0)"), "videos.example did not answer in time."),
        (ConnectionResetError("[Errno 104]"), "videos.example broke the connection off."),
        (OSError("something else"), "videos.example did not answer as it should: something else."),
    ],
)
def test_what_may_pass(bottom: Exception, said: str) -> None:
    """A site that keeps silent is named, in words, and tried again."""
    error = told(wrapped(TransportError, bottom), URL, [])
    assert (type(error), error.message) == (ServiceFailed, said)
    assert error.retryable


def test_what_does_not_pass() -> None:
    """A redirect to what is no page, such as a file, is not followed once more."""
    error = told(wrapped(RequestError, ValueError("No adapters for 'file:///etc/passwd'")), URL, [])
    assert isinstance(error, BadInput)
    assert not error.retryable
    assert f"{URL} leads to what is no page" in error.message
