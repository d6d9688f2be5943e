"""How a child ended, told to a person."""

import os
import signal
from collections.abc import Sequence

from shortsd.domain.errors import ChildFailed, DiskFull, ShortsError

LAST_LINES = 5
NO_SPACE = ("No space left on device", "Disk quota exceeded")
BROKEN_PIPE = ("Broken pipe", "BrokenPipeError")


def failure(name: str, returncode: int, refused: int | None, stderr: str) -> ShortsError | None:
    """The error that an ended child stands for; None if it did well.

    `returncode` is negative for a signal, as in subprocess; `refused` is the errno that kept it from being executed.
    """
    if refused is not None:
        return ChildFailed(f"{name} could not be started: {os.strerror(refused)}.", "Is it installed, and executable?")
    if returncode == 0:
        return None
    if any(words in stderr for words in NO_SPACE):
        return DiskFull(f"{name} found no space left on the disk.", "Make room on the disk, then retry.")
    lines = last_lines(stderr)
    # What ends by itself says why in its last line; what is killed was saying something else.
    reason = f": {lines[-1]}" if lines and returncode > 0 else "."
    message = f"{name} {_how(returncode)}{reason}"
    return ChildFailed(message, " ".join(filter(None, (_why(returncode), last_words(stderr)))))


def _how(returncode: int) -> str:
    if returncode > 0:
        return f"ended with exit code {returncode}"
    try:
        return f"was killed by {signal.Signals(-returncode).name}"
    except ValueError:
        return f"was killed by signal {-returncode}"


def _why(returncode: int) -> str:
    if returncode != -signal.SIGKILL:
        return ""
    return "Nobody here killed it; the system does that when memory runs out."


def last_lines(stderr: str) -> Sequence[str]:
    """The last lines that are not blank."""
    return [line for line in stderr[-10_000:].splitlines() if line.strip()][-LAST_LINES:]


def last_words(stderr: str) -> str:
    """The last lines as a part of a hint, or nothing."""
    lines = last_lines(stderr)
    return "\n".join(["It wrote last:", *lines]) if lines else ""


def is_broken_pipe(returncode: int, stderr: str) -> bool:
    """Whether a child ended because nobody read what it wrote."""
    return returncode == -signal.SIGPIPE or any(words in stderr for words in BROKEN_PIPE)
