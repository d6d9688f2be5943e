"""The job store against a model: whatever is asked, in whatever order, states and events agree."""

import asyncio
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from shortsd.domain.backoff import LONGEST_S
from shortsd.domain.errors import Code, ShortsError, WrongState
from shortsd.domain.events import Event
from shortsd.domain.job import MOVES, JobError, Move, State
from shortsd.store.database import Database
from shortsd.store.jobs import Jobs, Request
from shortsd.store.selection import Selection

MOVED = sorted(set(Move) - {Move.CREATE, Move.START})


WAIT_S = 500.0
"""Until the next try of a job that was postponed: longer than a run of the machine takes by its clock."""


@dataclass(frozen=True)
class Kept:
    """What the model knows of a job."""

    state: State
    priority: int
    attempt: int = 0
    retry_at: float | None = None
    deaths: int = 0


def _survived(kept: Kept) -> Kept:
    """A job after the daemon died."""
    if kept.state is State.STOPPING:
        return replace(kept, state=State.STOPPED)
    if kept.state is not State.RUNNING:
        return kept
    again = kept.deaths + 1 < 3
    return replace(kept, state=State.QUEUED if again else State.FAILED, deaths=kept.deaths + 1)


class StoreMachine(RuleBasedStateMachine):
    """Drives the store by every verb, a dictionary of states beside it."""

    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.loop = asyncio.new_event_loop()
        self.told: list[Event] = []
        self.now = 0.0
        self.model: dict[int, Kept] = {}
        self._open()

    def _open(self) -> None:
        file = Path(self.folder.name) / "jobs.db"
        self.database = self._run(Database.open(file, self.told.append))
        self.jobs = Jobs(self.database, self._clock)

    def _clock(self) -> float:
        self.now += 1
        return self.now

    def _run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        self._run(self.database.close())
        self.loop.close()
        self.folder.cleanup()

    @rule(target=ids, priorities=st.lists(st.integers(-3, 3), min_size=1, max_size=4))
    def create(self, priorities: list[int]) -> Any:
        accepted = self._run(self.jobs.create([Request("short", {}, "a title", one) for one in priorities]))
        assert (accepted.batch is None) == (len(priorities) == 1)
        for job, priority in zip(accepted.jobs, priorities, strict=True):
            assert job.id not in self.model
            self.model[job.id] = Kept(State.QUEUED, priority)
        return multiple(*(job.id for job in accepted.jobs))

    @rule(number=ids, how=st.sampled_from(MOVED))
    def move(self, number: int, how: Move) -> None:
        kept = self.model[number]
        error = JobError(Code.INTERNAL, "It broke.") if how is Move.FAIL else None
        at = self.now + WAIT_S if how is Move.POSTPONE else None
        asked = self.jobs.move(number, how, error=error, retry_at=at)
        legal = MOVES.get((kept.state, how))
        if legal is None or ((kept.state, how) == (State.QUEUED, Move.RETRY) and kept.retry_at is None):
            self._refused(asked)
        else:
            self._run(asked)
            deaths = 0 if how in (Move.RETRY, Move.APPROVE) else kept.deaths
            self.model[number] = replace(kept, state=legal, retry_at=at, deaths=deaths)

    def _refused(self, work: Any) -> None:
        before = len(self.told)
        with pytest.raises(WrongState):
            self._run(work)
        assert len(self.told) == before

    @rule(number=ids)
    def stop(self, number: int) -> None:
        kept = self.model[number]
        after = dict.fromkeys((State.QUEUED, State.SCHEDULED, State.REVIEW), State.STOPPED)
        after |= dict.fromkeys((State.RUNNING, State.STOPPING), State.STOPPING)
        if kept.state not in after:
            self._refused(self.jobs.stop(number))
        else:
            self._run(self.jobs.stop(number))
            self.model[number] = replace(kept, state=after[kept.state], retry_at=None)

    @rule(by_s=st.sampled_from([1000.0, -2000.0]))
    def the_clock_jumps(self, by_s: float) -> None:
        self.now += by_s

    @rule()
    def claim(self) -> None:
        now = self.now + 1
        due = [
            (-kept.priority, number)
            for number, kept in self.model.items()
            if kept.state is State.QUEUED and (kept.retry_at is None or not now <= kept.retry_at <= now + LONGEST_S)
        ]
        job = self._run(self.jobs.claim())
        assert (job.id if job else None) == (min(due)[1] if due else None)
        if job:
            kept = self.model[job.id]
            self.model[job.id] = replace(kept, state=State.RUNNING, attempt=kept.attempt + 1, retry_at=None)

    @rule(number=consumes(ids))
    def delete(self, number: int) -> None:
        self._run(self.jobs.delete(number))
        del self.model[number]

    @rule()
    def the_daemon_dies(self) -> None:
        self._run(self.database.close())
        self._open()
        self._run(self.jobs.after_death())
        self.model = {number: _survived(kept) for number, kept in self.model.items()}

    @invariant()
    def jobs_are_as_in_the_model(self) -> None:
        jobs = self._run(self.jobs.select(Selection(limit=10_000)))
        assert {
            job.id: Kept(job.state, job.priority, job.attempt, job.retry_at, job.deaths) for job in jobs
        } == self.model
        assert [job.id for job in jobs] == sorted(self.model, reverse=True)

    @invariant()
    def events_are_stored_as_told_without_a_gap(self) -> None:
        stored = self._run(self.jobs.events_after(0, 100_000))
        assert list(map(asdict, stored)) == list(map(asdict, self.told))
        assert [event.seq for event in stored] == list(range(1, len(stored) + 1))

    @invariant()
    def the_last_event_of_a_job_tells_its_state(self) -> None:
        last = {event.job: event.data["state"] for event in self.told if "state" in event.data}
        assert {number: state for number, state in last.items() if number in self.model} == {
            number: kept.state for number, kept in self.model.items()
        }

    @invariant()
    def the_history_of_a_job_is_that_of_its_events(self) -> None:
        for number in self.model:
            told = [event.type for event in self.told if event.job == number and "state" in event.data]
            assert [f"job.{one.move}" for one in self._run(self.jobs.history(number))] == told


TestStore = StoreMachine.TestCase
TestStore.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)


def test_an_error_without_code_is_internal() -> None:
    """The root of our errors has a code of its own, so that none travels without one."""
    assert ShortsError("It broke.").code is Code.INTERNAL
