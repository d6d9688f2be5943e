"""Starts a daemon for this user when none answers, or has one look at what it would need."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Thread
from typing import BinaryIO

import msgspec

from shortsd.client.client import Client
from shortsd.config.logs import MOST_BYTES, aside
from shortsd.config.places import Places
from shortsd.domain.errors import NoDaemon
from shortsd.wire.models import Finding, Findings

COMMAND = (sys.executable, "-m", "shortsd")

CHECK_S = 60.0
"""How long a look at everything may take, in seconds."""

START_S = 10.0
"""How long a daemon may take to answer for the first time, in seconds."""

_RIVAL_S = 1.0
"""How long to wait for another's daemon after ours has ended: two clients may start one at the same moment."""

_POLL_S = 0.03
_TOLD = 5
"""Lines of the daemon's log that tell why it did not start."""


def own(socket: Path) -> bool:
    """Whether a socket is this user's own: it, or the nearest folder there is above it, belongs to this user."""
    nearest = next((place for place in (socket, *socket.parents) if os.path.lexists(place)), Path("/"))
    try:
        return nearest.lstat().st_uid == os.getuid()
    except OSError:
        return False


def start(client: Client, places: Places, command: Sequence[str] = COMMAND) -> int:
    """Start a daemon apart from this process (its own session, its log in a file) and wait until it answers.

    Its pid; should it end while we still run, it leaves no zombie. Raises NoDaemon with the last lines of its log if
    it ended or does not answer within START_S.
    """
    log = places.daemon_log
    try:
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _put_aside(log)
        with open(log, "ab", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            said_before = file.tell()
            child = _spawn(command, file)
    except OSError as exc:
        raise NoDaemon(
            f"No daemon could be started: {exc}.", "See that the folder can be written, or set SHORTSD_HOME."
        ) from exc
    _await(client, child, log, said_before)
    Thread(target=child.wait, name=f"reaper of {child.pid}", daemon=True).start()
    return child.pid


def check(command: Sequence[str] = COMMAND, environ: Mapping[str, str] = os.environ) -> Findings:
    """What a daemon with this environment would find missing, without one running."""
    try:
        done = subprocess.run(
            [*command, "--check"], capture_output=True, timeout=CHECK_S, check=False, cwd="/", env=_environ(environ)
        )
        return msgspec.json.decode(done.stdout, type=Findings)
    except (OSError, subprocess.TimeoutExpired) as exc:
        why = str(exc)
    except msgspec.DecodeError:
        why = (done.stderr.decode(errors="replace").strip().splitlines() or [f"ended with code {done.returncode}"])[-1]
    remedy = f"See what `{' '.join(command)} --check` says; if it cannot run at all, install shortsd again."
    return Findings(findings=[Finding(name="shortsd", ok=False, detail=f"cannot look at itself: {why}", remedy=remedy)])


def _put_aside(log: Path) -> None:
    """Let a log that has grown large be the old one. Whoever still writes to it goes on there. Raises OSError."""
    if log.exists() and log.stat().st_size > MOST_BYTES:
        log.replace(aside(log))


def _spawn(command: Sequence[str], log: BinaryIO) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=log,
        start_new_session=True,
        cwd="/",
        env=_environ(),
    )


def _environ(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """An environment, ours; variables that hold a path mean the same from the folder that the daemon works in."""
    paths = {name: environ.get(name) for name in ("SHORTSD_HOME", "SHORTSD_SOCKET")}
    ours = {name: value for name, value in environ.items() if name != "NOTIFY_SOCKET"}  # it speaks for somebody else
    return {**ours, **{name: str(Path(path).expanduser().absolute()) for name, path in paths.items() if path}}


def _await(client: Client, child: subprocess.Popen[bytes], log: Path, said_before: int) -> None:
    limit = time.monotonic() + START_S
    ended = False
    while time.monotonic() < limit:
        try:
            client.live()
        except NoDaemon:
            time.sleep(_POLL_S)
        else:
            return
        if not ended and child.poll() is not None:
            ended, limit = True, min(limit, time.monotonic() + _RIVAL_S)
    how = f"ended at once with code {child.returncode}" if ended else f"did not answer within {START_S:.0f} s"
    said = _since(log, said_before)
    raise NoDaemon(
        f"A daemon was started (process {child.pid}), but it {how}.", "\n".join([*said, f"All it said: {log}"])
    )


def _since(log: Path, start: int) -> list[str]:
    """The last lines written to `log` after byte `start`."""
    try:
        with log.open("rb") as file:
            file.seek(start)
            return file.read().decode(errors="replace").splitlines()[-_TOLD:]
    except OSError:
        return []
