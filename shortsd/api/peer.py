"""Who is at the other end of a connection."""

import os
import socket
import struct
import sys


def same_user(peer: socket.socket) -> bool:
    """Whether the process at the other end runs as our user, or as root; True where the kernel does not tell (macOS).

    A daemon of the system runs as a user that nobody can log in as, so it is root who asks it for work.
    """
    if peer.family != socket.AF_UNIX or sys.platform != "linux":
        return True
    size = struct.calcsize("3i")
    _, uid, _ = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return uid in (0, os.geteuid())
