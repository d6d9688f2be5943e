"""Creations in a real daemon: from a shell, over HTTP, and what is said of them."""

import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import books
import httpx
import msgspec
import pytest
from bridge import bridge
from daemon import TINY, Home, home
from PIL import Image

TOKEN = "a-token-of-some-length"  # noqa: S105 - of a daemon that a test starts
SMALL = TINY.replace("width = 270\nheight = 480\nfps = 10", "width = 128\nheight = 128\nfps = 5")


@dataclass
class Library:
    """A daemon with a folder of books, and two ways to ask it."""

    home: Home
    folder: Path
    port: int

    def ask(self, method: str, path: str, token: str = TOKEN) -> httpx.Response:
        """By TCP."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.request(method, f"http://127.0.0.1:{self.port}{path}", headers=headers, timeout=30)

    def generate(self, creation: str) -> Any:
        answer = self.ask("POST", f"/me/creation/{creation}/generate_video")
        assert answer.status_code == 202, answer.text
        return answer.json()

    def status(self, creation: str) -> Any:
        return self.ask("GET", f"/me/creation/{creation}/generate_video_status").json()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture(scope="module")
def library() -> Iterator[Library]:
    with tempfile.TemporaryDirectory(prefix="shorts-") as name:
        folder, port = Path(name), free_port()
        wanted = f'storage = "{folder / "books"}"\nlisten = "127.0.0.1:{port}"\nsize = "128x128"\nsilent_s = 0.5\n'
        config = f"{SMALL}\n[creations]\n{wanted}"
        with home(folder / "h", config, SHORTSD_HTTP_TOKEN=TOKEN) as running:
            yield Library(running, folder / "books", port)


@pytest.fixture(scope="module")
def rendered(library: Library) -> int:
    """The job of a book of dark pages that was asked for twice over HTTP, and is done."""
    for picture in books.write(library.folder / "bell").glob("assets/*/image.*"):
        Image.new("RGB", (320, 240), (4, 6, 20)).save(picture)
    first, again = library.generate("bell"), library.generate("bell")
    assert first == again
    assert library.status("bell")["status"] == "pending"
    library.home.finished(first["job"])
    return int(first["job"])


def test_a_book_becomes_a_video_beside_it(library: Library, rendered: int) -> None:
    """Its place is told over HTTP, and by the job like that of a short; nothing half made lies beside it."""
    video = library.folder / "bell" / "assets" / "video.mp4"
    assert video.stat().st_size > 10_000
    said = library.status("bell")
    assert (said["status"], said["video"], said["job"]) == ("completed", str(video), rendered)
    assert library.home.client.job(rendered).result["video"] == str(video)
    assert sorted(file.name for file in video.parent.iterdir()) == ["1", "10", "2", "video.mp4"]


def test_a_dark_book_is_told_of(library: Library, rendered: int) -> None:
    """Its pages are as its maker wants them: that they are black stops nothing."""
    checks = {check["name"]: check for check in library.home.client.job(rendered).result["checks"]}
    assert not checks["black"]["ok"]
    assert "warning: black: " in library.home.ctl("logs", str(rendered)).stdout


def test_its_job_shows_like_others(library: Library, rendered: int) -> None:
    """With its kind, its own stages, in `ls`, `show`, the history and the metrics."""
    listed = library.home.ctl("ls").stdout
    assert "KIND" in listed
    assert "creation" in listed
    shown = library.home.ctl("show", str(rendered)).stdout
    assert "kind         creation" in shown
    assert [line.split()[1] for line in shown.splitlines() if line.split()[:1] == ["deliver"]] == ["done"]
    assert "film.width   128" in shown
    history = msgspec.json.decode(library.home.ctl("history", "--json").stdout)
    assert [(one["kind"], one["title"]) for one in history] == [("creation", "bell")]
    with bridge(library.home.places.socket) as url:
        measured = httpx.get(f"{url}/metrics").text
    assert 'shortsd_stage_duration_seconds_count{stage="deliver"} 1.0' in measured
    assert "creation: fetch" in library.home.ctl("stats").stdout


def test_what_changed_is_made_anew(library: Library, rendered: int) -> None:
    """Its text is spoken, and the video replaced; of changes that are asked for the rest is reused, too."""
    page = library.folder / "bell" / "assets" / "10" / "2.txt"
    before = (library.folder / "bell" / "assets" / "video.mp4").read_bytes()
    page.write_text("Thrice.")
    assert library.generate("bell")["job"] != rendered
    job = library.home.finished(library.status("bell")["job"])
    assert (library.folder / "bell" / "assets" / "video.mp4").read_bytes() != before
    changed = library.home.ctl("retry", str(job.id), "--set", "captions=boxed")
    assert changed.returncode == 0, changed.stderr
    states = {stage.name: stage.state for stage in library.home.finished(job.id).stages}
    made = {name for name, state in states.items() if state == "done"}
    assert made == {"pages", "captions", "render", "check", "deliver"}


def test_why_a_creation_failed(library: Library) -> None:
    """A picture that cannot be read is named by its page."""
    (books.write(library.folder / "torn") / "assets" / "2" / "image.png").write_bytes(b"\x89PNG\r\n\x1a\nno more")
    job = library.generate("torn")["job"]
    library.home.until(job, "failed")
    said = library.status("torn")
    assert said["status"] == "failed"
    assert said["reason"].startswith("The picture of page 2 cannot be shown")
    assert not (library.folder / "torn" / "assets" / "video.mp4").exists()


def test_what_is_refused_at_once(library: Library) -> None:
    """A book that is not there, an id that leads elsewhere; what nobody asked for has no status."""
    missing = library.ask("POST", "/me/creation/none/generate_video")
    assert (missing.status_code, missing.json()["code"]) == (422, "bad_input")
    assert library.ask("GET", "/me/creation/none/generate_video_status").status_code == 404
    for bad in ("..%2Fbell", "%2e%2e", "a%00b", ".hidden", "x" * 200):
        assert library.ask("POST", f"/me/creation/{bad}/generate_video").status_code in (400, 404, 422), bad


def test_who_has_not_the_token_learns_nothing(library: Library) -> None:
    """Without it, with another one, on whatever path; what else the socket answers is not answered here at all."""
    for path in ("/me/creation/bell/generate_video_status", "/v1/jobs", "/"):
        for token in ("", "another", f"{TOKEN}x"):
            answer = library.ask("GET", path, token)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert library.ask("GET", "/v1/jobs").status_code == 404


def test_the_demo_is_a_book_that_is_rendered(library: Library, tmp_path: Path) -> None:
    """Five pages are painted; stdout gets the path of the video alone. A folder that is no book is told at once."""
    done = library.home.ctl("creation", "demo", str(tmp_path / "tale"), *books.TINY)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(tmp_path / "tale" / "assets" / "video.mp4")
    assert sorted(file.name for file in (tmp_path / "tale" / "assets").iterdir()) == [*"12345", "video.mp4"]
    refused = library.home.ctl("creation", "render", str(tmp_path))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "has no pages" in refused.stderr


def test_a_daemon_that_would_listen_without_a_token_does_not_start(short_folder: Path) -> None:
    """It says what is missing."""
    (short_folder / "config.toml").write_text(f'{SMALL}\n[creations]\nlisten = "127.0.0.1:{free_port()}"\n')
    lone = Home(short_folder)
    lone.spawn()
    assert lone.died() == 2
    assert "no secret http_token" in lone.said()


def test_a_video_in_the_users_folder_is_never_cleaned(library: Library, rendered: int) -> None:
    """With what was worked with it goes its way no more than the pages do; that it stays is told."""
    video = library.folder / "bell" / "assets" / "video.mp4"
    cleaned = library.home.ctl("clean", "--outputs", str(rendered), "--yes")
    assert cleaned.returncode == 0, cleaned.stderr
    assert f"{video} stays: it is yours" in cleaned.stderr
    assert video.exists()
    assert library.home.client.job(rendered).result["video"] == str(video)
