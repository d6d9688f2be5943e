"""Every storage keeps the same promises; those elsewhere keep them when their service does not do well."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from rights import unprivileged
from servers import azurite
from servers.gcs import Gcs
from servers.loopback import reset, status
from servers.s3 import s3
from support import TestDesk

from shortsd.domain.elsewhere import Storage
from shortsd.domain.errors import BadInput, ServiceFailed, ServiceRefused, ShortsError
from shortsd.kit import storage
from shortsd.providers.storage.bucket import BucketStorage
from shortsd.providers.storage.folder import PART_S, FolderStorage

LARGE = 9 << 20
"""More than is sent at a time."""


@contextmanager
def environment(**variables: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


AZURITE = pytest.mark.skipif(azurite.found() is None, reason=azurite.MISSING)


@pytest.fixture(scope="module", params=["folder", "s3", "gs", pytest.param("az", marks=AZURITE)])
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    """Each kind of storage, below a prefix where it is a bucket."""
    if request.param == "folder":
        yield storage(str(tmp_path_factory.mktemp("books")))
    elif request.param == "s3":
        with s3() as server, environment(**server.environment):
            yield storage("s3://books/2026")
    elif request.param == "az":
        with azurite.azure("books") as account, environment(**account.environment):
            yield storage("az://books/2026")
    else:
        with Gcs() as google, environment(GOOGLE_SERVICE_ACCOUNT_KEY=google.key):
            yield storage("gs://books/2026")


class LoopDesk(TestDesk):
    """A desk in a loop, as the daemon's is: who tells it something from a thread is no guest there."""

    def progress(self, done: float, total: float, message: str = "") -> None:
        asyncio.get_running_loop()
        super().progress(done, total, message)


def a_file(folder: Path, size: int = 1000) -> Path:
    file = folder / "made"
    file.write_bytes(os.urandom(size))
    return file


