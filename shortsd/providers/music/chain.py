"""Music from the user's library, or from ourselves where it has none."""

from dataclasses import dataclass
from pathlib import Path

from shortsd.domain.errors import BadInput
from shortsd.domain.ports import Desk, Music
from shortsd.domain.story import MusicTrack


@dataclass(frozen=True, slots=True)
class LibraryOr:
    """A library, and what plays where nothing in it can be used."""

    library: Music
    other: Music

    @property
    def key(self) -> str:
        return f"{self.library.key}, {self.other.key}"

    async def track(self, duration_s: float, mood: str, seed: int, folder: Path, desk: Desk) -> MusicTrack:
        """Write a track into `folder`. Raises what the other one raises."""
        try:
            return await self.library.track(duration_s, mood, seed, folder, desk)
        except BadInput as exc:
            desk.log.warning(f"{exc.message} The music is made by shortsd instead.")
            return await self.other.track(duration_s, mood, seed, folder, desk)
