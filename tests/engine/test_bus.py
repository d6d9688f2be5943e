import asyncio

from shortsd.domain.events import Event
from shortsd.engine.bus import LIMIT, Bus


async def test_a_slow_reader_is_cut_off_and_the_others_go_on() -> None:
    """Who does not read loses the stream, not the memory of the daemon; who reads gets everything in order."""
    bus = Bus()
    with bus.subscribe() as slow, bus.subscribe() as quick:
        read = []
        for number in range(LIMIT + 10):
            bus.publish(Event(number, 0.0, "job.created", 1))
            read.append(await quick.next())
        assert [event.seq for event in read if event] == list(range(LIMIT + 10))
        assert await slow.next() is None


async def test_of_progress_only_the_latest_of_each_job_is_kept() -> None:
    """A flood of samples neither cuts a reader off nor hides a fact."""
    bus = Bus()
    with bus.subscribe() as reader:
        bus.publish(Event(1, 0.0, "job.started", 1))
        for percent in range(3 * LIMIT):
            bus.publish(Event(None, 0.0, "progress", percent % 2, {"percent": percent}))
        found = [await reader.next() for _ in range(3)]
    assert [event.data.get("percent") for event in found if event] == [None, 3 * LIMIT - 2, 3 * LIMIT - 1]


async def test_closing_ends_the_stream_of_a_reader_that_waits() -> None:
    """The daemon's end is everybody's end."""
    bus = Bus()
    with bus.subscribe() as reader:
        waiting = asyncio.ensure_future(reader.next())
        await asyncio.sleep(0)
        bus.close()
        assert await waiting is None
