"""The file of what was published: whole whenever there is more, and no burden where there are thousands."""

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from shortsd.domain.job import Job, State
from shortsd.engine.history import AT_ONCE_S, FILE, REST, Published
from shortsd.store.calendar import CalendarStore


@dataclass
class Shorts(CalendarStore):
    """So many shorts, each reading of which takes some time on a clock of its own."""

    count: int = 0
    takes_s: float = 0.0
    now: float = 0.0
    reads: int = 0
    reading: asyncio.Event = field(default_factory=asyncio.Event)

    async def published(self, before: int | None, limit: int) -> list[Job]:
        newest = self.count if before is None else before - 1
        if before is None:
            self.reads += 1
            self.reading.set()
            await asyncio.sleep(0)
            self.now += self.takes_s
        return [Job(at, "short", {}, State.SUCCEEDED, 0, 0) for at in range(newest, max(0, newest - limit), -1)]


@dataclass
class Kept:
    """Shorts, and the file of them."""

    shorts: Shorts
    folder: Path

    def __post_init__(self) -> None:
        self.published = Published(self.shorts, self.folder, lambda: self.shorts.now)

    async def another(self) -> None:
        self.shorts.count += 1
        await self.published.keep()

    def told(self) -> int:
        """How many the file has; they are in their order."""
        jobs = [one["job"] for one in json.loads((self.folder / FILE).read_text())]
        assert jobs == list(range(1, len(jobs) + 1))
        return len(jobs)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(Shorts(), tmp_path)


async def test_few_are_in_it_at_once(kept: Kept) -> None:
    """Whoever was told that a short is done finds it there."""
    for _ in range(3):
        await kept.another()
        assert kept.told() == kept.shorts.count


async def test_of_thousands_it_is_not_written_all_the_time(kept: Kept) -> None:
    """After one that took long there is none for a while; then all are in it that came meanwhile."""
    kept.shorts.count, kept.shorts.takes_s = 2500, 2 * AT_ONCE_S / REST
    for _ in range(5):
        await kept.another()
    assert (kept.shorts.reads, kept.told()) == (1, 2501)
    await kept.published.catch_up()
    assert (kept.shorts.reads, kept.told()) == (2, 2505)
    await kept.published.catch_up()
    assert kept.shorts.reads == 2
    kept.shorts.now += 2 * AT_ONCE_S
    await kept.another()
    assert (kept.shorts.reads, kept.told()) == (3, 2506)


async def test_those_that_end_while_it_is_written_are_written_together(kept: Kept) -> None:
    """None is forgotten, and nobody writes what another one has written."""
    first = asyncio.create_task(kept.another())
    await kept.shorts.reading.wait()
    await asyncio.gather(first, kept.another(), kept.another(), kept.another())
    assert (kept.shorts.reads, kept.told()) == (2, 4)


async def test_a_file_that_cannot_be_written_is_written_later(kept: Kept) -> None:
    """Its place is taken by a folder; when that is gone, the file comes with the next round."""
    (kept.folder / FILE).mkdir()
    await kept.another()
    (kept.folder / FILE).rmdir()
    await kept.published.catch_up()
    assert kept.told() == 1


async def test_what_a_rest_kept_back_is_written_at_the_end(kept: Kept) -> None:
    """A daemon that ends meanwhile leaves the file whole; one that has made nothing leaves none."""
    await kept.published.close()
    assert not (kept.folder / FILE).exists()
    kept.shorts.takes_s = 2 * AT_ONCE_S / REST
    for _ in range(2):
        await kept.another()
    assert kept.told() == 1
    await kept.published.close()
    assert kept.told() == 2


async def test_a_new_daemon_looks_after_it(kept: Kept) -> None:
    """What the last one could not write any more is in it with its first round."""
    kept.shorts.count = 2
    await kept.published.catch_up()
    assert kept.told() == 2
