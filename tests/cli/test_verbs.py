import json
from dataclasses import replace
from pathlib import Path

import pytest
from cli.running import Ctl
from client.standin import StandIn, a_job, done

from shortsd.wire.models import ErrorBody


def test_ls(daemon: StandIn, ctl: Ctl) -> None:
    """Jobs are listed newest first."""
    daemon.jobs = {7: a_job(7), 12: done(a_job(12))}
    ran = ctl("ls")
    assert [line.split()[:2] for line in ran.out.splitlines()[1:]] == [["12", "succeeded"], ["7", "running"]]
    assert (ran.code, ran.err) == (0, "")


def test_ls_states(daemon: StandIn, ctl: Ctl) -> None:
    """States choose, several of them more."""
    daemon.jobs = {1: a_job(1), 2: a_job(2, state="failed"), 3: a_job(3, state="stopped")}
    found = json.loads(ctl("ls", "--state", "failed", "--state", "stopped", "--json").out)
    assert [job["id"] for job in found] == [3, 2]


def test_ls_limit(daemon: StandIn, ctl: Ctl) -> None:
    """A limit is kept, and that there may be more is said apart from the data."""
    daemon.jobs = {number: a_job(number) for number in range(1, 6)}
    ran = ctl("ls", "--limit", "2")
    assert len(ran.out.splitlines()) == 3
    assert "--limit 4" in ran.err


def test_ls_all(daemon: StandIn, ctl: Ctl) -> None:
    """No limit means all, however many pages that takes."""
    daemon.jobs = {number: a_job(number) for number in range(1, 1203)}
    assert len(json.loads(ctl("ls", "--limit", "0", "--json").out)) == 1202


def test_ls_nothing(daemon: StandIn, ctl: Ctl) -> None:
    """With no jobs, stdout stays empty and a person is told how to begin."""
    ran = ctl("ls")
    assert (ran.code, ran.out) == (0, "")
    assert "no jobs yet" in ran.err
    assert daemon.asked


def test_json_is_ascii(daemon: StandIn, ctl: Ctl) -> None:
    """JSON is whole and harmless to a terminal."""
    daemon.jobs[7] = a_job(title="鬼 \x9b2J \u202e")
    out = ctl("show", "7", "--json").out
    assert out.isascii()
    assert json.loads(out)["title"] == "鬼 \x9b2J \u202e"


def test_show(daemon: StandIn, ctl: Ctl) -> None:
    """All there is about a job is shown: stages, error and hint, what was asked for, what was made."""
    error = ErrorBody(code="timed_out", message="It stalled.", hint="Again.", stage="voice")
    checks = [
        {"name": "black", "ok": True, "measured": "0.0 s", "limit": "2 s"},
        {"name": "loudness", "ok": False, "measured": "-20 LUFS", "limit": "-14 LUFS"},
    ]
    result = {"video": "/out/7.mp4", "checks": checks, "tags": ["a", "b"]}
    daemon.jobs[7] = replace(done(a_job()), state="failed", error=error, attempt=2, batch=3, result=result)
    out = ctl("show", "7").out
    for said in ("voice: It stalled.", "Again.", "3.1 s", "b3", "the last train", "/out/7.mp4", "a, b"):
        assert said in out
    assert out.endswith("checks\n  black        0.0 s\n  loudness     -20 LUFS, not -14 LUFS\n")


def test_show_several(daemon: StandIn, ctl: Ctl) -> None:
    """Ids, ranges and batches go together, each job once; JSON is a list then."""
    daemon.jobs = {4: a_job(4), 7: a_job(7), 9: a_job(9, batch=3), 11: a_job(11, batch=3)}
    found = json.loads(ctl("show", "4", "7-9", "b3", "--json").out)
    assert [job["id"] for job in found] == [4, 7, 9, 11]


def test_show_none(daemon: StandIn, ctl: Ctl) -> None:
    """What does not exist ends with 4: a single id, an empty range, an unknown batch."""
    daemon.jobs[7] = a_job()
    assert [ctl("show", word).code for word in ("99", "20-30", "b9", "7-9")] == [4, 4, 4, 0]


def test_logs(daemon: StandIn, ctl: Ctl) -> None:
    """A log is printed as text, whatever processes wrote into it."""
    daemon.jobs[7] = a_job()
    assert ctl("logs", "7", "-n", "5").out == "one\ntwo\\x1b[2J\n"
    assert daemon.asked[-1].query["lines"] == ["5"]


def test_logs_follow(daemon: StandIn, ctl: Ctl) -> None:
    """A log can be followed to its end."""
    daemon.jobs[7] = a_job()
    assert ctl("logs", "7", "-f").out == "one\ntwo\\x1b[2J\n"


def test_logs_json(daemon: StandIn, ctl: Ctl) -> None:
    """As JSON, a log is its lines as they are."""
    daemon.jobs[7] = a_job()
    assert json.loads(ctl("logs", "7", "--json").out) == ["one", "two\x1b[2J"]


