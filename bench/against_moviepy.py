"""How much faster a render is than an ordinary MoviePy script that makes the same short.

The script is written as such scripts are: each picture resized by time, one TextClip per caption, voice and music laid
over one another, `write_videofile` with the settings of the encoder that a render uses. Both make the short of
bench/render.py, one after the other, in one run.

    python bench/against_moviepy.py [--seconds 30]
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from render import stage
from short import Short, short

from shortsd.domain.timeline import Timeline
from shortsd.media.encoders import EncodeSettings
from shortsd.media.fonts import MAIN
from shortsd.stages.voice import FILE as VOICE

GOAL = 8.0
WORDS = 4
"""Words to a caption."""


def main() -> None:
    """Measure and print; or, as the child that is measured, be the script."""
    options = _options()
    if options.folder:
        script(options.folder)
        return
    with short(options.seconds) as film:
        ours = _timed(lambda: stage(film, EncodeSettings()))
        theirs = _timed(lambda: _other(film))
    times = theirs / ours
    print(f"{'render':<20}{ours:8.1f} s\n{'MoviePy script':<20}{theirs:8.1f} s")
    print(f"{times:.1f} times as fast; the goal is {GOAL:g}: {'met' if times >= GOAL else 'MISSED'}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Render against MoviePy.")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _timed(work: Callable[[], None]) -> float:
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def _other(film: Short) -> None:
    """The script in a process of its own, as somebody would run it."""
    subprocess.run([sys.executable, __file__, f"--folder={film.folder}"], check=True)


def script(folder: Path) -> None:
    """What somebody would write who has read MoviePy's documentation."""
    from moviepy import (  # noqa: PLC0415 - the other process needs none of it
        AudioFileClip,
        CompositeAudioClip,
        CompositeVideoClip,
        ImageClip,
        TextClip,
    )

    film = msgspec.json.decode((folder / "timeline.json").read_bytes(), type=Timeline)
    size = film.width, film.height
    clips = []
    for scene in film.scenes:
        picture = ImageClip(str(folder / scene.picture)).with_duration(scene.frames / film.fps)
        scale = max(size[0] / picture.w, size[1] / picture.h)
        moving = picture.resized(lambda t, scale=scale: scale * (1 + 0.03 * t)).with_position("center")
        clips.append(moving.with_start(scene.first / film.fps))
    for sentence in film.sentences:
        for at in range(0, len(sentence.words), WORDS):
            page = sentence.words[at : at + WORDS]
            text = TextClip(
                font=str(folder / "fonts" / MAIN),
                text=" ".join(word.text for word in page),
                font_size=78,
                color="white",
                stroke_color="black",
                stroke_width=6,
            )
            shown = text.with_start(page[0].start_s).with_duration(page[-1].end_s - page[0].start_s)
            clips.append(shown.with_position(("center", 0.6), relative=True))
    voice, music = AudioFileClip(str(folder / VOICE)), AudioFileClip(str(folder / "music.wav"))
    whole = CompositeVideoClip(clips, size=size).with_duration(film.duration_s)
    whole = whole.with_audio(CompositeAudioClip([voice, music.with_volume_scaled(0.2)]))
    settings = EncodeSettings()
    whole.write_videofile(
        str(folder / "moviepy.mp4"),
        fps=film.fps,
        codec="libx264",
        preset=settings.preset,
        audio_codec="aac",
        threads=settings.threads,
        ffmpeg_params=["-crf", str(settings.crf)],
        logger=None,
    )


if __name__ == "__main__":
    main()
