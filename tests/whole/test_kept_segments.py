"""A render in segments: what is drawn stays, whatever happens to the daemon or is changed elsewhere in the short."""

from pathlib import Path

import pytest
from daemon import TINY, Home, home, wait_for
from PIL import Image

SENTENCES = [
    "The lamp went out an hour before the ship came around the rocks that night.",
    "Nobody on the island had heard the bell, and nobody had seen the keeper go.",
    "His coat hung by the door, still wet, and his supper stood warm upon the stove.",
    "They searched the stairs from the top to the cellar, and the cellar was dry.",
    "On the gallery lay a glove that none of the three men had ever seen before.",
    "By morning the fog had climbed the hill and taken the tower from our eyes.",
    "The lamp has not been lit since then, and every night somebody counts the ships.",
]
CONFIG = "\n[children]\nparallel_encoders = 1\n" + TINY.replace("270", "128").replace("480", "224")


def pieces(daemon: Home, job: int) -> dict[str, int]:
    """The segments that a job has, and which file each is."""
    folder = daemon.places.work / str(job) / "pieces" / "render"
    return {file.name: file.stat().st_ino for file in folder.glob("*.mp4")}


def told(*changed: str) -> str:
    """The story; with sentences in place of its fourth and those after it."""
    return " ".join([*SENTENCES[:3], *changed, *SENTENCES[3 + len(changed) :]])


def pictures(folder: Path, count: int) -> str:
    """Pictures that are quickly made, none like another, in a folder; its name."""
    folder.mkdir(parents=True)
    for number in range(count):
        Image.effect_noise((240, 400), 30 + number).save(folder / f"{number}.png")
    return str(folder)


@pytest.mark.timeout(240)
def test_segments_outlive_the_daemon(short_folder: Path) -> None:
    """After kill -9 in a render, and in the next one, the segments that were finished are not drawn again."""
    with home(short_folder, CONFIG) as daemon:
        job = daemon.make(story=" ".join(SENTENCES[:5]), fps=30)
        wait_for(lambda: bool(pieces(daemon, job)), "a segment")
        before = pieces(daemon, job)
        daemon.kill()
        daemon.start()
        daemon.finished(job)
        after = pieces(daemon, job)
        assert len(after) > len(before)
        assert before.items() <= after.items()
        assert "frames are there already" in daemon.log(job)


@pytest.mark.timeout(240)
def test_a_change_costs_the_segments_that_it_touches(short_folder: Path) -> None:
    """With one sentence edited, what lies before and after it is the very file that it was; captions are everywhere."""
    with home(short_folder, CONFIG) as daemon:
        job = daemon.make(story=told(), fps=30, images=pictures(short_folder / "pictures", len(SENTENCES)))
        length = daemon.finished(job).result["duration_s"]
        before = pieces(daemon, job)
        (short_folder / "edited.txt").write_text(told("They searched the stairs, and the cellar was dry."))
        asked = daemon.ctl("retry", str(job), "--set", f"story={short_folder / 'edited.txt'}")
        assert asked.returncode == 0, asked.stderr
        view = daemon.finished(job)
        after = pieces(daemon, job)
        assert view.result["duration_s"] != length
        assert 1 <= len(after.keys() - before.keys()) <= 2
        assert len(after.items() & before.items()) >= 2
        assert "retried with changes" in [move.reason for move in view.history]

        assert daemon.ctl("retry", str(job), "--set", "captions=clean", "--set", "cuts=hard").returncode == 0
        assert daemon.client.job(job).params["captions"]["style"] == "clean"
        wait_for(lambda: pieces(daemon, job).keys() - after.keys(), "a segment drawn anew")
        daemon.client.stop(job)
        daemon.until(job, "stopped")
        refused = daemon.ctl("retry", str(job), "--set", "captions=shouting")
        assert (refused.returncode, "karaoke" in refused.stderr) == (2, True)
        assert daemon.client.job(job).state == "stopped"


@pytest.mark.timeout(240)
def test_one_changed_picture_costs_the_segments_that_show_it(short_folder: Path) -> None:
    """Where a folder's pictures stay but for one, all segments but those with that one are the very files they were."""
    folder = pictures(short_folder / "pictures", 5)
    with home(short_folder, CONFIG) as daemon:
        job = daemon.make(story=" ".join(SENTENCES[:5]), images=folder)
        daemon.finished(job)
        before = pieces(daemon, job)
        Image.effect_noise((240, 400), 99).save(Path(folder) / "4.png")
        daemon.retry(job)
        daemon.finished(job)
        after = pieces(daemon, job)
        assert len(after.keys() - before.keys()) == 1
        assert len(after.items() & before.items()) == len(before) - 1 >= 2
