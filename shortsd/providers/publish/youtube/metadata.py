"""What is said of a video: https://developers.google.com/youtube/v3/docs/videos#properties."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shortsd.domain.errors import NotYet
from shortsd.domain.ports import Publication
from shortsd.providers.web.waits import clock_time

TITLE = 100
"""Characters."""
DESCRIPTION = 5000
"""Bytes."""
TAGS = 500
"""Characters of all tags, with the commas between them and the quotation marks around those with spaces."""
NEAR_S = 30.0
"""Clocks that are set by the network differ by less."""
REFUSED = str.maketrans("<>", "‹›")
"""What no text may hold, and what it holds in its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How videos are shown."""

    privacy: str = "private"
    """`private`, `unlisted` or `public`."""
    category: int = 24
    made_for_kids: bool = False
    synthetic: bool = True


def require_hour(publication: Publication, manner: Manner, now: float) -> None:
    """Raise NotYet for a video that is to be there from an hour on, and which nothing but us would keep until then.

    YouTube itself makes a video public at its hour, so that can be sent at any time but shortly before: an hour that
    has passed by YouTube's clock is refused. A private or an unlisted one is there as soon as it is sent; it is sent at
    its hour.
    """
    at = publication.publish_at
    if at is None or at <= now:
        return
    if manner.privacy != "public":
        raise NotYet(f"It is uploaded at its hour, {clock_time(at)}: it will be {manner.privacy}.", until=at)
    if at - now < NEAR_S:
        raise NotYet(f"Its hour is too near for YouTube to keep; it is uploaded then, {clock_time(at)}.", until=at)


def resource(publication: Publication, mark: str, manner: Manner, now: float) -> dict[str, Any]:
    """The body of videos.insert. `now` is in seconds since the epoch."""
    language = {"defaultLanguage": publication.language, "defaultAudioLanguage": publication.language}
    snippet = {
        "title": title(publication.title),
        "description": description(publication),
        "tags": tags(mark, publication.metadata.get("tags", ())),
        "categoryId": str(manner.category),
        **(language if publication.language else {}),
    }
    status = {
        **_seen(publication.publish_at, manner.privacy, now),
        "selfDeclaredMadeForKids": manner.made_for_kids,
        "containsSyntheticMedia": manner.synthetic,
    }
    return {"snippet": snippet, "status": status}


def _seen(at: float | None, privacy: str, now: float) -> dict[str, str]:
    """By whom a video is seen, and from when on: only a private one may have an hour (status.publishAt)."""
    if at is None or at <= now or privacy != "public":
        return {"privacyStatus": privacy}
    return {"privacyStatus": "private", "publishAt": f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"}


def title(text: str) -> str:
    """A title that is taken: in one line, cut between words where it can be."""
    plain = _plain(text) or "Untitled"
    if len(plain) <= TITLE:
        return plain
    cut = plain[: TITLE - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"


def description(publication: Publication) -> str:
    """What the short is described by. Angle brackets grow: what is too long then is cut before the last paragraph.

    With credits, that paragraph is whom to thank (shortsd.stages.publish.description), which licences ask for.
    """
    text = str(publication.metadata.get("description", "")).translate(REFUSED).strip()
    said, between, thanks = text.rpartition("\n\n") if publication.metadata.get("credits") else (text, "", "")
    thanks = _cut(between + thanks, DESCRIPTION)
    return _cut(said, DESCRIPTION - len(thanks.encode())) + thanks


def tags(mark: str, wanted: Iterable[str]) -> list[str]:
    """The mark, and as many of the tags as there is room for, each once.

    The mark is a tag since that is what viewers are not shown and a channel's owner can read back (snippet.tags).
    """
    chosen = [mark]
    for tag in wanted:
        plain = _plain(str(tag)).replace(",", " ").replace('"', "").strip(" #")
        if plain and plain.casefold() not in map(str.casefold, chosen) and length([*chosen, plain]) <= TAGS:
            chosen.append(plain)
    return chosen


def length(chosen: Sequence[str]) -> int:
    """Characters of tags as YouTube counts them (snippet.tags[])."""
    return sum(len(tag) + (2 if " " in tag else 0) for tag in chosen) + max(len(chosen) - 1, 0)


def _plain(text: str) -> str:
    return " ".join(text.translate(REFUSED).split())


def _cut(text: str, most: int) -> str:
    """A text of so many bytes at most."""
    raw = text.encode()
    return text if len(raw) <= most else raw[:most].decode(errors="ignore").rstrip()
