"""How a child ended, told to a person, and whether trying again can help."""

import errno
import os
import signal
from collections.abc import Sequence

from shortsd.domain.errors import ChildFailed, DiskFull, ShortsError

LAST_LINES = 5
LINE_CHARACTERS = 300
"""Of each of them: a message is for people, and is kept with its job."""
NO_SPACE = ("No space left on device", "Disk quota exceeded")
NO_MEMORY = (
    "Cannot allocate memory",
    "Memory allocation still failed",
    "MemoryError",
    "bad_alloc",
    "malloc of size",
    "malloc failed",
    "Insufficient memory",
)
"""As FFmpeg and the C library say it, Python and NumPy, C++, x264, OpenCV."""
BROKEN_PIPE = ("Broken pipe", "BrokenPipeError")
SCARCE = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN})
"""What is wanting when one of these is met (descriptors, memory, processes) may be there later."""


def failure(name: str, returncode: int, refused: int | None, stderr: str, memory_mb: int = 0) -> ShortsError | None:
    """The error that an ended child stands for; None if it did well.

    `returncode` is negative for a signal, as in subprocess; `refused` is the errno that kept it from being executed;
    `memory_mb` is what it was allowed to take, 0 for no limit.
    """
    if refused is not None:
        return not_started(name, refused)
    if returncode == 0:
        return None
    words = last_words(stderr)
    if any(said in stderr for said in NO_SPACE):
        return DiskFull(f"{name} found no space left on the disk.", "Make room on the disk, then retry.")
    if any(said in stderr for said in NO_MEMORY):
        return out_of_memory(name, memory_mb, words)
    lines = last_lines(stderr)
    # What ends by itself says why in its last line; what is killed was saying something else.
    reason = f": {lines[-1]}" if lines and returncode > 0 else "."
    hint = " ".join(filter(None, (_why(returncode), words)))
    # A command that ended by itself would do the same again. What struck it down may not be there the next time.
    return ChildFailed(f"{name} {_how(returncode)}{reason}", hint, retryable=returncode < 0)


def not_started(name: str, number: int) -> ChildFailed:
    """A child that could not be started, for this errno."""
    hint = "" if number in SCARCE else "Is it installed, and executable?"
    return ChildFailed(f"{name} could not be started: {os.strerror(number)}.", hint, retryable=number in SCARCE)


def out_of_memory(name: str, memory_mb: int, words: str = "") -> ChildFailed:
    """A child that was refused memory; `memory_mb` is its limit, 0 if it has none."""
    if not memory_mb:
        return ChildFailed(f"{name} ran out of memory.", words, retryable=True)
    hint = "Raise children.memory_mb, or ask for a smaller video."
    message = f"{name} needed more memory than the {memory_mb} MiB of children.memory_mb."
    return ChildFailed(message, "\n".join(filter(None, (hint, words))), retryable=False)


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
    """The last lines that are not blank, long ones cut."""
    lines = [line for line in stderr[-10_000:].splitlines() if line.strip()][-LAST_LINES:]
    return [line if len(line) <= LINE_CHARACTERS else f"{line[: LINE_CHARACTERS - 1]}…" for line in lines]


def last_words(stderr: str) -> str:
    """The last lines as a part of a hint, or nothing."""
    lines = last_lines(stderr)
    return "\n".join(["It wrote last:", *lines]) if lines else ""


def is_broken_pipe(returncode: int, stderr: str) -> bool:
    """Whether a child ended because nobody read what it wrote."""
    return returncode == -signal.SIGPIPE or any(words in stderr for words in BROKEN_PIPE)
