import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from client.standin import StandIn, serving

from shortsd.client.client import Client
from shortsd.client.transport import Transport


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose path is short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="shorts") as name:
        yield Path(name)


@pytest.fixture
def stand_in(folder: Path) -> Iterator[StandIn]:
    with serving(folder / "sock", StandIn()) as daemon:
        yield daemon


@pytest.fixture
def client(folder: Path) -> Client:
    return Client(Transport(folder / "sock"))
