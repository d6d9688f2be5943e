"""Render: the Timeline drawn frame by frame into FFmpeg, with captions and mastered sound."""

import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from shortsd.domain.errors import TimedOut
from shortsd.domain.ports import Children, Music
from shortsd.domain.timeline import Timeline
from shortsd.media.direction import timeline
from shortsd.media.encode import encode, frame_source
from shortsd.media.encoders import EncodeSettings
from shortsd.media.fonts import FontFiles
from shortsd.media.mastering import master
from shortsd.media.progress import EncodeProgress, ProgressReader
from shortsd.stages.images import Gallery
from shortsd.stages.plan import Plan
from shortsd.stages.runner import Done, Work
from shortsd.stages.voice import FILE as VOICE
from shortsd.stages.voice import Narration

FILE = "short.mp4"
TIMELINE = "timeline.json"


@dataclass(frozen=True, slots=True)
class Render:
    """What FILE is, and whom to thank for the music in it."""

    frames: int
    duration_s: float
    loudness_lufs: float
    true_peak_dbtp: float
    credit: str


@dataclass(frozen=True, slots=True)
class Studio:
    """What renders."""

    children: Children
    ffmpeg: str
    fonts: FontFiles
    encoding: EncodeSettings
    stall_s: float
    """Seconds without a new frame after which a render is ended."""
    music: Music


async def render(
    plan: Plan,
    mood: str,
    narration: Done[Narration],
    gallery: Done[Gallery],
    captions: Path,
    studio: Studio,
    work: Work,
) -> Render:
    """Render a short from its narration, pictures and captions file."""
    film = timeline(
        gallery.result.spans,
        narration.result.sentences,
        gallery.result.pictures,
        width=plan.width,
        height=plan.height,
        fps=plan.fps,
        duration_s=narration.result.duration_s,
        seed=plan.seed,
        cut=plan.cuts,
    )
    (work.folder / TIMELINE).write_bytes(msgspec.json.encode(film))
    work.progress(0, film.frames, "mixing the sound")
    with tempfile.TemporaryDirectory(dir=work.folder, prefix="sound-") as sound:
        track = await studio.music.track(film.duration_s, mood, plan.seed, Path(sound), _quiet(work))
        voice, music, mastered = narration.folder / VOICE, Path(sound) / track.file, Path(sound) / "mastered.mp4"
        loudness = await master(studio.children, studio.ffmpeg, voice, music, film.duration_s, mastered, _quiet(work))
        await _film(film, gallery.folder, captions, mastered, studio, work)
    work.log.info(f"{film.frames} frames, {loudness.integrated_lufs} LUFS, {loudness.true_peak_dbtp} dBTP")
    return Render(film.frames, film.duration_s, loudness.integrated_lufs, loudness.true_peak_dbtp, track.credit)


async def _film(film: Timeline, pictures: Path, captions: Path, sound: Path, studio: Studio, work: Work) -> None:
    """Draw and encode all frames, the frames going from process to process."""
    source = frame_source(work.folder / TIMELINE, pictures, 0, film.frames)
    sink = encode(
        studio.ffmpeg,
        timeline=film,
        sound=sound,
        out=work.folder / FILE,
        ass=captions,
        fonts=studio.fonts.folder,
        settings=studio.encoding,
    )
    await studio.children.pipe(source, sink, work, ProgressReader(_Frames(film.frames, studio.stall_s, work).hear).feed)


@dataclass(slots=True)
class _Frames:
    """Hears FFmpeg's progress. FFmpeg goes on talking while it waits for frames, so what counts is their number."""

    total: int
    stall_s: float
    work: Work
    seen: int = 0
    since: float | None = None
    """When the last new frame was heard of; the wait for an encoder, before FFmpeg speaks at all, does not count."""

    def hear(self, progress: EncodeProgress) -> None:
        """Tell the stage's progress. Raises TimedOut, which ends both processes, when no frame came for too long."""
        now = time.monotonic()
        if progress.frame > self.seen:
            self.seen, self.since = progress.frame, now
            self.work.progress(min(self.seen, self.total), self.total)
        elif self.since is None:
            self.since = now
        elif now - self.since > self.stall_s:
            raise TimedOut(
                f"The render made no frame for {self.stall_s:g} s after frame {self.seen} of {self.total}.",
                "Retry the job; its log has the last words of FFmpeg.",
            )


def _quiet(work: Work) -> Work:
    """The same desk, whose progress nobody hears: what is counted here are frames."""
    return replace(work, progress=_unheard)


def _unheard(done: float, total: float, message: str = "") -> None:
    del done, total, message
