"""A daemon that kills itself where it is told to: `python -m crashing`.

It is the real one with a witness, who writes each point that it comes to into the file `points` of its home: before and
after every transition that outlives it. At the point that the file `crash` names it is gone. Stages can be held, too.
"""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from held import Holder

from shortsd.config.load import load
from shortsd.config.places import Places
from shortsd.domain.leave import leave
from shortsd.ground import Around
from shortsd.lifecycle import serve


@dataclass(frozen=True)
class Crasher(Holder):
    """A witness that writes points down as `before job.started 1`, with how often this daemon has come to each."""

    seen: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def transition(self, *facts: str) -> Iterator[None]:
        for fact in facts:
            self._come_to(f"before {fact}")
        yield
        for fact in facts:
            self._come_to(f"after {fact}")

    def _come_to(self, what: str) -> None:
        self.seen[what] += 1
        point = f"{what} {self.seen[what]}"
        with (self.home / "points").open("a") as file:
            file.write(point + "\n")
        crash = self.home / "crash"
        if crash.exists() and crash.read_text() == point:
            crash.unlink()
            os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    places = Places.find()
    asyncio.run(serve(Around(load(places.config_file), places, witness=Crasher(places.state.parent))))


def points(home: Path) -> list[str]:
    """The points that daemons of a home have come to, in their order."""
    return (home / "points").read_text().splitlines()


def crash(home: Path, point: str) -> None:
    """Let the next daemon die at a point."""
    (home / "crash").write_text(point)


if __name__ == "__main__":
    main()
    leave(0)
