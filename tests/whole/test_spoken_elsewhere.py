"""A real daemon with voices of services, which are on loopback."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from daemon import TINY, Home, home
from servers.edge import EdgeService, cut_off
from servers.loopback import status

VOICE = """
[voice]
provider = ["edge", "espeak"]

[services]
edge = "{address}"
"""


@pytest.fixture
def edge() -> Iterator[EdgeService]:
    with EdgeService() as service:
        yield service


@pytest.fixture
def daemon(edge: EdgeService) -> Iterator[Home]:
    config = TINY + VOICE.format(address=edge.address)
    with tempfile.TemporaryDirectory(prefix="shorts-") as folder, home(Path(folder) / "h", config) as running:
        yield running


def test_a_short_whose_service_fails_is_spoken_by_another(daemon: Home, edge: EdgeService) -> None:
    """Who spoke stands beside the short and what was asked for, too; the job's log says why."""
    edge.turns = [cut_off] * 20
    job = daemon.finished(daemon.make(voice="en-US-GuyNeural"))
    made = json.loads(Path(job.result["metadata"]).read_text())
    assert (made["voice"], made["speaker"]) == ("en-US-GuyNeural", "espeak:en-us")
    assert edge.said[0].voice.endswith("(en-US, GuyNeural)")
    log = daemon.ctl("logs", str(job.id), "-n", "10000").stdout
    assert "edge:en-US-GuyNeural cannot speak: Edge's voices broke off" in log


def test_voices_are_listed(daemon: Home, edge: EdgeService) -> None:
    """By the command, those of the service and espeak-ng's; who cannot be asked is noted."""
    edge.fail(status(500), at=EdgeService.LIST)
    without = daemon.ctl("voices", "--lang", "en-us")
    assert "en-us" in without.stdout
    assert "The voices of edge cannot be listed now" in without.stderr
    doctor = json.loads(daemon.ctl("doctor", "--json").stdout)["findings"]
    (voice,) = [finding for finding in doctor if finding["name"] == "voice"]
    assert voice["detail"].startswith("edge:en-US-ChristopherNeural speaks")
