"""A daemon that is stood in for, with jobs and logs as a test lays them out, and a clock that stands still."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from client.standin import Send, StandIn, a_job, serving

from shortsd.client.client import Client
from shortsd.client.transport import Transport
from shortsd.config.places import Places
from shortsd.wire.models import ErrorBody, EventView, JobView, MoveView, StageView

NOW = 1_800_000_000.0
"""What the clock says: an hour that no test depends on."""

STAGES = ("story", "voice", "images", "captions", "render", "thumbnail", "check", "publish")


def now() -> float:
    return NOW


@dataclass
class Staged:
    """The stand-in, who asks it, and what it tells next."""

    daemon: StandIn
    client: Client
    places: Places
    _running: ExitStack
    _events: SimpleQueue[EventView | None] = field(default_factory=SimpleQueue)

    def tell(self, *events: EventView) -> None:
        """Have the stream of events go on with these."""
        for event in events:
            self._events.put(event)

    def go(self) -> None:
        """Be gone, as a daemon that was killed."""
        self._running.close()
        self._events.put(None)

    def asked_for(self, number: int) -> int:
        """How often a job was asked for."""
        return sum(asked.path == f"/v1/jobs/{number}" for asked in self.daemon.asked)

    def log(self, number: int, text: str) -> None:
        """Write a job's log."""
        self.places.logs.mkdir(parents=True, exist_ok=True)
        (self.places.logs / f"{number}.log").write_text(text)

    def _act(self, send: Send) -> None:
        while (event := self._events.get()) is not None:
            send("progress" if event.seq is None else "event", event, event.seq)
        self._events.put(None)  # for whoever else listens


@contextmanager
def staged(folder: Path, *jobs: JobView) -> Iterator[Staged]:
    """A stand-in with these jobs."""
    places = Places.find({"SHORTSD_HOME": str(folder)})
    for each in (places.lock, places.socket):
        each.parent.mkdir(parents=True, exist_ok=True)
    places.lock.write_text(str(os.getpid()))  # which is what the stand-in says of itself, too
    with ExitStack() as running:
        daemon = running.enter_context(serving(places.socket, StandIn(jobs={job.id: job for job in jobs})))
        stage = Staged(daemon, Client(Transport(places.socket)), places, running)
        daemon.acts = [stage._act] * 9
        try:
            yield stage
        finally:
            stage.go()


def happened(job: int, kind: str, seq: int, **data: Any) -> EventView:
    return EventView(seq=seq, at=NOW, type=kind, job=job, data=data)


def sampled(job: int, stage: str, percent: float, message: str) -> EventView:
    data = {"stage": stage, "percent": percent, "stage_percent": percent, "eta_s": 21.0, "message": message}
    return EventView(seq=None, at=NOW, type="progress", job=job, data=data)


def rendering(number: int = 7, **given: Any) -> JobView:
    """A job whose frames are being drawn."""
    stages = [StageView(name=name, state="done", percent=100.0, seconds=1.5) for name in STAGES[:4]]
    stages.append(StageView(name="render", state="running", percent=46.0, seconds=12.0, message="412 of 900 frames"))
    stages += [StageView(name=name, state="waiting") for name in STAGES[5:]]
    told = {
        "title": "The lamp that burned in room 7",
        "created_at": NOW - 300,
        "moved_at": NOW - 18,
        "started_at": NOW - 18,
        "percent": 41.0,
        "eta_s": 21.0,
        "stage": "render",
        "message": "412 of 900 frames",
        "stages": stages,
        "history": [_move(300, "created", 0), _move(18, "started", 1)],
    }
    return a_job(number, **{**told, **given})


def failed(number: int = 6) -> JobView:
    """A job that failed for the second time, and will be tried again."""
    error = ErrorBody(
        code="unavailable",
        message="The picture service does not answer.",
        hint="Wait for it, or name another one in [images].",
        stage="images",
    )
    stages = [StageView(name=name, state="reused", percent=100.0, seconds=0.1) for name in STAGES[:2]]
    stages.append(StageView(name="images", state="failed", percent=30.0, seconds=60.2))
    stages += [StageView(name=name, state="waiting") for name in STAGES[3:]]
    history = [
        _move(500, "created", 0),
        _move(400, "started", 1),
        _move(300, "postponed", 1, error),
        _move(200, "started", 2),
        _move(100, "postponed", 2, error),
    ]
    return a_job(
        number, title="東京の夜の灯台守 🗼 and a title that goes on for longer than most", state="queued", attempt=2,
        stage=None, percent=12.0, created_at=NOW - 500, moved_at=NOW - 100, started_at=NOW - 200, error=error,
        retry_at=NOW + 95, tries=2, stages=stages, history=history,
    )  # fmt: skip


def finished(number: int = 5) -> JobView:
    """A job that has succeeded, of whose checks one was not passed."""
    stages = [StageView(name=name, state="done", percent=100.0, seconds=2.5) for name in STAGES]
    checks = [
        {"name": "loudness", "ok": True, "measured": "-14.2 LUFS", "limit": "-14 ±0.5 LUFS", "kind": "must"},
        {"name": "glyphs", "ok": False, "measured": "2 missing", "limit": "none missing", "kind": "should"},
    ]
    result = {
        "video": f"/out/{number}-the-last-train.mp4",
        "thumbnail": f"/out/{number}-the-last-train.jpg",
        "link": "https://youtu.be/xyz",
        "duration_s": 31.5,
        "checks": checks,
        "warnings": ["voice: edge is away, espeak speaks"],
    }
    return a_job(
        number, state="succeeded", stage=None, percent=100.0, created_at=NOW - 900, moved_at=NOW - 850,
        started_at=NOW - 890, ended_at=NOW - 850, result=result, stages=stages,
    )  # fmt: skip


def _move(ago_s: float, move: str, attempt: int, error: ErrorBody | None = None) -> MoveView:
    return MoveView(at=NOW - ago_s, move=move, attempt=attempt, reason="", error=error)
