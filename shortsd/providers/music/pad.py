"""The embedded music: an ambient pad, synthesised in a worker."""

from pathlib import Path

from shortsd.domain.ports import Desk, Workers
from shortsd.domain.story import MusicTrack

VERSION = 2
"""Counts up when the same request sounds otherwise."""


class PadMusic:
    """Makes a quiet pad by mood and seed; the same every time for the same request."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers

    @property
    def key(self) -> str:
        return f"pad {VERSION}"

    async def track(self, duration_s: float, mood: str, seed: int, folder: Path, desk: Desk) -> MusicTrack:
        """Write `pad.wav`, 48 kHz stereo, at most two minutes long, into `folder`.

        Raises what `Workers.call` raises.
        """
        request = {"file": str(folder / "pad.wav"), "duration_s": duration_s, "mood": mood, "seed": seed}
        await self._workers.call("shortsd.providers.music.synth:pad", request, desk)
        return MusicTrack("pad.wav", f"Ambient pad ({mood})")
