import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shortsd.config.places import Places
from shortsd.config.settings import Daemon, Settings
from shortsd.domain.errors import BadInput, ShortsError
from shortsd.engine.joblog import JobLogs
from shortsd.engine.readiness import Readiness
from shortsd.engine.storage import Storage
from shortsd.store.database import Database
from shortsd.store.jobs import Jobs
from shortsd.store.retention import Retention
from shortsd.store.stages import StageRuns


@pytest.fixture
async def readiness(tmp_path: Path) -> AsyncIterator[Readiness]:
    """Of a home with room, whose FFmpeg is `true`."""
    places = Places.find({"SHORTSD_HOME": str(tmp_path)})
    database = await Database.open(tmp_path / "jobs.db", lambda _: None)
    settings = Settings(daemon=Daemon(min_free_mb=0))
    logs = JobLogs(places.logs, lambda: 1.0)
    storage = Storage(
        places, settings.storage, StageRuns(database, lambda: 1.0), Retention(database), logs, lambda: 1.0
    )
    yield Readiness(settings, Jobs(database, lambda: 1.0), storage, (places.work, places.output), "true")
    await database.close()


async def test_many_may_ask_at_once(readiness: Readiness) -> None:
    """Each hears what was found when it asked, whoever begins to look anew meanwhile."""

    async def ask(times: int) -> list[bool]:
        return [await readiness.can_work() for _ in range(times)]

    asked = await asyncio.gather(*(ask(1 + number % 7) for number in range(50)))
    assert all(all(one) for one in asked)


async def test_a_program_that_is_gone_blocks_work(readiness: Readiness) -> None:
    """It is said which; with it back, work goes on."""
    readiness._ffmpeg = "no-such-program"
    assert not await readiness.can_work()
    assert any("no-such-program" in why for why in readiness.hindrances())
    with pytest.raises(ShortsError):
        await readiness.require_all()
    readiness._ffmpeg = "true"
    assert await readiness.can_work()
    assert readiness.hindrances() == []


async def test_a_refused_configuration_is_noted_and_keeps_nobody_from_work(readiness: Readiness) -> None:
    """Health is as good as before, and tells of it to who looks later."""
    readiness.misconfigured = BadInput("config.toml: `video.fps` takes a number from 1 to 120.")
    ready = await readiness.ready()
    assert (ready.ok, ready.reasons) == (True, [])
    assert ready.notes == readiness.live().notes == readiness.notes()
    assert "video.fps" in ready.notes[0]
