"""Render: the Timeline drawn frame by frame into FFmpeg, with captions and mastered sound."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import msgspec

from shortsd.domain.finish import both, in_thread
from shortsd.domain.ports import Music
from shortsd.domain.timeline import Timeline
from shortsd.media.direction import timeline
from shortsd.media.encode import join
from shortsd.media.mastering import master
from shortsd.media.sound import Loudness
from shortsd.stages.footage import Camera, Script, footage
from shortsd.stages.images import Gallery
from shortsd.stages.plan import Plan
from shortsd.stages.runner import Done, Work
from shortsd.stages.sight import Look, Sight
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

    camera: Camera
    music: Music


def film_of(plan: Plan, narration: Narration, gallery: Gallery) -> Timeline:
    """The short as data."""
    return timeline(
        gallery.spans,
        narration.sentences,
        gallery.pictures,
        width=plan.width,
        height=plan.height,
        fps=plan.fps,
        duration_s=narration.duration_s,
        seed=plan.seed,
        cut=plan.cuts,
    )


async def render(
    plan: Plan,
    mood: str,
    narration: Done[Narration],
    gallery: Done[Gallery],
    captions: Path,
    look: Look | None,
    studio: Studio,
    work: Work,
) -> Render:
    """Render a short from its narration, pictures and captions file, as the camera sees it or by a look."""
    film = film_of(plan, narration.result, gallery.result)
    timeline_file = work.folder / TIMELINE
    timeline_file.write_bytes(msgspec.json.encode(film))
    work.progress(0, film.frames)
    with tempfile.TemporaryDirectory(dir=work.folder, prefix="sound-") as folder:
        sound = Path(folder) / "sound.mp4"
        sight = Sight(plan, look, timeline_file, gallery.folder, studio.camera.fonts.folder)
        script = Script(film, gallery.folder, captions, sight.source, look.facts(plan) if look else None)
        (loudness, credit), marks = await both(
            _sound(film, mood, plan.seed, narration.folder / VOICE, sound, studio, work),
            footage(script, studio.camera, work),
        )
        await _join(film, marks, sound, studio.camera, work)
    work.log.info(f"{film.frames} frames, {loudness.integrated_lufs} LUFS, {loudness.true_peak_dbtp} dBTP")
    return Render(film.frames, film.duration_s, loudness.integrated_lufs, loudness.true_peak_dbtp, credit)


async def _sound(
    film: Timeline, mood: str, seed: int, voice: Path, out: Path, studio: Studio, work: Work
) -> tuple[Loudness, str]:
    """Mix voice and music, and master them, into `out`; how loud it is, and whom to thank."""
    quiet, camera = replace(work, progress=_unheard), studio.camera
    track = await studio.music.track(film.duration_s, mood, seed, out.parent, quiet)
    music = out.parent / track.file
    loudness = await master(camera.children, camera.ffmpeg, voice, music, film.duration_s, out, quiet)
    return loudness, track.credit


async def _join(film: Timeline, marks: Sequence[str], sound: Path, camera: Camera, work: Work) -> None:
    """Put the segments together, with the sound, to what is the short."""
    listed = work.pieces.folder / "list.txt"
    lines = "".join(f"file {work.pieces.file(mark).name}\n" for mark in marks)
    await in_thread(listed.write_text, lines)
    try:
        await camera.children.run(join(camera.ffmpeg, film.fps, listed, sound, work.folder / FILE), work)
    finally:
        await in_thread(partial(listed.unlink, missing_ok=True))


def _unheard(done: float, total: float, message: str = "") -> None:
    """What is counted are frames."""
    del done, total, message
