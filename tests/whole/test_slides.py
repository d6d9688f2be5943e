"""Lectures, in a daemon: drawn by Pillow and by a browser, edited and made again."""

import json
import re
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from books import picture
from daemon import TINY, Home, home, wait_for
from PIL import Image
from servers.site import Site

from shortsd.media.slides.drawers import browser

SLIDES = '\n[slides]\ndrawer = "{}"\n\n[services]\ntrusted = ["{}"]\n'
LESSON = "# Tea\n\nIt is simple.\n\n## Needed\n\n- A kettle\n- Leaves\n\n## Then\n\n```python\nbrew()\n```\n\nDrink it."
MAGENTA, GREEN = (255, 0, 255), (0, 255, 0)
SMALL = ("--size=480x270", "--json")


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def config(site: Site, drawer: str) -> str:
    return TINY + SLIDES.format(drawer, site.address.removeprefix("http://"))


@pytest.fixture(scope="module")
def school(site: Site) -> Iterator[Home]:
    """A daemon that draws by Pillow, and trusts the site."""
    made = tempfile.TemporaryDirectory(prefix="shorts-")
    with made as folder, home(Path(folder) / "h", config(site, "pillow")) as running:
        yield running


@pytest.fixture(scope="module")
def lecture(school: Home) -> int:
    """A lecture that was made."""
    made = school.ctl("make", "--slides", "--story=-", *SMALL, stdin=LESSON.encode())
    assert made.returncode == 0, made.stderr
    return int(json.loads(made.stdout)["id"])


def drawn(school: Home, job: int) -> tuple[int, int, str]:
    """How many pictures of slides the job's last attempt drew, of how many, and by whom."""
    found = re.findall(r"(\d+) of (\d+) pictures of slides are to be drawn, by (\w+)", school.log(job))[-1]
    return int(found[0]), int(found[1]), found[2]


def coloured(school: Home, job: int, colour: tuple[int, int, int]) -> int:
    """How many slides show a patch of a colour."""
    files = {one.file for one in school.client.material(job).pictures}
    near = (np.abs(np.asarray(Image.open(file).convert("RGB"), dtype=int) - colour).max(axis=2) < 32 for file in files)
    return sum(int(patch.sum() > 100) for patch in near)


def spoken(school: Home) -> int:
    """How many sentences are kept that were spoken."""
    return sum(file.is_file() for file in (school.places.cache / "speech").rglob("*"))


def test_a_lecture_is_made_like_any_video(school: Home, lecture: int) -> None:
    """Its moments are drawn once each, it passes all checks, and its script lies beside it, also for `review`."""
    result = school.client.job(lecture).result
    assert drawn(school, lecture) == (6, 6, "pillow")
    assert all(Path(result[name]).is_file() for name in ("video", "thumbnail", "srt", "script"))
    assert "## Needed\n\n- A kettle\n- Leaves" in Path(result["script"]).read_text()
    assert f"script: {result['script']}" in school.ctl("review", str(lecture)).stdout


def test_what_was_edited_alone_is_made_again(school: Home, lecture: int) -> None:
    """A retry takes the script from its file: what is shown of one slide is drawn, two sentences spoken."""
    script, before = Path(school.client.job(lecture).result["script"]), spoken(school)
    said = script.read_text().replace("Drink it.", "Drink it while it is hot.")
    script.write_text(said.replace("- Leaves", "- Loose leaves"))
    school.retry(lecture)
    school.finished(lecture)
    assert drawn(school, lecture) == (3, 6, "pillow")
    assert spoken(school) == before + 2
    assert "hot" in Path(school.client.job(lecture).result["srt"]).read_text()


def test_a_script_of_another_source_replaces_an_edited_one(school: Home, lecture: int) -> None:
    """What was edited is kept beside it; the theme can be another, too."""
    script = Path(school.client.job(lecture).result["script"])
    script.write_text(script.read_text() + "\nIt was good.\n")
    (school.folder / "other.md").write_text("# Coffee\n\nIs no tea.")
    changed = school.ctl("retry", str(lecture), "--set", f"story={school.folder}/other.md", "--set", "theme=bold")
    assert changed.returncode == 0, changed.stderr
    assert school.finished(lecture).title == "Coffee"
    assert "# Coffee" in script.read_text()
    assert "It was good." in script.with_suffix(".before.md").read_text()


