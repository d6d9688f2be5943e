import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from daemon import Home, home
from support import TestDesk


@pytest.fixture
def desk() -> TestDesk:
    return TestDesk()


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder whose path is short enough for a socket in it."""
    with tempfile.TemporaryDirectory(prefix="shorts-") as folder:
        yield Path(folder)


@pytest.fixture
def daemon(short_folder: Path) -> Iterator[Home]:
    """A running daemon that makes tiny videos, for one test alone."""
    with home(short_folder / "h") as running:
        yield running
