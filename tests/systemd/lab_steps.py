"""What is tried under a real systemd, in this order, by one pytest inside of the lab: see test_lab.py.

The lab's files are the machine's own, so the first thing done is to lay private ones over what is written to. With
SYSTEMD_TRANSCRIPT=FILE all commands and what they printed are written to FILE.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from daemon import STORY, TINY, wait_for

from shortsd.client.client import Client
from shortsd.client.transport import Transport
from shortsd.config.places import SYSTEM_SOCKET
from shortsd.wire.models import JobView

SLOW = TINY.replace("fps = 10", "fps = 60")
"""A render that takes some seconds, so that something can happen in its middle."""
HOME = Path("/var/lib/ann")
RUNTIME = Path("/run/user/0")
SECRET = "planted-and-never-shown"  # noqa: S105 - a test's own
DATABASE = Path("/var/lib/private/shortsd/jobs.db")
GOOD = Path("/var/lib/private/good.db")
DROP_INS = Path("/run/systemd/system/shortsd.service.d")
MANAGER = """
[Service]
PAMName=
Environment=XDG_RUNTIME_DIR=/run/user/%i HOME=/var/lib/ann
"""
"""For a user's manager where no logind runs that would tell it these."""
RUNTIME_FOLDER = """
[Service]
ExecStart=
ExecStart=/bin/mkdir -p -m 0700 /run/user/%i
ExecStop=
"""


@pytest.fixture(scope="module", autouse=True)
def _private() -> Iterator[None]:
    """Lay private folders over /etc and /var, in the lab alone."""
    assert b"container=systemd-lab" in Path("/proc/1/environ").read_bytes(), "this may only run inside of the lab"
    quiet("mount", "--make-rshared", "/")  # as a boot leaves it; without, credentials do not come through (252)
    for folder in ("upper", "work"):
        Path("/run/etc", folder).mkdir(parents=True)
    layers = "lowerdir=/etc,upperdir=/run/etc/upper,workdir=/run/etc/work"
    quiet("mount", "-t", "overlay", "overlay", "-o", layers, "/etc")
    for folder in ("/var/lib", "/var/cache"):
        quiet("mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", folder)
    write("/etc/shortsd/config.toml", SLOW)
    yield
    quiet("systemctl", "stop", "shortsd.socket", "shortsd.service", check=False)


def write(file: str | Path, text: str, mode: int = 0o644) -> None:
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_text(text)
    Path(file).chmod(mode)


def quiet(*argv: str, check: bool = True) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)
    assert not check or done.returncode == 0, f"{argv}\n{done.stdout}{done.stderr}"
    return done.stdout


def typed(*words: str, code: int = 0, stdin: str = "", environ: dict[str, str] | None = None) -> str:
    """As `answered`; what was printed to stdout."""
    return answered(*words, code=code, stdin=stdin, environ=environ).stdout


