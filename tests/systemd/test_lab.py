"""One boot of a real systemd in namespaces of its own, with all of lab_steps.py in it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
LAB = Path(os.environ.get("SYSTEMD_LAB") or REPOSITORY.parent / "shared" / "tools" / "systemd-lab")
NOT_BOOTED = 125
"""The lab's exit code where no systemd could be booted."""


@pytest.mark.timeout(300)
def test_everything_under_a_real_systemd() -> None:
    """Installing, a short, restart, crash, freeze, stop, secrets, a bad database, removal; and as a user's own."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("the lab needs root on Linux")
    if not LAB.is_file():
        pytest.skip("there is no lab: name one in SYSTEMD_LAB")
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("SHORTSD_", "PYTEST_"))}
    steps = Path(__file__).with_name("lab_steps.py")
    options = ("-p", "no:cacheprovider", "-p", "no:xdist", "-x", "--durations=0")
    argv: list[str | Path] = [LAB, sys.executable, "-m", "pytest", *options, "-v", steps]
    done = subprocess.run(argv, cwd=REPOSITORY, env=ours, capture_output=True, text=True, timeout=280, check=False)
    if done.returncode == NOT_BOOTED:
        pytest.skip(f"no systemd could be booted here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout)  # noqa: T201 - how long each step took, for `pytest -s`
