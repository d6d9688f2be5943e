"""Publish: the finished short and what is said about it, brought to where it is seen."""

from dataclasses import asdict
from typing import Any

from shortsd.domain.ports import Publication, Published, Publisher
from shortsd.domain.story import Picture, Story
from shortsd.stages.check import Report
from shortsd.stages.images import Gallery
from shortsd.stages.plan import Plan
from shortsd.stages.render import Render
from shortsd.stages.runner import Work
from shortsd.stages.voice import Narration

LIMIT = 5000
"""Bytes of a description: https://developers.google.com/youtube/v3/docs/videos#snippet.description."""
LEAST_TEXT = 500
"""Bytes of a text for which there is to be room beside credits."""
HEADING = "Credits"
BETWEEN = "\n\n"
ELLIPSIS = "…"


async def publish(publication: Publication, publisher: Publisher, work: Work) -> Published:
    """Hand a short to its publisher."""
    published = await publisher.publish(publication, work)
    work.log.info(f"published as {published.video}")
    for warning in published.warnings:
        work.log.warning(warning)
    return published


def metadata(
    plan: Plan, story: Story, spoken: Narration, gallery: Gallery, film: Render, report: Report
) -> dict[str, Any]:
    """What is kept beside a short: what it is called, what it is made of, and what was measured of it."""
    return {
        "title": story.title,
        "description": description(story.description, gallery, film),
        "tags": list(story.tags),
        "text": story.text,
        **({"writer": story.writer, "tokens": story.tokens} if story.writer else {}),
        "source": story.source,
        "credits": credit(gallery, film),
        "pictures": [asdict(picture) for picture in gallery.pictures],
        "width": plan.width,
        "height": plan.height,
        "fps": plan.fps,
        "duration_s": film.duration_s,
        "voice": plan.voice,
        "speaker": spoken.speaker,
        "seed": plan.seed,
        "checks": [asdict(check) for check in report.checks],
    }


def credit(gallery: Gallery, film: Render) -> list[str]:
    """Whom to thank, each once: for pictures whose licence does not do without, and for the music."""
    thanks = [_thanks(picture) for picture in gallery.pictures if _is_due(picture)]
    return list(dict.fromkeys([*thanks, *([f"Music: {film.credit}"] if film.credit else [])]))


def _is_due(picture: Picture) -> bool:
    """Whether somebody has to be thanked for a picture; who gave it to everybody (CC0) has not."""
    return bool(picture.author) and not picture.licence.startswith("CC0")


def _thanks(picture: Picture) -> str:
    """As Pexels and Unsplash want it, with links to photographer and photo; else author, licence and page."""
    page = f": {picture.page}" if picture.page else ""
    if picture.author_page:
        return f"Photo by {picture.author} ({picture.author_page}) on {picture.source}{page}"
    return f"Picture by {picture.author}{f' ({picture.licence})' if picture.licence else ''}{page}"


def description(text: str, gallery: Gallery, film: Render) -> str:
    """What a short is described by: its text, and at the end a paragraph with whom to thank, if there is anybody.

    At most LIMIT bytes. Where the credits leave too little room for the text, they are by name alone.
    """
    lines = credit(gallery, film)
    if not lines:
        return _cut(text, LIMIT)
    room = LIMIT - min(_bytes(text), LEAST_TEXT) - _bytes(BETWEEN)
    full, short = ("\n".join([HEADING, *one]) for one in (lines, _names(gallery, film)))
    thanks = full if _bytes(full) <= room else _cut(short, room)
    said = _cut(text, LIMIT - _bytes(thanks) - _bytes(BETWEEN))
    return f"{said}{BETWEEN}{thanks}" if said else thanks


def _names(gallery: Gallery, film: Render) -> list[str]:
    """Whom to thank, by their names."""
    names: dict[str, list[str]] = {}
    for picture in gallery.pictures:
        if _is_due(picture):
            names.setdefault(f" on {picture.source}" if picture.author_page else "", []).append(picture.author)
    thanks = [f"Pictures{where}: {', '.join(dict.fromkeys(those))}" for where, those in names.items()]
    return [*([f"Music: {film.credit}"] if film.credit else []), *thanks]


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _cut(text: str, most: int) -> str:
    """A text of at most so many bytes, cut between words."""
    if _bytes(text) <= most:
        return text
    cut = text.encode("utf-8", "replace")[: max(0, most - _bytes(ELLIPSIS))].decode("utf-8", "ignore")
    return (cut.rsplit(maxsplit=1)[0] if len(cut.split()) > 1 else cut) + ELLIPSIS
