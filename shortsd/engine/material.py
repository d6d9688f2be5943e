"""What a job has by now: its story and its pictures, for who is to approve of them."""

from dataclasses import replace
from pathlib import Path

from shortsd.domain.errors import ShortsError
from shortsd.domain.finish import in_thread
from shortsd.domain.job import Job, State
from shortsd.domain.stage import StageName
from shortsd.domain.story import Picture
from shortsd.stages import render
from shortsd.stages.kinds import kind_of
from shortsd.stages.preview import Finder
from shortsd.stages.tools import Tools
from shortsd.stages.workspace import Workspace
from shortsd.wire.channel import Material, PictureView


async def material(job: Job, tools: Tools, workspace: Workspace) -> Material:
    """What was made of a job; as much as is there."""
    return replace(await _shown(job, tools, workspace), video=await in_thread(_film, job, workspace))


def _film(job: Job, workspace: Workspace) -> str:
    """The path of the film that is to be looked at, or of what was published; empty if there is none."""
    if job.state is not State.REVIEW:
        return str(job.result.get("video", ""))
    files = (workspace.folder(StageName.RENDER, mark) / render.FILE for mark in job.held.split())
    return next((str(file) for file in files if file.is_file()), "")


async def _shown(job: Job, tools: Tools, workspace: Workspace) -> Material:
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
    said = replace(said, script=str(ground.sheet or ""))
    try:
        gallery = await ground.picture(told, await ground.speak(told))
    except ShortsError:
        return said
    pictures = [
        _view(number, span.text, picture, gallery.folder)
        for number, (span, picture) in enumerate(zip(gallery.result.spans, gallery.result.pictures, strict=True), 1)
    ]
    return replace(said, pictures=pictures)


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
