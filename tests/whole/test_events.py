"""The event stream: one snapshot, then every fact once, in order, however often a reader comes back."""

import itertools
from pathlib import Path

import held
from daemon import Home, home, wait_for

from shortsd.client.sse import Message


def is_fact(message: Message) -> bool:
    """Whether a message has a number of its own; a sample of progress carries on that of the fact before it."""
    return message.event not in ("snapshot", "progress")


def test_a_reader_that_comes_back_misses_nothing_and_sees_nothing_twice(daemon: Home) -> None:
    """Broken off after every few events and resumed by Last-Event-ID, the stream gives each number once, in order."""
    with daemon.client.events() as events:
        snapshot = daemon.data(next(events))
    daemon.make(review="render")
    last, seen, ended = str(snapshot["seq"]), [], False
    while not ended:
        with daemon.client.events(after=last) as events:
            for message in itertools.islice(events, 3):
                if is_fact(message):
                    last = message.id
                    seen.append(int(message.id))
                if message.event == "job.review":
                    ended = True
                    break
    assert seen == list(range(snapshot["seq"] + 1, seen[-1] + 1))


def test_numbers_go_on_after_a_crash(short_folder: Path) -> None:
    """A reader that knew the killed daemon's last event gets exactly what came after it from the next one."""
    with home(short_folder, module="held") as daemon:
        reached = held.hold(short_folder, "voice")
        with daemon.client.events() as events:
            daemon.make()
            known = list(itertools.islice(filter(is_fact, events), 6))
        wait_for(reached.exists, "the voice")
        daemon.kill()
        held.release(short_folder, "voice")
        daemon.start()
        last = int(known[-1].id)
        with daemon.client.events(after=str(last)) as events:
            after = [int(message.id) for message in itertools.islice(filter(is_fact, events), 5)]
        assert after == list(range(last + 1, last + 6))


def test_a_snapshot_and_what_follows_fit_together(daemon: Home) -> None:
    """The snapshot names the last event in it; the first one after it has the next number."""
    daemon.client.pause()
    daemon.make()
    with daemon.client.events() as events:
        snapshot = daemon.data(next(events))
        assert [job["state"] for job in snapshot["jobs"]] == ["queued"]
        daemon.make()
        following = next(filter(is_fact, events))
    assert int(following.id) == snapshot["seq"] + 1


def test_a_number_from_another_life_begins_with_a_snapshot(daemon: Home) -> None:
    """A reader whose last event this database never had (it was put back from a backup) is told how things stand."""
    with daemon.client.events(after="999999") as events:
        assert next(events).event == "snapshot"
