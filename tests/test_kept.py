"""Settings that change while services are asked."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from support import InProcess, ListLedger

from shortsd.authors import author
from shortsd.channel import channel
from shortsd.config.load import parse
from shortsd.config.places import Places
from shortsd.config.secrets import Secret, Secrets
from shortsd.domain.errors import BadInput
from shortsd.domain.style import Fit
from shortsd.kept import Kept
from shortsd.pictures import pictures
from shortsd.speakers import speakers
from shortsd.store.database import Database
from shortsd.store.uploads import UploadRecords

SECRETS = Secrets({name: Secret(name, "a test") for name in ("groq_key", "speech_key", "unsplash_key", "pexels_key")})


class Home:
    """What a daemon builds of its settings, each time they are read."""

    def __init__(self, folder: Path, database: Database) -> None:
        self._places = Places.find({"SHORTSD_HOME": str(folder)})
        self._uploads = UploadRecords(database)
        self.kept = Kept()

    def built(self, **tables: Any) -> list[Any]:
        """Whatever holds what has to outlive that: services, allowances, caches, locks."""
        settings = parse({"youtube": {"upload": True}, "voice": {"provider": "auto"}, **tables}, "test")
        with self.kept.anew():
            writer: Any = author(settings, SECRETS, self.kept)
            voice: Any = speakers(settings, SECRETS, self._places, self.kept)
            found: Any = pictures(settings, SECRETS, self._places, InProcess(), ListLedger(), self.kept)(Fit.CROP)
            upload: Any = channel(settings, SECRETS, self._places, self._uploads, self.kept)
        stocks = [part for one in found.sources for part in (one.agency.service, one.agency.allowance, one.cache)]
        speech, edge = (member.voice for member in voice._members[:2])
        return [
            writer._writers[0]._service,
            speech._voice._service,
            edge._voice,
            found.under_way,
            *stocks,
            upload.api.service,
            upload.api.account,
            upload.turn,
        ]


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    database = await Database.open(tmp_path / "jobs.db", lambda _: None)
    yield Home(tmp_path, database)
    await database.close()


async def test_other_settings_do_not_begin_anew_with_services(home: Home) -> None:
    """Limits, circuits, what an hour is left of, pictures of jobs under way and whose upload it is: all go on."""
    before = home.built()
    after = home.built(
        writer={"words": 90, "language": "de"},
        voice={"provider": "auto", "speech_model": "tts-1"},
        images={"repeat_after": 7},
        youtube={"upload": True, "category": 22},
    )
    assert [one is other for one, other in zip(before, after, strict=True)] == [True] * len(before)


async def test_another_address_is_another_service(home: Home) -> None:
    """And the one from before, when that is named again."""
    groq, other = home.built()[0], home.built(services={"groq": "https://groq.example/v1"})[0]
    assert other is not groq
    assert home.built()[0] is groq


async def test_connections_of_services_that_are_wanted_no_more_are_let_go(home: Home) -> None:
    """Those of the others stay; in the end all go."""
    groq, *_, youtube, _, _ = home.built()
    clients = [groq._open(), youtube._open()]
    home.built(services={"groq": "https://groq.example/v1"})
    await home.kept.rest()
    assert [client.is_closed for client in clients] == [True, False]
    await home.kept.close()
    assert clients[1].is_closed


async def test_settings_that_cannot_be_used_let_nothing_go(home: Home) -> None:
    """What was built before works on."""
    client = home.built()[0]._open()
    with pytest.raises(BadInput, match="no key for it"):
        home.built(writer={"provider": "openai"})
    await home.kept.rest()
    assert not client.is_closed
    await home.kept.close()
