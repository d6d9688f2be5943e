import os
import signal
import sys
import threading
from pathlib import Path

import pytest
from client import standin

from shortsd.client import autostart
from shortsd.client.client import Client
from shortsd.config.logs import MOST_BYTES
from shortsd.config.places import Places
from shortsd.domain.errors import NoDaemon


@pytest.fixture
def places(folder: Path) -> Places:
    return Places.find({"SHORTSD_HOME": str(folder / "home"), "SHORTSD_SOCKET": str(folder / "sock")})


def test_starts(places: Places, client: Client) -> None:
    """The daemon that is started answers, lives in a session of its own, and only its user reads its log."""
    command = [sys.executable, standin.__file__, str(places.socket)]
    pid = autostart.start(client, places, command)
    try:
        assert client.live().ok
        assert os.getsid(pid) == pid
        assert places.daemon_log.stat().st_mode & 0o777 == 0o600
    finally:
        os.kill(pid, signal.SIGTERM)
        next(thread for thread in threading.enumerate() if thread.name == f"reaper of {pid}").join()


def test_ends_at_once(places: Places, client: Client) -> None:
    """If the daemon cannot start, its own last words are told, not those of one before."""
    places.daemon_log.parent.mkdir(parents=True)
    places.daemon_log.write_text("an old line\n")
    command = [sys.executable, "-c", "import sys; sys.exit('the config is broken')"]
    with pytest.raises(NoDaemon, match="ended at once with code 1") as caught:
        autostart.start(client, places, command)
    assert "the config is broken" in caught.value.hint
    assert "an old line" not in caught.value.hint
    assert str(places.daemon_log) in caught.value.hint


@pytest.mark.parametrize("grown", [True, False])
def test_large_log(places: Places, client: Client, grown: bool) -> None:
    """A log that has grown large is put aside for a new one; one that has not is written on."""
    places.daemon_log.parent.mkdir(parents=True)
    with places.daemon_log.open("wb") as file:
        file.truncate(MOST_BYTES + grown)
    with pytest.raises(NoDaemon):
        autostart.start(client, places, [sys.executable, "-c", "import sys; sys.exit('new words')"])
    assert places.daemon_log.read_text().lstrip("\0") == "new words\n"
    aside = places.daemon_log.with_name("shortsd.log.1")
    assert aside.exists() == grown
    assert (places.daemon_log.stat().st_size < 100) == grown


def test_cannot_be_written(folder: Path, places: Places, client: Client) -> None:
    """If there is no place for its log, that is said."""
    (folder / "home").touch()
    with pytest.raises(NoDaemon, match="could be started"):
        autostart.start(client, places)


def test_own(folder: Path) -> None:
    """A socket is one's own if it, or the folder where it would be made, is."""
    assert autostart.own(folder / "run" / "sock")
    assert autostart.own(Path("/proc/self/none")) == (os.getuid() == Path("/proc/self").stat().st_uid)


def test_check_that_cannot_run() -> None:
    """A daemon that cannot even look at itself is a finding, with what it said."""
    found = autostart.check([sys.executable, "-c", "raise SystemExit('no such module')"]).findings
    assert [finding.ok for finding in found] == [False]
    assert "no such module" in found[0].detail
