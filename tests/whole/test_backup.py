import stat
from pathlib import Path

from daemon import Home


def test_a_backup_put_in_place_has_every_job(daemon: Home, tmp_path: Path) -> None:
    """What `backup` wrote while the daemon worked is a database that a daemon starts on; only its user can read it."""
    daemon.client.pause()
    job = daemon.make(title="The Lamp")
    file = tmp_path / "jobs of mine.db"
    ran = daemon.ctl("backup", str(file))
    assert (ran.returncode, ran.stdout) == (0, f"{file}\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    daemon.client.stop(job)
    daemon.client.delete(job)
    daemon.end()
    for one in daemon.places.state.glob("jobs.db*"):
        one.unlink()
    file.rename(daemon.places.database)
    daemon.start()
    assert (daemon.client.job(job).title, daemon.client.job(job).state) == ("The Lamp", "queued")
    assert [one.name for one in tmp_path.iterdir()] == []


def test_a_backup_does_not_replace_a_file_unasked(shared: Home, tmp_path: Path) -> None:
    """What is there stays as it is, unless `--force` is given; what only has a name like it stays in any case."""
    file = tmp_path / "mine"
    file.write_text("mine")
    part = tmp_path / "mine.part"
    part.write_text("mine too")
    refused = shared.ctl("backup", str(file))
    assert refused.returncode == 2
    assert "--force" in refused.stderr
    assert file.read_text() == "mine"
    assert shared.ctl("backup", "--force", str(file)).returncode == 0
    assert file.read_bytes().startswith(b"SQLite format 3\0")
    assert [one.name for one in tmp_path.iterdir() if one != part] == ["mine"]
    assert part.read_text() == "mine too"


def test_a_backup_that_cannot_be_written_leaves_nothing(shared: Home, tmp_path: Path) -> None:
    """A folder that is not there is named, and half a file is not left behind."""
    ran = shared.ctl("backup", str(tmp_path / "nowhere" / "file"))
    assert ran.returncode == 2
    assert "nowhere" in ran.stderr
    assert list(tmp_path.iterdir()) == []
    assert not list(shared.places.state.glob(".backup-*"))


def test_lists_have_the_beginning_of_a_long_story_and_show_has_all(shared: Home) -> None:
    """A list of long stories is short; asked for by itself, a job has every word."""
    story = "The lamp went out. " * 30
    job = shared.make(story=story)
    (listed,) = shared.client.jobs().jobs
    assert listed.params["story"] == f"{story[:199]}…"
    assert shared.client.job(job).params["story"] == story
    with shared.client.events() as messages:
        snapshot = shared.data(next(messages))
    assert len(snapshot["jobs"][0]["params"]["story"]) == 200
