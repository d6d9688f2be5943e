import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = [sys.executable, "-m", "shortsd.cli", "service"]


def service(*words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*HERE, *words], capture_output=True, text=True, check=False, env={**os.environ, **environ})


def test_without_systemd_nothing_is_written(tmp_path: Path) -> None:
    """Where there is no systemctl, that is said, with a way to go on."""
    done = service("install", "--user", PATH=str(tmp_path), HOME=str(tmp_path), XDG_CONFIG_HOME="")
    assert done.returncode == 5
    assert "There is no `systemctl` here" in done.stderr
    assert "shortsctl make" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", ["install", "remove", "status"])
def test_a_systemd_that_does_not_answer_is_told(tmp_path: Path, what: str) -> None:
    """In a container or over a plain `su` there is no user's manager: an error, and nothing half done."""
    if shutil.which("systemctl") is None:
        pytest.skip("there is no systemctl here")
    done = service(
        what,
        "--user",
        HOME=str(tmp_path),
        XDG_CONFIG_HOME="",
        XDG_RUNTIME_DIR=str(tmp_path),
        DBUS_SESSION_BUS_ADDRESS="",
    )
    assert done.returncode == 5
    assert "failed: Failed to connect" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_to_do_has_to_be_said() -> None:
    """Another word is bad usage."""
    assert service("restart").returncode == 2
