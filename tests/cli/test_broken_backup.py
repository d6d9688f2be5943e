"""What arrives of a backup, from a daemon that goes away over it."""

from pathlib import Path

from cli.running import Ctl
from client.standin import StandIn


def test_a_backup_that_did_not_arrive_whole_is_none(daemon: StandIn, ctl: Ctl, home: Path) -> None:
    """Without the digest of all that was sent there is no file, neither under its name nor under another."""
    daemon.raw["/v1/backup"] = (200, b"SQLite format 3\0 and half of the rest")
    ran = ctl("backup", "kept.db")
    assert ran.code == 3
    assert "went away" in ran.err
    assert ran.out == ""
    assert not list(home.glob("kept*"))
