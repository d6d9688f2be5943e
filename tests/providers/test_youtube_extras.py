"""Captions and thumbnail: what went wrong with them is told, and fails no job."""

from pathlib import Path

import pytest
from providers.youtube_support import Channel, publication
from servers.loopback import Handler, reset, status
from servers.youtube import done_then, refusing
from support import TestDesk

from shortsd.domain.errors import NotYet

THUMBNAIL, CAPTIONS = "/upload/youtube/v3/thumbnails/set", "/upload/youtube/v3/captions"


@pytest.mark.parametrize(
    "fault",
    [refusing(403, "forbidden", "The user cannot set custom thumbnails."), status(500)],
    ids=["not allowed", "broken"],
)
async def test_a_thumbnail_that_is_not_taken(channel: Channel, tmp_path: Path, desk: TestDesk, fault: Handler) -> None:
    """The video is there all the same."""
    channel.youtube.fail(*[fault] * 3, at=THUMBNAIL)
    published = await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert published.link.endswith(channel.video.id)
    assert len(published.warnings) == 1
    assert "thumbnail" in published.warnings[0]


@pytest.mark.parametrize("spent_at", [CAPTIONS, THUMBNAIL])
async def test_a_day_that_is_spent_when_the_video_is_there(
    channel: Channel, tmp_path: Path, desk: TestDesk, spent_at: str
) -> None:
    """The job waits for the next day, its log telling where the video is; then what is missing comes, and only that."""
    channel.youtube.fail(refusing(403, "quotaExceeded"), at=spent_at)
    with pytest.raises(NotYet) as wait:
        await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert any(channel.video.id in line for line in desk.log.lines)
    channel.time.now = wait.value.until
    published = await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert published.link.endswith(channel.video.id)
    assert published.warnings == ()
    assert (list(channel.video.captions), channel.video.thumbnail) == (["en"], b"\xff\xd8jpeg")
    assert len(channel.youtube.asked(CAPTIONS)) == (2 if spent_at == CAPTIONS else 1)


async def test_a_thumbnail_that_is_too_large(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """It is not sent."""
    short = publication(tmp_path / "w")
    short.thumbnail.write_bytes(b"x" * (2 * 2**20 + 1))
    published = await channel.publisher().publish(short, desk)
    assert "2097153 bytes" in published.warnings[0]
    assert not channel.youtube.asked(THUMBNAIL)


async def test_captions_that_are_not_taken(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """They are brought by the next attempt; what is there is not brought again."""
    channel.youtube.fail(refusing(403, "forbidden"), at=CAPTIONS)
    published = await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert "captions" in published.warnings[0]
    channel.youtube.requests.clear()
    assert not (await channel.publisher().publish(publication(tmp_path / "w"), desk)).warnings
    assert list(channel.video.captions) == ["en"]
    assert [request.path for request in channel.youtube.requests] == [CAPTIONS]


async def test_captions_whose_answer_is_lost(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """Asked again, YouTube has them already: there is one track."""
    youtube = channel.youtube
    youtube.fail(done_then(youtube._captions, reset()), at=CAPTIONS)
    assert not (await channel.publisher().publish(publication(tmp_path / "w"), desk)).warnings
    assert list(channel.video.captions) == ["en"]


async def test_a_captions_file_that_is_gone(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """That is told, too."""
    short = publication(tmp_path / "w")
    short.srt.unlink()
    published = await channel.publisher().publish(short, desk)
    assert "No such file" in published.warnings[0]
    assert channel.video.thumbnail
