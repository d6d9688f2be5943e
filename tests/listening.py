"""What tests of sound share: child processes without a daemon, FFmpeg, and ears."""

import asyncio
import subprocess
import wave
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import imageio_ffmpeg

from shortsd.domain.errors import ChildFailed
from shortsd.domain.ports import Command, Desk, Output

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()


@dataclass
class PlainChildren:
    """The port `Children` with nothing around it; remembers what it ran."""

    ran: list[Command] = field(default_factory=list)

    async def run(self, command: Command, desk: Desk, on_line: Callable[[str], None] | None = None) -> Output:
        self.ran.append(command)
        pipe = asyncio.subprocess.PIPE
        child = await asyncio.create_subprocess_exec(*command.argv, stdin=pipe, stdout=pipe, stderr=pipe)
        stdout, stderr = (stream.decode() for stream in await child.communicate(command.stdin))
        for line in stdout.splitlines():
            (on_line or (lambda _: None))(line)
        for line in stderr.splitlines():
            desk.log.output(command.name, line)
        if child.returncode != 0:
            raise ChildFailed(f"{command.name} failed: {stderr[-500:]}")
        return Output(stdout, stderr)

    async def pipe(
        self, source: Command, sink: Command, desk: Desk, on_line: Callable[[str], None] | None = None
    ) -> Output:
        raise NotImplementedError


def ffmpeg(*arguments: str | Path) -> str:
    """Run FFmpeg now; its standard error."""
    argv = [FFMPEG, "-hide_banner", "-nostats", "-y", *map(str, arguments)]
    return subprocess.run(argv, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL).stderr


def make(file: Path, source: str, duration_s: float, *options: str) -> Path:
    """Make a sound file of a lavfi source."""
    ffmpeg("-f", "lavfi", "-t", str(duration_s), "-i", source, *options, f"file:{file.absolute()}")
    return file


def samples(file: Path) -> "tuple[array[int], int, int]":
    """The samples of a 16-bit WAV (interleaved), its rate and its channels."""
    with wave.open(str(file), "rb") as reader:
        assert reader.getsampwidth() == 2
        return array("h", reader.readframes(reader.getnframes())), reader.getframerate(), reader.getnchannels()


def onsets(file: Path, silence_s: float = 0.15) -> list[float]:
    """Seconds at which sound begins after at least so much silence (10 ms windows, 1 % of the peak)."""
    pcm, rate, channels = samples(file)
    step = rate * channels // 100
    loud = [max(map(abs, pcm[at : at + step])) for at in range(0, len(pcm), step)]
    floor, found, quiet = max(loud) / 100, [], silence_s
    for index, level in enumerate(loud):
        if level > floor and quiet >= silence_s:
            found.append(index / 100)
        quiet = 0 if level > floor else quiet + 0.01
    return found
