"""What the workers of the tests do."""

import ctypes
import errno
import logging
import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from typing import Any

from shortsd.domain.errors import BadInput

Progress = Callable[..., None]


def echo(request: dict[str, Any], progress: Progress) -> Any:
    progress(1, 2, "half")
    progress(2, 2)
    return {"heard": request}


def logs(_request: dict[str, Any], _progress: Progress) -> None:
    logging.getLogger("shortsd.worker").info("by the way")
    logging.getLogger("shortsd.worker").warning("a picture\nis missing")
    warnings.warn("old fashioned", UserWarning, stacklevel=1)


def chatter(_request: dict[str, Any], _progress: Progress) -> str:
    print("from Python")  # noqa: T201 - this is what a library does
    os.write(1, b"from the system\n")
    ctypes.CDLL(None).puts(b"from C")
    subprocess.run(["/bin/echo", "from a child"], check=True)
    return "fine"


def long_answer(_request: dict[str, Any], _progress: Progress) -> str:
    return "é\n" * 200_000


def bad_input(_request: dict[str, Any], _progress: Progress) -> None:
    raise BadInput("The picture cannot be read.", "Try another.")


def bug(_request: dict[str, Any], _progress: Progress) -> None:
    raise KeyError("width")


def disk_full(_request: dict[str, Any], _progress: Progress) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def memory(_request: dict[str, Any], _progress: Progress) -> None:
    raise MemoryError


def crash(_request: dict[str, Any], _progress: Progress) -> None:
    ctypes.string_at(0)


def silent_end(_request: dict[str, Any], _progress: Progress) -> None:
    sys.exit(0)


def threads(_request: dict[str, Any], _progress: Progress) -> list[str]:
    return [os.environ["OMP_NUM_THREADS"], os.environ["OPENBLAS_NUM_THREADS"]]
