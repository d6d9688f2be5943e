"""A short to measure with, all made here: pictures with fine detail, captions, sound, timeline, raw frames."""

import shutil
import subprocess
import tempfile
import wave
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from shortsd.domain.ports import Command
from shortsd.domain.story import Picture, Sentence, Word
from shortsd.domain.timeline import Timeline
from shortsd.media import fonts
from shortsd.media.direction import scenes, timeline
from shortsd.media.encode import frame_source
from shortsd.stages.images import Gallery
from shortsd.stages.voice import FILE as VOICE
from shortsd.stages.voice import Narration

WIDTH, HEIGHT, FPS = 1080, 1920, 30
PICTURE = (1440, 2560)
SENTENCE_S, PAUSE_S, WORDS = 4.65, 0.35, 12
SPARE_BYTES = 1 << 30

ASS_HEAD = f"""[Script Info]
ScriptType: v4.00+
PlayResX: {WIDTH}
PlayResY: {HEIGHT}
YCbCr Matrix: None

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, Bold, BorderStyle, Outline, Shadow, Alignment, MarginV
Style: Word,{fonts.FAMILY},96,&H00FFFFFF,&H00000000,1,1,6,2,2,520

[Events]
Format: Layer, Start, End, Style, Text
"""


@dataclass(frozen=True)
class Short:
    """The files of a short to be rendered."""

    timeline: Timeline
    narration: Narration
    gallery: Gallery
    folder: Path
    timeline_file: Path
    captions: Path
    music: Path

    def out(self, name: str) -> Path:
        return self.folder / f"{name}.mp4"

    @property
    def raw(self) -> Path:
        return self.folder / "frames.yuv"

    @property
    def frames(self) -> Command:
        """The process that draws all frames to its standard output."""
        return frame_source(self.timeline_file, self.folder, 0, self.timeline.frames)


@contextmanager
def short(seconds: float) -> Iterator[Short]:
    """A short with its raw frames, gone afterwards."""
    with tempfile.TemporaryDirectory(dir=_roomy(seconds), prefix="shortsd-bench-") as folder:
        made = _make(Path(folder), seconds)
        with made.raw.open("wb") as file:
            subprocess.run(made.frames.argv, stdout=file, check=True)
        yield made


def _roomy(seconds: float) -> str:
    """Memory, if the raw frames fit there, or else the folder for temporary files."""
    needed = seconds * FPS * WIDTH * HEIGHT * 3 / 2 + SPARE_BYTES
    memory = Path("/dev/shm")  # noqa: S108 - only looked at; the folder in it is made by tempfile
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > needed else tempfile.gettempdir()


def _make(folder: Path, seconds: float) -> Short:
    """Make pictures, captions, sound and timeline of a short in a folder."""
    sentences = [_sentence(index) for index in range(max(1, int(seconds // (SENTENCE_S + PAUSE_S))))]
    spans = scenes(sentences, seconds)
    pictures = [_paint(folder, index) for index in range(len(spans))]
    film = timeline(spans, sentences, pictures, width=WIDTH, height=HEIGHT, fps=FPS, duration_s=seconds, seed=1)
    narration, gallery = Narration(seconds, tuple(sentences)), Gallery(tuple(spans), tuple(pictures))
    files = folder / "timeline.json", folder / "captions.ass", folder / "music.wav"
    short = Short(film, narration, gallery, folder, *files)
    short.timeline_file.write_bytes(msgspec.json.encode(film))
    short.captions.write_text(ASS_HEAD + "".join(_lines(sentences)), encoding="utf-8")
    _hum(folder / VOICE, seconds, 180)
    _hum(short.music, seconds, 110)
    fonts.install(folder / "fonts")
    return short


def _sentence(index: int) -> Sentence:
    start = index * (SENTENCE_S + PAUSE_S)
    step = SENTENCE_S / WORDS
    words = tuple(Word(f"word{at}", start + at * step, start + (at + 1) * step) for at in range(WORDS))
    return Sentence(" ".join(word.text for word in words) + ".", start, start + SENTENCE_S, words)


def _paint(folder: Path, index: int) -> Picture:
    """A picture of cloudy noise at all sizes down to a pixel, with fine lines: harder to encode than most."""
    width, height = PICTURE
    random = np.random.default_rng(index)
    picture: NDArray[Any] = np.zeros((height, width, 3), np.float32)
    for octave in range(2, 11):
        noise = random.standard_normal((2**octave * height // width, 2**octave, 3)).astype(np.float32)
        picture += cv2.resize(noise, PICTURE, interpolation=cv2.INTER_CUBIC) * 0.55**octave
    low, high = picture.min(), picture.max()
    picture = ((picture - low) * (255 / (high - low))).astype(np.uint8)
    for x in range(0, width, 90):
        cv2.line(picture, (x, 0), (width - x, height), (225, 230, 240), 2, cv2.LINE_AA)
    name = f"scene {index}.jpg"
    cv2.imwrite(str(folder / name), picture, (cv2.IMWRITE_JPEG_QUALITY, 92))
    return Picture(name, width, height, "bench")


def _lines(sentences: Sequence[Sentence]) -> list[str]:
    """A caption of four words for each word spoken, which is highlighted."""
    lines = []
    for sentence in sentences:
        for at, word in enumerate(sentence.words):
            page = sentence.words[at // 4 * 4 : at // 4 * 4 + 4]
            text = " ".join(f"{{\\c&H00D7FF&}}{one.text}{{\\c}}" if one is word else one.text for one in page)
            lines.append(f"Dialogue: 0,{_clock(word.start_s)},{_clock(word.end_s)},Word,{text}\n")
    return lines


def _clock(seconds: float) -> str:
    return f"0:{int(seconds // 60):02}:{seconds % 60:05.2f}"


def _hum(path: Path, seconds: float, pitch_hz: float) -> None:
    at = np.arange(int(seconds * 48_000)) / 48_000
    tone = (np.sin(2 * np.pi * pitch_hz * at) * (np.sin(2 * np.pi * 0.7 * at) > -0.8) * 6000).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        file.writeframes(tone.tobytes())
