"""How long a daemon takes to end: idle, in the middle of a render, with an FFmpeg that does not listen, and hurried."""

import os
import signal
import subprocess
import time
from collections.abc import Callable

import psutil
from home import Home, home, running
from row import Row

from shortsd.domain.errors import Internal

LIMIT_S = 5.0
"""What DESIGN section 7 allows: TERM, two seconds, KILL, one second, and what is left to be written."""
SLOW = "\nwidth = 1080\nheight = 1920\nfps = 60\n"
POLL_S = 0.005
RENDER_S = 30.0


def shutdown() -> list[Row]:
    """From SIGTERM until the process is gone, whatever it was doing."""
    return [
        _row("shutdown, idle", lambda _: None),
        _row("shutdown, render", _rendering),
        _row("shutdown, frozen", _frozen),
        _row("shutdown, hurried", _frozen, hurried=True),
    ]


def _row(name: str, first: Callable[[Home], None], *, hurried: bool = False) -> Row:
    with home() as place:
        (place.folder / "config.toml").write_text("[video]" + SLOW)
        with running(place) as daemon:
            first(place)
            took = _end(daemon, hurried=hurried)
        left = sum(_is_of(place, process) for process in psutil.process_iter())
    said = f"{took:.2f} s, {left} processes left"
    return Row(name, said, f"<= {LIMIT_S:.0f} s", met=took <= LIMIT_S and not left)


def _end(daemon: "subprocess.Popen[bytes]", *, hurried: bool) -> float:
    """Ask a daemon to end, and again at once if it is to hurry; the seconds until it is gone."""
    begun = time.perf_counter()
    daemon.send_signal(signal.SIGTERM)
    if hurried:
        time.sleep(POLL_S)  # two signals at the same moment are one to the kernel
        daemon.send_signal(signal.SIGTERM)
    daemon.wait(2 * LIMIT_S)
    return time.perf_counter() - begun


def _rendering(place: Home) -> None:
    """Wait until frames are being encoded."""
    (job,) = place.ask()
    limit = time.monotonic() + RENDER_S
    while not _counts(place.client.job(job.id).message):
        if time.monotonic() > limit:
            raise Internal("The render did not begin.")
        time.sleep(POLL_S)


def _counts(message: str) -> bool:
    """Whether frames were made."""
    return message.endswith("frames") and not message.startswith("0 ")


def _frozen(place: Home) -> None:
    """Have the processes of a render stand still: they do not listen to TERM."""
    _rendering(place)
    for process in psutil.process_iter():
        if _is_of(place, process) and process.name().startswith("ffmpeg"):
            os.kill(process.pid, signal.SIGSTOP)


def _is_of(place: Home, process: psutil.Process) -> bool:
    """Whether a process works for a home: what it was told names files in there."""
    try:
        return process.pid != os.getpid() and any(str(place.folder) in word for word in process.cmdline())
    except psutil.Error:
        return False
