from pathlib import Path

import pytest

from shortsd.domain.errors import ChildFailed
from shortsd.domain.story import Story
from shortsd.stages.workspace import RECORD, Workspace, fingerprint

STORY = Story("A title", "A text.", tags=("fog", "sea"))


def made(root: Path) -> Workspace:
    """A workspace with one finished stage of one file."""
    workspace = Workspace(root)
    (workspace.begin("story", "mark") / "file").write_text("whole")
    workspace.finish("story", "mark", STORY)
    return workspace


def test_a_finished_stage_is_found_as_it_was_returned(tmp_path: Path) -> None:
    """Result and files are there under the stage's name and fingerprint, and nothing half-made beside them."""
    workspace = made(tmp_path / "1")
    assert workspace.find("story", "mark", Story) == STORY
    assert (workspace.folder("story", "mark") / "file").read_text() == "whole"
    assert workspace.find("story", "another mark", Story) is None


def test_an_unfinished_stage_is_not_found(tmp_path: Path) -> None:
    """What was begun and never finished has no final name, and a sweep takes it away."""
    workspace = Workspace(tmp_path / "1")
    part = workspace.begin("story", "mark")
    (part / "file").write_text("half")
    assert workspace.find("story", "mark", Story) is None
    workspace.sweep()
    assert not part.exists()


@pytest.mark.parametrize("spoil", ["gone", "cut", "record cut", "record of another shape"])
def test_a_spoilt_artifact_is_not_reused(tmp_path: Path, spoil: str) -> None:
    """A file that is missing or of another size, and a record that cannot be read, count as nothing."""
    workspace = made(tmp_path / "1")
    folder = workspace.folder("story", "mark")
    match spoil:
        case "gone":
            (folder / "file").unlink()
        case "cut":
            (folder / "file").write_text("who")
        case "record cut":
            (folder / RECORD).write_bytes((folder / RECORD).read_bytes()[:20])
        case _:
            (folder / RECORD).write_text('{"result": {"title": 3}, "sizes": {}}')
    assert workspace.find("story", "mark", Story) is None


def test_a_stage_can_be_finished_again(tmp_path: Path) -> None:
    """The newer artifacts replace the older ones whole."""
    workspace = made(tmp_path / "1")
    (workspace.begin("story", "mark") / "other").write_text("new")
    workspace.finish("story", "mark", STORY)
    assert sorted(file.name for file in workspace.folder("story", "mark").iterdir()) == ["other", RECORD]


def test_a_fingerprint_depends_on_every_input_and_not_on_their_order() -> None:
    """The same inputs give the same mark in any order; one that differs gives another."""
    mark = fingerprint("voice", {"text": "a", "voice": "en"})
    assert mark == fingerprint("voice", {"voice": "en", "text": "a"})
    assert len({mark, fingerprint("voice", {"text": "b", "voice": "en"}), fingerprint("story", {"text": "a"})}) == 3


@pytest.mark.parametrize("content", [None, b""])
def test_a_stage_without_its_promised_file_is_not_made_final(tmp_path: Path, content: bytes | None) -> None:
    """A promised file that is missing or empty is an error that names it, and nothing is recorded."""
    workspace = Workspace(tmp_path)
    part = workspace.begin("voice", "1")
    if content is not None:
        (part / "voice.wav").write_bytes(content)
    with pytest.raises(ChildFailed, match=r"wrote no voice\.wav"):
        workspace.finish("voice", "1", 7, ("voice.wav",))
    assert workspace.find("voice", "1", int) is None


def test_a_record_without_its_promised_file_counts_as_not_there(tmp_path: Path) -> None:
    """What was recorded before files were promised is made again if it lacks one."""
    workspace = Workspace(tmp_path)
    workspace.begin("voice", "1")
    workspace.finish("voice", "1", 7)
    assert workspace.find("voice", "1", int) == 7
    assert workspace.find("voice", "1", int, ("voice.wav",)) is None
