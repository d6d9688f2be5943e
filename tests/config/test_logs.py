import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from shortsd.config.logs import MOST_BYTES, aside, bound
from shortsd.domain.errors import Unavailable


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "shortsd.log"


@pytest.fixture
def stream(log: Path) -> Iterator[int]:
    """A stream that goes to the log."""
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    yield handle
    os.close(handle)


def test_a_log_that_has_grown_large_is_put_aside(log: Path, stream: int) -> None:
    """Who writes goes on in a new one, which only its user reads; nothing else lies about."""
    os.truncate(log, MOST_BYTES)
    os.write(stream, b"old words\n")
    bound(log, stream)
    os.write(stream, b"new words\n")
    assert aside(log).stat().st_size == MOST_BYTES + 10
    assert log.read_bytes() == b"new words\n"
    assert log.stat().st_mode & 0o777 == 0o600
    assert sorted(log.parent.iterdir()) == [log, aside(log)]


def test_a_log_that_has_not_is_written_on(log: Path, stream: int) -> None:
    """There is no other file beside it then."""
    os.truncate(log, MOST_BYTES)
    bound(log, stream)
    assert list(log.parent.iterdir()) == [log]


@pytest.mark.parametrize("there", [True, False])
def test_what_goes_elsewhere_is_let_be(log: Path, stream: int, there: bool) -> None:
    """A file that somebody else has chosen, or that was moved away, is theirs to bound."""
    os.truncate(log, MOST_BYTES + 1)
    log.rename(log.with_name("theirs"))
    if there:
        log.write_bytes(bytes(MOST_BYTES + 1))
    before = sorted(log.parent.iterdir())
    bound(log, stream)
    assert sorted(log.parent.iterdir()) == before


def test_a_log_that_cannot_be_put_aside_is_written_on(log: Path, stream: int) -> None:
    """As where a folder is in its way; the error says which."""
    os.truncate(log, MOST_BYTES + 1)
    aside(log).mkdir()
    with pytest.raises(Unavailable, match="cannot be put aside: Is a directory"):
        bound(log, stream)
    os.write(stream, b"more words\n")
    assert log.read_bytes().endswith(b"more words\n")
