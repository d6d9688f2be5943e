from itertools import count
from pathlib import Path

import pytest
from client.standin import Send, StandIn, a_job, done, fact, progress

from shortsd.client.client import Client
from shortsd.client.following import PATIENCE_S, Away, Back, Following
from shortsd.domain.errors import NoDaemon, NotFound
from shortsd.wire.models import EventView, JobView


def percentages(updates: list[object]) -> list[float]:
    return [update.percent for update in updates if isinstance(update, JobView)]


def test_to_the_end(stand_in: StandIn, client: Client) -> None:
    """A job is seen as it stands, as it moves on, and as it ended; then following ends."""
    stand_in.jobs[7] = a_job()

    def act(send: Send) -> None:
        stand_in.wait_for("/v1/jobs/7")
        send("progress", progress(7, 40), None)
        send("progress", progress(7, 30), None)
        stand_in.jobs[7] = done(stand_in.jobs[7])
        send("job.succeeded", fact(7, "job.succeeded", 2), 2)

    stand_in.acts = [act]
    following = Following(client, [7])
    assert percentages(list(following.updates())) == [0, 40, 40, 100]
    assert following.jobs[7].state == "succeeded"


def test_progress_reaches_the_stage(stand_in: StandIn, client: Client) -> None:
    """A progress event moves the stage it is of, and says what is left."""
    stand_in.jobs[7] = a_job()
    stand_in.acts = [lambda send: send("progress", progress(7, 40, "voice"), None)]
    updates = Following(client, [7]).updates()
    next(updates)
    moved = next(updates)
    assert isinstance(moved, JobView)
    assert (moved.stage, moved.eta_s, moved.message) == ("voice", 3.0, "1 of 2")
    assert [(stage.state, stage.percent) for stage in moved.stages] == [("running", 0), ("running", 40)]


def test_ended_already(stand_in: StandIn, client: Client) -> None:
    """A job that has ended needs no event to be seen."""
    stand_in.jobs[7] = done(a_job())
    stand_in.acts = [lambda _: None]
    assert percentages(list(Following(client, [7]).updates())) == [100]


def test_daemon_goes_and_comes(stand_in: StandIn, client: Client) -> None:
    """When the stream breaks it is taken up again after the last event seen, and what happened meanwhile is seen."""
    stand_in.jobs[7] = a_job()
    waits: list[float] = []

    def finish_meanwhile(seconds: float) -> None:
        waits.append(seconds)
        stand_in.jobs[7] = done(stand_in.jobs[7])

    stand_in.acts = [lambda send: send("stage.started", fact(7, "stage.started", 5), 5), lambda _: None]
    updates = list(Following(client, [7], sleep=finish_meanwhile).updates())
    assert [type(update) for update in updates] == [JobView, JobView, Away, Back, JobView]
    resumed = [asked for asked in stand_in.asked if asked.path == "/v1/events"][1]
    assert resumed.headers["Last-Event-ID"] == "5"
    assert len(waits) == 1


def test_several(stand_in: StandIn, client: Client) -> None:
    """Several jobs are followed together; events of others are passed over."""
    stand_in.jobs = {7: a_job(7), 8: a_job(8), 9: a_job(9)}

    def act(send: Send) -> None:
        stand_in.wait_for("/v1/jobs/8")
        for seq, number in enumerate((9, 8, 7), 2):
            stand_in.jobs[number] = done(stand_in.jobs[number])
            send("job.succeeded", fact(number, "job.succeeded", seq), seq)

    stand_in.acts = [act]
    following = Following(client, [7, 8])
    assert [update.id for update in following.updates() if isinstance(update, JobView)] == [7, 8, 8, 7]


def test_gives_up(folder: Path, client: Client) -> None:
    """A daemon that stays away is not waited for without end, and the waits grow."""
    waits: list[float] = []
    clock = count(step=PATIENCE_S / 4)
    following = Following(client, [7], sleep=waits.append, clock=lambda: float(next(clock)))
    with pytest.raises(NoDaemon, match="away for 120 s"):
        list(following.updates())
    assert waits == sorted(waits)
    assert waits[0] < waits[-1]
    assert folder.exists()


def test_no_such_job(stand_in: StandIn, client: Client) -> None:
    """A job that is not there cannot be followed."""
    stand_in.acts = [lambda _: None]
    with pytest.raises(NotFound, match="no job 99"):
        list(Following(client, [99]).updates())


def test_what_is_about_no_job_is_passed_over(stand_in: StandIn, client: Client) -> None:
    """Who follows several jobs hears of a configuration, too, and is none the wiser."""
    stand_in.jobs = {7: a_job(7), 8: done(a_job(8))}
    refused = EventView(seq=None, at=0.0, type="config.refused", job=0, data={"message": "It is so.", "hint": ""})

    def act(send: Send) -> None:
        stand_in.wait_for("/v1/jobs/8")
        send("config.refused", refused, None)
        stand_in.jobs[7] = done(stand_in.jobs[7])
        send("job.succeeded", fact(7, "job.succeeded", 2), 2)

    stand_in.acts = [act]
    updates = Following(client, [7, 8]).updates()
    assert [(update.id, update.percent) for update in updates if isinstance(update, JobView)] == [
        (7, 0),
        (8, 100),
        (7, 100),
    ]
