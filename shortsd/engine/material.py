"""What a job has by now: its story and its pictures, for who is to approve of them."""

from pathlib import Path

from shortsd.domain.errors import ShortsError
from shortsd.domain.job import Job
from shortsd.domain.story import Picture
from shortsd.stages.kinds import kind_of
from shortsd.stages.preview import Finder
from shortsd.stages.tools import Tools
from shortsd.stages.workspace import Workspace
from shortsd.wire.channel import Material, PictureView


async def material(job: Job, tools: Tools, workspace: Workspace) -> Material:
    """What was made of a job; as much as is there."""
    kind = kind_of(job.kind)
    if kind.ground is None:
        return Material(title=job.title)
    ground = kind.ground(job.params, tools, Finder(job, workspace))
    try:
        told = await ground.tell()
    except ShortsError:
        return Material(title=job.title)
    story = told.result
    said = Material(title=story.title, text=story.text, description=story.description, tags=list(story.tags))
    try:
        gallery = await ground.picture(told, await ground.speak(told))
    except ShortsError:
        return said
    pictures = [
        _view(number, span.text, picture, gallery.folder)
        for number, (span, picture) in enumerate(zip(gallery.result.spans, gallery.result.pictures, strict=True), 1)
    ]
    return Material(title=said.title, text=said.text, description=said.description, tags=said.tags, pictures=pictures)


def _view(scene: int, text: str, picture: Picture, folder: Path) -> PictureView:
    return PictureView(
        scene=scene,
        text=text,
        file=str(folder / picture.file),
        source=picture.source,
        author=picture.author,
        licence=picture.licence,
        page=picture.page,
    )
