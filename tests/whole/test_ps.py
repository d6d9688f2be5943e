"""`shortsctl ps`: the daemon's processes by job and stage."""

import json
import signal
from pathlib import Path

import held
from daemon import STORY, TINY, Home, home, wait_for

from shortsd.wire.figures import ProcessTree

SLOW = TINY.replace("fps = 10", "fps = 60").replace("superfast", "slow")


def rendering(tree: ProcessTree) -> bool:
    stages = [stage for job in tree.jobs for stage in job.stages]
    return any(len(stage.processes) == 2 and "frames" in stage.message for stage in stages)


def test_a_render_is_shown_by_job_and_stage(short_folder: Path) -> None:
    """The two processes of a segment stand below their job and stage, with what they take; so does the daemon."""
    with home(short_folder, SLOW) as daemon:
        job = daemon.make(title="The lamp", story=f"{STORY} " * 4)
        wait_for(lambda: rendering(daemon.client.processes()), "a render with its processes")
        printed, told = daemon.ctl("ps"), daemon.ctl("ps", "--json")
        daemon.client.stop(job)
    assert (printed.returncode, printed.stderr) == (0, "")
    lines = [line.split() for line in printed.stdout.splitlines()]
    assert lines[0] == ["PROCESS", "PID", "AGE", "CPU", "MEMORY", "LAST", "PROGRESS"]
    assert daemon.process is not None
    assert lines[1][:2] == ["shortsd", str(daemon.process.pid)]
    assert lines[2][1:3] == ["job", str(job)]
    assert lines[3][1] == "render"
    assert printed.stdout.splitlines()[2].endswith("The lamp")
    (found,) = json.loads(told.stdout)["jobs"]
    (stage,) = found["stages"]
    assert (found["job"], stage["stage"]) == (job, "render")
    assert {"frames", "ffmpeg"} <= {process["name"] for process in stage["processes"]}
    assert all(process["memory_bytes"] > 1 << 20 for process in stage["processes"])
    assert all(process["quiet_s"] is not None for process in stage["processes"])
    assert "frames" in stage["message"]


def test_a_job_without_processes_is_shown(short_folder: Path) -> None:
    """A stage that the daemon does itself is there, too."""
    with home(short_folder, module="held") as daemon:
        reached = held.hold(short_folder, "voice")
        job = daemon.make()
        wait_for(reached.exists, "the stage voice")
        (found,) = daemon.client.processes().jobs
        assert found.job == job
        assert [(stage.stage, stage.processes) for stage in found.stages] == [("voice", [])]
        assert f"job {job}" in daemon.ctl("ps").stdout


def test_an_idle_daemon_is_shown(daemon: Home) -> None:
    """With nothing to do there is the daemon alone, and a word that this is all."""
    ran = daemon.ctl("ps")
    assert ran.returncode == 0
    assert daemon.process is not None
    assert [line.split()[:2] for line in ran.stdout.splitlines()[1:]] == [["shortsd", str(daemon.process.pid)]]
    assert "no job is running" in ran.stderr
    assert json.loads(daemon.ctl("ps", "--json").stdout)["jobs"] == []


def test_no_daemon(daemon: Home) -> None:
    """Without a daemon it says so, with that exit code, and starts none."""
    daemon.kill(signal.SIGTERM)
    assert daemon.ctl("ps").returncode == 3
