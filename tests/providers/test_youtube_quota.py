"""What a day may take of YouTube."""

from datetime import datetime
from pathlib import Path

import pytest
from providers.youtube_support import Channel, publication
from servers.youtube import UPLOADS, refusing
from support import TestDesk

from shortsd.channel import prospects
from shortsd.config.places import Places
from shortsd.config.settings import Settings, Youtube
from shortsd.domain.errors import NotYet
from shortsd.providers.publish.youtube.quota import VIDEOS, VIDEOS_A_DAY, WHOLE, ZONE, Quota
from shortsd.providers.publish.youtube.tokens import FILE, TokenFile, Tokens

DAY = "2027-01-15"
"""Of California, at the time of tests: 2027-01-15 00:00."""


def at(text: str) -> float:
    """A moment of California."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp()


@pytest.mark.parametrize(
    ("now", "reset"),
    [
        ("2026-11-28T09:00", "2026-11-29T00:00"),
        ("2026-11-28T23:59", "2026-11-29T00:00"),
        ("2026-03-08T01:00", "2026-03-09T00:00"),  # 23 hours
        ("2026-11-01T00:30", "2026-11-02T00:00"),  # 25 hours
    ],
)
def test_a_day_ends_at_midnight_in_california(channel: Channel, now: str, reset: str) -> None:
    """Also on days on which clocks are changed."""
    assert Quota(channel.uploads, 10_000, lambda: at(now)).reset == at(reset)


async def test_calls_are_counted(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """An upload takes one of the day's videos, and units for captions and thumbnail."""
    await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert await channel.uploads.spent(DAY) == WHOLE
    assert await channel.uploads.spent(f"{DAY} {VIDEOS}") == 1


async def test_an_upload_is_not_begun_that_cannot_be_completed(
    channel: Channel, tmp_path: Path, desk: TestDesk
) -> None:
    """It waits for the next day, and says until when."""
    await channel.uploads.spend(DAY, 10_000 - WHOLE + 1)
    with pytest.raises(NotYet, match="9551 of 10000 are spent today; it goes on at 20") as wait:
        await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert wait.value.until == at("2027-01-16T00:00")
    assert channel.youtube.requests == []


async def test_the_next_day(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """What has waited goes on."""
    await channel.uploads.spend(DAY, 10_000)
    channel.time.now = at("2027-01-16T00:00")
    channel.sign_in()
    await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert channel.video.captions


async def test_a_quota_that_is_never_enough(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """The setting is named."""
    with pytest.raises(NotYet) as wait:
        await channel.publisher(units=100).publish(publication(tmp_path / "w"), desk)
    assert "youtube.quota_units" in wait.value.hint


async def test_as_many_videos_as_a_day_may_have(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """Videos are counted apart from everything else."""
    await channel.uploads.spend(f"{DAY} {VIDEOS}", VIDEOS_A_DAY)
    with pytest.raises(NotYet, match="100 videos a day"):
        await channel.publisher().publish(publication(tmp_path / "w"), desk)


@pytest.mark.parametrize(("code", "reason"), [(403, "quotaExceeded"), (400, "uploadLimitExceeded")])
async def test_youtube_says_that_the_day_is_spent(
    channel: Channel, tmp_path: Path, desk: TestDesk, code: int, reason: str
) -> None:
    """The job waits for the next day; no other asks before."""
    channel.youtube.fail(refusing(code, reason, "You have exceeded your quota."), at=UPLOADS)
    with pytest.raises(NotYet, match="exceeded your quota") as wait:
        await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert wait.value.until == at("2027-01-16T00:00")
    channel.youtube.requests.clear()
    with pytest.raises(NotYet):
        await channel.publisher().publish(publication(tmp_path / "x", job=8), desk)
    assert channel.youtube.requests == []


async def test_the_day_is_spent_in_mid_upload(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """The session is gone on with on the next day."""
    youtube = channel.youtube
    youtube.fail(youtube.begin, youtube.put, refusing(403, "quotaExceeded"), at=UPLOADS)
    with pytest.raises(NotYet):
        await channel.publisher().publish(publication(tmp_path / "w"), desk)
    channel.time.now = at("2027-01-16T00:00")
    channel.sign_in()
    await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert len(youtube.sessions) == len(youtube.videos) == 1


async def test_a_week_is_told_what_becomes_of_its_uploads(channel: Channel, tmp_path: Path) -> None:
    """That nobody is signed in, before anything is made; else how many videos the day takes."""
    places = Places.find({"SHORTSD_HOME": str(tmp_path / "home")})
    settings = Settings(youtube=Youtube(upload=True))
    (line,) = await prospects(settings, places, channel.uploads, channel.time)
    assert line == "Nobody is signed in to YouTube. All uploads fail before `shortsctl auth youtube`"
    places.state.mkdir(parents=True)
    TokenFile(places.state / FILE).write(Tokens("1//staying", "ya29.access", 4e9))
    assert await prospects(settings, places, channel.uploads, channel.time) == [
        "YouTube takes 22 more videos today; those beyond it wait for the next day"
    ]
    assert await prospects(Settings(), places, channel.uploads, channel.time) == []
