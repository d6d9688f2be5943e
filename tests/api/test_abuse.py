"""Clients that mean ill, or are broken: each is bounded, and nobody else notices."""

import select
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path

import held
import psutil
import pytest
from api.raw import ASKING, answer, line, rest
from daemon import PATIENCE_S, STORY, TINY, Home, home, wait_for
from hypothesis import given, settings
from hypothesis import strategies as st
from impatient import BOUNDS

from shortsd.domain.errors import ShortsError
from shortsd.wire.models import NewJob, NewJobs, ShortParams

SUBMITTING = (
    b"POST /v1/jobs HTTP/1.1\r\nHost: shortsd\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n"
)
LISTENING = b"GET /v1/events HTTP/1.1\r\nHost: shortsd\r\n\r\n"


def connections(daemon: Home) -> int:
    """How many of them the daemon has open."""
    assert daemon.process is not None
    sockets = psutil.Process(daemon.process.pid).net_connections("unix")
    return sum(str(one.laddr) == str(daemon.places.socket) for one in sockets) - 1  # the one that listens


@pytest.fixture(scope="module")
def impatient() -> Iterator[Home]:
    """A daemon with short bounds, which in the end has nothing left of its clients and complains of none."""
    with (
        tempfile.TemporaryDirectory(prefix="shorts-") as folder,
        home(Path(folder) / "h", TINY + "max_parallel_jobs = 1", module="impatient") as daemon,
    ):
        yield daemon
        wait_for(lambda: not connections(daemon), "the end of all connections")
        assert "Traceback" not in daemon.said()


def hung_up(made: socket.socket) -> bool:
    """Whether the daemon has closed a connection, be it that something of it is still to be read."""
    poll = select.poll()
    poll.register(made, select.POLLIN)
    return any(events & select.POLLHUP for _, events in poll.poll(0))


def trickle(made: socket.socket, data: bytes) -> None:
    """Send a byte after the other, over and over, until the daemon says something."""
    for byte in cycle(data):
        if select.select([made], [], [], 0.02)[0]:
            return
        made.send(bytes([byte]))


@pytest.mark.parametrize("begun", [b"", ASKING[:10], SUBMITTING], ids=["nothing", "a head", "a body"])
def test_who_sends_a_byte_at_a_time_is_told_so(impatient: Home, begun: bytes) -> None:
    """The time for a head or a body is that for the whole of it."""
    with line(impatient) as slow:
        slow.sendall(begun)
        trickle(slow, b"a")
        status, told = answer(rest(slow))
    assert (status, told["code"]) == (408, "bad_request")


def test_a_second_request_has_its_time_as_the_first(impatient: Home) -> None:
    """A connection that was used before is no place to be slow."""
    with line(impatient) as slow:
        slow.sendall(ASKING + ASKING[:10])
        taken = rest(slow)
    assert taken.startswith(b"HTTP/1.1 200")
    assert b"HTTP/1.1 408" in taken


def test_who_never_asks_is_let_go(impatient: Home) -> None:
    """A connection on which nothing is sent is closed, without a word."""
    with line(impatient) as silent:
        assert rest(silent) == b""


def test_one_connection_too_many_is_told_so(impatient: Home) -> None:
    """Above the limit the answer is an error like any other, and once somebody has left the next one is let in."""
    with ExitStack() as stack:
        for _ in range(BOUNDS.connections):
            made = stack.enter_context(line(impatient))
            made.sendall(LISTENING)
            assert made.recv(1)
        with line(impatient) as one_more:
            select.select([one_more], [], [], PATIENCE_S)
            one_more.sendall(ASKING)  # it did not know yet
            status, told = answer(rest(one_more))
        assert (status, told["code"]) == (503, "unavailable")
        assert told["hint"]
        with pytest.raises(ShortsError, match="too many connections"):
            impatient.client.live()
    wait_for(impatient.answers, "an answer")


def test_far_too_many_connections_are_cut_off(impatient: Home) -> None:
    """Those that are told that they are too many are bounded as well, and all are gone soon."""
    with ExitStack() as stack:
        lines = [stack.enter_context(line(impatient)) for _ in range(5 * BOUNDS.connections)]
        said = [rest(made) for made in lines]
    assert {taken[:12] for taken in said} <= {b"", b"HTTP/1.1 503"}
    wait_for(lambda: not connections(impatient), "the end of all connections")


def queue(daemon: Home) -> int:
    """Ask for so many jobs that a snapshot of them fits into no socket's buffer; the number of one that only waits."""
    new = NewJob(params=ShortParams(story=STORY, title="The lamp " * 10, seed=1))
    return daemon.client.create(NewJobs(jobs=[new] * 500), "many").jobs[-1].id


def test_a_reader_that_takes_nothing_is_cut_off(impatient: Home) -> None:
    """A stream whose reader has stopped is ended in time; another reader gets every event meanwhile."""
    job = queue(impatient)
    with line(impatient) as stopped, impatient.client.events() as events:
        stopped.sendall(LISTENING)
        assert next(events).event == "snapshot"
        wait_for(lambda: hung_up(stopped), "the end of the connection")
        impatient.client.stop(job)
        heard = next(message for message in events if message.event == "job.stopped")
        assert impatient.data(heard)["job"] == job
        assert not rest(stopped).endswith(b"0\r\n\r\n")


