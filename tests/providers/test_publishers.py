"""What holds of all publishers, wherever they bring a short."""

from collections.abc import Callable
from pathlib import Path

import pytest
from providers.youtube_support import Channel, publication
from support import TestDesk

from shortsd.domain.ports import Publisher
from shortsd.providers.publish.both import AlsoTo
from shortsd.providers.publish.folder import FolderPublisher

MAKERS: dict[str, Callable[[Path, Channel], Publisher]] = {
    "folder": lambda folder, _: FolderPublisher(folder),
    "channel": lambda _, channel: channel.publisher(),
    "both": lambda folder, channel: AlsoTo(FolderPublisher(folder), channel.publisher()),
}


@pytest.fixture(params=MAKERS)
def publisher(request: pytest.FixtureRequest, tmp_path: Path, channel: Channel) -> Publisher:
    return MAKERS[request.param](tmp_path / "out", channel)


async def test_published_twice_it_is_there_once(
    publisher: Publisher, tmp_path: Path, channel: Channel, desk: TestDesk
) -> None:
    """The next attempt at a job replaces what it published, or finds it there; it never adds to it."""
    first = await publisher.publish(publication(tmp_path / "w"), desk)
    again = await publisher.publish(publication(tmp_path / "w"), desk)
    assert again == first
    assert first.video
    assert len(channel.youtube.videos) <= 1
    assert len(list((tmp_path / "out").glob("*.mp4"))) <= 1


async def test_how_far_it_is_comes_to_its_whole(publisher: Publisher, tmp_path: Path, desk: TestDesk) -> None:
    """Progress rises, and ends with all of it."""
    await publisher.publish(publication(tmp_path / "w"), desk)
    done = [done for done, _, _ in desk.seen]
    assert done == sorted(done)
    assert desk.seen[-1][0] == desk.seen[-1][1] > 0


def test_its_key_is_its_own(publisher: Publisher) -> None:
    """It has one, which stays as it is."""
    assert publisher.key
    assert publisher.key == publisher.key
