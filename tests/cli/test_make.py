import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cli.running import Ctl
from client.standin import Send, StandIn, a_job, done, fact, progress

from shortsd.cli import story
from shortsd.wire.models import ErrorBody, JobView


def finishing(daemon: StandIn, end: Callable[[JobView], JobView] = done) -> Callable[[Send], None]:
    """An act in which all jobs end."""

    def act(send: Send) -> None:
        for seq, number in enumerate(sorted(daemon.jobs), 2):
            daemon.wait_for(f"/v1/jobs/{number}")
            send("progress", progress(number, 50), None)
            daemon.jobs[number] = end(daemon.jobs[number])
            send("job.moved", fact(number, "job.moved", seq), seq)

    return act


def params(daemon: StandIn) -> list[dict[str, object]]:
    """What was asked for, without what was not given."""
    sent = next(asked for asked in daemon.asked if (asked.method, asked.path) == ("POST", "/v1/jobs"))
    return [
        {key: value for key, value in job["params"].items() if value not in (None, False)}
        for job in json.loads(sent.body)["jobs"]
    ]


def test_follows(daemon: StandIn, ctl: Ctl) -> None:
    """A short is followed to its end: stages on stderr, the path of the video alone on stdout."""
    daemon.acts = [finishing(daemon)]
    ran = ctl("make", "the last train")
    assert (ran.code, ran.out) == (0, "/out/7-the-last-train.mp4\n")
    assert ran.err == "7 story: done, 3.1 s\n7 voice: done, 3.1 s\n"


def test_several(daemon: StandIn, ctl: Ctl) -> None:
    """Several topics are one request, followed together; options may stand between them."""
    daemon.acts = [finishing(daemon)]
    ran = ctl("make", "a door", "--seed", "3", "a bell")
    assert params(daemon) == [{"topic": "a door", "seed": 3}, {"topic": "a bell", "seed": 3}]
    assert ran.out == "/out/7-the-last-train.mp4\n/out/8-the-last-train.mp4\n"


def test_json(daemon: StandIn, ctl: Ctl) -> None:
    """As JSON, stdout gets the job and nothing else."""
    daemon.acts = [finishing(daemon)]
    assert json.loads(ctl("make", "the last train", "--json").out)["state"] == "succeeded"


def test_background(daemon: StandIn, ctl: Ctl) -> None:
    """In the background, stdout gets the ids alone."""
    ran = ctl("make", "a door", "a bell", "a well", "--bg")
    assert ran.out == "7\n8\n9\n"
    assert "`shortsctl attach 7-9`" in ran.err
    assert daemon.jobs


def test_failed(daemon: StandIn, ctl: Ctl) -> None:
    """A failed job is told with what to do, where its log is, and ends with 1."""
    error = ErrorBody(code="timed_out", message="FFmpeg stalled.", hint="Try again.", stage="render")
    daemon.acts = [finishing(daemon, lambda job: replace(job, state="failed", error=error))]
    ran = ctl("make", "the last train")
    assert (ran.code, ran.out) == (1, "")
    assert "shortsctl: job 7 failed in render: FFmpeg stalled.\n  Try again.\n  `shortsctl logs 7`" in ran.err


def test_stopped(daemon: StandIn, ctl: Ctl) -> None:
    """A job that somebody stopped meanwhile ends with 1 and says so."""
    daemon.acts = [finishing(daemon, lambda job: replace(job, state="stopped"))]
    ran = ctl("make", "the last train")
    assert (ran.code, ran.out) == (1, "")
    assert "job 7 was stopped." in ran.err


def test_daemon_comes_back(daemon: StandIn, ctl: Ctl) -> None:
    """A daemon that goes away is waited for, and that is said calmly."""
    daemon.acts = [lambda _: None, finishing(daemon)]
    ran = ctl("make", "the last train")
    assert ran.code == 0
    assert "waiting for it to come back\nthe daemon is back\n" in ran.err


