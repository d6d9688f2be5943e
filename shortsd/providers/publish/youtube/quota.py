"""What a day may take of YouTube's Data API, and what it has taken.

https://developers.google.com/youtube/v3/determine_quota_cost: a day has 10,000 units, and beside them 100 calls of
videos.insert, which had cost 1600 units each until December 2025
(https://developers.google.com/youtube/v3/revision_history). Days begin at midnight in California.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from shortsd.domain.errors import NotYet
from shortsd.domain.memory import Uploads
from shortsd.domain.ports import Clock
from shortsd.providers.web.waits import clock_time

ZONE = ZoneInfo("America/Los_Angeles")
VIDEOS = "videos.insert"
"""The call that has a quota of its own."""
VIDEOS_A_DAY = 100
UNITS: Mapping[str, int] = MappingProxyType(
    {
        "captions.insert": 400,
        "thumbnails.set": 50,
        "channels.list": 1,
        "playlistItems.list": 1,
        "videos.list": 1,
    }
)
"""What each other call takes of the common quota."""
WHOLE = UNITS["captions.insert"] + UNITS["thumbnails.set"]
"""What an upload takes of it where nothing goes wrong."""


@dataclass(frozen=True, slots=True)
class Quota:
    """Counts calls, durably, by days of California. `units_a_day` is what the project has."""

    uploads: Uploads
    units_a_day: int
    clock: Clock

    async def require_whole(self) -> None:
        """See that a video can be uploaded with all that belongs to it. Raises NotYet, until the day is over."""
        units = await self.uploads.spent(self._day())
        videos = await self.uploads.spent(self._day(VIDEOS))
        if units + WHOLE > self.units_a_day:
            raise self._not_yet(
                f"A video takes {WHOLE} units of YouTube's quota, and {units} of {self.units_a_day} are spent today",
                "youtube.quota_units is to be what your project has in a day: see its quotas in Google's console.",
            )
        if videos + 1 > VIDEOS_A_DAY:
            raise self._not_yet(f"YouTube takes {VIDEOS_A_DAY} videos a day from a project, and has had them")

    async def left(self) -> tuple[int, int]:
        """How many videos YouTube takes today, and how many units are left for all else."""
        videos = VIDEOS_A_DAY - await self.uploads.spent(self._day(VIDEOS))
        return max(0, videos), max(0, self.units_a_day - await self.uploads.spent(self._day()))

    async def count(self, call: str) -> None:
        """Count a call that is about to be made; one that is refused counts, too."""
        await self.uploads.spend(self._day(call), UNITS.get(call, 1))

    async def exhausted(self, call: str, said: str) -> NotYet:
        """What to raise when YouTube says that the day is spent; nothing is begun any more until it is over."""
        day, most = self._day(call), VIDEOS_A_DAY if call == VIDEOS else self.units_a_day
        await self.uploads.spend(day, max(0, most - await self.uploads.spent(day)))
        return self._not_yet(f"YouTube takes no more today ({said})" if said else "YouTube takes no more today")

    @property
    def reset(self) -> float:
        """When the next day begins, in seconds since the epoch."""
        tomorrow = datetime.fromtimestamp(self.clock(), ZONE).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time(), ZONE).timestamp()

    def _day(self, call: str = "") -> str:
        """The day as the counts are kept by: those of videos apart."""
        day = f"{datetime.fromtimestamp(self.clock(), ZONE):%Y-%m-%d}"
        return f"{day} {VIDEOS}" if call == VIDEOS else day

    def _not_yet(self, why: str, hint: str = "") -> NotYet:
        until = self.reset
        return NotYet(f"{why}; it goes on at {clock_time(until)}.", hint, until=until)
