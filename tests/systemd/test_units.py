"""The units as they are shipped, judged by systemd's own tools, which need no systemd to run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shortsd.domain.errors import Code
from shortsd.systemd import exits
from shortsd.systemd.installer import HEADER, UNITS, files
from shortsd.wire.errors import TABLE

REPOSITORY = Path(__file__).parents[2]
SINCE_254 = {"RestartSteps", "RestartMaxDelaySec"}
"""What older versions say they ignore."""

pytestmark = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here")


def analyze(*words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    argv = ["/usr/bin/env", "systemd-analyze", *words]
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60, env={**os.environ, **environ})


def written(folder: Path, *, user: bool) -> list[Path]:
    """The units in a folder, with a daemon that exists here."""
    lines = ["ExecStart=", f"ExecStart={sys.executable} -P -m shortsd"]
    for name, text in files(user=user, service_lines=lines, socket_lines=[]).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return [folder / name for name in UNITS]


def test_the_system_unit_is_exposed_by_1_5_at_most() -> None:
    """`systemd-analyze security` on the unit as it is shipped."""
    unit = REPOSITORY / "systemd" / "system" / "shortsd.service"
    done = analyze("security", "--offline=true", "--no-pager", "--threshold=15", str(unit))
    assert done.returncode == 0, done.stdout[-200:]
    assert re.search(r"Overall exposure level for shortsd.service: (0\.\d|1\.[0-5]) ", done.stdout)


@pytest.mark.parametrize("user", [False, True])
def test_systemd_understands_every_line(tmp_path: Path, user: bool) -> None:
    """`systemd-analyze verify` has nothing to say, but for what a later version has brought."""
    whose = ["--user"] if user else []
    units = map(str, written(tmp_path, user=user))
    done = analyze(*whose, "verify", "--man=no", *units, XDG_RUNTIME_DIR=str(tmp_path))
    said = [line for line in done.stderr.splitlines() if not any(f"'{key}'" in line for key in SINCE_254)]
    assert (done.returncode, said) == (0, [])


@pytest.mark.parametrize("whose", ["system", "user"])
def test_the_repository_shows_what_is_packaged(whose: str) -> None:
    """There is one text of each unit: the folder on top is a link to the package's."""
    shown = REPOSITORY / "systemd" / whose
    texts = files(user=whose == "user", service_lines=[], socket_lines=[])
    assert {file.name: file.read_text() for file in shown.iterdir()} == texts
    assert all(text.startswith(HEADER) for text in texts.values())
    assert "ExecStart=/usr/bin/shortsd\n" in texts["shortsd.service"]


def test_a_users_unit_asks_for_nothing_that_moves_the_home() -> None:
    """StateDirectory= and the like would let the daemon look elsewhere than the user's commands do."""
    text = files(user=True, service_lines=[], socket_lines=[])["shortsd.service"]
    assert not re.search(r"^(\w+Directory|DynamicUser|User)=", text, re.MULTILINE)


@pytest.mark.parametrize("user", [False, True])
def test_what_another_start_cannot_help_is_not_tried_again(user: bool) -> None:
    """Both units name the exit codes for bad input, for a refused database and for an end that was cut short."""
    text = files(user=user, service_lines=[], socket_lines=[])["shortsd.service"]
    codes = (TABLE[Code.BAD_INPUT].exit, exits.UNUSABLE, exits.OVERRUN)
    assert f"\nRestartPreventExitStatus={' '.join(map(str, codes))}\n" in text
