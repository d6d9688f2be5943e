import asyncio
import json
import os
import threading
from pathlib import Path

import pytest
from support import TestDesk

from shortsd.domain.ports import Publication
from shortsd.providers.publish.folder import FolderPublisher, slug


def publication(folder: Path, title: str = "A Title", created_at: float = 1.5, job: int = 7) -> Publication:
    """A short that waits in `folder`."""
    folder.mkdir(exist_ok=True)
    (folder / "v").write_bytes(b"video" * 1000)
    (folder / "t").write_bytes(b"thumbnail")
    return Publication(job, created_at, title, folder / "v", folder / "t", {"title": title})


def read(metadata: str) -> dict[str, object]:
    """What a short's metadata file says."""
    said: dict[str, object] = json.loads(Path(metadata).read_text())
    return said


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


async def test_a_short_is_published_under_its_title(tmp_path: Path, desk: TestDesk) -> None:
    """Three files whose metadata names the others and whose they are."""
    out = tmp_path / "out"
    published = await FolderPublisher(out).publish(publication(tmp_path / "w"), desk)
    assert names(out) == ["7-a-title.jpg", "7-a-title.json", "7-a-title.mp4"]
    metadata = read(published.metadata)
    assert metadata["files"] == {"video": "7-a-title.mp4", "thumbnail": "7-a-title.jpg"}
    assert metadata["job"] == {"id": 7, "created_at": 1.5}


async def test_nobody_elses_short_is_overwritten(tmp_path: Path, desk: TestDesk) -> None:
    """A job of another database with the same number and title gets another name."""
    out = FolderPublisher(tmp_path / "out")
    await out.publish(publication(tmp_path / "w"), desk)
    await out.publish(publication(tmp_path / "w", created_at=2.5), desk)
    assert len(names(tmp_path / "out")) == 6
    await out.withdraw(7, 2.5)
    assert names(tmp_path / "out") == ["7-a-title.jpg", "7-a-title.json", "7-a-title.mp4"]


async def test_a_short_published_again_replaces_itself(tmp_path: Path, desk: TestDesk) -> None:
    """Under the same title or another, there is one short of a job."""
    out = FolderPublisher(tmp_path / "out")
    for title in ("A Title", "A Title", "Another"):
        await out.publish(publication(tmp_path / "w", title), desk)
    assert names(tmp_path / "out") == ["7-another.jpg", "7-another.json", "7-another.mp4"]


async def test_a_cancelled_publication_is_whole_or_not_there(tmp_path: Path, desk: TestDesk) -> None:
    """Wherever it is cancelled, none or all three files are left, and nothing hidden."""
    for steps in range(40):
        folder = tmp_path / f"out{steps}"
        task = asyncio.create_task(FolderPublisher(folder).publish(publication(tmp_path / "w"), desk))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert len(names(folder) if folder.exists() else []) in (0, 3)


async def test_a_pipe_named_like_metadata_is_not_read(tmp_path: Path, desk: TestDesk) -> None:
    """Whoever opens one waits for a writer, for ever: it is taken for somebody else's, and not for ours if it talks."""
    out = tmp_path / "out"
    out.mkdir()
    pipe = out / "7-a-title.json"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=('{"job": {"id": 7, "created_at": 1.5}}',), daemon=True)
    writer.start()
    published = await FolderPublisher(out).publish(publication(tmp_path / "w"), desk)
    assert Path(published.metadata).name == "7-a-title-2.json"
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    writer.join()
    os.close(reader)


async def test_a_strange_metadata_file_is_nobodys(tmp_path: Path, desk: TestDesk) -> None:
    """What others put there, however odd, is neither an error nor ours to remove."""
    out = tmp_path / "out"
    out.mkdir()
    for number, text in enumerate(["", "[]", '{"job": {"id": 1e999, "created_at": 1}}', '{"job": 3}']):
        (out / f"7-odd{number}.json").write_text(text)
    (out / "7-a-title.json").write_bytes(b"\xff")
    await FolderPublisher(out).publish(publication(tmp_path / "w"), desk)
    await FolderPublisher(out).withdraw(7, 1.5)
    assert len(names(out)) == 5


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("The Night I Met Her!", "the-night-i-met-her"),
        ("Don't Look", "dont-look"),
        ("../../etc/passwd", "etc-passwd"),
        ("雨の夜", "雨の夜"),
        ("🎃 {\\an8}", "an8"),
        ("...", "short"),
        ("é" * 100, "é" * 30),
    ],
)
def test_a_title_becomes_a_safe_part_of_a_file_name(title: str, expected: str) -> None:
    """Letters and digits of any script, bounded in bytes."""
    assert slug(title) == expected
