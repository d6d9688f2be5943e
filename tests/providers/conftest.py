from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from providers.youtube_support import Channel, serving
from servers.google import Google
from servers.youtube import Youtube

from shortsd.store.database import Database


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Google, Youtube]]:
    with serving() as both:
        yield both


@pytest.fixture
async def channel(servers: tuple[Google, Youtube], tmp_path: Path) -> AsyncIterator[Channel]:
    """An empty channel that somebody is signed in to."""
    google, youtube = servers
    database = await Database.open(tmp_path / "jobs.db", lambda _: None)
    made = Channel(tmp_path, google, youtube, database)
    for server in servers:
        server.requests.clear()
        server.faults.clear()
    made.empty()
    google.says = google.scope = ""
    made.sign_in()
    yield made
    await made.close()
    await database.close()
