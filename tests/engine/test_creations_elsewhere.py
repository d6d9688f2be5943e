"""Creations that an execution elsewhere makes: what is started, and how they are said to stand."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from servers.cloud_run import JOB, CloudRun
from servers.loopback import status
from support import TestDesk

from shortsd.config.settings import Creations as Wanted
from shortsd.domain.errors import BadInput, NotFound, ServiceFailed, ServiceRefused, WrongState
from shortsd.domain.job import Job
from shortsd.engine.creations import Creations
from shortsd.providers.cloud.identity import Identity
from shortsd.providers.cloud.run import CloudRun as Executions
from shortsd.providers.storage.folder import FolderStorage
from shortsd.store.creations import CreationStore
from shortsd.store.database import Database
from shortsd.wire.models import NewJob

BUCKET = "s3://books/2026"
"""What is configured; a folder stands for it here."""


@pytest.fixture
def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudRun]:
    with CloudRun() as server:
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(server.account(tmp_path / "account.json")))
        yield server


@dataclass
class Books:
    """Creations of mode p, in a folder in place of the bucket."""

    creations: Creations
    kept: FolderStorage
    folder: Path
    asking: list[Executions]

    def other(self, cloud: CloudRun) -> Creations:
        """As another daemon of the same service has them."""
        executions = Executions(JOB, cloud.address, Identity())
        self.asking.append(executions)
        return _creations(self.creations.store, executions, self.folder)

    async def deliver(self) -> None:
        """As the execution does at its end."""
        (self.folder / "video").write_bytes(b"video")
        await self.kept.store(self.folder / "video", "tale/assets/video.mp4", TestDesk())


@pytest.fixture
async def books(cloud: CloudRun, tmp_path: Path) -> AsyncIterator[Books]:
    database = await Database.open(tmp_path / "jobs.db", lambda _: None)
    executions = Executions(JOB, cloud.address, Identity())
    made = _creations(CreationStore(database), executions, tmp_path)
    books = Books(made, FolderStorage(tmp_path / "books"), tmp_path, [executions])
    yield books
    for each in books.asking:
        await each.close()
    await database.close()


def _creations(store: CreationStore, executions: Executions, folder: Path) -> Creations:
    async def take_in(wanted: Sequence[NewJob]) -> Sequence[Job]:
        raise AssertionError(wanted)

    return Creations(
        store=store,
        take_in=take_in,
        settings=lambda: Wanted(storage=BUCKET, mode="p", job=JOB),
        storage=lambda _: FolderStorage(folder / "books"),
        executions=lambda: executions,
    )


async def test_an_execution_is_started_once(books: Books, cloud: CloudRun) -> None:
    """With the words of the task, and a token; who asks again meanwhile is told of the same one."""
    first = await books.creations.generate("tale")
    again = await books.creations.generate("tale")
    assert (first.status, first.execution) == ("pending", f"{JOB}/executions/render-00000")
    assert again == first == await books.creations.status("tale")
    (asked,) = cloud.asked(f"/v2/{JOB}:run")
    words = b'["shortsd.task","tale","--storage","s3://books/2026"]'
    assert asked.body == b'{"overrides":{"containerOverrides":[{"args":' + words + b"}]}}"


async def test_who_was_started_by_another_daemon(books: Books, cloud: CloudRun) -> None:
    """Is told of, too: which execution it is lies beside the video."""
    first = await books.creations.generate("tale")
    other = books.other(cloud)
    assert await other.status("tale") == first
    assert await other.generate("tale") == first


async def test_the_end_of_an_execution(books: Books, cloud: CloudRun) -> None:
    """Completed with the video's place; after that another one may be started."""
    name = (await books.creations.generate("tale")).execution
    await books.deliver()
    cloud.end(name)
    done = await books.creations.status("tale")
    assert (done.status, done.video) == ("completed", str(books.folder / "books/tale/assets/video.mp4"))
    assert (await books.creations.generate("tale")).execution != name


async def test_an_execution_that_failed(books: Books, cloud: CloudRun) -> None:
    """Its own words are the reason; an older video does not hide that."""
    await books.deliver()
    cloud.end((await books.creations.generate("tale")).execution, failed="Task render-task0 failed with exit code 2.")
    failed = await books.creations.status("tale")
    assert (failed.status, failed.reason) == ("failed", "Task render-task0 failed with exit code 2.")


async def test_an_execution_that_left_no_video(books: Books, cloud: CloudRun) -> None:
    """However well it ended."""
    cloud.end((await books.creations.generate("tale")).execution)
    assert (await books.creations.status("tale")).reason == "the execution ended well, and the video is not there"


async def test_an_execution_that_nobody_knows_any_more(books: Books, cloud: CloudRun) -> None:
    """Then the bucket tells."""
    await books.creations.generate("tale")
    cloud.executions.clear()
    assert (await books.creations.status("tale")).reason == "Cloud Run knows of the execution no more"
    await books.deliver()
    assert (await books.creations.status("tale")).status == "completed"


async def test_a_video_that_nobody_here_asked_for(books: Books) -> None:
    """It is there all the same; where there is none, nothing is known."""
    with pytest.raises(NotFound, match="none is being made"):
        await books.creations.status("tale")
    await books.deliver()
    assert (await books.creations.status("tale")).status == "completed"


async def test_cloud_run_that_does_not_do_well(books: Books, cloud: CloudRun) -> None:
    """What may have started something is not asked again; a busy one is."""
    cloud.fail(status(503), at="/v2/")
    with pytest.raises(ServiceFailed, match="Cloud Run answered 503"):
        await books.creations.generate("tale")
    assert len(cloud.asked("/v2/")) == 1
    cloud.fail(status(429, Retry_After="0"), at="/v2/")
    assert (await books.creations.generate("tale")).status == "pending"


async def test_a_token_that_nobody_gives(books: Books, cloud: CloudRun) -> None:
    """It is said who did not give it, and what to do."""
    answer = '{"error": "invalid_grant", "error_description": "Invalid JWT Signature."}'
    cloud.fail(status(400, answer, "application/json"), at="/token")
    with pytest.raises(ServiceRefused, match="Google gave no token"):
        await books.creations.generate("tale")


async def test_ids_that_lead_elsewhere(books: Books, cloud: CloudRun) -> None:
    """Nothing is asked of anybody."""
    for use in (books.creations.generate("../tale"), books.creations.status("a/b")):
        with pytest.raises(BadInput, match="no id of a creation"):
            await use
    assert cloud.requests == []


async def test_without_a_storage_nobody_can_ask(books: Books, cloud: CloudRun) -> None:
    """It is said which setting is missing."""
    bare = Creations(
        books.creations.store, books.creations.take_in, Wanted, books.creations.storage, books.creations.executions
    )
    with pytest.raises(WrongState, match="No storage of creations"):
        await bare.generate("tale")
    assert cloud.requests == []
