import pytest
from client.standin import StandIn, a_job

from shortsd.client.client import Client
from shortsd.domain.errors import Internal
from shortsd.wire.models import NewJob, NewJobs, ShortParams


def test_jobs(stand_in: StandIn, client: Client) -> None:
    """What is asked for travels as the query, states one by one."""
    client.jobs(["failed", "stopped"], select="4,7-9,b3", limit=5, cursor=40)
    assert stand_in.asked[0].query == {
        "state": ["failed", "stopped"],
        "select": ["4,7-9,b3"],
        "limit": ["5"],
        "cursor": ["40"],
    }


def test_create(stand_in: StandIn, client: Client) -> None:
    """Jobs are created with the key that makes a second try harmless."""
    created = client.create(NewJobs(jobs=[NewJob(params=ShortParams(topic="ghosts · 鬼"))]), "key-1")
    assert created.jobs[0].title == "ghosts · 鬼"
    assert stand_in.asked[0].headers["Idempotency-Key"] == "key-1"


def test_follow_log(stand_in: StandIn, client: Client) -> None:
    """A log is followed until its job has ended."""
    stand_in.jobs[7] = a_job()
    assert list(client.follow_log(7, 10)) == ["one", "two\x1b[2J"]
    assert stand_in.asked[0].query == {"follow": ["true"], "lines": ["10"]}


def test_unknown_answer(stand_in: StandIn, client: Client) -> None:
    """An answer of another version is no traceback."""
    stand_in.raw["/v1/jobs"] = (200, b'{"jobs": 3}')
    with pytest.raises(Internal, match="not understood"):
        client.jobs()


def test_newer_answer(stand_in: StandIn, client: Client) -> None:
    """A key that this version does not know does no harm."""
    stand_in.raw["/v1/shutdown"] = (202, b'{"pid": 3, "new": true}')
    assert client.shutdown().pid == 3
