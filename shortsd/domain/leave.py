"""Leaving a process whose work is done."""

import os
import sys
from typing import NoReturn


def leave(code: int) -> NoReturn:
    """End this process with an exit code, at once: what it wrote is flushed, its memory is the kernel's to take away.

    The interpreter would first take apart every module and object one by one: 0.2 s of processor for a daemon, 15 ms
    for a worker with NumPy. For programs that have closed by themselves what they opened: no `atexit` is heard.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
