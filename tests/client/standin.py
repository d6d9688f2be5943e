"""A stand-in for the daemon: the same JSON over the same kind of socket, with answers that a test lays out."""

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from shortsd import __version__
from shortsd.domain.errors import NotFound, ShortsError
from shortsd.wire.channel import Calendar, History, Shown
from shortsd.wire.errors import TABLE, body
from shortsd.wire.figures import ProcessTree
from shortsd.wire.models import (
    Cleaned,
    Created,
    Ended,
    EventView,
    Finding,
    Findings,
    Health,
    JobsPage,
    JobView,
    LogLines,
    NewJobs,
    PriorityRequest,
    Snapshot,
    StageView,
    VoiceList,
    VoiceView,
)


def a_job(number: int = 7, **given: Any) -> JobView:
    """A running job, with whatever a test cares for."""
    job = JobView(
        id=number,
        kind="short",
        title="The last train",
        state="running",
        priority=0,
        batch=None,
        created_at=1000.0,
        moved_at=1000.0,
        started_at=1000.0,
        ended_at=None,
        attempt=1,
        reason="",
        percent=0.0,
        eta_s=None,
        stage="story",
        message="",
        error=None,
        params={"topic": "the last train"},
        result={},
        stages=[
            StageView(name="story", state="running", seconds=0.1),
            StageView(name="voice", state="waiting"),
        ],
    )
    return replace(job, **given)


def done(job: JobView) -> JobView:
    """The job when it has succeeded."""
    stages = [replace(stage, state="done", percent=100.0, seconds=3.14) for stage in job.stages]
    video = f"/out/{job.id}-the-last-train.mp4"
    return replace(
        job, state="succeeded", percent=100.0, stage=None, ended_at=1009.0, result={"video": video}, stages=stages
    )


Send = Callable[[str, Any, int | None], None]