def test_a_follower_of_a_log_that_takes_nothing_is_cut_off(impatient: Home) -> None:
    """As a reader of events is."""
    job = impatient.make()
    (impatient.places.logs / f"{job}.log").write_text(f"{'much ' * 100}\n" * 4000)
    with line(impatient) as stopped:
        stopped.sendall(LISTENING.replace(b"/events", b"/jobs/%d/log?follow=true" % job))
        wait_for(lambda: hung_up(stopped), "the end of the connection")
        assert not rest(stopped).endswith(b"0\r\n\r\n")


def test_a_shutdown_does_not_wait_for_a_reader_that_takes_nothing(short_folder: Path) -> None:
    """A connection that is stuck ends with the daemon, in order."""
    held.hold(short_folder, "story")
    with home(short_folder, TINY + "max_parallel_jobs = 1", module="held") as daemon:
        queue(daemon)
        with line(daemon) as stopped:
            stopped.sendall(LISTENING)
            assert stopped.recv(1)
            daemon.client.shutdown()
            assert daemon.process is not None
            assert daemon.process.wait(PATIENCE_S) == 0
        assert not daemon.said()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: shortsd\r\nX: " + b"a" * 700_000, 431),
        (b"GET /" + b"a" * 70_000, 431),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET /health/live\r\n\r\n", 400),
        (b"GET /health/live HTTP/1.1\r\n\r\n", 400),
        (b"POST /v1/jobs HTTP/1.1\r\nHost: shortsd\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /v1/jobs HTTP/1.1\r\nHost: shortsd\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (b"POST /v1/jobs HTTP/1.1\r\nHost: shortsd\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    ],
)
def test_what_is_no_request_is_answered_as_such(impatient: Home, sent: bytes, status: int) -> None:
    """The answer has the body that all errors have, and the connection ends."""
    with line(impatient) as broken:
        broken.sendall(sent)
        got, told = answer(rest(broken))
    assert (got, told["code"]) == (status, "bad_request")
    assert told["hint"]


def test_requests_sent_in_one_go_are_answered_in_order(impatient: Home) -> None:
    """As HTTP/1.1 allows, whatever the number."""
    wanted = b"".join(ASKING.replace(b"/health/live", b"/v1/jobs/%d" % number) for number in range(900, 1000))
    with line(impatient) as eager:
        eager.sendall(wanted)
        eager.shutdown(socket.SHUT_WR)
        taken = rest(eager)
    at = [taken.index(b"There is no job %d" % number) for number in range(900, 1000)]
    assert at == sorted(at)


def test_who_closes_its_side_after_asking_gets_its_answer(impatient: Home) -> None:
    """A half-closed connection lives as long as its answer takes."""
    with line(impatient) as half:
        half.sendall(ASKING)
        half.shutdown(socket.SHUT_WR)
        status, told = answer(rest(half))
    assert (status, told["ok"]) == (200, True)


@pytest.mark.parametrize("sent", [b"", ASKING[:10], SUBMITTING + b"{"], ids=["nothing", "a head", "a body"])
def test_who_closes_its_side_before_it_has_asked_is_let_go(impatient: Home, sent: bytes) -> None:
    """There is nothing to wait for, and nobody to be told."""
    with line(impatient) as half:
        half.sendall(sent)
        half.shutdown(socket.SHUT_WR)
        assert rest(half) == b""


REQUESTS = st.builds(
    lambda start, headers, content: start + b"".join(headers) + b"\r\n" + content,
    st.sampled_from([b"GET /v1/jobs HTTP/1.1\r\n", b"POST /v1/jobs HTTP/1.1\r\n", b"GET /v1/jobs?limit="])
    | st.binary(),
    st.lists(
        st.sampled_from(
            [
                b"Host: shortsd\r\n",
                b"Connection: keep-alive, Upgrade\r\n",
                b"Upgrade: websocket\r\n",
                b"Expect: 100-continue\r\n",
                b"Transfer-Encoding: chunked\r\n",
                b"Content-Length: 7\r\n",
                b"Content-Type: application/json\r\n",
            ]
        )
        | st.binary(max_size=20),
        max_size=5,
    ),
    st.binary(max_size=50) | st.sampled_from([b"5\r\n{}{}{\r\n0\r\n\r\n", b"-1\r\n", b'{"jobs":']),
)
"""What begins like a request, and goes on in any way."""


@settings(max_examples=150, deadline=None, derandomize=True)
@given(REQUESTS | st.binary(max_size=300))
def test_whatever_is_sent_the_next_one_is_served(impatient: Home, sent: bytes) -> None:
    """Bytes of any kind are answered, if at all, with what a client can do something about; and nobody is worse off."""
    with line(impatient) as garbage:
        garbage.sendall(sent)
        garbage.shutdown(socket.SHUT_WR)
        taken = rest(garbage)
    assert not taken or taken.startswith((b"HTTP/1.1 2", b"HTTP/1.1 4", b"HTTP/1.1 100", b"HTTP/1.1 501"))
    assert impatient.client.live().ok


def test_two_hundred_idle_connections_are_in_nobodys_way(daemon: Home) -> None:
    """They cost little memory, others are served, and nothing of them stays."""
    assert daemon.process is not None
    process = psutil.Process(daemon.process.pid)
    memory = process.memory_info().rss
    with ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(line(daemon))
        wait_for(lambda: connections(daemon) >= 200, "all connections")
        job = daemon.make()
        assert daemon.client.job(job).id == job
        assert process.memory_info().rss - memory < 64 * 2**20
    wait_for(lambda: not connections(daemon), "the end of all connections")
