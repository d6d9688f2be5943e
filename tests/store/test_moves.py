"""The job store against a model: whatever is asked, in whatever order, states and events agree."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from shortsd.domain.errors import Code, ShortsError, WrongState
from shortsd.domain.events import Event
from shortsd.domain.job import MOVES, JobError, Move, State
from shortsd.store.database import Database
from shortsd.store.jobs import Jobs, Request, Selection

MOVED = sorted(set(Move) - {Move.CREATE, Move.START})


class StoreMachine(RuleBasedStateMachine):
    """Drives the store by every verb, a dictionary of states beside it."""

    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.loop = asyncio.new_event_loop()
        self.told: list[Event] = []
        self.now = 0.0
        self.model: dict[int, tuple[State, int, int]] = {}
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
            self.model[job.id] = (State.QUEUED, priority, 0)
        return multiple(*(job.id for job in accepted.jobs))

    @rule(number=ids, how=st.sampled_from(MOVED))
    def move(self, number: int, how: Move) -> None:
        state, priority, attempt = self.model[number]
        legal = MOVES.get((state, how))
        error = JobError(Code.INTERNAL, "It broke.") if how is Move.FAIL else None
        if legal is None:
            self._refused(self.jobs.move(number, how, error=error))
        else:
            self._run(self.jobs.move(number, how, error=error))
            self.model[number] = (legal, priority, attempt)

    def _refused(self, work: Any) -> None:
        before = len(self.told)
        with pytest.raises(WrongState):
            self._run(work)
        assert len(self.told) == before

    @rule(number=ids)
    def stop(self, number: int) -> None:
        state, priority, attempt = self.model[number]
        after = {State.QUEUED: State.STOPPED, State.RUNNING: State.STOPPING, State.STOPPING: State.STOPPING}.get(state)
        if after is None:
            self._refused(self.jobs.stop(number))
        else:
            self._run(self.jobs.stop(number))
            self.model[number] = (after, priority, attempt)

    @rule()
    def claim(self) -> None:
        queued = [(-priority, number) for number, (state, priority, _) in self.model.items() if state is State.QUEUED]
        job = self._run(self.jobs.claim())
        assert (job.id if job else None) == (min(queued)[1] if queued else None)
        if job:
            _, priority, attempt = self.model[job.id]
            self.model[job.id] = (State.RUNNING, priority, attempt + 1)

    @rule(number=consumes(ids))
    def delete(self, number: int) -> None:
        self._run(self.jobs.delete(number))
        del self.model[number]

    @rule()
    def restart(self) -> None:
        self._run(self.database.close())
        self._open()
        self._run(self.jobs.interrupt_all("interrupted: the daemon died"))
        after = {State.RUNNING: State.QUEUED, State.STOPPING: State.STOPPED}
        self.model = {
            number: (after.get(state, state), priority, attempt)
            for number, (state, priority, attempt) in self.model.items()
        }

    @invariant()
    def jobs_are_as_in_the_model(self) -> None:
        jobs = self._run(self.jobs.select(Selection(limit=10_000)))
        assert {job.id: (job.state, job.priority, job.attempt) for job in jobs} == self.model
        assert [job.id for job in jobs] == sorted(self.model, reverse=True)

    @invariant()
    def events_are_stored_as_told_without_a_gap(self) -> None:
        stored = self._run(self.jobs.events_after(0, 100_000))
        assert stored == self.told
        assert [event.seq for event in stored] == list(range(1, len(stored) + 1))

    @invariant()
    def the_last_event_of_a_job_tells_its_state(self) -> None:
        last = {event.job: event.data["state"] for event in self.told if "state" in event.data}
        assert {number: state for number, state in last.items() if number in self.model} == {
            number: state for number, (state, _, _) in self.model.items()
        }


TestStore = StoreMachine.TestCase
TestStore.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)


def test_an_error_without_code_is_internal() -> None:
    """The root of our errors has a code of its own, so that none travels without one."""
    assert ShortsError("It broke.").code is Code.INTERNAL