def test_pictures_in_files_beside_the_text_are_shown(school: Home) -> None:
    """Those of its folder and below, also by links that stay there; what leads out or is not there is told."""
    folder = school.folder / "lessons"
    (folder / "pots").mkdir(parents=True)
    pot, secret = folder / "pots" / "my pot.png", school.folder / "secret.png"
    pot.write_bytes(picture("magenta"))
    secret.write_bytes(picture("lime"))
    (folder / "link.png").symlink_to(pot)
    (folder / "out.png").symlink_to(secret)
    named = ("pots/my%20pot.png", "link.png", "out.png", "../secret.png", str(secret), "none.png")
    shown = "\n\n".join(f"## Pot {number}\n\n![A pot]({name})" for number, name in enumerate(named))
    (folder / "tea.md").write_text(f"# Tea\n\nIt is simple.\n\n{shown}")
    words = ("--story=lessons/tea.md", "--review=render", "--bg", SMALL[0])
    made = school.ctl("make", "--slides", *words, cwd=school.folder)
    job = int(made.stdout)
    school.until(job, "review")
    assert school.log(job).count("A picture is left out") == 4
    assert [coloured(school, job, colour) for colour in (MAGENTA, GREEN)] == [2, 0]
    pot.write_bytes(picture("lime"))
    school.retry(job)
    school.until(job, "review")
    assert drawn(school, job)[0] == 2
    assert [coloured(school, job, colour) for colour in (MAGENTA, GREEN)] == [0, 2]


def test_a_script_goes_with_its_lecture_unless_it_was_edited(school: Home, lecture: int) -> None:
    """What somebody wrote stays, and that is told; what nobody touched is removed as the video is."""
    result = school.client.job(lecture).result
    script, made = Path(result["script"]), Path(result["script"]).read_text()
    script.write_text(made + "\nMilk is no harm.\n")
    would = school.client.clean(str(lecture), outputs=True, dry_run=True)
    cleaned = school.ctl("clean", "--outputs", str(lecture), "--yes")
    assert would.yours == [result["script"]]
    assert f"{script} stays: it is yours" in cleaned.stderr
    assert (Path(result["video"]).exists(), script.exists()) == (False, True)
    script.write_text(made)
    assert "stays" not in school.ctl("clean", "--outputs", str(lecture), "--yes").stderr
    assert not script.exists()
    assert script.with_suffix(".before.md").exists()
    assert "script" not in school.client.job(lecture).result


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--theme=neon", "--story=-"), "There is no theme"),
        (("--images=x", "--story=-"), "Slides have no --images"),
        (("a topic",), "made of a text or an article"),
    ],
)
def test_what_no_lecture_can_be_made_of(school: Home, words: tuple[str, ...], says: str) -> None:
    """It is told at once, and makes no job."""
    before = len(school.client.jobs().jobs)
    refused = school.ctl("make", "--slides", *words, stdin=LESSON.encode())
    assert refused.returncode == 2
    assert says in refused.stderr
    assert len(school.client.jobs().jobs) == before


@pytest.mark.skipif(browser("") is None, reason="there is no Chromium here: apt-get install chromium")
def test_an_article_drawn_by_a_browser(school: Home, site: Site) -> None:
    """Its structure makes the slides, its picture is fetched once for all of them, and nobody else is asked."""
    (school.folder / "config.toml").write_text(config(site, "chromium"))
    assert school.process is not None
    school.process.send_signal(signal.SIGHUP)
    wait_for(lambda: "was read again" in school.said(), "the configuration read again")
    made = school.ctl("make", "--slides", "--url", f"{site.address}/lesson", "--article-pictures", *SMALL)
    assert made.returncode == 0, made.stderr
    job = json.loads(made.stdout)
    number, total, by = drawn(school, job["id"])
    assert (number, by) == (total, "chromium")
    assert job["title"] == "On tea"
    assert "left out" not in school.log(job["id"])
    assert [request.path for request in site.requests] == ["/lesson", "/kettle.png"]
    assert not list((school.places.work / str(job["id"])).rglob("browser-*"))
