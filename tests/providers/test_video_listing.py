"""What becomes of a listing, as sites and feeds give them; in this process, since nothing is asked for."""

from typing import Any, cast

import pytest

from shortsd.domain.errors import BadInput
from shortsd.domain.transcript import Entry
from shortsd.providers.videos import fetching

NOBODY = cast("Any", None)
"""Nobody needs to be asked."""


def url(number: int) -> str:
    return f"https://videos.example/watch/{number}"


def flat(number: int, **more: object) -> dict[str, object]:
    """A video of a list, as yt-dlp has it before it looks at it."""
    return {"_type": "url", "url": url(number), "id": f"id-{number}", "title": f"Video {number}", **more}


def listed(*entries: object, limit: int = 10, since: str = "", **more: object) -> list[Entry]:
    found = {"_type": "playlist", "webpage_url": "https://videos.example/", "entries": list(entries), **more}
    return list(fetching._newest(fetching._in_order(fetching._entries(NOBODY, found), found), limit, since))


def test_each_video_once_and_the_newest_first() -> None:
    """As many as are wanted; where all tell when they came, by that."""
    entries = [flat(1, upload_date="20261101"), flat(2, timestamp=1795867200), flat(1, upload_date="20261101")]
    assert [(one.id, one.uploaded) for one in listed(*entries)] == [("id-2", "2026-11-28"), ("id-1", "2026-11-01")]
    assert [one.id for one in listed(*entries, limit=1)] == ["id-2"]
    assert [one.id for one in listed(*entries, flat(3), since="2026-11-02")] == ["id-2", "id-3"]


def test_a_list_is_not_read_to_its_end_for_what_is_old() -> None:
    """After a hundred in a row that came before, the rest is taken to have come before, too."""
    asked = []

    def entries() -> Any:
        for number in range(1000):
            asked.append(number)
            yield flat(number, upload_date="20200101")

    found = {"_type": "playlist", "entries": entries()}
    assert not list(fetching._newest(fetching._entries(NOBODY, found), 10, "2026-01-01"))
    assert len(asked) == fetching.OLDER


def test_lists_within_lists() -> None:
    """The tabs of a channel are looked into; what is to come yet is left out."""
    tab = {"_type": "playlist", "entries": [flat(1), flat(2, live_status="is_upcoming"), None]}
    assert [one.id for one in listed(tab, flat(3))] == ["id-1", "id-3"]


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ytsearch:lamps", "https://me:secret@videos.example/", "https://a.example/ b", ""]
)
def test_addresses_that_are_none(address: str) -> None:
    """A feed may hold what it likes: what is not to be asked is left out, and takes nothing else with it."""
    found = listed({"_type": "url", "url": address, "id": "evil"}, flat(1), webpage_url="")
    assert [one.id for one in found] == ["id-1"]


def test_a_list_of_nothing_but_such_addresses() -> None:
    """It is told as what it is, not as a list of no videos."""
    with pytest.raises(BadInput, match="None of the 2 videos"):
        listed(*({"_type": "url", "url": "file:///etc/passwd", "id": name} for name in ("a", "b")), webpage_url="")


def test_a_video_without_an_address_of_its_own() -> None:
    """Several on a page are told apart by their ids, there and when the page is looked at again."""
    one, other = ({"id": f"page-{number}", "title": "A\x1b[2J\u202eB", "upload_date": "no day"} for number in (1, 2))
    first, second = listed(one, other)
    assert first == Entry("page-1", "https://videos.example/", "A [2JB")
    assert fetching._one({"_type": "playlist", "entries": [one, other]}, second) is other
    with pytest.raises(BadInput, match="no video at"):
        fetching._one({"_type": "playlist", "entries": [one, other]}, Entry("page-3", "https://videos.example/"))