def test_asked_again(daemon: StandIn, ctl: Ctl) -> None:
    """A request whose answer was lost is sent again with the same key, so that it never makes two."""
    daemon.drop = 1
    assert ctl("make", "the last train", "--bg").code == 0
    keys = [asked.headers["Idempotency-Key"] for asked in daemon.asked if asked.method == "POST"]
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_everything_given(daemon: StandIn, ctl: Ctl, home: Path) -> None:
    """Everything given travels; paths mean the same to the daemon, with spaces, quotes, line breaks and dashes."""
    name = "-a \"b\" 'c'\n.txt"
    (home / name).write_bytes("\ufeff“Ghosts” 👻 100 % {\\an8} \\N 鬼 שלום".encode())
    words = "--music ../x.mp3 --title T --voice=en-gb --fps 60 --size 270x480 --priority 5 --allow-long --bg"
    ran = ctl("make", f"--story={name}", "--images=-my pictures", *words.split())
    assert ran.err.startswith("shortsctl: under way")
    assert params(daemon) == [
        {
            "story": "“Ghosts” 👻 100 % {\\an8} \\N 鬼 שלום",
            "images": str(home / "-my pictures"),
            "music": str(home / "../x.mp3"),
            "title": "T",
            "voice": "en-gb",
            "fps": 60,
            "size": "270x480",
            "allow_long": True,
        }
    ]


def test_topic_with_a_dash(daemon: StandIn, ctl: Ctl) -> None:
    """After two dashes, a topic may begin with one."""
    assert ctl("make", "--bg", "--", "-273 degrees").code == 0
    assert params(daemon) == [{"topic": "-273 degrees"}]


def test_stdin(daemon: StandIn, ctl: Ctl, monkeypatch: pytest.MonkeyPatch) -> None:
    """A story may come from stdin."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("Once, ünderground.".encode())))
    ctl("make", "--story", "-", "--bg")
    assert params(daemon) == [{"story": "Once, ünderground."}]


def test_addresses(daemon: StandIn, ctl: Ctl) -> None:
    """Addresses of articles are given as stories are, one job for each."""
    assert ctl("make", "--url", "https://example.org/a?b=1#c", "--url", " http://bücher.example/ ", "--bg").code == 0
    assert params(daemon) == [{"url": "https://example.org/a?b=1#c"}, {"url": "http://bücher.example/"}]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "nothing to tell"),
        (["a", "--story", "b"], "not two of them"),
        (["a", "--url", "https://example.org"], "not two of them"),
        (["--story", "b", "--url", "https://example.org"], "not two of them"),
        (["--url", ""], "The address is empty"),
        (["--url", "example.org/story"], "neither with https:// nor http://"),
        (["--url", "file:///etc/passwd"], "neither with https:// nor http://"),
        (["--url", "https:///story"], "names no host"),
        (["--url", "https://example.org:port/"], "is none: Port could not be cast"),
        (["--url", "https://me:secret@example.org/"], "a user's name or password"),
        (["--url", "https://example.org/a b"], "holds a space"),
        (["--url", "https://example.org/caf\udce9"], "is not UTF-8"),
        (["--url", "https://example.org/" + "a" * 2000], "has 2020 characters; 2000 is the limit"),
        (["  "], "topic is empty"),
        (["--story", "-", "--story", "-"], "Only one story"),
        (["--story", "missing.txt"], "missing.txt cannot be read: No such file"),
        (["--story", "."], "story . cannot be read: Is a directory"),
        (["--story", ""], "cannot be read"),
        (["--story", "latin.txt"], "latin.txt is not UTF-8: byte 3 (0xe9)"),
        (["--story", "marked.txt"], "marked.txt is not UTF-8: byte 5 (0xff)"),
        (["--story", "blank.txt"], "blank.txt is empty"),
        (["--story", "large.txt"], "large.txt is larger than 1 MiB"),
        (["a", "--images", ""], "folder of pictures has no name"),
        (["a", "--images", "caf\udce9"], "is not UTF-8"),
        (["a", "--fps", "many"], "invalid int value"),
    ],
)
def test_bad_input(daemon: StandIn, ctl: Ctl, home: Path, words: list[str], said: str) -> None:
    """Bad input is told by name and place, ends with 2, and nothing is asked of the daemon."""
    (home / "latin.txt").write_bytes(b"caf\xe9")
    (home / "marked.txt").write_bytes(b"\xef\xbb\xbfab\xff")
    (home / "blank.txt").write_bytes(b"\xef\xbb\xbf \n")
    (home / "large.txt").write_bytes(b"x" * (story.LIMIT + 1))
    ran = ctl("make", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert daemon.asked == []


def test_attach(daemon: StandIn, ctl: Ctl) -> None:
    """Attaching to what has ended tells at once how it ended."""
    daemon.jobs = {4: done(a_job(4)), 5: a_job(5, state="stopped", reason="by you")}
    daemon.acts = [lambda _: None]
    ran = ctl("attach", "4-5")
    assert (ran.code, ran.out) == (1, "/out/4-the-last-train.mp4\n")
    assert "job 5 was stopped (by you)." in ran.err