def answered(
    *words: str, code: int = 0, stdin: str = "", environ: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run what a person would type, and keep it for the transcript; all that was printed."""
    argv = [sys.executable, "-m", "shortsd.cli", *words[1:]] if words[0] == "shortsctl" else list(words)
    done = subprocess.run(
        argv,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        input=stdin,
        env={**os.environ, **(environ or {})},
    )
    transcript = os.environ.get("SYSTEMD_TRANSCRIPT")
    if transcript:
        shown = " ".join(f'"{word}"' if " " in word else word for word in words)
        with Path(transcript).open("a") as file:
            file.write(f"# {shown}\n{done.stdout}{done.stderr}")
    assert done.returncode == code, done.stdout + done.stderr
    return done


def client() -> Client:
    return Client(Transport(SYSTEM_SOCKET))


def state() -> dict[str, Any]:
    """What `shortsctl service status` says."""
    found: dict[str, Any] = json.loads(
        quiet(sys.executable, "-m", "shortsd.cli", "service", "status", "--json", check=False)
    )
    return found


def rendering() -> int:
    """A job whose film is being rendered; its id."""
    typed("systemctl", "start", "shortsd")
    made = int(typed("shortsctl", "make", "--story", "-", "--bg", stdin=STORY))
    wait_for(lambda: re.match(r"[1-9]\d* of \d+ frames", client().job(made).message), "frames")
    return made


def finished(job: int) -> JobView:
    wait_for(lambda: client().job(job).state in ("succeeded", "failed"), f"the end of job {job}")
    view = client().job(job)
    assert view.state == "succeeded", view.error
    assert Path(view.result["video"]).stat().st_size > 0
    return view


def processes() -> list[int]:
    """All in the service's cgroup."""
    file = Path("/sys/fs/cgroup/system.slice/shortsd.service/cgroup.procs")
    return [int(pid) for pid in file.read_text().split()] if file.exists() else []


def environ_of(pid: int) -> bytes:
    """A process's environment; nothing if it has just ended."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


def drop_in(name: str, *lines: str, section: str = "Service") -> None:
    write(DROP_INS / f"{name}.conf", "\n".join([f"[{section}]", *lines, ""]))
    quiet("systemctl", "daemon-reload")
    quiet("systemctl", "restart", "shortsd")


def test_install_opens_the_socket_and_starts_nothing() -> None:
    """`service install` puts the units in place; the daemon sleeps."""
    assert "not installed" in typed("shortsctl", "service", "status", code=3)
    typed("shortsctl", "service", "install")
    typed("shortsctl", "service", "status")
    found = state()
    assert (found["installed"], found["enabled"], found["listening"], found["service"]) == (
        True,
        True,
        True,
        "inactive",
    )


def test_the_sandbox_is_tight() -> None:
    """The unit as it is installed, drop-in and all, keeps below the exposure that was promised."""
    assert state()["exposure"] <= 1.5


def test_the_first_command_starts_the_daemon() -> None:
    """Whoever speaks to the socket gets an answer from a daemon that systemd started for it."""
    typed("shortsctl", "ls")
    assert state()["service"] == "active"
    assert SYSTEM_SOCKET.stat().st_mode & 0o777 == 0o600


def test_a_short_is_made_in_the_sandbox() -> None:
    """The whole way of a short works with all the hardening on, as a user that exists only while it runs."""
    video = Path(typed("shortsctl", "make", "--story", "-", stdin=STORY).strip())
    assert video.parent == Path("/var/lib/shortsd/output")
    assert video.stat().st_uid not in (0, 65534)


def test_systemd_is_told_what_the_daemon_does() -> None:
    """The status line names the job, its stage and how far it is."""
    job = rendering()
    wait_for(lambda: re.search(rf"1 job running: #{job} render \d+ %", state()["doing"]), "the status line")
    typed("systemctl", "--no-pager", "--lines=0", "status", "shortsd")
    typed("shortsctl", "stop", str(job))


def test_a_reload_changes_what_counts_from_now_on() -> None:
    """`systemctl reload` returns when the daemon has read its configuration, and the daemon stays the same process."""
    before = state()["pid"]
    write("/etc/shortsd/config.toml", SLOW.replace("fps = 60", "fps = 50"))
    typed("systemctl", "reload", "shortsd")
    made = int(typed("shortsctl", "make", "--story", "-", "--bg", stdin=STORY))
    assert client().job(made).params["fps"] == 50
    assert (state()["pid"], state()["service"]) == (before, "active")
    typed("shortsctl", "stop", str(made))
    write("/etc/shortsd/config.toml", SLOW)
    typed("systemctl", "reload", "shortsd")


def test_a_restart_in_mid_render_loses_nothing() -> None:
    """`systemctl restart` interrupts the job; the new daemon finishes it."""
    job = rendering()
    typed("systemctl", "restart", "shortsd")
    view = finished(job)
    typed("shortsctl", "show", str(job))
    assert view.attempt == 2
    assert {stage.name: stage.state for stage in view.stages}["images"] == "reused"


def test_a_killed_daemon_comes_back_and_finishes() -> None:
    """After `kill -9` of the main process in mid-render systemd starts another, and the short finishes."""
    job = rendering()
    before = state()["pid"]
    typed("kill", "-9", str(before))
    wait_for(lambda: state()["pid"] not in (None, before), "another daemon")
    assert finished(job).attempt == 2
    typed("shortsctl", "show", str(job))
    typed("shortsctl", "service", "status")


def test_a_frozen_daemon_is_replaced() -> None:
    """A daemon that no longer turns gets no ping out: the watchdog ends it, and another finishes the short."""
    drop_in("watchdog", "WatchdogSec=2")
    job = rendering()
    before = state()["pid"]
    typed("kill", "-STOP", str(before))
    wait_for(lambda: state()["pid"] not in (None, before), "another daemon")
    journal = ("journalctl", "--no-pager", "--output=cat", "--unit=shortsd", f"_PID={before}")
    wait_for(lambda: "Fatal Python error: Aborted" in quiet(*journal), "where the daemon was when it was aborted")
    assert finished(job).attempt == 2
    typed("shortsctl", "show", str(job))
    (DROP_INS / "watchdog.conf").unlink()


def test_a_credential_reaches_the_daemon_and_nobody_else() -> None:
    """A secret comes by LoadCredential= from a file of root's; the daemon's children cannot tell where it is."""
    write("/etc/shortsd/credentials/pexels_key", SECRET, 0o600)
    drop_in("credentials", "LoadCredential=pexels_key:/etc/shortsd/credentials/pexels_key")
    found = typed("shortsctl", "doctor")
    assert "pexels_key from systemd's credential pexels_key" in found
    job = rendering()
    main = state()["pid"]
    environs = [environ for pid in processes() if pid != main and (environ := environ_of(pid))]
    assert environs
    assert not any(b"CREDENTIALS_DIRECTORY" in one or b"NOTIFY_SOCKET" in one for one in environs)
    typed("shortsctl", "stop", str(job))
    assert SECRET not in found + quiet("journalctl", "--no-pager")


def test_a_child_is_limited_and_its_death_is_not_the_daemons() -> None:
    """All limits of children are set in the sandbox. When the kernel kills FFmpeg, the same daemon tries again."""
    write("/etc/shortsd/config.toml", SLOW.replace("retries = 0", "retries = 1\nretry_wait_s = 0.5"))
    typed("systemctl", "reload", "shortsd")
    job, before = rendering(), client().live().pid
    working = psutil.Process(before).children()
    for child in working:
        # One may have been born this moment, and be about to become what it is.
        wait_for(lambda: (child.nice(), child.ionice()) == (5, (psutil.IOPRIO_CLASS_BE, 7)), "niceness")  # noqa: B023 - asked at once
        assert child.rlimit(psutil.RLIMIT_DATA) == (4096 << 20, 4096 << 20)
        assert Path(f"/proc/{child.pid}/oom_score_adj").read_text() == "500\n"
    encoder = next(child for child in working if child.name().startswith("ffmpeg"))
    typed("kill", "-9", str(encoder.pid))
    assert finished(job).attempt == 2
    typed("shortsctl", "show", str(job))
    assert client().live().pid == before


def test_stop_leaves_no_process() -> None:
    """`systemctl stop` in mid-render empties the service's cgroup; what was asked for waits, and goes on later."""
    job = rendering()
    assert len(processes()) > 1
    typed("systemctl", "stop", "shortsd")
    assert processes() == []
    assert state()["listening"]
    assert finished(job).attempt == 2


def test_shutdown_is_not_undone_by_the_socket() -> None:
    """`shortsctl shutdown` ends the daemon, and does not wake it again by asking whether it is gone."""
    typed("shortsctl", "shutdown")
    wait_for(lambda: state()["service"] == "inactive", "the end of the service")
    assert state()["listening"]


def test_a_refused_database_is_told_and_not_tried_again() -> None:
    """Who asks hears which file it is; `doctor` looks where the service does; the file stays; there is no restart."""
    drop_in("limit", "StartLimitBurst=3", section="Unit")
    quiet("systemctl", "stop", "shortsd")
    quiet("systemctl", "reset-failed", "shortsd")
    typed("cp", "-p", str(DATABASE), str(GOOD))
    typed("dd", "if=/dev/urandom", f"of={DATABASE}", "bs=8k", "count=2", "status=none")
    garbage = DATABASE.read_bytes()
    assert "/var/lib/shortsd/jobs.db cannot be used" in answered("shortsctl", "ls", code=5).stderr
    found = typed("shortsctl", "doctor", code=1)
    assert re.search(r"MISSING +database +The job database /var/lib/shortsd/jobs.db cannot be used", found)
    assert "Put a backup in its place" in found
    assert "shortsd.service: failed, result exit-code (65)" in found
    assert "`journalctl -n 20 -u shortsd`" in found
    typed("shortsctl", "service", "status", code=1)
    assert state()["restarts"] == 0
    assert DATABASE.read_bytes() == garbage


def test_doctor_names_the_way_out_when_systemd_has_given_up() -> None:
    """After too many starts the socket is closed, too; nothing else is started instead; `reset-failed` helps."""
    garbage = DATABASE.read_bytes()
    answered("shortsctl", "ls", code=5)
    answered("shortsctl", "ls", code=3)
    found = typed("shortsctl", "doctor", code=1)
    assert "started too often; its socket is closed" in found
    assert "MISSING  database" in found
    assert DATABASE.read_bytes() == garbage
    assert "started too often" in answered("shortsctl", "make", "--story", "-", "--bg", stdin=STORY, code=3).stderr
    typed("cp", str(GOOD), str(DATABASE))
    assert "`systemctl reset-failed shortsd.service shortsd.socket` and `systemctl start shortsd.socket`" in found
    typed("systemctl", "reset-failed", "shortsd.service", "shortsd.socket")
    typed("systemctl", "start", "shortsd.socket")
    assert "succeeded" in typed("shortsctl", "ls", "--limit", "1")


def test_a_strangers_unit_is_left_alone() -> None:
    """Units that somebody else wrote are neither overwritten nor removed."""
    file = Path("/etc/systemd/system/shortsd.service.d/here.conf")
    ours = file.read_text()
    file.write_text("[Service]\n")
    assert (
        "is not of ours"
        in subprocess.run(
            [sys.executable, "-m", "shortsd.cli", "service", "install"], capture_output=True, text=True, check=False
        ).stderr
    )
    assert file.read_text() == "[Service]\n"
    file.write_text(ours)


def test_remove_takes_the_units_and_leaves_the_shorts() -> None:
    """After `service remove` nothing listens and no unit is left; jobs and shorts are where they were."""
    typed("shortsctl", "service", "remove")
    assert not list(Path("/etc/systemd/system").rglob("*shorts*"))
    assert not SYSTEM_SOCKET.exists()
    assert list(Path("/var/lib/shortsd/output").glob("*.mp4"))
    assert state()["installed"] is False


def test_a_users_daemon_works_in_the_users_home() -> None:
    """`service install --user` needs no root, and its daemon keeps the files that one of `shortsctl make` would."""
    write("/run/systemd/system/user-runtime-dir@.service.d/lab.conf", RUNTIME_FOLDER)
    write("/run/systemd/system/user@.service.d/lab.conf", MANAGER)
    write(HOME / ".config/shortsd/config.toml", TINY)
    quiet("systemctl", "daemon-reload")
    quiet("systemctl", "start", "user@0.service")
    ann = {"HOME": str(HOME), "XDG_RUNTIME_DIR": str(RUNTIME)}
    typed("shortsctl", "service", "install", "--user", environ=ann)
    video = Path(typed("shortsctl", "make", "--story", "-", stdin=STORY, environ=ann).strip())
    assert video.parent == HOME / "Videos/shortsd"
    assert (HOME / ".local/state/shortsd/jobs.db").exists()
    typed("shortsctl", "service", "status", "--user", environ=ann)
    typed("shortsctl", "service", "remove", "--user", environ=ann)
    assert not list((HOME / ".config/systemd/user").rglob("*shorts*"))
    typed("shortsctl", "service", "status", "--user", code=3, environ=ann)
