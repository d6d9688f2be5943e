"""The API as a stranger meets it: over the socket, by hand."""

import http.client
import itertools
import json
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from daemon import Home, home

from shortsd.domain.errors import BadInput, WrongState


@pytest.fixture(scope="module")
def running() -> Iterator[Home]:
    with tempfile.TemporaryDirectory(prefix="shorts-") as folder, home(Path(folder) / "h") as daemon:
        yield daemon


class Connection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("shortsd", timeout=30)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(str(self.path))


def ask(daemon: Home, method: str, target: str, body: object = None, **headers: str) -> tuple[int, Any]:
    """A request's status, and its body as JSON."""
    connection = Connection(daemon.places.socket)
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    connection.request(method, target, data, {name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    read = response.read()
    connection.close()
    return response.status, json.loads(read) if read else None


def test_openapi_names_every_route(running: Home) -> None:
    """The document is where it is said to be, and holds all verbs."""
    status, document = ask(running, "GET", "/v1/openapi.json")
    assert status == 200
    routes = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert routes >= {
        ("GET", "/v1/jobs"),
        ("POST", "/v1/jobs"),
        ("GET", "/v1/jobs/{number}"),
        ("DELETE", "/v1/jobs/{number}"),
        ("POST", "/v1/jobs/{number}/stop"),
        ("POST", "/v1/jobs/{number}/retry"),
        ("GET", "/v1/jobs/{number}/log"),
        ("GET", "/v1/events"),
        ("GET", "/health/live"),
        ("GET", "/health/ready"),
    }
    assert "ErrorBody" in document["components"]["schemas"]


@pytest.mark.parametrize(
    ("method", "target", "body", "status", "code"),
    [
        ("GET", "/v1/jobs/999", None, 404, "not_found"),
        ("GET", "/v1/nothing", None, 404, "not_found"),
        ("PUT", "/v1/jobs", None, 405, "bad_request"),
        ("GET", "/v1/jobs/0", None, 400, "bad_request"),
        ("GET", "/v1/jobs/x", None, 400, "bad_request"),
        ("GET", "/v1/jobs/99999999999999999999999", None, 400, "bad_request"),
        ("GET", "/v1/jobs?state=odd", None, 400, "bad_request"),
        ("GET", "/v1/jobs?select=9-1", None, 400, "bad_request"),
        ("POST", "/v1/jobs", b"{", 400, "bad_request"),
        ("POST", "/v1/jobs", b"\xff\xfe", 400, "bad_request"),
        ("POST", "/v1/jobs", {"jobs": []}, 400, "bad_request"),
        ("POST", "/v1/jobs", {"jobs": [{"params": {"topic": "a", "colour": "red"}}]}, 400, "bad_request"),
        ("POST", "/v1/jobs", {"jobs": [{"params": {"topic": 3}}]}, 400, "bad_request"),
        ("POST", "/v1/jobs", {"jobs": [{"params": {}}]}, 422, "bad_input"),
        ("POST", "/v1/jobs", {"jobs": [{"kind": "film", "params": {"topic": "a"}}]}, 422, "bad_input"),
        ("POST", "/v1/jobs", {"jobs": [{"params": {"topic": "a"}, "priority": 2**70}]}, 422, "bad_input"),
        ("POST", "/v1/jobs", {"jobs": [{"params": {"topic": "a", "seed": -1}}]}, 422, "bad_input"),
        ("POST", "/v1/jobs", {"jobs": [{"params": {"topic": "a", "images": "docs"}}]}, 422, "bad_input"),
        ("POST", "/v1/jobs", {"jobs": [{"params": {"topic": "a", "music": "/a\0b"}}]}, 422, "bad_input"),
        ("POST", "/v1/jobs", b'{"jobs": [{"params": {"topic": "\\ud800"}}]}', 422, "bad_input"),
        ("POST", "/v1/clean?select=,", None, 400, "bad_request"),
        ("POST", "/v1/jobs", b" " * (5 * 2**20), 413, "bad_request"),
        ("POST", "/v1/jobs/999/retry", {"stage": None}, 404, "not_found"),
    ],
)
def test_every_error_has_the_same_body(
    running: Home, method: str, target: str, body: object, status: int, code: str
) -> None:
    """A code of the table, a sentence and a hint, with the table's status."""
    got, answer = ask(running, method, target, body, Content_Type="application/json")
    assert (got, answer["code"]) == (status, code)
    assert answer["message"]
    assert answer["hint"]


def test_the_same_key_makes_one_job(running: Home) -> None:
    """Sent again, a request gives the same job, though its seed was drawn; another request with the key is refused."""
    body = {"jobs": [{"params": {"story": "It was fog."}}]}
    headers = {"Content_Type": "application/json", "Idempotency_Key": "a key"}
    first, again = (ask(running, "POST", "/v1/jobs", body, **headers) for _ in range(2))
    assert first[0] == again[0] == 201
    assert first[1]["jobs"][0]["id"] == again[1]["jobs"][0]["id"]
    other = ask(running, "POST", "/v1/jobs", {"jobs": [{"params": {"topic": "sea"}}]}, **headers)
    assert (other[0], other[1]["code"]) == (409, "conflict")
    ask(running, "POST", f"/v1/jobs/{first[1]['jobs'][0]['id']}/stop")


def test_more_than_a_thousand_ids_can_be_named(running: Home) -> None:
    """As a shell's {1..1500} gives them."""
    status, page = ask(running, "GET", f"/v1/jobs?select={','.join(str(number) for number in range(1, 1501))}")
    assert status == 200
    assert all(job["id"] <= 1500 for job in page["jobs"])


def test_jobs_are_paged_newest_first(running: Home) -> None:
    """Page by page with the cursor, each job comes once."""
    jobs = {"jobs": [{"params": {"topic": "fog"}, "priority": -1} for _ in range(5)]}
    _, created = ask(running, "POST", "/v1/jobs", jobs, Content_Type="application/json")
    batch, cursor, seen = created["batch"], "", []
    for _ in range(3):
        _, page = ask(running, "GET", f"/v1/jobs?select=b{batch}&limit=2{cursor}")
        seen += [job["id"] for job in page["jobs"]]
        cursor = f"&cursor={page['next']}"
    assert page["next"] is None
    assert seen == sorted((job["id"] for job in created["jobs"]), reverse=True)
    for number in seen:
        ask(running, "POST", f"/v1/jobs/{number}/stop")


def test_health_tells_who_lives_and_whether_work_is_taken(running: Home) -> None:
    """Live and ready, both with the daemon's pid."""
    assert running.process is not None
    for target in ("/health/live", "/health/ready"):
        status, health = ask(running, "GET", target)
        assert (status, health["ok"], health["pid"]) == (200, True, running.process.pid)


def test_a_deleted_job_is_forgotten_and_its_output_stays(running: Home) -> None:
    """Its row, log and artifacts go; what it published is the user's."""
    job = running.make()
    running.finished(job)
    before = running.outputs()
    assert ask(running, "DELETE", f"/v1/jobs/{job}") == (204, None)
    assert ask(running, "GET", f"/v1/jobs/{job}")[0] == 404
    assert running.outputs() == before
    assert not (running.places.work / str(job)).exists()
    assert not (running.places.logs / f"{job}.log").exists()


def test_a_job_that_waits_can_be_put_before_others(running: Home) -> None:
    """While jobs are not started health says so; the stream tells all that a list needs, and of each new priority."""
    with running.client.events() as events:
        next(events)
        assert ask(running, "POST", "/v1/pause")[0] == 200
        try:
            assert running.client.live().paused
            job = running.make_with(3)
            assert running.client.prioritize(job, 9).priority == 9
            with pytest.raises(BadInput):
                running.client.prioritize(job, 5000)
            running.client.stop(job)
            with pytest.raises(WrongState):
                running.client.prioritize(job, 1)
        finally:
            running.client.resume()
        told = {message.event: running.data(message)["data"] for message in itertools.islice(events, 5)}
    assert list(told) == ["queue.paused", "job.created", "job.prioritized", "job.stopped", "queue.resumed"]
    assert told["job.created"].items() >= {"kind": "short", "priority": 3, "batch": None, "publish_at": None}.items()
    assert told["job.prioritized"] == {"priority": 9}
    assert told["job.stopped"]["ended_at"] is not None
