"""Music from a file of the user's."""

import asyncio
import re
from fractions import Fraction
from math import ceil
from pathlib import Path

from shortsd.domain.errors import BadInput, ChildFailed
from shortsd.domain.ports import Children, Command, Desk
from shortsd.domain.story import MusicTrack

FORMATS = "mp3,mov,mp4,m4a,3gp,3g2,mj2,ogg,flac,wav,w64,aac,aiff,caf,au,asf,matroska,webm,ac3,eac3,amr,ape,wv,tta"
"""FFmpeg's names of what holds sound itself; playlists, which name other files, are not among them."""

SHORTEST_S = 0.1
"""Shorter music is repeated until it is so long: looping single samples to the length of a short takes minutes."""

_HINT = "Give an MP3, M4A, OGG, FLAC or WAV file that plays."


class FileMusic:
    """Brings the user's music into the workspace: only its sound, and no more of it than is needed."""

    def __init__(self, children: Children, ffmpeg: str, file: Path) -> None:
        self._children = children
        self._ffmpeg = ffmpeg
        self._file = file.absolute()

    @property
    def key(self) -> str:
        """Changes with the file: its place, its size, when it was written."""
        try:
            facts = self._file.stat()
        except OSError:
            return f"file {self._file} missing"
        return f"file {self._file} {facts.st_size} {facts.st_mtime_ns}"

    async def check(self, desk: Desk) -> None:
        """Raise BadInput if the file is missing or its first second does not decode to any sound."""
        await self._first_second(desk)

    async def _first_second(self, desk: Desk) -> float:
        """How much of its first second a file has. Raises as `check` does."""
        await asyncio.to_thread(self._readable)
        probe = Command("music check", (*self._decoder(1.0), "-f", "framecrc", "-"))
        try:
            listing = (await self._children.run(probe, desk)).stdout
        except ChildFailed as exc:
            raise BadInput(f"The music “{self._file}” cannot be read as sound.", _HINT) from exc
        if not (heard_s := _seconds(listing)):
            raise BadInput(f"The music “{self._file}” holds no sound.", _HINT)
        return heard_s

    async def track(self, duration_s: float, mood: str, seed: int, folder: Path, desk: Desk) -> MusicTrack:  # noqa: ARG002 - a file has one mood and no seed
        """Write `music.wav`, 48 kHz stereo, into `folder`: the first `duration_s` of the file, or all if it is shorter;
        it has at least `SHORTEST_S`.

        Raises BadInput, and what `Children.run` raises.
        """
        heard_s = await self._first_second(desk)
        again = f",aloop=loop={ceil(SHORTEST_S / heard_s) - 1}:size=48000" if heard_s < SHORTEST_S else ""
        filters = f"aresample=48000:resampler=soxr,aformat=channel_layouts=stereo{again}"
        sound = ("-af", filters, "-map_metadata", "-1")
        wav = ("-c:a", "pcm_s16le", "-f", "wav", f"file:{folder / 'music.wav'}")
        await self._children.run(Command("music", (*self._decoder(duration_s), *sound, *wav)), desk)
        return MusicTrack("music.wav", self._file.stem)

    def _readable(self) -> None:
        """Raise BadInput with the system's own reason if the file cannot be opened for reading."""
        try:
            if not self._file.is_file():
                raise BadInput(f"The music “{self._file}” is not a file.", "Check the path.")
            with self._file.open("rb"):
                pass
        except OSError as exc:
            raise BadInput(f"The music “{self._file}” cannot be opened: {exc.strerror}.", "Check the path.") from exc

    def _decoder(self, duration_s: float) -> tuple[str, ...]:
        """Options that read the beginning of the file's sound; `file:` keeps its name from being anything else."""
        return (
            *(self._ffmpeg, "-nostdin", "-hide_banner", "-nostats", "-loglevel", "warning", "-y"),
            *("-vn", "-sn", "-dn", "-protocol_whitelist", "file,pipe", "-format_whitelist", FORMATS),
            *("-t", f"{duration_s:.6f}", "-i", f"file:{self._file}", "-map", "0:a:0"),
        )


def _seconds(listing: str) -> float:
    """How long the sound is whose frames `framecrc` lists (`stream, dts, pts, duration, …`)."""
    base = re.search(r"#tb 0: (\d+/\d+)", listing)
    ticks = sum(int(line.split(",")[3]) for line in listing.splitlines() if line[:1].isdigit())
    return float(ticks * Fraction(base[1])) if base else 0.0
