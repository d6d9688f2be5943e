import asyncio
import json
import os
import threading
from pathlib import Path

import msgspec
import pytest
from support import TestDesk

from shortsd.domain.ports import Publication, Published
from shortsd.providers.publish.folder import FolderPublisher, slug


def publication(folder: Path, title: str = "A Title", created_at: float = 1.5, job: int = 7) -> Publication:
    """A short that waits in `folder`."""
    folder.mkdir(exist_ok=True)
    (folder / "v").write_bytes(b"video" * 1000)
    (folder / "t").write_bytes(b"thumbnail")
    (folder / "s").write_bytes(b"subrip")
    (folder / "w").write_bytes(b"webvtt")
    video, thumbnail, srt, vtt = (folder / name for name in "vtsw")
    return Publication(job, created_at, title, video, thumbnail, srt, vtt, {"title": title})


def short(stem: str) -> list[str]:
    """The names of a short's files."""
    return [f"{stem}.{suffix}" for suffix in ("jpg", "json", "mp4", "srt", "vtt")]


def content(file: str) -> str:
    """What is in a file."""
    return Path(file).read_text()


def read(metadata: str) -> dict[str, object]:
    """What a short's metadata file says."""
    said: dict[str, object] = json.loads(Path(metadata).read_text())
    return said


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


async def test_a_short_is_published_under_its_title(tmp_path: Path, desk: TestDesk) -> None:
    """Five files, whose metadata names the others and whose they are."""
    out = tmp_path / "out"
    published = await FolderPublisher(out).publish(publication(tmp_path / "w"), desk)
    assert names(out) == short("7-a-title")
    assert (content(published.srt), content(published.vtt)) == ("subrip", "webvtt")
    metadata = read(published.metadata)
    assert metadata["files"] == {
        "video": "7-a-title.mp4",
        "thumbnail": "7-a-title.jpg",
        "vtt": "7-a-title.vtt",
        "srt": "7-a-title.srt",
    }
    assert metadata["job"] == {"id": 7, "created_at": 1.5}


async def test_nobody_elses_short_is_overwritten(tmp_path: Path, desk: TestDesk) -> None:
    """A job of another database with the same number and title gets another name."""
    out = FolderPublisher(tmp_path / "out")
    await out.publish(publication(tmp_path / "w"), desk)
    await out.publish(publication(tmp_path / "w", created_at=2.5), desk)
    assert len(names(tmp_path / "out")) == 10
    await out.withdraw(7, 2.5)
    assert names(tmp_path / "out") == short("7-a-title")


async def test_a_short_published_again_replaces_itself(tmp_path: Path, desk: TestDesk) -> None:
    """Under the same title or another, there is one short of a job."""
    out = FolderPublisher(tmp_path / "out")
    for title in ("A Title", "A Title", "Another"):
        await out.publish(publication(tmp_path / "w", title), desk)
    assert names(tmp_path / "out") == short("7-another")


def test_what_was_published_without_captions_can_be_read() -> None:
    """The record of a short from before there were any names none."""
    record = b'{"video": "/7.mp4", "thumbnail": "/7.jpg", "metadata": "/7.json"}'
    published = msgspec.json.decode(record, type=Published)
    assert (published.video, published.srt, published.vtt) == ("/7.mp4", "", "")


async def test_subtitles_of_somebody_else_are_neither_overwritten_nor_removed(tmp_path: Path, desk: TestDesk) -> None:
    """What lies beside a short of a time when shorts came without captions is not the job's, unlike the short."""
    out = tmp_path / "out"
    out.mkdir()
    files = {"video": "7-a-title.mp4", "thumbnail": "7-a-title.jpg"}
    (out / "7-a-title.json").write_text(json.dumps({"job": {"id": 7, "created_at": 1.5}, "files": files}))
    for suffix in ("mp4", "jpg", "srt"):
        (out / f"7-a-title.{suffix}").write_text("old")
    await FolderPublisher(out).publish(publication(tmp_path / "w"), desk)
    assert names(out) == [*short("7-a-title-2"), "7-a-title.srt"]
    await FolderPublisher(out).withdraw(7, 1.5)
    assert names(out) == ["7-a-title.srt"]


async def test_a_metadata_file_cannot_have_other_files_removed(tmp_path: Path, desk: TestDesk) -> None:
    """Whatever names somebody writes into it, only the short's own go."""
    out = FolderPublisher(tmp_path / "out")
    published = await out.publish(publication(tmp_path / "w"), desk)
    metadata, said = tmp_path / "out" / "7-a-title.json", read(published.metadata)
    for strange in ({"video": "../w/v", "x": ["7-a-title.jpg"]}, 3, None):
        metadata.write_text(json.dumps({**said, "files": strange}))
        await out.withdraw(7, 1.5)
        assert names(tmp_path / "out") == ["7-a-title.jpg", "7-a-title.mp4", "7-a-title.srt", "7-a-title.vtt"]
    assert (tmp_path / "w" / "v").exists()


async def test_a_cancelled_publication_is_whole_or_not_there(tmp_path: Path, desk: TestDesk) -> None:
    """Wherever it is cancelled, none or all files are left, and nothing hidden."""
    for steps in range(60):
        folder = tmp_path / f"out{steps}"
        task = asyncio.create_task(FolderPublisher(folder).publish(publication(tmp_path / "w"), desk))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert len(names(folder) if folder.exists() else []) in (0, 5)


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
        ("ผู้ดูแล ไม่หลับ", "ผู้ดูแล-ไม่หลับ"),
        ("रोशनी बुझ गई", "रोशनी-बुझ-गई"),
        ("❤️ one_two", "one-two"),
        ("🎃 {\\an8}", "an8"),
        ("...", "short"),
        ("é" * 100, "é" * 30),
    ],
)
def test_a_title_becomes_a_safe_part_of_a_file_name(title: str, expected: str) -> None:
    """Letters, their marks and digits of any script, bounded in bytes."""
    assert slug(title) == expected
