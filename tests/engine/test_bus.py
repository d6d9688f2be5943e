import asyncio

from shortsd.domain.events import NO_JOB, Event
from shortsd.engine.bus import LIMIT, Bus

LONG_S = 60.0


def fact(number: int, job: int = 1) -> Event:
    return Event(number, 0.0, "job.created", job)


async def test_a_slow_reader_is_cut_off_and_the_others_go_on() -> None:
    """Who does not read loses the stream, not the memory of the daemon; who reads gets everything in order."""
    bus = Bus()
    with bus.subscribe() as slow, bus.subscribe() as quick:
        read: list[Event] = []
        for number in range(1, LIMIT + 10):
            bus.publish(fact(number))
            if not number % 100:
                read += await quick.take(LONG_S) or []
        read += await quick.take(LONG_S) or []
        assert [event.seq for event in read] == list(range(1, LIMIT + 10))
        assert await slow.take(LONG_S) is None


async def test_of_progress_only_the_latest_of_each_job_is_kept() -> None:
    """A flood of samples neither cuts a reader off nor hides a fact."""
    bus = Bus()
    with bus.subscribe() as reader:
        bus.publish(fact(1))
        for percent in range(3 * LIMIT):
            bus.publish(Event(None, 0.0, "progress", 1 + percent % 2, {"percent": percent}))
        found = await reader.take(LONG_S)
    assert found is not None
    assert [event.data.get("percent") for event in found] == [None, 3 * LIMIT - 2, 3 * LIMIT - 1]


async def test_what_happens_while_readers_are_left_alone_comes_in_one_piece() -> None:
    """The first event is told at once, those right after it together, in order."""
    bus = Bus()
    with bus.subscribe() as reader:
        bus.publish(fact(1))
        first = await reader.take(LONG_S)
        for number in range(2, 10):
            bus.publish(fact(number))
        rest = await reader.take(LONG_S)
    assert [event.seq for event in first or ()] == [1]
    assert [event.seq for event in rest or ()] == list(range(2, 10))


async def test_a_reader_of_one_job_hears_of_no_other() -> None:
    """Neither of its facts nor of its progress."""
    bus = Bus()
    with bus.subscribe(job=2) as reader:
        for number, job in ((1, 1), (2, 2), (3, 3)):
            bus.publish(fact(number, job))
            bus.publish(Event(None, 0.0, "progress", job))
        found = await reader.take(LONG_S)
    assert [(event.seq, event.job) for event in found or ()] == [(2, 2), (None, 2)]


async def test_a_reader_for_whom_there_is_nothing_is_told_so() -> None:
    """After a while, so that its stream can give a sign of life."""
    with Bus().subscribe() as reader:
        assert await reader.take(0.001) == []


async def test_closing_ends_the_stream_of_a_reader_that_waits() -> None:
    """The daemon's end is everybody's end."""
    bus = Bus()
    with bus.subscribe() as reader:
        waiting = asyncio.ensure_future(reader.take(LONG_S))
        await asyncio.sleep(0)
        bus.close()
        assert await waiting is None


async def test_what_is_about_no_job_is_for_who_listens_to_all() -> None:
    """The latest of it, in its place among the others; a reader of one job is not told."""
    bus = Bus()
    with bus.subscribe() as everything, bus.subscribe(job=1) as one:
        for event in (Event(None, 0.0, "config.refused", NO_JOB), fact(1), Event(None, 0.0, "config.reloaded", NO_JOB)):
            bus.publish(event)
        heard, alone = await everything.take(LONG_S), await one.take(LONG_S)
    assert [event.type for event in heard or ()] == ["job.created", "config.reloaded"]
    assert [event.type for event in alone or ()] == ["job.created"]
