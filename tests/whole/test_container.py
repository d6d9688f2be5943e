"""What the Dockerfile says works: its install steps in a fresh virtual environment, and the task from it.

No container is started here. The wheels are those that these tests run with: what pip would fetch is not fetched again.
"""

import json
import os
import shutil
import site
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import books
import pytest

ROOT = Path(__file__).parents[2]
PLACE = "/opt/shortsd"
"""Where the image has its virtual environment."""


OURS = [path for path in sys.path if path.endswith("site-packages") and path != site.getusersitepackages()]
"""Where the packages are that these tests run with."""


@dataclass(frozen=True)
class Stage:
    """A stage of a Dockerfile: its instructions and their words, in order."""

    lines: tuple[tuple[str, str], ...]

    def said(self, instruction: str) -> list[str]:
        return [words for name, words in self.lines if name == instruction]


def stages() -> list[Stage]:
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if line.strip() and line[0] != "#"]
    pairs = [(line.partition(" ")[0], line.partition(" ")[2]) for line in lines]
    begins = [at for at, (name, _) in enumerate(pairs) if name == "FROM"]
    return [Stage(tuple(pairs[at:end])) for at, end in zip(begins, [*begins[1:], len(pairs)], strict=True)]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The virtual environment of the image, made by its own steps from what they copy."""
    folder = tmp_path_factory.mktemp("image")
    source, place = folder / "src", folder / "venv"
    source.mkdir()
    build = stages()[0]
    for words in build.said("COPY"):
        *names, to = words.split()
        for name in names:
            copy(ROOT / name, source if to == "./" else source / to)
    make, *rest = [words.replace(PLACE, str(place)) for words in build.said("RUN")]
    run(make.replace("python", sys.executable, 1), source)
    lend(place)
    for words in rest:
        run(words, source)
    yield place
    shutil.rmtree(folder)


def copy(what: Path, to: Path) -> None:
    if what.is_dir():
        shutil.copytree(what, to, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(what, to)


def lend(place: Path) -> None:
    """Let a virtual environment find the packages that we have; our own is none of them."""
    (site_packages,) = place.glob("lib/python*/site-packages")
    (site_packages / "lent.pth").write_text("\n".join(OURS) + "\n")


def run(words: str, folder: Path) -> None:
    """A step, without the network; pip builds with our setuptools, and takes our packages for installed."""
    pip = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "PYTHONPATH": os.pathsep.join(OURS)}
    done = subprocess.run(  # noqa: S602 - as Docker runs it
        words,
        shell=True,
        cwd=folder,
        env={**os.environ, **pip},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_runs_is_what_was_installed(installed: Path, tmp_path: Path) -> None:
    """The package and its data come from the image's own folder, not from these sources."""
    asked = "import shortsd, shortsd.task; print(shortsd.__file__)"
    said = subprocess.run(
        [installed / "bin" / "python", "-c", asked], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert Path(said.stdout.strip()).is_relative_to(installed)


def test_the_task_renders_in_the_image(installed: Path, tmp_path: Path) -> None:
    """As the entry point has it: a book becomes a video, and the last line says where."""
    books.write(tmp_path / "books" / "tale", {"1": ("navy", ("A bell.",))})
    entry = json.loads(stages()[-1].said("ENTRYPOINT")[0])
    words = [*entry, "shortsd.task", "tale", "--storage", str(tmp_path / "books"), *books.TINY]
    environment = {"PATH": f"{installed / 'bin'}:/usr/bin:/bin", "SHORTSD_HOME": str(tmp_path / "home")}
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    last = json.loads(done.stdout.splitlines()[-1])
    assert (last["event"], last["video"]) == ("completed", str(tmp_path / "books" / "tale" / "assets" / "video.mp4"))


def test_the_image_is_slim_and_runs_as_nobody() -> None:
    """Python's own slim image and what pip installs, run by who is not root; both programs start by the entry point."""
    *_, last = stages()
    assert all(stage.lines[0][1].startswith("python:3.12-slim") for stage in stages())
    assert last.said("USER") == ["10001"]
    assert not any("apt" in words or "curl" in words for stage in stages() for words in stage.said("RUN"))
    assert json.loads(last.said("CMD")[0]) == ["shortsd"]


def test_only_what_is_copied_goes_to_the_build() -> None:
    """Each name that the build copies is let through, and nothing else is."""
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {name for words in stages()[0].said("COPY") for name in words.split()[:-1]}
    assert let_in == copied
