"""Publish: the finished short and what is said about it, brought to where it is seen."""

from dataclasses import asdict
from typing import Any

from shortsd.domain.ports import Publication, Published, Publisher
from shortsd.domain.story import Story
from shortsd.stages.check import Report
from shortsd.stages.images import Gallery
from shortsd.stages.plan import Plan
from shortsd.stages.render import Render
from shortsd.stages.runner import Work


async def publish(publication: Publication, publisher: Publisher, work: Work) -> Published:
    """Hand a short to its publisher."""
    published = await publisher.publish(publication, work)
    work.log.info(f"published as {published.video}")
    return published


def metadata(plan: Plan, story: Story, gallery: Gallery, film: Render, report: Report) -> dict[str, Any]:
    """What is kept beside a short: what it is called, what it is made of, and what was measured of it."""
    return {
        "title": story.title,
        "description": story.description,
        "tags": list(story.tags),
        "text": story.text,
        "source": story.source,
        "credits": credit(gallery, film),
        "pictures": [asdict(picture) for picture in gallery.pictures],
        "width": plan.width,
        "height": plan.height,
        "fps": plan.fps,
        "duration_s": film.duration_s,
        "voice": plan.voice,
        "seed": plan.seed,
        "checks": [asdict(check) for check in report.checks],
    }


def credit(gallery: Gallery, film: Render) -> list[str]:
    """Whom to thank: for each picture that has an author, and for the music."""
    thanks = [
        f"Picture: {picture.author}" + (f" ({picture.licence})" if picture.licence else "")
        for picture in gallery.pictures
        if picture.author
    ]
    return list(dict.fromkeys([*thanks, *([f"Music: {film.credit}"] if film.credit else [])]))
