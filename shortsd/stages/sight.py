"""Who draws the frames of a short: the ordinary camera, or a look."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from shortsd.domain.ports import Command
from shortsd.media import looks
from shortsd.media.encode import frame_source
from shortsd.media.segments import Segment
from shortsd.stages.plan import Plan


@dataclass(frozen=True, slots=True)
class Look:
    """A look that a short is filmed by: its file, what stands for the file's content, and what it is told."""

    file: Path
    mark: str
    title: str

    @classmethod
    def of(cls, plan: Plan, title: str) -> "Look | None":
        """The plan's look; None if it has none. Raises BadInput if it is not there any more."""
        if plan.look is None:
            return None
        file = looks.resolve(plan.look)
        return cls(file, looks.key(file), title)

    def facts(self, plan: Plan) -> dict[str, Any]:
        """What its frames depend on, beside the film itself."""
        return {"mark": self.mark, "title": self.title, "captions": asdict(plan.captions)}


@dataclass(frozen=True, slots=True)
class Sight:
    """Draws a film whose timeline and pictures lie in files."""

    plan: Plan
    look: Look | None
    timeline: Path
    pictures: Path
    fonts: Path

    def source(self, segment: Segment) -> Command:
        """The process that draws a segment."""
        if self.look is None:
            return frame_source(self.timeline, self.pictures, segment.first, segment.frames)
        return looks.look_source(
            self.look.file,
            self.timeline,
            self.pictures,
            segment.first,
            segment.frames,
            mark=self.look.mark,
            title=self.look.title,
            fonts=self.fonts,
            captions=self.plan.captions,
        )
