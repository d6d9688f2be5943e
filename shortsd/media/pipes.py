"""Frames into a pipe without a copy: the reader is handed the very pages that they were drawn into."""

import ctypes
import errno
import fcntl
import mmap
import os
from collections.abc import Iterator

import numpy as np

from shortsd.media.planes import Plane

PIPE_BYTES = 1 << 20
"""A frame is megabytes: the larger the pipe, the fewer times both ends wake up. Linux grants this much to anybody."""


_NO_SPLICE = (errno.EPERM, errno.ENOSYS)
"""Of vmsplice(2) where it is not to be had: container engines forbid it by seccomp, gVisor has none."""


class FramePipe:
    """Writes frames to a file descriptor: by vmsplice(2) to a pipe where it may be, else by write(2).

    What is spliced must not be drawn over before it was read. A pipe holds no more than its size, so that much later
    it was: frames are drawn into as many pieces of memory in turn.
    """

    def __init__(self, to: int, height: int, width: int) -> None:
        self._to = to
        size = height * width
        held = _widened(to)
        self._splices = held > 0
        self._frames = [_pages(size).reshape(height, width) for _ in range(2 + held // size if held else 1)]
        self._libc = ctypes.CDLL(None, use_errno=True)

    def frames(self) -> Iterator[Plane]:
        """The memory for one frame after another, without end. Each is to be written before the next is asked for."""
        while True:
            yield from self._frames

    def write(self, frame: Plane) -> None:
        """Write a frame that lies in the memory it was given. Raises BrokenPipeError when nobody reads any more."""
        left = frame.data.cast("B")
        while left:
            left = left[self._written(left) :]

    def _written(self, data: memoryview) -> int:
        """How many bytes went."""
        if not self._splices:
            return os.write(self._to, data)
        piece = _IoVec(ctypes.addressof(ctypes.c_char.from_buffer(data)), len(data))
        went = int(self._libc.vmsplice(self._to, ctypes.byref(piece), ctypes.c_size_t(1), 0))
        if went >= 0:
            return went
        error = ctypes.get_errno()
        self._splices = error not in _NO_SPLICE
        if error != errno.EINTR and self._splices:
            raise OSError(error, os.strerror(error))
        return 0


class _IoVec(ctypes.Structure):
    """Struct iovec of <sys/uio.h>."""

    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


def _widened(to: int) -> int:
    """The size of a pipe, made larger if that is allowed; 0 if it is none."""
    try:
        fcntl.fcntl(to, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    except PermissionError:
        pass  # the user has too many pipes
    except OSError:
        return 0
    return fcntl.fcntl(to, fcntl.F_GETPIPE_SZ)


def _pages(size: int) -> Plane:
    """Memory of its own pages, which no one else is given as long as they lie in a pipe."""
    return np.frombuffer(mmap.mmap(-1, size), np.uint8)
