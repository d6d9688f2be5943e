"""The log of a daemon that runs for long."""

import os
from pathlib import Path

import held
from daemon import TINY, resting, wait_for

from shortsd.config.logs import MOST_BYTES, aside


def test_the_log_of_a_daemon_is_bounded_while_it_runs(short_folder: Path) -> None:
    """One that grows too large is put aside by the housekeeping, and the daemon goes on in a new one."""
    with resting(short_folder / "h", TINY, held.__name__) as daemon:
        log = daemon.places.daemon_log
        log.parent.mkdir(parents=True)
        (daemon.folder / "stderr").symlink_to(log)
        daemon.start()
        assert daemon.process is not None
        pid = daemon.process.pid
        os.truncate(log, MOST_BYTES + 1)
        wait_for(aside(log).exists, "a log put aside")
        wait_for(lambda: Path(f"/proc/{pid}/fd/2").readlink() == log, "a new log")
        assert log.stat().st_size < MOST_BYTES
