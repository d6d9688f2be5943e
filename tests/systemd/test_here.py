import sys
from pathlib import Path

import pytest

from shortsd.domain.errors import BadInput
from shortsd.systemd.here import Installation, installation, system_lines, user_lines, word


@pytest.fixture
def clone(tmp_path: Path) -> Installation:
    """An installation in a folder that only its owner may enter."""
    venv = tmp_path / "private" / "my clone" / ".venv"
    (venv / "bin").mkdir(parents=True)
    python = venv / "bin" / "python"
    python.touch(0o755)
    (tmp_path / "private").chmod(0o700)
    return Installation(python, [venv], [python])


def test_this_installation_is_found() -> None:
    """The interpreter, the environment and the source; none lies in another."""
    found = installation()
    assert found.python.samefile(sys.executable)
    assert all(any(sample.is_relative_to(folder) for folder in found.folders) for sample in found.samples)
    assert not any(one != other and one.is_relative_to(other) for one in found.folders for other in found.folders)


def test_what_a_sandbox_hides_is_laid_into_it(clone: Installation) -> None:
    """A folder under /tmp, where each service has its own, is bound read-only; nothing around it is."""
    assert system_lines(clone) == [
        "ExecStart=",
        f'ExecStart="{clone.python}" -P -m shortsd',
        f'BindReadOnlyPaths="{clone.folders[0]}"',
    ]


def test_a_folder_that_strangers_may_not_enter_is_covered(clone: Installation) -> None:
    """Behind a closed door that the sandbox does not hide anyway, an empty folder takes the door's place."""
    closed = next(path for path in reversed(clone.python.parents) if not path.stat().st_mode & 0o001)
    assert system_lines(clone, temporary=())[2:] == [
        f"TemporaryFileSystem={closed}:ro",
        f'BindReadOnlyPaths="{clone.folders[0]}"',
    ]


def test_homes_are_hidden_but_for_what_is_needed() -> None:
    """An installation in somebody's home shows itself, and of the home nothing else."""
    lines = system_lines(Installation(Path("/home/ann/v/bin/python"), [Path("/home/ann/v")], []))
    assert lines[2:] == ["ProtectHome=tmpfs", "BindReadOnlyPaths=/home/ann/v"]


def test_an_installation_that_all_may_use_needs_nothing() -> None:
    """Below /usr the sandbox stays as it is shipped."""
    lines = system_lines(Installation(Path("/usr/bin/python3"), [Path("/usr/lib")], []))
    assert lines == ["ExecStart=", "ExecStart=/usr/bin/python3 -P -m shortsd"]


def test_files_that_only_their_owner_reads_are_told(clone: Installation) -> None:
    """The daemon of the system would not start, so that is said before anything is written."""
    clone.python.chmod(0o700)
    with pytest.raises(BadInput, match="may not read") as caught:
        system_lines(clone)
    assert "chmod -R o+rX" in caught.value.hint


def test_a_users_daemon_keeps_to_the_users_places() -> None:
    """What decides where files lie in this shell is handed on."""
    lines = user_lines(
        Installation(Path("/usr/bin/python3"), [], []),
        {"XDG_STATE_HOME": "/data/my state", "SHORTSD_HOME": "", "HOME": "/h"},
    )
    assert lines[2:] == ['Environment="XDG_STATE_HOME=/data/my state"']


@pytest.mark.parametrize(("value", "written"), [("/a/b", "/a/b"), ("/a b", '"/a b"'), ("/100%", "/100%%")])
def test_a_word_means_itself(value: str, written: str) -> None:
    """Blanks are quoted and specifiers escaped."""
    assert word(value) == written


@pytest.mark.parametrize("value", ['/a"b', "/a:b", "/a$b", "/a\\b", "/a\nb"])
def test_a_word_that_would_mean_something_else_is_refused(value: str) -> None:
    """What would need more than quotes is no path for a daemon."""
    with pytest.raises(BadInput, match="cannot stand in a unit file"):
        word(value)
