"""`python no_splice.py PROGRAM ARGS…`: runs a program to which vmsplice(2) is forbidden, as container engines do.

The filter is one of <linux/seccomp.h>: load the number of the system call, refuse that one, allow the rest.
"""

import ctypes
import errno
import os
import platform
import struct
import sys

NUMBER = {"x86_64": 278, "aarch64": 75}
"""Of vmsplice, by <asm/unistd.h>."""
LOAD, IF_EQUAL, RETURN = 0x20, 0x15, 0x06
"""BPF_LD|BPF_W|BPF_ABS, BPF_JMP|BPF_JEQ|BPF_K, BPF_RET|BPF_K."""
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
NO_NEW_PRIVS, SECCOMP, FILTER = 38, 22, 2
"""PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER."""


class Program(ctypes.Structure):
    """Struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def forbid() -> None:
    """Forbid it to this process and all it becomes."""
    steps = [
        (LOAD, 0, 0, 0),
        (IF_EQUAL, 0, 1, NUMBER[platform.machine()]),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    ]
    program = Program(len(steps), b"".join(struct.pack("HBBI", *step) for step in steps))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    for words in ((NO_NEW_PRIVS, 1, 0, 0, 0), (SECCOMP, FILTER, ctypes.byref(program))):
        if prctl(*words):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


if __name__ == "__main__":
    forbid()
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - the very program that was named
