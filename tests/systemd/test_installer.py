from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from shortsd.domain.errors import Unavailable, WrongState
from shortsd.systemd.installer import HEADER, Installer, files

WANTED = files(user=True, service_lines=["ExecStart=/bin/true"], socket_lines=[])


@dataclass
class Recorder:
    """A manager that does nothing but remember, and fails where it is told to."""

    fails: str = "nothing"
    told: list[str] = field(default_factory=list)

    def __call__(self, *words: str) -> str:
        self.told.append(" ".join(words))
        if self.fails in words:
            raise Unavailable("It failed.")
        return ""

    def show(self, unit: str, properties: Sequence[str]) -> Mapping[str, str]:
        values = {"LoadState": "loaded", "UnitFileState": "enabled", "MainPID": "7", "NRestarts": "2"}
        return {name: values.get(name, f"{unit} {name}") for name in properties}

    def exposure(self, unit: str) -> float | None:
        return 1.2 if unit else None


def texts(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*") if file.is_file()}


def test_install_writes_enables_and_opens_the_socket(tmp_path: Path) -> None:
    """The files are what was wanted; systemd reads them, enables both units and starts the socket alone."""
    manager = Recorder()
    made = Installer(tmp_path / "units", manager).install(WANTED, start=True)
    assert texts(tmp_path / "units") == WANTED
    assert sorted(made) == sorted(tmp_path / "units" / name for name in WANTED)
    assert manager.told == [
        "daemon-reload",
        "enable shortsd.service shortsd.socket",
        "start shortsd.socket",
        "try-restart shortsd.service",
    ]


def test_install_may_leave_it_for_the_next_boot(tmp_path: Path) -> None:
    """Without a start nothing is started."""
    manager = Recorder()
    Installer(tmp_path, manager).install(WANTED, start=False)
    assert manager.told == ["daemon-reload", "enable shortsd.service shortsd.socket"]


def test_a_second_install_takes_away_what_is_no_longer_wanted(tmp_path: Path) -> None:
    """A drop-in of the socket that an earlier one needed goes."""
    before = files(user=True, service_lines=[], socket_lines=["ListenStream=/run/other"])
    Installer(tmp_path, Recorder()).install(before, start=True)
    assert "shortsd.socket.d/here.conf" in texts(tmp_path)
    Installer(tmp_path, Recorder()).install(WANTED, start=True)
    assert texts(tmp_path) == WANTED


@pytest.mark.parametrize("step", ["daemon-reload", "enable", "start"])
def test_an_install_that_fails_leaves_nothing(tmp_path: Path, step: str) -> None:
    """Whichever step fails, the folder is as it was, and what had been enabled is not."""
    manager = Recorder(fails=step)
    with pytest.raises(Unavailable):
        Installer(tmp_path, manager).install(WANTED, start=True)
    assert texts(tmp_path) == {}
    assert "disable --now shortsd.service shortsd.socket" in manager.told
    assert manager.told[-1] == "daemon-reload"


def test_a_second_install_that_fails_leaves_the_first(tmp_path: Path) -> None:
    """The old files are back, and the daemon that ran by them is left alone."""
    Installer(tmp_path, Recorder()).install(WANTED, start=True)
    manager = Recorder(fails="enable")
    with pytest.raises(Unavailable):
        Installer(tmp_path, manager).install({**WANTED, "shortsd.socket": f"{HEADER}other"}, start=True)
    assert texts(tmp_path) == WANTED
    assert not any(told.startswith("disable") for told in manager.told)


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    """A folder in the way of the last file undoes the first ones."""
    (tmp_path / "shortsd.service.d" / ".here.conf.half").mkdir(parents=True)
    with pytest.raises(Unavailable, match="cannot be written"):
        Installer(tmp_path, Recorder()).install(WANTED, start=True)
    assert texts(tmp_path) == {}


@pytest.mark.parametrize("link", [False, True])
def test_a_strangers_file_stops_it_all(tmp_path: Path, link: bool) -> None:
    """A unit that we did not write, or a mask, is neither overwritten nor gone by, and systemd hears nothing."""
    file = tmp_path / "shortsd.socket"
    if link:
        file.symlink_to("/dev/null")
    else:
        file.write_text("[Socket]\n")
    manager = Recorder()
    with pytest.raises(WrongState, match=r"shortsd\.socket is not of ours"):
        Installer(tmp_path, manager).install(WANTED, start=True)
    assert manager.told == []
    assert [one.name for one in tmp_path.iterdir()] == ["shortsd.socket"]


def test_remove_takes_ours_and_leaves_others(tmp_path: Path) -> None:
    """Our files go, a drop-in of the user's stays."""
    Installer(tmp_path, Recorder()).install(WANTED, start=True)
    (tmp_path / "shortsd.service.d" / "mine.conf").write_text("[Service]\n")
    manager = Recorder(fails="reset-failed")
    assert len(Installer(tmp_path, manager).remove()) == len(WANTED)
    assert texts(tmp_path) == {"shortsd.service.d/mine.conf": "[Service]\n"}
    assert manager.told[:2] == ["disable --now shortsd.service shortsd.socket", "daemon-reload"]


def test_remove_where_there_is_nothing_says_so(tmp_path: Path) -> None:
    """Nothing of ours is an error, and systemd is not bothered."""
    manager = Recorder()
    with pytest.raises(WrongState, match="no unit of ours"):
        Installer(tmp_path, manager).remove()
    assert manager.told == []


def test_status_is_what_systemd_says(tmp_path: Path) -> None:
    """The properties of both units in one answer."""
    status = Installer(tmp_path, Recorder()).status()
    assert (status.installed, status.enabled, status.pid, status.restarts) == (True, True, 7, 2)
    assert (status.service, status.doing) == ("shortsd.service ActiveState", "shortsd.service StatusText")
    assert status.exposure == 1.2
