"""The other end of `WorkerProcesses`: a process that calls one function of ours and tells how that went.

Run as `python -m shortsd.processes.worker package.module:function` with the request, a JSON object, on stdin.
"""

import errno
import importlib
import json
import logging
import os
import resource
import sys
import traceback
import warnings
from collections.abc import Callable
from typing import Any, NoReturn, TextIO

from shortsd.domain.errors import DiskFull, Internal, ShortsError
from shortsd.domain.leave import leave
from shortsd.domain.loading import loading
from shortsd.processes.failures import NO_MEMORY, out_of_memory
from shortsd.processes.protocol import encode

LOGGER = "shortsd.worker"
"""What is logged here goes to the job's log."""

Say = Callable[[dict[str, Any]], None]


def main() -> NoReturn:
    """Do what was asked; exits 0 if an answer was given, be it an error."""
    target = sys.argv[1]
    request = json.load(sys.stdin)
    say = _speaker(_take_stdout())
    _forward_logs(say)
    say(_answer(target, request, say))
    leave(0)


def _take_stdout() -> TextIO:
    """Keep stdout for the protocol; what libraries print (C ones, too) goes to stderr from now on."""
    kept = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return kept


def _speaker(out: TextIO) -> Say:
    def say(message: dict[str, Any]) -> None:
        out.writelines(encode(message))
        out.flush()

    return say


class _Forward(logging.Handler):
    def __init__(self, say: Say) -> None:
        super().__init__()
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        self._say({"log": [record.levelno, self.format(record)]})


def _forward_logs(say: Say) -> None:
    logger = logging.getLogger(LOGGER)
    logger.setLevel(logging.INFO)
    logger.addHandler(_Forward(say))
    logger.propagate = False

    def show(message: Warning | str, category: type[Warning], *_where: Any, **_more: Any) -> None:
        logger.warning("%s: %s", category.__name__, message)

    warnings.showwarning = show


def _answer(target: str, request: dict[str, Any], say: Say) -> dict[str, Any]:
    def progress(done: float, total: float, message: str = "") -> None:
        say({"progress": [done, total, message]})

    try:
        name, _, function = target.partition(":")
        with loading():
            module = importlib.import_module(name)
        return {"result": getattr(module, function)(request, progress)}
    except ShortsError as exc:
        return _error(exc)
    except Exception as exc:  # noqa: BLE001 - told to the daemon, whatever it is, and to the log with its traceback
        traceback.print_exc()
        return _error(_ours(target, exc))


def _error(error: ShortsError) -> dict[str, Any]:
    said = {"code": str(error.code), "message": error.message, "hint": error.hint, "retryable": error.retryable}
    return {"error": said}


def _ours(target: str, exc: Exception) -> ShortsError:
    if isinstance(exc, OSError) and exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(f"{target} found no space left on the disk.", "Make room on the disk, then retry.")
    if any(words in repr(exc) for words in NO_MEMORY):
        limit = resource.getrlimit(resource.RLIMIT_DATA)[0]
        return out_of_memory(target, 0 if limit == resource.RLIM_INFINITY else limit >> 20)
    return Internal(f"{target} failed: {type(exc).__name__}: {exc}.", "The job's log has the traceback.")


if __name__ == "__main__":
    main()
