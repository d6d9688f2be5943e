import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from daemon import Home, home


@pytest.fixture(scope="module")
def shared() -> Iterator[Home]:
    """A running daemon that the tests of a module share."""
    with tempfile.TemporaryDirectory(prefix="shorts-") as folder, home(Path(folder) / "h") as running:
        yield running
