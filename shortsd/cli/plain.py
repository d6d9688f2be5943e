"""Progress as lines, for a stderr that is no terminal: one for each stage that has ended."""

import sys
from typing import Self

from shortsd.client.text import lasted, shown
from shortsd.wire.models import JobView, StageView

_ENDED = ("done", "reused", "failed", "stopped")


class Plain:
    """Lines such as "7 voice: done, 3.1 s". Nothing is said twice."""

    def __init__(self) -> None:
        self._said: set[tuple[object, ...]] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is left open."""

    def job(self, job: JobView) -> None:
        for stage in job.stages:
            if stage.state in _ENDED:
                self._say(f"{job.id} {stage.name}: {_how(stage)}", job.id, job.attempt, stage.name, stage.state)
        if job.state not in ("running", "succeeded", "failed"):
            said = job.reason or (job.message if job.state == "queued" else "")
            why = f" ({said})" if said else ""
            self._say(f"{job.id} {job.state}{why}", job.id, job.attempt, job.state)

    def away(self) -> None:
        self._write("the daemon does not answer; waiting for it to come back")

    def back(self) -> None:
        self._write("the daemon is back")

    def _say(self, line: str, *what: object) -> None:
        if what not in self._said:
            self._said.add(what)
            self._write(line)

    def _write(self, line: str) -> None:
        sys.stderr.write(f"{shown(line)}\n")
        sys.stderr.flush()


def _how(stage: StageView) -> str:
    return f"done, {lasted(stage.seconds)}" if stage.state == "done" and stage.seconds is not None else stage.state
