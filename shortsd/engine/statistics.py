"""What was made here, how long it took, and what it takes."""

import asyncio
import contextlib
import shutil
from collections.abc import Mapping
from pathlib import Path

from shortsd.config.places import Places
from shortsd.domain.ports import Clock
from shortsd.engine.storage import DAY_S, Storage
from shortsd.stages.kinds import KINDS
from shortsd.store.statistics import StageFigures, StatisticsStore
from shortsd.wire.figures import DayStats, DiskStats, EndStats, StageStats, Stats


class Statistics:
    """Puts the figures together."""

    def __init__(self, store: StatisticsStore, storage: Storage, places: Places, clock: Clock) -> None:
        self._store = store
        self._storage = storage
        self._places = places
        self._clock = clock

    async def __call__(self, days: float) -> Stats:
        """All figures; those of what was made are about the last so many days. Raises Unavailable."""
        since = self._clock() - days * DAY_S
        return Stats(
            days=days,
            jobs=await self._store.states(),
            ended=await self._ended(since),
            stages=_in_order({(figures.kind, figures.stage): figures for figures in await self._store.stages(since)}),
            shorts_by_day=[DayStats(day=day, shorts=count) for day, count in (await self._store.days(since)).items()],
            render_speed=await self._render_speed(since),
            disk=await self._disk(),
            events=await self._store.events(),
        )

    async def _ended(self, since: float) -> EndStats:
        found = await self._store.ends(since)
        ended = found.succeeded + found.failed + found.stopped
        return EndStats(
            succeeded=found.succeeded,
            failed=found.failed,
            stopped=found.stopped,
            success_rate=found.succeeded / ended if ended else None,
            started_again=found.started_again,
        )

    async def _render_speed(self, since: float) -> float | None:
        video_s, took_s = await self._store.rendered(since)
        return video_s / took_s if took_s else None

    async def _disk(self) -> DiskStats:
        used = await self._storage.usage()
        free, database = await asyncio.to_thread(_free_and_database, self._places)
        return DiskStats(
            work_bytes=used.work,
            cache_bytes=used.cache,
            output_bytes=used.output,
            counted_at=used.at,
            free_bytes=free,
            database_bytes=database,
        )


def _in_order(found: Mapping[tuple[str, str], StageFigures]) -> list[StageStats]:
    return [
        StageStats(name=name, kind=kind.name, count=figures.count, median_s=figures.median_s, p95_s=figures.p95_s)
        for kind in KINDS
        for name in kind.stages
        if (figures := found.get((kind.name, name)))
    ]


def _free_and_database(places: Places) -> tuple[int, int]:
    """Bytes that are free where shorts are made, and those of the database with its write-ahead log."""
    parts = (places.database, places.database.with_name(f"{places.database.name}-wal"))
    return shutil.disk_usage(places.state).free, sum(_size(part) for part in parts)


def _size(file: Path) -> int:
    with contextlib.suppress(OSError):
        return file.stat().st_size
    return 0
