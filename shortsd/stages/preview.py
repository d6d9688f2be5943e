"""Preview: frames of a short as they will be, drawn before it is rendered, or after."""

import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from shortsd.domain.errors import WrongState
from shortsd.domain.finish import in_thread
from shortsd.domain.job import AT_REST, Job
from shortsd.domain.ports import Desk, Log
from shortsd.domain.stage import StageName
from shortsd.domain.timeline import Timeline
from shortsd.media import looks, preview
from shortsd.media.fonts import install
from shortsd.stages import captions
from shortsd.stages.groundwork import Groundwork
from shortsd.stages.plan import Plan
from shortsd.stages.preflight import NoJob
from shortsd.stages.render import film_of
from shortsd.stages.runner import Done, Work, mark_of
from shortsd.stages.tools import Tools
from shortsd.stages.workspace import Workspace, fingerprint

R = TypeVar("R")

DRAW = "shortsd.media.preview_frames:draw"

_MADE: Mapping[str, str] = {
    StageName.STORY: "story",
    StageName.VOICE: "voice",
    StageName.IMAGES: "pictures",
    StageName.CAPTIONS: "captions",
}
"""What people call what these stages make."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A short of which frames can be drawn."""

    film: Timeline
    title: str
    pictures: Path
    captions: Path
    plan: Plan


async def shown(ground: Groundwork) -> Shown:
    """What a preview is drawn of. Raises what its stages raise."""
    told = await ground.tell()
    spoken = await ground.speak(told)
    gallery = await ground.picture(told, spoken)
    titles = await ground.caption(spoken)
    film = film_of(ground.plan, spoken.result, gallery.result)
    return Shown(film, told.result.title, gallery.folder, titles.folder / captions.FILE, ground.plan)


async def draw(short: Shown, at_s: float | None, tools: Tools) -> bytes:
    """The frame at a time with its caption, or a contact sheet if no time is given: a PNG.

    Raises BadInput for a time at which there is no frame, and for a look that fails; ChildFailed, TimedOut, OSError.
    """
    shots = preview.throughout(short.film) if at_s is None else preview.frame_at(short.film, at_s)
    picture = preview.sheet if at_s is None else preview.frame
    desk = NoJob("preview")
    await in_thread(install, tools.fonts.folder)
    with tempfile.TemporaryDirectory(prefix="shortsd-preview-") as folder:
        raw, out = Path(folder) / "frames.yuv", Path(folder) / "preview.png"
        await tools.workers.call(DRAW, await _request(short, shots, raw, tools), desk)
        fonts = tools.fonts.folder
        await tools.children.run(picture(tools.ffmpeg, short.film, shots, raw, short.captions, fonts, out), desk)
        return await in_thread(out.read_bytes)


async def _request(short: Shown, shots: preview.Shots, out: Path, tools: Tools) -> dict[str, Any]:
    return {
        "timeline": msgspec.to_builtins(short.film),
        "pictures": str(short.pictures),
        "numbers": list(shots.numbers),
        "out": str(out),
        "look": await in_thread(_look, short, tools) if short.plan.look else None,
    }


def _look(short: Shown, tools: Tools) -> dict[str, Any]:
    """The look of a short, for who draws by it. Raises BadInput."""
    file = looks.resolve(short.plan.look or "")
    about = {
        "title": short.title,
        "fonts": str(tools.fonts.folder),
        "captions": msgspec.to_builtins(short.plan.captions),
    }
    return {"file": str(file), "mark": looks.key(file), "about": about}


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds what the stages of a job have made, and begins none: the job itself may be at work in its workspace."""

    of: Job
    workspace: Workspace

    @property
    def job(self) -> int:
        return self.of.id

    async def run(
        self,
        stage: str,
        inputs: Mapping[str, Any],
        kind: type[R],
        work: Callable[[Work], Awaitable[R]],
        files: Sequence[str] = (),
    ) -> Done[R]:
        """What a stage made of `inputs`. Raises WrongState if it has not, or if that is there no more."""
        del work
        mark = mark_of(stage, inputs)
        found = await in_thread(self.workspace.find, stage, mark, kind, files)
        if found is None:
            raise self._missing(stage)
        return Done(found, self.workspace.folder(stage, mark), mark)

    def _missing(self, stage: str) -> WrongState:
        number, what = self.job, _MADE[stage]
        if self.of.state not in AT_REST:
            return WrongState(
                f"job {number} has no {what} yet; it is {self.of.state}.",
                f"Ask again when its stages up to captions are done; `shortsctl attach {number}` follows them.",
            )
        return WrongState(
            f"job {number} has no {what} to draw a preview of: it ended before, its working files were removed, or "
            "what it is made of has changed since.",
            f"`shortsctl retry {number}` does what is missing.",
        )


@dataclass(frozen=True, slots=True)
class Unheard:
    """A journal of stages that belong to no job."""

    async def started(self, stage: str, mark: str) -> None:
        """Nobody follows."""

    async def finished(self, stage: str, outcome: str) -> None:
        """Nobody follows."""

    def progressed(self, stage: str, done: float, total: float, message: str) -> None:
        """Nobody follows."""

    def log(self, stage: str) -> Log:
        desk: Desk = NoJob(stage)
        return desk.log


def subject(plan: Plan) -> str:
    """The fingerprint of what a plan is about, whatever its captions, cuts, look and frame rate are."""
    data = plan.data()
    told = ("topic", "story", "url", "voice", "images", "picture", "fit", "width", "height", "seed")
    return fingerprint("preview", {name: data[name] for name in told})