def test_stop_several(daemon: StandIn, ctl: Ctl) -> None:
    """Each is tried, each result told, and the gravest exit code is the command's."""
    daemon.jobs = {4: a_job(4), 9: a_job(9)}
    ran = ctl("stop", "4", "5", "9")
    assert ran.out == "4 stopped (The last train)\n9 stopped (The last train)\n"
    assert "no job 5" in ran.err
    assert ran.code == 4


def test_priority(daemon: StandIn, ctl: Ctl) -> None:
    """The last word is what all jobs before it get, be it below 0."""
    daemon.jobs = {4: a_job(4), 7: a_job(7), 8: a_job(8)}
    assert ctl("priority", "4", "7-8", "-5").code == 0
    assert [job.priority for job in daemon.jobs.values()] == [-5, -5, -5]
    assert [ctl("priority", *words).code for words in (("4",), ("4", "high"), ("9", "1"))] == [2, 2, 4]


def test_retry_from(daemon: StandIn, ctl: Ctl) -> None:
    """A job can be done again from a stage on."""
    daemon.jobs[7] = a_job(state="failed")
    assert ctl("retry", "7", "--from", "images").out == "7 queued (The last train)\n"
    assert json.loads(daemon.asked[-1].body) == {"stage": "images"}


def test_retry_with_changes(daemon: StandIn, ctl: Ctl, tmp_path: Path) -> None:
    """What is to be different is named as by `make`; what is not named is not sent as something."""
    daemon.jobs[7] = a_job(state="failed")
    (tmp_path / "edited.txt").write_text("It was fog.")
    words = ("--set", f"story={tmp_path}/edited.txt", "--set", "caption-size=1.5", "--set", "fps=60")
    assert ctl("retry", "7", *words).code == 0
    sent = json.loads(daemon.asked[-1].body)["changes"]
    given = {key: value for key, value in sent.items() if value}
    assert given == {"story": "It was fog.", "caption_size": 1.5, "fps": 60}


@pytest.mark.parametrize("word", ["fsp=60", "fps", "fps=many", "allow-long=maybe", "url=ftp://a/"])
def test_a_change_that_is_none(ctl: Ctl, word: str) -> None:
    """What cannot be understood is told, and nothing is asked for."""
    ran = ctl("retry", "7", "--set", word)
    assert ran.code == 2
    assert ran.err


def test_clean(daemon: StandIn, ctl: Ctl) -> None:
    """What was freed is told."""
    assert ctl("clean").out == "12.3 MB freed (jobs 4-6)\n"
    assert daemon.asked[-1].query == {}


def test_clean_asks(daemon: StandIn, ctl: Ctl) -> None:
    """What a retry would need is not taken away unasked."""
    ran = ctl("clean", "4", "5")
    assert ran.code == 2
    assert "--yes" in ran.err
    assert ctl("clean", "4", "5", "--yes").code == 0
    assert daemon.asked[-1].query == {"select": ["4,5"]}


def test_doctor(daemon: StandIn, ctl: Ctl) -> None:
    """Doctor tells what is missing and what to do about it, and ends with 1."""
    ran = ctl("doctor")
    assert ran.code == 1
    assert "MISSING  font     none\n         Install one.\n" in ran.out
    assert "ok       version" in ran.out
    assert daemon.asked


def test_doctor_versions(daemon: StandIn, ctl: Ctl) -> None:
    """A daemon of another version is a finding."""
    daemon.version = "0.0.1"
    found = json.loads(ctl("doctor", "--json").out)["findings"]
    version = next(finding for finding in found if finding["name"] == "version")
    assert not version["ok"]
    assert "0.0.1" in version["detail"]
    assert "shutdown" in version["remedy"]


def test_voices(daemon: StandIn, ctl: Ctl) -> None:
    """Voices are listed, whose cannot be told now is said apart from them, and what they are called moves nothing."""
    ran = ctl("voices", "--lang", "en-gb", "--provider", "edge")
    assert ran.out == (
        "ID                LANGUAGE  GENDER  PROVIDER  NAME\nen-GB-RyanNeural  en-GB     male    edge      Ryan \\x9b\n"
    )
    assert ran.err == "shortsctl: openai is away.\n"
    assert daemon.asked[-1].query == {"language": ["en-gb"], "provider": ["edge"]}


def test_voices_json(daemon: StandIn, ctl: Ctl) -> None:
    """As JSON they are a list, and nothing else is on stdout."""
    assert [voice["id"] for voice in json.loads(ctl("voices", "--json").out)] == ["en-GB-RyanNeural"]
    assert daemon.asked[-1].query == {}


def test_voices_nothing(daemon: StandIn, ctl: Ctl) -> None:
    """No such voices are told as that; a provider that does not exist is bad usage."""
    ran = ctl("voices", "--lang", "xx")
    assert (ran.code, ran.out) == (0, "")
    assert "no such voices" in ran.err
    assert ctl("voices", "--provider", "azure").code == 2
    assert daemon.asked
