"""Slides drawn, each once and each kept: what has not changed is taken as it is."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from shortsd.domain.errors import ChildFailed, ShortsError, TimedOut
from shortsd.domain.finish import in_thread
from shortsd.domain.ports import Pages, Workers
from shortsd.domain.slides import Item, ItemKind, Theme
from shortsd.domain.story import Picture
from shortsd.domain.style import CaptionLook, Fit
from shortsd.media import fonts
from shortsd.media.slides.drawers import Drawer, Drawing
from shortsd.stages.runner import Work
from shortsd.stages.slides.beside import Beside
from shortsd.stages.slides.moments import Moment
from shortsd.stages.workspace import fingerprint

SOURCE = "slides"
MOST_PICTURES = 40
"""In a lecture."""
PICTURE_PX = 1600
"""Of a picture's longer side, that are kept."""
_PREPARE = "shortsd.providers.images.prepare:prepare_each"


@dataclass(frozen=True, slots=True)
class Studio:
    """What draws slides, and how they are to look."""

    drawers: Sequence[Drawer]
    """In turn, where one fails."""
    workers: Workers
    pages: Pages
    beside: Beside | None
    """Where pictures in files are, if any are shown."""
    files: Mapping[str, str]
    """What stands for the content of each of these."""
    fonts: fonts.FontFiles
    theme: Theme
    size: tuple[int, int]
    captions: CaptionLook

    @property
    def key(self) -> dict[str, Any]:
        """All that every slide depends on, but for who draws it."""
        looks = {"style": self.captions.style, "size": self.captions.size}
        return {"theme": self.theme, "size": self.size, "captions": looks, "font": self.fonts.family}


async def draw(moments: Sequence[Moment], studio: Studio, work: Work) -> list[Picture]:
    """A picture for each moment, in the stage's folder. Raises what the last of the drawers raises."""
    pieces = work.pieces.named(".png")
    for drawer, following in pairwise(studio.drawers):
        try:
            marks = await _drawn(moments, drawer, studio, work)
            break
        except (ChildFailed, TimedOut) as exc:
            work.log.warning(f"{drawer.key} drew no slides: {exc.message} {following.key} draws them.")
    else:
        marks = await _drawn(moments, studio.drawers[-1], studio, work)
    await in_thread(pieces.only, set(marks))
    for mark in set(marks):
        await in_thread(shutil.copyfile, pieces.file(mark), work.folder / f"{mark}.png")
    return [Picture(f"{mark}.png", *studio.size, SOURCE, whole=True, id=mark, still=True) for mark in marks]


async def _drawn(moments: Sequence[Moment], drawer: Drawer, studio: Studio, work: Work) -> list[str]:
    """The marks of all moments, each drawn if it was not before."""
    pieces = work.pieces.named(".png")
    files: Mapping[str, str] = {}
    wanted = [moment for moment in moments if not pieces.has(_mark(moment, drawer, studio))]
    if any(item.kind is ItemKind.PICTURE for moment in wanted for item in moment.items):
        files = await _fetched(wanted, studio, work)
    moments = [_without_lost(moment, files) if moment in wanted else moment for moment in moments]
    marks = [_mark(moment, drawer, studio) for moment in moments]
    missing = {mark: one for mark, one in zip(marks, moments, strict=True) if not pieces.has(mark)}
    work.log.info(f"{len(missing)} of {len(set(marks))} pictures of slides are to be drawn, by {drawer.key}")
    if missing:
        await drawer.draw(await in_thread(_drawing, missing, files, studio), work.folder, work)
        for mark in missing:
            await in_thread(pieces.keep, work.folder / f"{mark}.png", mark)
    work.progress(len(marks), len(marks))
    return marks


def _mark(moment: Moment, drawer: Drawer, studio: Studio) -> str:
    """The fingerprint of a picture."""
    seen = {"heading": moment.heading, "items": [asdict(item) for item in moment.items], "shown": moment.shown}
    files = [studio.files[item.detail] for item in moment.items if item.beside]
    return fingerprint("slide", {"drawer": drawer.key, **studio.key, **seen, **({"files": files} if files else {})})


def _drawing(missing: Mapping[str, Moment], files: Mapping[str, str], studio: Studio) -> Drawing:
    """What is asked of who draws. Raises DiskFull, Unavailable."""
    installed = {use: str(file) for use, file in fonts.install_for_slides(studio.fonts).items()}
    helpers = [str(file) for file in fonts.beside(studio.fonts.file)[1:]]
    boards = [
        {
            "mark": mark,
            "heading": moment.heading,
            "items": [{**asdict(item), "file": files.get(item.detail, "")} for item in moment.items],
            "shown": moment.shown,
        }
        for mark, moment in missing.items()
    ]
    return Drawing(boards, {**studio.key, "fonts": installed, "helpers": helpers})


async def _fetched(moments: Sequence[Moment], studio: Studio, work: Work) -> dict[str, str]:
    """The files of pictures, by how the text names them, made ready; a warning for each that is not to be had."""
    items = (item for moment in moments for item in moment.items)
    wanted = list({item.detail: item for item in items if item.kind is ItemKind.PICTURE}.values())
    if len(wanted) > MOST_PICTURES:
        work.log.warning(f"There are {len(wanted)} pictures; the first {MOST_PICTURES} are shown.")
    raw: dict[str, Path] = {}
    for at, item in enumerate(wanted[:MOST_PICTURES]):
        file = work.folder / f"picture-{at:02}"
        try:
            await _bring(item, file, studio, work)
            raw[item.detail] = file
        except ShortsError as exc:
            work.log.warning(f"A picture is left out: {exc.message}")
    return await _prepared(raw, studio, work)


async def _bring(item: Item, to: Path, studio: Studio, work: Work) -> None:
    """Have a picture in the file `to`. Raises ShortsError."""
    if item.elsewhere:
        await studio.pages.picture(item.detail, to, work)
    elif studio.beside is not None:
        await studio.beside.fetch(item.detail, to)


async def _prepared(raw: Mapping[str, Path], studio: Studio, work: Work) -> dict[str, str]:
    """Upright JPEGs of no more pixels than are of use: nothing that others made comes before a browser as it was."""
    if not raw:
        return {}
    names = [{"file": str(file), "name": f"{file.name}.jpg"} for file in raw.values()]
    request = {"pictures": names, "to": str(work.folder), "size": [PICTURE_PX, PICTURE_PX], "fit": Fit.CROP}
    answer = await studio.workers.call(_PREPARE, request, work)
    found: dict[str, str] = {}
    for file in raw.values():
        await in_thread(file.unlink)
    for url, name, made in zip(raw, names, answer["pictures"], strict=True):
        if "reason" in made:
            work.log.warning(f"The picture {url} is left out: {made['reason']}.")
        else:
            found[url] = str(work.folder / name["name"])
    return found


def _without_lost(moment: Moment, files: Mapping[str, str]) -> Moment:
    """A moment without pictures that nobody has."""

    def is_there(item: Item) -> bool:
        return item.kind is not ItemKind.PICTURE or item.detail in files

    shown = sum(map(is_there, moment.items[: moment.shown]))
    return replace(moment, items=tuple(filter(is_there, moment.items)), shown=shown)
