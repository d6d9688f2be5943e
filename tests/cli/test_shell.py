"""What only a process of its own shows: what it loads, its signals, its pipes."""

import signal
import subprocess
import sys
from pathlib import Path

from client.standin import StandIn, a_job

HEAVY = {"textual", "httpx", "pydantic", "numpy", "cv2", "PIL", "fastapi", "rich", "shtab", "asyncio", "subprocess"}


def test_ls_is_light(daemon: StandIn) -> None:
    """Listing jobs loads nothing heavy, and of the verbs only its own, so that it answers at once."""
    daemon.jobs[7] = a_job()
    code = "import sys, shortsd.cli; shortsd.cli.main(['ls']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert done.stdout.startswith("ID")
    assert not HEAVY & loaded
    assert [name for name in loaded if name.startswith("shortsd.cli.commands.")] == ["shortsd.cli.commands.ls"]


def test_ctrl_c(daemon: StandIn) -> None:
    """Ctrl-C lets go of a job, says how to follow it again, and leaves it alone."""
    daemon.jobs[7] = a_job()
    daemon.acts = [lambda _: daemon.wait_for("/never")]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # under nohup the child would inherit that it is ignored
    command = [sys.executable, "-m", "shortsd.cli", "attach", "7"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        daemon.wait_for("/v1/jobs/7", times=2)  # once to see that it is there, once to follow it
        child.send_signal(signal.SIGINT)
        out, err = child.communicate()
    daemon.answered.append("/never")
    assert (child.returncode, out) == (130, "")
    assert "job 7 goes on" in err
    assert "`shortsctl attach 7`" in err
    assert {asked.method for asked in daemon.asked} == {"GET"}


def test_broken_pipe(daemon: StandIn) -> None:
    """A reader that has seen enough is no error."""
    daemon.jobs = {number: a_job(number, title="x" * 500) for number in range(1, 301)}
    command = [sys.executable, "-m", "shortsd.cli", "ls", "--limit", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.readline()
        child.stdout.close()
        assert child.stderr.read() == b""
    assert child.returncode == 0


def test_full_device(daemon: StandIn) -> None:
    """A stdout that takes nothing is told."""
    daemon.jobs[7] = a_job()
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "shortsd.cli", "ls"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("shortsctl: What was asked for cannot be written to stdout: No space left")


def test_plain_locale(daemon: StandIn) -> None:
    """A terminal that knows no Unicode gets escapes instead of a traceback."""
    daemon.jobs[7] = a_job(title="鬼")
    command = [sys.executable, "-X", "utf8=0", "-m", "shortsd.cli", "ls"]
    environ = {"SHORTSD_HOME": str(Path.cwd()), "SHORTSD_SOCKET": str(Path.cwd() / "sock"), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environ)
    assert r"\u9b3c" in done.stdout


def test_streams_that_a_shell_closed(daemon: StandIn) -> None:
    """Without stdout (`>&-`) a reading command says that it cannot answer; without stderr there is nobody to tell."""
    daemon.jobs[7] = a_job()
    shell = [sys.executable, "-m", "shortsd.cli", "ls"]
    deaf = subprocess.run(["/bin/sh", "-c", '"$@" >&-', "sh", *shell], capture_output=True, text=True, check=False)
    mute = subprocess.run(["/bin/sh", "-c", '"$@" 2>&-', "sh", *shell], capture_output=True, text=True, check=False)
    assert deaf.returncode == 1
    assert "cannot be written to stdout" in deaf.stderr
    assert "Traceback" not in deaf.stderr
    assert (mute.returncode, mute.stdout.startswith("ID")) == (0, True)