@pytest.mark.parametrize("size", [0, 1000, LARGE])
async def test_what_is_stored_comes_back(kept: Storage, tmp_path: Path, size: int) -> None:
    """Byte for byte, in the place of what was there, and with progress up to all of it."""
    desk = LoopDesk()
    path = f"tale-{size}/assets/video.mp4"
    await kept.store(a_file(tmp_path), path, TestDesk())
    file = a_file(tmp_path, size)
    await kept.store(file, path, desk)
    (stored,) = await kept.files(f"tale-{size}/assets", 10)
    assert (stored.path, stored.size) == (path, size)
    assert stored == await kept.find(path)
    await kept.fetch(stored, tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == file.read_bytes()
    if size:
        assert desk.seen[-1][:2] == (size, size)


async def test_files_are_listed_below_a_folder_alone(kept: Storage, tmp_path: Path, desk: TestDesk) -> None:
    """None of a folder whose name begins alike, none where there is no folder, an error for too many."""
    for path in ("list/a/1.txt", "list/a/b/2.txt", "list/ab/3.txt"):
        await kept.store(a_file(tmp_path), path, desk)
    assert [one.path for one in await kept.files("list/a", 10)] == ["list/a/1.txt", "list/a/b/2.txt"]
    assert await kept.files("list/none", 10) == []
    assert await kept.find("list/a") is None
    with pytest.raises(BadInput, match="more than 1 files"):
        await kept.files("list/a", 1)


async def test_what_became_another_since_it_was_listed(kept: Storage, tmp_path: Path, desk: TestDesk) -> None:
    """It is not taken for the one that was listed."""
    await kept.store(a_file(tmp_path), "twice/1.txt", desk)
    (before,) = await kept.files("twice", 10)
    await kept.store(a_file(tmp_path, 1001), "twice/1.txt", desk)
    with pytest.raises(ServiceFailed, match="changed while it was read"):
        await kept.fetch(before, tmp_path / "back")


@pytest.mark.parametrize("path", ["../tale", "/etc/passwd", "a/../../b", "a//b", "./a", "a\\b", "a\0b", ""])
async def test_no_path_leads_out(kept: Storage, tmp_path: Path, desk: TestDesk, path: str) -> None:
    """Whatever is to be done with it."""
    for use in (kept.files(path, 10), kept.find(path), kept.store(a_file(tmp_path), path, desk)):
        with pytest.raises(BadInput, match="no path in a storage"):
            await use


async def test_links_do_not_lead_out_of_a_folder(tmp_path: Path, desk: TestDesk) -> None:
    """To a file, to a folder, or as the creation itself; one that stays inside is followed."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "image.png").write_bytes(b"secret")
    root = tmp_path / "books"
    (root / "tale" / "1").mkdir(parents=True)
    kept = FolderStorage(root)
    (root / "tale" / "1" / "own.png").write_bytes(b"own")
    (root / "tale" / "1" / "image.png").symlink_to("own.png")
    assert [one.size for one in await kept.files("tale", 10)] == [3, 3]
    (root / "tale" / "2.png").symlink_to(tmp_path / "secret" / "image.png")
    with pytest.raises(BadInput, match="leads out"):
        await kept.files("tale", 10)
    (root / "other").symlink_to(tmp_path / "secret")
    for use in (kept.files("other", 10), kept.find("other/image.png"), kept.store(a_file(tmp_path), "other/v", desk)):
        with pytest.raises(BadInput, match="leads out"):
            await use
    assert sorted(file.name for file in (tmp_path / "secret").iterdir()) == ["image.png"]


async def test_a_link_in_a_videos_place_is_replaced(tmp_path: Path, desk: TestDesk) -> None:
    """What it led to stays as it was."""
    (tmp_path / "victim").write_bytes(b"victim")
    (tmp_path / "tale").mkdir()
    (tmp_path / "tale" / "video.mp4").symlink_to(tmp_path / "victim")
    await FolderStorage(tmp_path).store(a_file(tmp_path), "tale/video.mp4", desk)
    assert (tmp_path / "victim").read_bytes() == b"victim"
    assert not (tmp_path / "tale" / "video.mp4").is_symlink()


async def test_what_is_no_file_is_named(tmp_path: Path, desk: TestDesk) -> None:
    """A pipe and a link to nothing among pages, a folder in a video's place, a file in a creation's: none passes."""
    kept, pages = FolderStorage(tmp_path), tmp_path / "tale" / "1"
    (pages / "video.mp4").mkdir(parents=True)
    for use in (kept.store(a_file(tmp_path), "tale/1/video.mp4", desk), kept.expect("tale/1/video.mp4")):
        with pytest.raises(BadInput, match=r"tale/1/video.mp4 .*there is a folder"):
            await use
    (tmp_path / "book").write_text("")
    for use in (kept.store(a_file(tmp_path), "book/1/video.mp4", desk), kept.expect("book/1/video.mp4")):
        with pytest.raises(BadInput, match=r"book/1/video.mp4 .*is no folder"):
            await use
    os.mkfifo(pages / "1.txt")
    with pytest.raises(BadInput, match=r"tale/1/1.txt is no file"):
        await kept.files("tale", 10)
    (pages / "1.txt").unlink()
    (pages / "1.txt").symlink_to("nothing")
    with pytest.raises(BadInput, match=r"tale/1/1.txt is no file"):
        await kept.files("tale", 10)
    with pytest.raises(BadInput, match="no folder"):
        await kept.find("made/assets/video.mp4")


def test_a_folder_that_may_not_be_written() -> None:
    """It is told before anything is made for it, also where the folder itself is still to be made."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o555)
        with unprivileged(), pytest.raises(ServiceRefused, match=r"tale/assets/video.mp4 .*nothing may be written"):
            asyncio.run(FolderStorage(Path(name)).expect("tale/assets/video.mp4"))
        Path(name).chmod(0o777)
        with unprivileged():
            asyncio.run(FolderStorage(Path(name)).expect("tale/assets/video.mp4"))


async def test_what_a_killed_writer_left_in_a_folder(tmp_path: Path, desk: TestDesk) -> None:
    """An old part is removed with the next file, a young one may be another's at work; neither is listed."""
    old, young = tmp_path / "tale" / ".v.mp4.aa.part", tmp_path / "tale" / ".v.mp4.bb.part"
    old.parent.mkdir()
    for part in (old, young):
        part.write_bytes(b"half")
    os.utime(old, (0, old.stat().st_mtime - PART_S - 1))
    kept = FolderStorage(tmp_path)
    await kept.store(a_file(tmp_path), "tale/v.mp4", desk)
    assert (old.exists(), young.exists()) == (False, True)
    assert [one.path for one in await kept.files("tale", 10)] == ["tale/v.mp4"]


@dataclass
class Bucket:
    """Cloud Storage that can misbehave, and a storage in it."""

    server: Gcs
    kept: BucketStorage

    def video(self) -> bytes | None:
        return self.server.objects.get("books/tale/video.mp4")


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    with Gcs() as server, environment(GOOGLE_SERVICE_ACCOUNT_KEY=server.key):
        yield Bucket(server, BucketStorage("gs://books"))


async def test_faults_in_mid_upload_are_got_over(bucket: Bucket, tmp_path: Path, desk: TestDesk) -> None:
    """A part that is refused for now, and one whose connection is reset: what is there in the end is whole."""
    file = a_file(tmp_path, LARGE)
    bucket.server.fail(status(503), at="/books/tale")
    bucket.server.fail(reset(), at="/books/tale")
    await bucket.kept.store(file, "tale/video.mp4", desk)
    assert bucket.video() == file.read_bytes()
    assert bucket.server.uploads == {}


async def test_what_came_to_be_another_is_sent_again(bucket: Bucket, tmp_path: Path, desk: TestDesk) -> None:
    """Told by its digest, once it is read back."""
    file = a_file(tmp_path)
    bucket.server.spoiled = 1
    await bucket.kept.store(file, "tale/video.mp4", desk)
    assert bucket.video() == file.read_bytes()


async def test_an_upload_that_is_broken_off_leaves_nothing(bucket: Bucket, tmp_path: Path, desk: TestDesk) -> None:
    """No video, and no parts that somebody pays for."""
    sending = asyncio.create_task(bucket.kept.store(a_file(tmp_path, 8 * LARGE), "tale/video.mp4", desk))
    while not bucket.server.uploads and not sending.done():  # noqa: ASYNC110 - it happens in the server's thread
        await asyncio.sleep(0.01)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert bucket.video() is None
    assert bucket.server.uploads == {}


async def test_a_refusal_is_told_at_once(bucket: Bucket, tmp_path: Path, desk: TestDesk) -> None:
    """In a sentence with the place, without what an address may hold; nothing is left behind."""
    bucket.server.fail(status(403), at="/books/tale")
    with pytest.raises(ServiceRefused, match="does not let us at gs://books/tale") as refused:
        await bucket.kept.store(a_file(tmp_path), "tale/video.mp4", desk)
    assert "?" not in refused.value.message
    assert bucket.server.objects == {}


@pytest.mark.parametrize(("code", "wrong"), [(404, BadInput), (401, ServiceRefused), (403, ServiceRefused)])
async def test_a_bucket_that_is_none_of_ours(bucket: Bucket, code: int, wrong: type[ShortsError]) -> None:
    """It is told as what it is by whoever looks what is in it, and not tried again."""
    bucket.server.fail(status(code, "<?xml?>\n<Error>no</Error>"), at="/books")
    with pytest.raises(wrong, match=f"gs://books/tale .*status code: {code} [A-Z a-z]*\\)\\.$") as failed:
        await bucket.kept.files("tale", 10)
    assert not failed.value.retryable


async def test_a_download_that_breaks_off_is_whole_in_the_end(bucket: Bucket, tmp_path: Path, desk: TestDesk) -> None:
    """It begins anew, or goes on where it broke off."""
    file = a_file(tmp_path, LARGE)
    await bucket.kept.store(file, "tale/video.mp4", desk)
    (stored,) = await bucket.kept.files("tale", 10)
    bucket.server.fail(reset(file.read_bytes()[:1000]), at="/books/tale")
    await bucket.kept.fetch(stored, tmp_path / "back")
    assert sha256((tmp_path / "back").read_bytes()).digest() == sha256(file.read_bytes()).digest()


@pytest.mark.parametrize("url", ["s3://", "ftp://books", "gs://user:word@books", "az:///x", "s3://books?x=y"])
def test_addresses_that_are_no_storage(url: str) -> None:
    """They are refused by what they are, without the words of a query."""
    with pytest.raises(BadInput, match="is no storage"):
        storage(url)


def test_azure_is_a_storage() -> None:
    """By its container, the account being named in its own environment; nothing is asked of it before it is used."""
    with environment(AZURE_STORAGE_ACCOUNT_NAME="tests", AZURE_STORAGE_ACCOUNT_KEY="dGVzdHM="):
        assert storage("az://books/2026").whole("tale/video.mp4") == "az://books/2026/tale/video.mp4"


def test_azure_without_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused before anything is asked for, with the names of what is missing."""
    for name in [name for name in os.environ if name.startswith("AZURE_")]:
        monkeypatch.delenv(name)
    with pytest.raises(ServiceRefused, match="Account must be specified") as refused:
        storage("az://books")
    assert "AZURE_STORAGE_ACCOUNT_NAME" in refused.value.hint
