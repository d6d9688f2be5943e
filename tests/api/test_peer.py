"""Who may ask the daemon: its own user, and root."""

import os
import subprocess
import sys

import pytest
from daemon import Home

NOBODY = 65534

ANOTHER = f"""
import os, socket, sys
line = socket.socket(socket.AF_UNIX)
os.setuid({NOBODY})
line.connect(sys.argv[1])
try:
    line.sendall(b"GET /health/live HTTP/1.1\\r\\nHost: shortsd\\r\\n\\r\\n")
    print(line.recv(100))
except OSError:
    print(b"")
"""

ASKED_BY_ROOT = f"""
import os, socket
from shortsd.api.peer import same_user
ours, theirs = socket.socketpair()
os.setuid({NOBODY})
print(same_user(ours))
"""

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def said(program: str, *argv: str) -> str:
    done = subprocess.run([sys.executable, "-c", program, *argv], capture_output=True, check=True, text=True)
    return done.stdout.strip()


def test_another_user_is_refused_even_where_it_can_reach_the_socket(daemon: Home) -> None:
    """With socket and folders open to everybody, another user gets no answer; the daemon's own user goes on getting."""
    socket = daemon.places.socket
    for place in (socket, socket.parent, daemon.folder, daemon.folder.parent):
        place.chmod(0o777)
    assert said(ANOTHER, str(socket)) == "b''"
    assert daemon.client.live().ok
    assert "Traceback" not in daemon.said()


def test_root_may_ask_a_daemon_of_another_user() -> None:
    """A system's daemon runs as a user that nobody can be."""
    assert said(ASKED_BY_ROOT) == "True"
