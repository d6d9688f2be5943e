"""Footage: the frames of a short, encoded segment by segment, each once and each kept."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from shortsd.domain.errors import ChildFailed, TimedOut
from shortsd.domain.finish import in_thread, together
from shortsd.domain.ports import Children, Command
from shortsd.domain.timeline import Timeline
from shortsd.media.encode import encode
from shortsd.media.encoders import EncodeSettings
from shortsd.media.fonts import FontFiles
from shortsd.media.progress import EncodeProgress, ProgressReader
from shortsd.media.segments import Segment, content, segments
from shortsd.stages.runner import Work
from shortsd.stages.workspace import fingerprint

VERSION = 1
"""Raised when the same content comes to be drawn in another way."""


@dataclass(frozen=True, slots=True)
class Camera:
    """What draws and encodes."""

    children: Children
    ffmpeg: str
    fonts: FontFiles
    encoding: EncodeSettings
    stall_s: float
    """Seconds without a new frame after which a segment is given up."""
    at_once: int
    """Segments that one short has encoded at the same time."""


@dataclass(frozen=True, slots=True)
class Script:
    """What is to be drawn: a timeline with its pictures and captions, and by whom."""

    film: Timeline
    pictures: Path
    captions: Path
    source: Callable[[Segment], Command]
    """The process that draws a segment."""
    look: Mapping[str, Any] | None
    """What the frames of a look depend on beside the film; it may show all of that in any of them."""


async def footage(script: Script, camera: Camera, work: Work) -> Sequence[str]:
    """Have every segment drawn and encoded that is not among the stage's pieces yet; the marks of all, in order.

    Raises what `Children.pipe` raises, and TimedOut for a segment that makes no frames; others that are being encoded
    are ended then, and those that are finished stay.
    """
    marks = await asyncio.to_thread(_marks, script, camera)
    missing = {mark: segment for segment, mark in marks.items() if not work.pieces.has(mark)}
    drawn = sum(segment.frames for segment in marks) - sum(segment.frames for segment in missing.values())
    count = _Count(script.film.frames, work, drawn)
    if drawn:
        work.log.info(f"{drawn} of {script.film.frames} frames are there already, {len(missing)} segments are missing")
    todo = iter(missing.items())

    async def draw() -> None:
        for mark, segment in todo:
            await _shoot(script, segment, mark, camera, count, work)

    await together(*(draw() for _ in range(max(1, camera.at_once))))
    await in_thread(work.pieces.only, set(marks.values()))
    return list(marks.values())


async def _shoot(script: Script, segment: Segment, mark: str, camera: Camera, count: "_Count", work: Work) -> None:
    """Draw and encode one segment, the frames going from process to process."""
    part = work.folder / f"{mark}.part"
    sink = encode(
        camera.ffmpeg,
        timeline=script.film,
        out=part,
        first=segment.first,
        ass=script.captions,
        fonts=camera.fonts.folder,
        settings=camera.encoding,
    )
    source = script.source(segment)
    take = _Take(segment, camera.stall_s, count)
    await camera.children.pipe(source, sink, work, ProgressReader(take.hear).feed)
    take.require_whole(source.name)
    await in_thread(work.pieces.keep, part, mark)
    count.hear(segment, segment.frames)


def _marks(script: Script, camera: Camera) -> dict[Segment, str]:
    """The fingerprint of each segment."""
    hashes = _hashes(script.pictures, {scene.picture for scene in script.film.scenes})
    ass = script.captions.read_text("utf-8")
    common: dict[str, Any] = {
        "version": VERSION,
        "encoding": asdict(camera.encoding),
        "font": camera.fonts.family,
    }
    if script.look is not None:
        common |= {"look": script.look, "film": asdict(script.film), "pictures": hashes}
    return {
        segment: fingerprint("segment", common | content(script.film, segment, hashes, ass))
        for segment in segments(script.film)
    }


def _hashes(folder: Path, names: Iterable[str]) -> Mapping[str, str]:
    return {name: blake2b((folder / name).read_bytes(), digest_size=16).hexdigest() for name in names}


@dataclass(slots=True)
class _Count:
    """Counts the frames of all segments."""

    total: int
    work: Work
    before: int
    """Frames that were there at the start."""
    seen: dict[Segment, int] = field(default_factory=dict)

    def hear(self, segment: Segment, frames: int) -> None:
        self.seen[segment] = min(frames, segment.frames)
        self.work.progress(self.before + sum(self.seen.values()), self.total)


@dataclass(slots=True)
class _Take:
    """Hears FFmpeg's progress. FFmpeg goes on talking while it waits for frames, so what counts is their number."""

    segment: Segment
    stall_s: float
    count: _Count
    seen: int = 0
    since: float | None = None
    """When the last new frame was heard of; the wait for an encoder, before FFmpeg speaks at all, does not count."""

    def hear(self, progress: EncodeProgress) -> None:
        """Tell the stage's progress. Raises TimedOut, which ends both processes, when no frame came for too long."""
        now = time.monotonic()
        if progress.frame > self.seen:
            self.seen, self.since = progress.frame, now
            self.count.hear(self.segment, self.seen)
        elif self.since is None:
            self.since = now
        elif now - self.since > self.stall_s:
            at = self.segment.first + self.seen
            raise TimedOut(
                f"The render made no frame for {self.stall_s:g} s after frame {at} of {self.count.total}.",
                "Retry the job; its log has the last words of FFmpeg.",
            )

    def require_whole(self, source: str) -> None:
        """Raise ChildFailed unless every frame was encoded: a piece is kept for good."""
        if self.seen != self.segment.frames:
            raise ChildFailed(
                f"Of {self.segment.frames} frames from frame {self.segment.first} on, {self.seen} were encoded;"
                f" {source} ended without an error.",
                f"The job's log has the words of {source}, and of FFmpeg.",
            )
