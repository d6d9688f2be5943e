import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli.running import Ctl, Ran
from client.standin import StandIn, serving

from shortsd.cli import main


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own, with a path short enough for a socket; the working folder is in it."""
    with tempfile.TemporaryDirectory(prefix="shorts") as name:
        monkeypatch.setenv("SHORTSD_HOME", name)
        monkeypatch.setenv("SHORTSD_SOCKET", f"{name}/sock")
        monkeypatch.chdir(name)
        yield Path(name)


@pytest.fixture
def daemon(home: Path) -> Iterator[StandIn]:
    with serving(home / "sock", StandIn()) as stand_in:
        yield stand_in


@pytest.fixture
def ctl(home: Path, capsys: pytest.CaptureFixture[str]) -> Ctl:
    """`shortsctl`, in this process."""
    assert home.is_dir()

    def run(*words: str) -> Ran:
        code = main(words)
        return Ran(code, *capsys.readouterr())

    return run
