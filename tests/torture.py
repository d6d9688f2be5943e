"""Kills daemons at random moments, again and again, and counts what was lost by it: nothing may be.

    python tests/torture.py [--kills 100] [--seed 1]

Prints a tally; the exit code is 1 if anything is not zero that must be. A seed gives the same deaths after the same
times; what a daemon was at by then is a race, and what it can be asked depends on it.
"""

import argparse
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import intact
from daemon import TINY, Home, resting, wait_for
from wishes import ACTIVE, Wishes

CONFIG = TINY.replace("270", "128").replace("480", "128").replace("fps = 10", "fps = 1") + "max_parallel_jobs = 2\n"
LIFE_S = 2.0
"""The longest that a daemon is left alone once it answers; a job takes about two seconds."""
START_S = 0.6
"""The longest that a daemon which is to die in its start is left alone."""
PAUSE_S = 0.3
"""The longest between two things that are asked of a daemon, and between two signals to it."""
PATIENCE_S = 300.0
"""For all jobs to come to their end when the last daemon is left alone."""

DEATHS = {
    "KILL": (signal.SIGKILL,),
    "TERM": (signal.SIGTERM,),
    "TERM, KILL": (signal.SIGTERM, signal.SIGKILL),
    "STOP, KILL": (signal.SIGSTOP, signal.SIGKILL),
}
"""Ways to die at work, and the signals that they take."""
AT_START = "KILL at start"
ODDS = {"KILL": 10, "TERM": 2, "TERM, KILL": 2, "STOP, KILL": 3, AT_START: 3}


@dataclass
class Tally:
    """What came of it. What `wrong` holds has no right to be."""

    kills: Counter[str] = field(default_factory=Counter)
    accepted: int = 0
    jobs: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    recovered_s: list[float] = field(default_factory=list)

    def find(self, what: str, found: list[str]) -> None:
        """Add to what is wrong; once, however often it is seen."""
        known = self.wrong.setdefault(what, [])
        known += [one for one in found if one not in known]

    @property
    def ok(self) -> bool:
        return not any(self.wrong.values())

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{'kills':<24}{self.kills.total():>6}   {_listed(self.kills)}"
        yield f"{'jobs accepted':<24}{self.accepted:>6}   {_listed(self.jobs)}"
        yield f"{'seconds to recover':<24}{median(self.recovered_s):>6.2f}   {max(self.recovered_s):.2f} at most"
        for what, found in self.wrong.items():
            yield f"{what:<24}{len(found):>6}   {'must be 0' if found else 'ok'}"
            yield from (f"    {one}" for one in found)


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {what}" for what, count in counts.most_common())


class Torturer:
    """Who asks a daemon for work, and kills it."""

    def __init__(self, home: Home, seed: int) -> None:
        self._home = home
        self._random = random.Random(seed)
        self._asking = random.Random(seed)
        self._wishes = Wishes(home, self._asking)
        self.tally = Tally()

    def torture(self, kills: int) -> Tally:
        """Kill so many daemons, then let the last one finish."""
        while self.tally.kills.total() < kills:
            death = self._random.choices(list(ODDS), list(ODDS.values()))[0]
            self._die_at_start() if death == AT_START else self._die_at_work(death)
            self.tally.find("half made", intact.half_made(self._home))
        self._start()
        self._finish()
        return self.tally

    def _die_at_start(self) -> None:
        """Twice: what the first one was at is left to the second."""
        for _ in range(2):
            self._home.spawn()
            time.sleep(self._random.uniform(0, START_S))
            self._home.kill()
            self.tally.kills[AT_START] += 1

    def _die_at_work(self, death: str) -> None:
        self._start()
        killer = self._killer(DEATHS[death])
        killer.start()
        while self._home.lives:
            self._wishes.do_something()
            time.sleep(self._asking.uniform(0, PAUSE_S))
        killer.join()
        self.tally.kills[death] += 1
        if death == "TERM":
            self.tally.find("bad ends", _bad(self._home.died()))

    def _killer(self, signals: Sequence[signal.Signals]) -> threading.Thread:
        """Who sends a daemon signals while it is asked for things: it may die in the middle of an answer."""
        pauses = [self._random.uniform(0, LIFE_S), *(self._random.uniform(0, PAUSE_S) for _ in signals[1:])]
        return threading.Thread(target=_send, args=(self._home, list(zip(pauses, signals, strict=True))))

    def _start(self) -> None:
        """Start a daemon, and look at what it makes of what it finds."""
        begun = time.monotonic()
        self._home.start()
        self.tally.recovered_s.append(time.monotonic() - begun)
        self._look()

    def _look(self) -> None:
        self._wishes.settle()
        self.tally.find("lost", self._wishes.lost())
        self.tally.find("doubled", self._wishes.doubled())
        self.tally.find("never accepted", self._wishes.unasked())
        self.tally.find("failed", self._wishes.retry_poisoned())
        self.tally.find("orphans", intact.orphans(self._home))
        self.tally.find("redone stages", intact.redone(self._home))
        self.tally.find("damage", intact.damage(self._home))

    def _finish(self) -> None:
        wait_for(self._over, "the end of all jobs", PATIENCE_S)
        self._look()
        self.tally.find("not as asked", self._wishes.not_as_asked())
        self.tally.find("orphans", [f"{process} lives" for process in self._home.strays()])
        self.tally.find("unsettled", intact.unsettled(self._home))
        self.tally.find("half made", intact.half_made(self._home))
        self.tally.find("misplaced outputs", intact.misplaced(self._home))
        self.tally.find("unplayable videos", intact.unplayable(self._home))
        self.tally.accepted, self.tally.jobs = self._wishes.counts()
        self.tally.find("bad ends", _bad(self._home.kill(signal.SIGTERM)))
        self.tally.find("orphans", [f"{process} outlived all" for process in self._home.strays()])

    def _over(self) -> bool:
        self.tally.find("failed", self._wishes.retry_poisoned())
        return not self._home.client.jobs(ACTIVE).jobs


def _bad(code: int) -> list[str]:
    """That a daemon which was asked to end did not do so in order."""
    return [f"a daemon ended with code {code}"] if code else []


def _send(home: Home, signals: list[tuple[float, signal.Signals]]) -> None:
    """Signals, each after its seconds; who has ended by then needs no more."""
    for pause_s, number in signals:
        time.sleep(pause_s)
        if home.process is not None:
            home.process.send_signal(number)


def torture(folder: Path, kills: int, seed: int) -> Tally:
    """Torture the daemons of a home."""
    with resting(folder, CONFIG) as home:
        return Torturer(home, seed).torture(kills)


def main() -> int:
    """Torture and print the tally; the exit code."""
    options = _parser().parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="shorts-") as folder:
        tally = torture(Path(folder), options.kills, options.seed)
    sys.stdout.write(f"seed {options.seed}, {time.monotonic() - begun:.0f} s\n{tally}\n")
    return 0 if tally.ok else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Kill daemons at random moments and count what was lost.")
    parser.add_argument("--kills", type=int, default=100, metavar="N", help="how many (default: 100)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of all choices (default: 1)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