@dataclass
class Asked:
    """A request that came."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes


@dataclass
class StandIn:
    """What the stand-in knows, and what it was asked."""

    jobs: dict[int, JobView] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    refuse: dict[str, ShortsError] = field(default_factory=dict)
    """Errors by path."""
    raw: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """Statuses and bodies by path, as they are."""
    acts: list[Callable[[Send], None]] = field(default_factory=list)
    """What happens on each stream of events, one after the other; the stream ends when the act does."""
    log: list[str] = field(default_factory=lambda: ["one", "two\x1b[2J"])
    calendar: Calendar = field(default_factory=lambda: Calendar(zone="UTC", slots=[]))
    shorts: list[Shown] = field(default_factory=list)
    tree: ProcessTree | None = None
    findings: list[Finding] = field(
        default_factory=lambda: [Finding(name="font", ok=False, detail="none", remedy="Install one.")]
    )
    version: str = __version__
    drop: int = 0
    """So many requests are taken and not answered."""
    answered: list[str] = field(default_factory=list)
    """Paths of the requests that have their answer."""
    news: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, path: str, times: int = 1) -> None:
        """Wait until a path was asked for, and answered, so many times."""
        with self.news:
            assert self.news.wait_for(lambda: self.answered.count(path) >= times, timeout=10)

    def answer(self, asked: Asked) -> Any:
        """The model to answer with."""
        parts = asked.path.strip("/").split("/")
        if asked.path in self.refuse:
            raise self.refuse[asked.path]
        if parts[:2] == ["v1", "jobs"] and len(parts) > 2:
            return self._job(int(parts[2]), parts[3:])
        return getattr(self, f"{asked.method.lower()}_{parts[-1]}")(asked)

    def _job(self, number: int, rest: list[str]) -> Any:
        if number not in self.jobs:
            raise NotFound(f"There is no job {number}.", "`shortsctl ls` shows what there is.")
        if rest == ["stop"]:
            self.jobs[number] = replace(self.jobs[number], state="stopped")
        elif rest == ["retry"]:
            self.jobs[number] = replace(self.jobs[number], state="queued")
        elif rest == ["priority"]:
            asked = msgspec.json.decode(self.asked[-1].body, type=PriorityRequest)
            self.jobs[number] = replace(self.jobs[number], priority=asked.priority)
        elif rest == ["log"]:
            return LogLines(lines=self.log)
        return self.jobs[number]

    def get_jobs(self, asked: Asked) -> JobsPage:
        jobs = sorted(self.jobs.values(), key=lambda job: -job.id)
        if "state" in asked.query:
            jobs = [job for job in jobs if job.state in asked.query["state"]]
        if "select" in asked.query:
            jobs = [job for job in jobs if _selected(job, asked.query["select"][0])]
        if "cursor" in asked.query:
            jobs = [job for job in jobs if job.id < int(asked.query["cursor"][0])]
        limit = int(asked.query.get("limit", ["100"])[0])
        return JobsPage(jobs=jobs[:limit], next=jobs[limit - 1].id if len(jobs) > limit else None)

    def post_jobs(self, asked: Asked) -> Created:
        wanted = msgspec.json.decode(asked.body, type=NewJobs).jobs
        made = [
            a_job(7 + at, kind=new.kind, title=new.params.get("topic") or "a story") for at, new in enumerate(wanted)
        ]
        self.jobs |= {job.id: job for job in made}
        return Created(jobs=made, batch=1 if len(made) > 1 else None)

    def post_clean(self, _asked: Asked) -> Cleaned:
        return Cleaned(jobs=[4, 5, 6], freed_bytes=12_345_678)

    def get_doctor(self, _asked: Asked) -> Findings:
        return Findings(findings=self.findings)

    def get_schedule(self, _asked: Asked) -> Calendar:
        return self.calendar

    def get_history(self, asked: Asked) -> History:
        """Shorts, newest first; the cursor is the job of the last one that was given."""
        before = int(asked.query.get("cursor", [str(1 << 60)])[0])
        shorts = [short for short in self.shorts if short.job < before]
        limit = int(asked.query.get("limit", ["100"])[0])
        return History(shorts=shorts[:limit], next=shorts[limit - 1].job if len(shorts) > limit else None)

    def get_processes(self, _asked: Asked) -> ProcessTree | None:
        return self.tree

    def get_voices(self, asked: Asked) -> VoiceList:
        named = asked.query.get("provider", ["edge"])[0]
        voice = VoiceView(id="en-GB-RyanNeural", name="Ryan \x9b", language="en-GB", provider=named, gender="male")
        return VoiceList(voices=[] if "xx" in asked.query.get("language", []) else [voice], notes=["openai is away."])

    def get_live(self, _asked: Asked) -> Health:
        return Health(ok=True, version=self.version, pid=os.getpid())

    def post_shutdown(self, _asked: Asked) -> Ended:
        return Ended(pid=os.getpid())


def _selected(job: JobView, word: str) -> bool:
    if word.startswith("b"):
        return job.batch == int(word[1:])
    first, _, last = word.partition("-")
    return int(first) <= job.id <= int(last or first)


class Handler(BaseHTTPRequestHandler):
    """HTTP around a StandIn."""

    stand_in: StandIn

    def do_GET(self) -> None:
        asked = self._taken("GET")
        if asked.path == "/v1/events":
            self._events()
        elif asked.query.get("follow") == ["true"]:
            self._head(200, "text/event-stream")
            for line in self.stand_in.log:
                self._send("line", line, None)
            self._send("end", None, None)
        else:
            self._answer(asked)

    def do_POST(self) -> None:
        self._answer(self._taken("POST"))

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _taken(self, method: str) -> Asked:
        url = urlsplit(self.path)
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(method, url.path, parse_qs(url.query), dict(self.headers), sent)
        self.stand_in.asked.append(asked)
        return asked

    def _answer(self, asked: Asked) -> None:
        if self.stand_in.drop:
            self.stand_in.drop -= 1
            return
        if asked.path in self.stand_in.raw:
            status, answer = self.stand_in.raw[asked.path]
        else:
            try:
                status, answer = 200, msgspec.json.encode(self.stand_in.answer(asked))
            except ShortsError as error:
                status, answer = TABLE[error.code].status, msgspec.json.encode(body(error))
        self._head(status, "application/json")
        self.wfile.write(answer)
        with self.stand_in.news:
            self.stand_in.answered.append(asked.path)
            self.stand_in.news.notify_all()

    def _head(self, status: int, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()

    def _events(self) -> None:
        self._head(200, "text/event-stream")
        if "Last-Event-ID" not in self.headers:
            self._send("snapshot", Snapshot(seq=1, jobs=list(self.stand_in.jobs.values())), None)
        self.stand_in.acts.pop(0)(self._send)

    def _send(self, event: str, data: Any, number: int | None) -> None:
        mark = "" if number is None else f"id: {number}\n"
        text = json.dumps(msgspec.to_builtins(data))
        self.wfile.write(f": alive\n\nevent: {event}\n{mark}data: {text}\n\n".encode())


def fact(job: int, kind: str, seq: int) -> EventView:
    return EventView(seq=seq, at=0.0, type=kind, job=job, data={})


def progress(job: int, percent: float, stage: str = "story") -> EventView:
    data = {"stage": stage, "percent": percent, "stage_percent": percent, "eta_s": 3.0, "message": "1 of 2"}
    return EventView(seq=None, at=0.0, type="progress", job=job, data=data)


@contextmanager
def serving(socket: Path, stand_in: StandIn) -> Iterator[StandIn]:
    """Answer on a socket from a thread."""
    handler = type("Bound", (Handler,), {"stand_in": stand_in})
    with ThreadingUnixStreamServer(str(socket), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield stand_in
        finally:
            server.shutdown()
            thread.join()
            socket.unlink(missing_ok=True)


if __name__ == "__main__":
    with serving(Path(sys.argv[1]), StandIn()):
        threading.Event().wait()
