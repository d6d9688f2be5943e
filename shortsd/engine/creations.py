"""Creations that are asked for by id: rendered here, or by an execution elsewhere; and how they stand."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from weakref import WeakValueDictionary

import msgspec

from shortsd.config.settings import Creations as Wanted
from shortsd.domain.elsewhere import Executions, Ran, Storage
from shortsd.domain.errors import NotFound, WrongState
from shortsd.domain.finish import in_thread
from shortsd.domain.job import ENDED, Job, State
from shortsd.stages import pages
from shortsd.stages.kinds.creation import CREATION
from shortsd.stages.preflight import NoJob
from shortsd.store.creations import CreationStore
from shortsd.wire.creations import CreationParams, CreationStatus
from shortsd.wire.models import NewJob

TASK = ("shortsd.task",)
"""What the container is to run: its entry point is `python -m`."""
MARKER = "video.run.json"
"""Beside the video: which execution makes it. It lies there so that every daemon knows of it."""
FAILED, PENDING, COMPLETED = "failed", "pending", "completed"


@dataclass(frozen=True, slots=True)
class _Marker:
    execution: str


@dataclass(frozen=True, slots=True)
class Creations:
    """One method for each verb."""

    store: CreationStore
    take_in: Callable[[Sequence[NewJob]], Awaitable[Sequence[Job]]]
    settings: Callable[[], Wanted]
    storage: Callable[[str], Storage]
    executions: Callable[[], Executions]
    _one_by_one: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def generate(self, creation: str) -> CreationStatus:
        """Have a creation's video made, unless that is under way.

        Raises BadInput, WrongState, and what taking in a job or starting an execution does.
        """
        pages.checked_id(creation)
        async with self._one_by_one.setdefault(creation, asyncio.Lock()):
            return await (self._start(creation) if self._elsewhere() else self._make(creation))

    async def status(self, creation: str) -> CreationStatus:
        """How a creation's video stands. Raises NotFound for one that nobody has asked for, and that has none."""
        pages.checked_id(creation)
        found = await (self._of_execution(creation) if self._elsewhere() else self._of_job(creation))
        if found is None:
            hint = f"POST /me/creation/{creation}/generate_video makes one."
            raise NotFound(f"There is no video of {creation}, and none is being made.", hint)
        return found

    def _elsewhere(self) -> bool:
        return self.settings().mode == "p"

    def _root(self) -> str:
        """Where creations lie. Raises WrongState."""
        url = self.settings().storage
        if not url:
            raise WrongState("No storage of creations is configured.", "Name one in creations.storage.")
        return url if "://" in url else str(Path(url).expanduser())

    async def _make(self, creation: str) -> CreationStatus:
        """Make a job of it, unless one is under way."""
        before = await self.store.latest(self._root(), creation)
        if before is not None and before.state not in ENDED:
            return CreationStatus(creation_id=creation, status=PENDING, job=before.id)
        params = CreationParams(creation=creation, storage=self._root())
        (job,) = await self.take_in([NewJob(kind=CREATION.name, params=params)])
        return CreationStatus(creation_id=creation, status=PENDING, job=job.id)

    async def _of_job(self, creation: str) -> CreationStatus | None:
        job = await self.store.latest(self._root(), creation)
        if job is None or job.state is State.SUCCEEDED:
            found = await self._by_bucket(creation, "the video was removed" if job else "")
            return found if found is None or job is None else replace(found, job=job.id)
        if job.state in ENDED:
            why = job.error.message if job.error else job.reason
            return CreationStatus(creation_id=creation, status=FAILED, reason=why, job=job.id)
        return CreationStatus(creation_id=creation, status=PENDING, job=job.id)

    async def _start(self, creation: str) -> CreationStatus:
        """Start an execution, unless one is under way, and leave word of it beside the video."""
        storage, executions = self.storage(self._root()), self.executions()
        before = await _marked(storage, creation)
        if before is not None and (await executions.look(before))[0] is Ran.UNDER_WAY:
            return CreationStatus(creation_id=creation, status=PENDING, execution=before)
        name = await executions.start([*TASK, creation, "--storage", self._root()])
        await _mark(storage, creation, name)
        return CreationStatus(creation_id=creation, status=PENDING, execution=name)

    async def _of_execution(self, creation: str) -> CreationStatus | None:
        name = await _marked(self.storage(self._root()), creation)
        ran, why = (Ran.GONE, "") if name is None else await self.executions().look(name)
        match ran:
            case Ran.UNDER_WAY:
                return CreationStatus(creation_id=creation, status=PENDING, execution=name or "")
            case Ran.FAILED:
                return CreationStatus(creation_id=creation, status=FAILED, reason=why, execution=name or "")
            case _:
                missing = "" if name is None else why or "the execution ended well, and the video is not there"
                return await self._by_bucket(creation, missing, name or "")

    async def _by_bucket(self, creation: str, missing: str, execution: str = "") -> CreationStatus | None:
        """As the bucket has it: completed if the video is there; failed if it should be, as `missing` tells."""
        storage = self.storage(self._root())
        path = pages.video(creation)
        if await storage.find(path) is not None:
            place = storage.whole(path)
            return CreationStatus(creation_id=creation, status=COMPLETED, video=place, execution=execution)
        if not missing:
            return None
        return CreationStatus(creation_id=creation, status=FAILED, reason=missing, execution=execution)


async def _marked(storage: Storage, creation: str) -> str | None:
    """The execution that was started last for a creation; None if there was none, or nobody can read of which."""
    found = await storage.find(f"{pages.assets(creation)}/{MARKER}")
    if found is None:
        return None
    with tempfile.TemporaryDirectory(prefix="shortsd-creation-") as folder:
        file = Path(folder) / MARKER
        await storage.fetch(found, file)
        try:
            return msgspec.json.decode(await in_thread(file.read_bytes), type=_Marker).execution
        except msgspec.DecodeError:
            return None


async def _mark(storage: Storage, creation: str, execution: str) -> None:
    with tempfile.TemporaryDirectory(prefix="shortsd-creation-") as folder:
        file = Path(folder) / MARKER
        await in_thread(file.write_bytes, msgspec.json.encode(_Marker(execution)))
        await storage.store(file, f"{pages.assets(creation)}/{MARKER}", NoJob("creation"))
