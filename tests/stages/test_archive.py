from pathlib import Path

import pytest

from shortsd.config.settings import Settings
from shortsd.domain.errors import BadInput
from shortsd.domain.transcript import Segment, Transcript, Video
from shortsd.engine.transcripts import topic_of
from shortsd.stages.archive import KEPT, SUMMARY, Archive, Kept, Owner, claim, done, key, planned
from shortsd.stages.kinds.transcript import TRANSCRIPT
from shortsd.wire.transcripts import TranscriptParams

SAID = Transcript("en", "manual", (Segment(0, 1.5, "The lamp --> burned."),))
EVIL = ("../../etc/passwd", "/etc/passwd", "a\0b\n", "..", "", "x" * 500, "~root", "con.txt", "\u202efdp")


def kept(video: str, title: str = "The lamp", said: Transcript = SAID) -> Kept:
    return Kept(Video(video, "https://videos.example/", title), said)


@pytest.mark.parametrize("name", EVIL)
def test_names_from_outside_stay_inside(tmp_path: Path, name: str) -> None:
    """Ids, titles, languages and channels become names of files in the channel's folder, and of nothing else."""
    root = tmp_path / "channels"
    folder = root / claim(root, Owner(name, name, "https://videos.example/"))
    archive = Archive(folder)
    file = archive.save(kept(name, name, Transcript(name, "manual", SAID.segments)), "# A summary\n")
    assert file.resolve().parent == folder.resolve()
    assert folder.parent == root
    assert list(tmp_path.iterdir()) == [root]
    assert {len(one.name.encode()) < 200 for one in folder.iterdir()} == {True}
    assert archive.find(name, "", SUMMARY) == file


def test_a_folder_is_one_channels(tmp_path: Path) -> None:
    """The same channel finds its own again, whatever address it was asked for by; another of that name has another."""
    one, other = Owner("1", "Skerry", "https://a.example/"), Owner("2", "Skerry", "https://a.example/")
    first = claim(tmp_path, one)
    assert first == planned(tmp_path, Owner("1", "Skerry", "https://a.example/videos")) == "skerry"
    second = planned(tmp_path, other)
    assert claim(tmp_path, other) == second != first
    (tmp_path / "mine").mkdir()
    assert claim(tmp_path, Owner("3", "Mine", "https://a.example/")) != "mine"


def test_what_is_done_is_told_by_names(tmp_path: Path) -> None:
    """A video is found by its id, under whatever title, and in the language asked for; what is half there is not."""
    archive = Archive(tmp_path)
    archive.save(kept("dQw4w9WgXcQ"), "")
    archive.save(kept("dQw4w9WgXcQ", "Another title"), "# Said\n")
    (tmp_path / "strange.txt").write_text("")
    (tmp_path / "a.half.en.txt").write_text("")
    files = archive.files()
    assert done(files, "", KEPT) == done(files, "en-GB", KEPT) == {"dQw4w9WgXcQ"}
    assert not done(files, "de", KEPT)
    assert {one.name for one in files if one.key == "dQw4w9WgXcQ"} == {
        f"the-lamp.dQw4w9WgXcQ.en{suffix}" for suffix in (".txt", ".srt", ".json")
    } | {"another-title.dQw4w9WgXcQ.en.md"}
    loaded = archive.load(archive.find("dQw4w9WgXcQ", "en", KEPT) or tmp_path)
    assert loaded == kept("dQw4w9WgXcQ", "Another title")


def test_of_two_files_of_a_video_one_is_read_and_written(tmp_path: Path) -> None:
    """A copy that somebody made under another name is not written in the place of the file that is read."""
    archive = Archive(tmp_path)
    archive.save(kept("dQw4w9WgXcQ"), "")
    copy = tmp_path / "the-lamp-copy.dQw4w9WgXcQ.en.json"
    copy.write_bytes((tmp_path / "the-lamp.dQw4w9WgXcQ.en.json").read_bytes())
    archive.save(kept("dQw4w9WgXcQ", "Another title"), "")
    read = archive.load(archive.find("dQw4w9WgXcQ", "en", KEPT) or tmp_path)
    assert read == kept("dQw4w9WgXcQ", "Another title")


def test_keys_are_ids_where_they_can_be() -> None:
    """Others have something in their place, each its own."""
    assert key("-_aZ9") == "-_aZ9"
    assert len({key(name) for name in EVIL}) == len(EVIL)


@pytest.mark.parametrize("name", [name for name in EVIL if name != "x" * 500])
def test_a_job_names_no_other_folder(name: str) -> None:
    """What is asked for by hand is looked at as closely."""
    with pytest.raises(BadInput, match="no name of a channel's folder"):
        TRANSCRIPT.plan(TranscriptParams(channel=name, url="https://videos.example/"), Settings())


def test_topics_say_more_than_titles() -> None:
    """What is only there to be clicked is left out, and what its summary speaks of comes in."""
    summary = (
        "# T\n\nThe harbour master keeps the key of the lighthouse.\n\n- Video: https://videos.example/lighthouse\n"
    )
    topic = topic_of("The lamp [OFFICIAL] (4K) #shorts", summary)
    assert topic.startswith("The lamp: ")
    assert "harbour" in topic
    assert "https" not in topic
