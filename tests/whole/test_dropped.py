"""What is put into the inbox of a real daemon."""

import signal
from pathlib import Path

import crashing
import held
from daemon import STORY, TINY, Home, home, resting, wait_for
from PIL import Image

from shortsd.engine.taken import NOTE, REASON

QUICK = TINY.replace("270", "128").replace("480", "128").replace("fps = 10", "fps = 1") + "\n[inbox]\nsettle_s = 0.1\n"

POINTS = [
    f"{when} {what} 1"
    for what in ("parcel.taken", "job.created", "parcel.settled")
    for when in ("before", "after")
]  # fmt: skip


def put(daemon: Home, name: str, text: str) -> None:
    """Put a file into the inbox, whole at once; a daemon that has just come up may yet have to make that."""
    wait_for(daemon.places.inbox.is_dir, "the inbox")
    part = daemon.places.inbox / f".{name}"
    part.write_text(text)
    part.rename(daemon.places.inbox / name)


def notes(daemon: Home) -> list[Path]:
    return sorted((daemon.places.inbox / "taken").glob(f"*{NOTE}"))


def test_whatever_is_dropped_becomes_a_job(short_folder: Path) -> None:
    """A text, Markdown, options, and a folder with pictures, whose job is made of them where they lie now."""
    with home(short_folder, QUICK) as daemon:
        put(daemon, "a.txt", STORY)
        put(daemon, "b.md", f"---\nfps: 12\n---\n# The *Lamp*\n\n{STORY}")
        put(daemon, "c.toml", 'topic = "a bell"\npriority = 5\n')
        week = short_folder / "week"
        week.mkdir()
        (week / "story.txt").write_text(STORY)
        Image.new("RGB", (300, 500), "orange").save(week / "1.png")
        week.rename(daemon.places.inbox / "d")
        wait_for(lambda: len(notes(daemon)) == 4, "four notes")
        folder, options, markdown, text = daemon.client.jobs().jobs
        daemon.ctl("stop", "1-3")
        (taken,) = (daemon.places.inbox / "taken").glob("*-d")
        assert (text.params["story"], markdown.params["title"], markdown.params["fps"]) == (STORY, "The Lamp", 12)
        assert (options.params["topic"], options.priority, folder.params["images"]) == ("a bell", 5, str(taken))
        daemon.finished(folder.id)
        assert "made of inbox/d" in daemon.log(folder.id)
        assert f'"a job was made of inbox/d" job={folder.id}' in daemon.said()


def test_what_make_would_refuse_is_refused(short_folder: Path) -> None:
    """By the same checks, with the same words: a voice that there is not, a picture that is none."""
    with home(short_folder, QUICK) as daemon:
        put(daemon, "voice.toml", 'topic = "sea"\nvoice = "en-uz"\n')
        week = daemon.places.inbox / "week"
        week.mkdir()
        (week / "1.png").write_text("no picture")
        (week / "story.txt").write_text(STORY)
        refused = daemon.places.inbox / "refused"
        wait_for(lambda: all((refused / name).exists() for name in ("voice.toml", "week")), "both refused")
        said = daemon.ctl("make", "sea", "--voice", "en-uz").stderr
        reason = (refused / f"voice.toml{REASON}").read_text()
        assert said.splitlines()[0].removeprefix("shortsctl: ") in reason
        assert "picture" in (refused / f"week{REASON}").read_text()
        assert daemon.client.jobs().jobs == []


def test_a_file_becomes_one_job_wherever_the_daemon_dies(short_folder: Path) -> None:
    """Killed right before or after it moves a file, makes the job, and notes that, the next daemon goes on there."""
    with resting(short_folder, QUICK, "crashing") as daemon:
        held.hold(short_folder, "story")
        daemon.places.inbox.mkdir()
        put(daemon, "story.txt", STORY)
        for point in POINTS:
            crashing.crash(short_folder, point)
            daemon.spawn()
            assert daemon.died() == -signal.SIGKILL, point
        daemon.start()
        wait_for(lambda: len(notes(daemon)) == 1, "the note")
        put(daemon, "next.txt", STORY)
        wait_for(lambda: len(notes(daemon)) == 2, "the next one's note")
        assert [job.id for job in daemon.client.jobs().jobs] == [2, 1]
        assert not list(daemon.places.inbox.glob("*.txt"))
        daemon.ctl("stop", "1-2")


def test_a_refusal_is_whole_wherever_the_daemon_dies(short_folder: Path) -> None:
    """What was refused lies there once, with its reason."""
    with resting(short_folder, QUICK, "crashing") as daemon:
        daemon.places.inbox.mkdir()
        put(daemon, "story.pdf", "x")
        for point in ("before parcel.refused 1", "after parcel.refused 1"):
            crashing.crash(short_folder, point)
            daemon.spawn()
            assert daemon.died() == -signal.SIGKILL, point
        daemon.start()
        lying = sorted(file.name for file in (daemon.places.inbox / "refused").iterdir())
        assert lying == ["story.pdf", f"story.pdf{REASON}"]
        assert list((daemon.places.inbox / "taken").iterdir()) == []


def test_another_folder_may_be_named_while_it_runs(short_folder: Path) -> None:
    """What lies there already is taken, and the one before is watched no more."""
    with home(short_folder, QUICK) as daemon:
        stories = short_folder / "stories"
        stories.mkdir()
        (stories / "story.toml").write_text('topic = "sea"\ncuts = "jump"\n')
        (short_folder / "config.toml").write_text(f'{QUICK}folder = "{stories}"\n')
        wait_for((stories / "refused" / "story.toml").exists, "the other folder's file")
        (daemon.places.inbox / "late.pdf").write_text("x")
        (stories / "late.pdf").write_text("x")
        wait_for((stories / "refused" / "late.pdf").exists, "the other folder's next file")
        assert (daemon.places.inbox / "late.pdf").exists()


def test_nothing_is_made_where_nothing_is_to_be_watched(short_folder: Path) -> None:
    """Who does not want an inbox has none."""
    with home(short_folder, TINY + "\n[inbox]\nwatch = false\n") as daemon:
        assert daemon.ctl("doctor").returncode == 0
        assert not daemon.places.inbox.exists()


def test_an_inbox_around_what_is_ours_is_told(short_folder: Path) -> None:
    """It is not watched, and nothing in it is touched."""
    with home(short_folder, f'{QUICK}folder = "{short_folder}"\n') as daemon:
        wait_for(lambda: "in inbox.folder" in daemon.said(), "the warning")
        assert daemon.lives
