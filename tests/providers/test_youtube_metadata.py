"""What is said of a video, within what YouTube takes."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from providers.youtube_support import Channel, publication
from servers.youtube import UPLOADS, refusing
from support import TestDesk

from shortsd.domain.errors import NotYet, ServiceFailed
from shortsd.domain.ports import Publication
from shortsd.providers.publish.youtube.metadata import Manner, description, length, require_hour, resource, tags, title

MARK = "shortsd-1a2b3c4d5e6f7a8b9c0d"
NOW = 1_800_000_000.0


@pytest.fixture
def short(tmp_path: Path) -> Publication:
    return publication(tmp_path / "w")


def test_all_that_is_configured_is_said(short: Publication) -> None:
    """Language, category, made for kids and synthetic come as they are set."""
    said = resource(replace(short, language="de"), MARK, Manner(category=27, made_for_kids=True, synthetic=False), NOW)
    assert said == {
        "snippet": {
            "title": "The Lamp",
            "description": "It burned.\n\nPicture: A. Lamp (CC0)",
            "tags": [MARK, "ghost story", "lamp"],
            "categoryId": "27",
            "defaultLanguage": "de",
            "defaultAudioLanguage": "de",
        },
        "status": {"privacyStatus": "private", "selfDeclaredMadeForKids": True, "containsSyntheticMedia": False},
    }


def test_a_public_video_waits_privately_for_its_hour(short: Publication) -> None:
    """YouTube shows it when its hour comes, which it takes for private videos only."""
    status = resource(replace(short, publish_at=NOW + 60), MARK, Manner(privacy="public"), NOW)["status"]
    assert (status["privacyStatus"], status["publishAt"]) == ("private", "2027-01-15T08:01:00Z")


@pytest.mark.parametrize("at", [None, NOW - 60])
def test_a_public_video_whose_hour_has_come(short: Publication, at: float | None) -> None:
    """It is public at once."""
    status = resource(replace(short, publish_at=at), MARK, Manner(privacy="public"), NOW)["status"]
    assert status["privacyStatus"] == "public"
    assert "publishAt" not in status


@pytest.mark.parametrize("privacy", ["private", "unlisted"])
def test_an_hour_that_is_ours_to_keep(short: Publication, privacy: str) -> None:
    """A private or an unlisted video is not to be there before its hour."""
    with pytest.raises(NotYet) as wait:
        require_hour(replace(short, publish_at=NOW + 60), Manner(privacy=privacy), NOW)
    assert wait.value.until == NOW + 60


@pytest.mark.parametrize(("privacy", "at"), [("public", NOW + 60), ("private", NOW), ("unlisted", None)])
def test_an_hour_that_is_not(short: Publication, privacy: str, at: float | None) -> None:
    """YouTube hides a public video until then; an hour that has come, or none, is waited for by nobody."""
    require_hour(replace(short, publish_at=at), Manner(privacy=privacy), NOW)


def test_an_hour_that_is_too_near_to_be_kept(short: Publication) -> None:
    """It may have passed when YouTube looks at it: a public video is sent at its hour, and public at once."""
    with pytest.raises(NotYet) as wait:
        require_hour(replace(short, publish_at=NOW + 5), Manner(privacy="public"), NOW)
    assert wait.value.until == NOW + 5


async def test_an_hour_that_youtube_does_not_take(channel: Channel, short: Publication, desk: TestDesk) -> None:
    """Since this machine's clock is behind, say: the job waits until then, and the video is public at once."""
    publisher, at = channel.publisher(Manner(privacy="public")), channel.time.now + 600
    channel.youtube.fail(refusing(400, "invalidPublishAt"), at=UPLOADS)
    with pytest.raises(NotYet) as wait:
        await publisher.publish(replace(short, publish_at=at), desk)
    assert wait.value.until == at
    channel.time.now = at
    await publisher.publish(replace(short, publish_at=at), desk)
    assert channel.video.resource["status"]["privacyStatus"] == "public"


def test_a_long_title_is_cut_between_words() -> None:
    """At most 100 characters."""
    cut = title("word " * 30)
    assert cut == "word " * 18 + "word…"


@pytest.mark.parametrize(("text", "made"), [("a <b>\n c", "a ‹b› c"), ("", "Untitled"), ("x" * 120, "x" * 99 + "…")])
def test_titles(text: str, made: str) -> None:
    """They are in one line, without angle brackets, and never empty."""
    assert title(text) == made


def test_whom_to_thank_is_said_once(short: Publication) -> None:
    """As the stage before it has put it: credits are in the description already."""
    told = {"description": "It burned.\n\nCredits\nPicture: A (CC BY)", "credits": ["Picture: A (CC BY)"]}
    assert description(replace(short, metadata=told)) == told["description"]


def test_a_long_description_keeps_whom_to_thank(short: Publication) -> None:
    """Licences ask for that, also where angle brackets make it longer; it is 5000 bytes at most."""
    thanks = "Credits\nPicture: A (CC BY)"
    told = {"description": f"{'<' * 4000}\n\n{thanks}", "credits": ["Picture: A (CC BY)"]}
    said = description(replace(short, metadata=told))
    assert said.endswith(f"‹\n\n{thanks}")
    assert len(said.encode()) in range(4996, 5001)


def test_tags_are_counted_as_youtube_counts() -> None:
    """With commas between them, and quotation marks around those with spaces."""
    assert length(["Foo-Baz"]) == 7
    assert length(["Foo Baz"]) == 9
    assert length(["a", "b c"]) == 7


def test_tags_that_are_none() -> None:
    """Commas, quotes, brackets and twins go; the mark is the first."""
    assert tags(MARK, ['#a,b "c"', "A B C", "", "<i>"]) == [MARK, "a b c", "‹i›"]


@settings(max_examples=50, deadline=None)
@given(st.text(), st.text(), st.lists(st.text(max_size=200), max_size=40))
def test_whatever_a_writer_says_is_taken(name: str, text: str, words: list[str]) -> None:
    """No text makes a request that YouTube's limits forbid."""
    short = Publication(7, 1.5, name, Path("v"), Path("t"), Path("s"), Path("w"), {"description": text, "tags": words})
    snippet = resource(short, MARK, Manner(), NOW)["snippet"]
    assert 1 <= len(snippet["title"]) <= 100
    assert len(snippet["description"].encode()) <= 5000
    assert length(snippet["tags"]) <= 500
    assert not {"<", ">"} & set(str(snippet))
    assert snippet["tags"][0] == MARK


async def test_what_is_said_reaches_the_channel(channel: Channel, short: Publication, desk: TestDesk) -> None:
    """A scheduled public video is there, private, with its hour."""
    at = channel.time.now + 3600
    await channel.publisher(Manner(privacy="public")).publish(replace(short, publish_at=at), desk)
    assert channel.video.resource["status"]["publishAt"] == "2027-01-15T09:00:00Z"
    assert channel.video.resource["status"]["privacyStatus"] == "private"


async def test_what_youtube_does_not_take(channel: Channel, short: Publication, desk: TestDesk) -> None:
    """A refused resource fails with YouTube's own words, and is not tried again."""
    channel.youtube.fail(refusing(400, "invalidLanguage", "invalid language"), at=UPLOADS)
    with pytest.raises(ServiceFailed, match="invalid language") as failed:
        await channel.publisher().publish(short, desk)
    assert not failed.value.retryable
