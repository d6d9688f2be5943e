import socket
import subprocess
import sys

import pytest

from shortsd.providers.videos.fence import literal

TRY = """
import socket, subprocess, sys
from shortsd.providers.videos.fence import Fence
fence = Fence(sys.argv[2:])
fence.put_up()
port = int(sys.argv[1])
for host in ("127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1"):
    try:
        socket.create_connection((host, port), timeout=0.01).close()
        print(host, "open")
    except OSError as exc:
        print(host, type(exc).__name__)
try:
    subprocess.run(["curl", "http://127.0.0.1"])
except OSError as exc:
    print("curl", type(exc).__name__)
"""


def tried(*trusted: str) -> dict[str, str]:
    """What became of connections out of a fenced process, by host; of a program."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        names = [name.replace("PORT", str(port)) for name in trusted]
        done = subprocess.run(
            [sys.executable, "-c", TRY, str(port), *names], capture_output=True, text=True, check=True
        )
    return dict(line.split() for line in done.stdout.splitlines())


def test_nothing_private_is_connected_to() -> None:
    """Whatever it is called, and whoever opens the socket; nor is a program started that could."""
    assert set(tried().values()) == {"Refused"}


def test_trusted_hosts() -> None:
    """One is let through by its port, and nothing beside it is."""
    found = tried("127.0.0.1:PORT")
    assert (found["127.0.0.1"], found["10.0.0.1"], found["curl"]) == ("open", "Refused", "Refused")
    assert tried("127.0.0.1:9")["127.0.0.1"] == "Refused"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://127.0.0.1:8000/feed", "127.0.0.1:8000"),
        ("https://localhost/", "localhost:443"),
        ("http://[::1]/feed", "[::1]:80"),
        ("https://videos.example/", ""),
        ("https://127.0.0.1.videos.example/", ""),
    ],
)
def test_addresses_that_their_user_means(url: str, host: str) -> None:
    """One that says itself where it is was meant; of a name others say where it is."""
    assert literal(url) == host
