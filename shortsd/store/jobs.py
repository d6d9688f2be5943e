"""Jobs and their events: each public method is one transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Unpack

from shortsd.domain.backoff import LONGEST_S
from shortsd.domain.errors import Conflict, Internal, WrongState
from shortsd.domain.events import Event
from shortsd.domain.job import AT_WORK, ENDED, Facts, Job, Lane, Move, Moved, State
from shortsd.domain.ports import Clock
from shortsd.store.database import Database, Transaction
from shortsd.store.events import events_after, last_seq, tell
from shortsd.store.idempotency import Accepted, forget, known, remember
from shortsd.store.moves import Mover, note
from shortsd.store.rows import dump, job_of, moved_of
from shortsd.store.selection import Selection, existing, selected


@dataclass(frozen=True, slots=True)
class Request:
    """A job as it is asked for."""

    kind: str
    params: Mapping[str, Any]
    """A `seed` of None is made the next number that was never handed out before."""
    title: str
    priority: int = 0
    publish_at: float | None = None
    """When it is to be seen, in seconds since the epoch."""


ALL = tuple(Lane)
_WAITS = (
    "state = 'queued' AND CASE WHEN due_at IS NOT NULL THEN 'due'"
    " WHEN kind IN (SELECT value FROM json_each(?)) THEN 'fetch' ELSE 'work' END IN (SELECT value FROM json_each(?))"
)
"""Whether a job waits in one of some lanes; of the kinds that are fetching, and the lanes."""
_MAY = "(retry_at IS NULL OR retry_at NOT BETWEEN ? AND ?)"
"""Whether it waits for its next try no more; of now, and the latest time that can be waited for."""
_BEFORE = "ORDER BY due_at IS NULL, priority DESC, id"

APART_S = 60.0
"""Hours nearer to each other than this are the same."""


class Jobs:
    """The job store. Every change of a job is written with its event and told of after the commit.

    Jobs of the kinds that are `fetching` have a lane of their own.
    """

    def __init__(self, database: Database, clock: Clock, fetching: Collection[str] = ()) -> None:
        self._database = database
        self._clock = clock
        self._fetching = dump(sorted(fetching))
        self._mover = Mover(clock)

    async def known(self, key: str, digest: str) -> Accepted | None:
        """What came of an earlier request with this idempotency key; `digest` stands for what was asked.

        Raises Conflict if something else was asked then.
        """
        return await self._database.read(lambda transaction: known(transaction, key, digest))

    async def create(self, requests: Sequence[Request], key: str | None = None, digest: str = "") -> Accepted:
        """Take jobs in, queued; several become a batch. With an idempotency key, as `known` if it was used before.

        Raises Unavailable if they would be lost.
        """

        async def work(transaction: Transaction) -> Accepted:
            before = None if key is None else await known(transaction, key, digest)
            if before is not None:
                return before
            self._database.require_place()
            batch = await self._batch(transaction) if len(requests) > 1 else None
            accepted = Accepted([await self._create(transaction, request, batch) for request in requests], batch)
            if key is not None:
                await remember(transaction, key, digest, accepted, self._clock())
            return accepted

        return await self._database.transaction(work)

    async def get(self, number: int) -> Job:
        """One job. Raises NotFound."""
        return await self._database.read(lambda transaction: existing(transaction, number))

    async def select(self, selection: Selection) -> list[Job]:
        """The selected jobs, newest first."""
        return await self._database.read(lambda transaction: selected(transaction, selection))

    async def count(self, state: State) -> int:
        """How many jobs are in a state."""

        async def work(transaction: Transaction) -> int:
            row = await transaction.one("SELECT count(*) FROM jobs WHERE state = ?", state)
            return int(row[0]) if row else 0

        return await self._database.read(work)

    async def snapshot(self, selection: Selection) -> tuple[int, list[Job]]:
        """The selected jobs and those that run beyond the limit, and the last event that led to how they stand."""

        async def work(transaction: Transaction) -> tuple[int, list[Job]]:
            active = replace(selection, states=AT_WORK)
            found = await selected(transaction, selection) + await selected(transaction, active)
            jobs = {job.id: job for job in sorted(found, key=lambda job: -job.id)}
            return await last_seq(transaction), list(jobs.values())

        return await self._database.read(work)

    async def move(self, number: int, how: Move, **facts: Unpack[Facts]) -> Job:
        """Move a job. Raises NotFound, WrongState."""

        async def work(transaction: Transaction) -> Job:
            return await self._mover.move(transaction, await existing(transaction, number), how, **facts)

        return await self._database.transaction(work)

    async def retry(self, number: int, reason: str, params: Mapping[str, Any] | None = None) -> Job:
        """Queue a job again, with other params if some are given.

        Raises NotFound, WrongState, Conflict (its hour is another's by now); Unavailable if it would be lost.
        """

        async def work(transaction: Transaction) -> Job:
            self._database.require_place()
            job = await existing(transaction, number)
            await self._require_hour(transaction, job)
            job = job if params is None else replace(job, params=params, approved="")
            return await self._mover.move(transaction, job, Move.RETRY, reason=reason, percent=0.0)

        return await self._database.transaction(work)

    async def stop(self, number: int) -> Job:
        """Stop a job: at once if it waits, by way of `stopping` if it runs. Raises NotFound, WrongState.

        One that is stopping stays so: only who works at it knows when that has ended.
        """

        async def work(transaction: Transaction) -> Job:
            job = await existing(transaction, number)
            if job.state is State.STOPPING:
                return job
            how = Move.STOP if job.state is State.RUNNING else Move.STOPPED
            return await self._mover.move(transaction, job, how, reason="stopped by the user")

        return await self._database.transaction(work)

    async def wake(self) -> list[Job]:
        """Queue the scheduled jobs whose hour has come; those."""

        async def work(transaction: Transaction) -> list[Job]:
            rows = await transaction.all(
                "SELECT * FROM jobs WHERE state = 'scheduled' AND coalesce(due_at, 0) <= ? ORDER BY due_at, id",
                self._clock(),
            )
            return [
                await self._mover.move(transaction, job_of(row), Move.DUE, reason="its hour has come") for row in rows
            ]

        return await self._database.transaction(work)

    async def next_due_s(self) -> float | None:
        """Seconds until the hour of a scheduled job comes; None if there is none."""

        async def work(transaction: Transaction) -> float | None:
            row = await transaction.one("SELECT min(coalesce(due_at, 0)) FROM jobs WHERE state = 'scheduled'")
            return None if row is None or row[0] is None else max(0.0, row[0] - self._clock())

        return await self._database.read(work)

    async def claim(self, lanes: Collection[Lane] = ALL) -> Job | None:
        """Start the next job of some lanes that may run; None if none waits.

        First come those whose hour has come, then the highest priority, then the oldest.
        """

        async def work(transaction: Transaction) -> Job | None:
            now = self._clock()
            row = await transaction.one(
                f"SELECT * FROM jobs WHERE {_WAITS} AND {_MAY} {_BEFORE} LIMIT 1",  # noqa: S608 - words of ours only
                *(self._fetching, dump(lanes), now, now + LONGEST_S),
            )
            return await self._mover.move(transaction, job_of(row), Move.START) if row else None

        return await self._database.transaction(work)

    async def next_try_s(self, lanes: Collection[Lane] = ALL) -> float | None:
        """Seconds until a job of some lanes that waits for its next try may run; None if there is none.

        A time further away than any wait was set by a clock that has jumped since, and does not count (see `claim`).
        """

        async def work(transaction: Transaction) -> float | None:
            row = await transaction.one(
                f"SELECT min(retry_at) FROM jobs WHERE {_WAITS}",  # noqa: S608 - words of ours only
                *(self._fetching, dump(lanes)),
            )
            return None if row is None or row[0] is None else max(0.0, row[0] - self._clock())

        return await self._database.read(work)

    async def after_death(self, *, died: bool = True) -> list[Job]:
        """Move what a daemon that died was at: back to the queue, to its end if it was being stopped or kills daemons.

        Not `died`, it was cut short while it ended. The jobs that moved.
        """

        async def work(transaction: Transaction) -> list[Job]:
            rows = await transaction.all("SELECT * FROM jobs WHERE state IN ('running', 'stopping') ORDER BY id")
            return [await self._mover.after_death(transaction, job_of(row), died=died) for row in rows]

        return await self._database.transaction(work)

    async def history(self, number: int) -> list[Moved]:
        """What became of a job, move by move, oldest first."""

        async def work(transaction: Transaction) -> list[Moved]:
            rows = await transaction.all(
                "SELECT at, move, attempt, reason, error FROM moves WHERE job = ? ORDER BY id", number
            )
            return [moved_of(row) for row in rows]

        return await self._database.read(work)

    async def entitle(self, number: int, title: str) -> None:
        """Give a job the title that its story came to have."""

        async def work(transaction: Transaction) -> None:
            await transaction.run("UPDATE jobs SET title = ? WHERE id = ?", title, number)
            await tell(transaction, self._clock(), "job.titled", number, {"title": title})

        await self._database.transaction(work)

    async def prioritize(self, number: int, priority: int) -> Job:
        """Give a job that has not ended another priority. Raises NotFound, WrongState."""

        async def work(transaction: Transaction) -> Job:
            job = await existing(transaction, number)
            if job.state in ENDED:
                raise WrongState(f"Job {number} has {job.state}, and waits for no turn.", "Retry it, then ask again.")
            await transaction.run("UPDATE jobs SET priority = ? WHERE id = ?", priority, number)
            await tell(transaction, self._clock(), "job.prioritized", number, {"priority": priority})
            return replace(job, priority=priority)

        return await self._database.transaction(work)

    async def amend(self, number: int, result: Mapping[str, Any]) -> None:
        """Say anew what a job made, when some of it was removed."""

        async def work(transaction: Transaction) -> None:
            await transaction.run("UPDATE jobs SET result = ? WHERE id = ?", dump(result), number)
            await tell(transaction, self._clock(), "job.cleaned", number, {"result": result})

        await self._database.transaction(work)

    async def delete(self, number: int) -> Job:
        """Forget a job that has ended. Raises NotFound; whether it may be forgotten is the caller's to know.

        An upload that it had not finished goes with it: nobody is to go on with that, and its address is as good as a
        key. One that it finished stays known, as its video stays on the channel.
        """

        async def work(transaction: Transaction) -> Job:
            job = await existing(transaction, number)
            await transaction.run("DELETE FROM jobs WHERE id = ?", number)
            await transaction.run("DELETE FROM uploads WHERE job = ? AND video = ''", number)
            await forget(transaction, number)
            await tell(transaction, self._clock(), "job.deleted", number, {})
            return job

        return await self._database.transaction(work)

    async def ping(self) -> None:
        """Return once the database answers, for who reads and for who writes. Raises Unavailable."""
        await self.count(State.QUEUED)
        await self._database.ping()

    async def writable(self) -> None:
        """Write something that changes nothing. Raises DiskFull or Unavailable if the database cannot be written."""

        async def work(transaction: Transaction) -> None:
            self._database.require_place()
            await transaction.run("INSERT INTO idempotency VALUES ('', '', '[]', NULL, ?)", self._clock())
            await transaction.run("DELETE FROM idempotency WHERE key = ''")

        await self._database.transaction(work)

    async def events_after(self, seq: int, limit: int, job: int | None = None) -> list[Event] | None:
        """Events with a number above `seq`, oldest first, `limit` at most; of one job only if given.

        None if some with such numbers are kept no more.
        """
        return await self._database.read(lambda transaction: events_after(transaction, seq, limit, job))

    async def _batch(self, transaction: Transaction) -> int:
        return await transaction.run("INSERT INTO batches (created_at) VALUES (?)", self._clock())

    async def _create(self, transaction: Transaction, request: Request, batch: int | None) -> Job:
        now = self._clock()
        params = dump(await self._seeded(transaction, request.params))
        row = await transaction.one(
            "INSERT INTO jobs (kind, params, state, priority, batch, title, created_at, moved_at, publish_at,"
            " attempt, reason, result, percent)"
            " VALUES (?, ?, 'queued', ?, ?, ?, ?, ?, ?, 0, '', '{}', 0.0) RETURNING *",
            request.kind, params, request.priority, batch, request.title, now, now, request.publish_at,
        )  # fmt: skip
        if row is None:
            raise Internal("The job database has not kept a job.")
        job = job_of(row)
        await note(transaction, job, Move.CREATE)
        data = {
            "state": job.state,
            "title": job.title,
            "kind": job.kind,
            "priority": job.priority,
            "batch": job.batch,
            "publish_at": job.publish_at,
        }
        await tell(transaction, now, f"job.{Move.CREATE}", job.id, data)
        return job

    async def _require_hour(self, transaction: Transaction, job: Job) -> None:
        """See that the hour of a job that was stopped was not given to another one. Raises Conflict."""
        if job.state is not State.STOPPED or job.publish_at is None or job.publish_at <= self._clock():
            return
        row = await transaction.one(
            "SELECT id FROM jobs WHERE id != ? AND state != 'stopped' AND abs(publish_at - ?) < ?",
            job.id, job.publish_at, APART_S,
        )  # fmt: skip
        if row is not None:
            raise Conflict(
                f"The hour of job {job.id} was given to job {row[0]} while it was stopped.",
                f"Stop job {row[0]} first, or plan another one: `shortsctl week --count 1 …`.",
            )

    async def _seeded(self, transaction: Transaction, params: Mapping[str, Any]) -> Mapping[str, Any]:
        if params.get("seed", 0) is not None:
            return params
        row = await transaction.one("UPDATE home SET seed = seed + 1 RETURNING seed - 1")
        return {**params, "seed": row[0] if row else 0}
