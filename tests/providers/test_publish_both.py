"""A folder, and a channel beside it."""

from pathlib import Path

import pytest
from providers.youtube_support import Channel, publication
from servers.youtube import refusing
from support import TestDesk

from shortsd.domain.errors import NotYet, Unavailable
from shortsd.providers.publish.both import AlsoTo
from shortsd.providers.publish.folder import FolderPublisher


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "out"


def kept(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


async def test_a_short_goes_to_both(channel: Channel, folder: Path, tmp_path: Path, desk: TestDesk) -> None:
    """Its places in the folder are told, and its address; what went wrong on the channel, too."""
    channel.youtube.fail(refusing(403, "forbidden"), at="/upload/youtube/v3/thumbnails")
    both = AlsoTo(FolderPublisher(folder), channel.publisher())
    published = await both.publish(publication(tmp_path / "w"), desk)
    assert kept(folder) == {"7-the-lamp.jpg", "7-the-lamp.json", "7-the-lamp.mp4", "7-the-lamp.srt", "7-the-lamp.vtt"}
    assert published.video == str(folder / "7-the-lamp.mp4")
    assert published.link == f"https://youtu.be/{channel.video.id}"
    assert len(published.warnings) == 1
    assert all(total > 100 for _, total, _ in desk.seen)  # bytes, and no files


async def test_the_channel_has_to_wait(channel: Channel, folder: Path, tmp_path: Path, desk: TestDesk) -> None:
    """The short is in the folder meanwhile, and there once afterwards."""
    with pytest.raises(NotYet):
        await AlsoTo(FolderPublisher(folder), channel.publisher(units=0)).publish(publication(tmp_path / "w"), desk)
    before = kept(folder)
    await AlsoTo(FolderPublisher(folder), channel.publisher()).publish(publication(tmp_path / "w"), desk)
    assert kept(folder) == before
    assert len(before) == 5


async def test_withdrawing(channel: Channel, folder: Path, tmp_path: Path, desk: TestDesk) -> None:
    """The folder is cleared of it; nothing is deleted of a channel, and where it is there is said."""
    both = AlsoTo(FolderPublisher(folder), channel.publisher())
    await both.publish(publication(tmp_path / "w"), desk)
    with pytest.raises(Unavailable, match="on YouTube and stays there"):
        await both.withdraw(7, 1.5)
    assert not kept(folder)
    assert channel.video.content


def test_one_key_for_both(channel: Channel, folder: Path) -> None:
    """What is published is done anew when either changes."""
    alone = FolderPublisher(folder)
    assert alone.key in AlsoTo(alone, channel.publisher()).key != alone.key
