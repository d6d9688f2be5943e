"""Metrics as a monitoring system reads them, and readiness as a service manager does."""

from pathlib import Path

import pytest
from daemon import TINY, Home, home, wait_for
from prometheus_client.parser import text_string_to_metric_families

from shortsd import __version__
from shortsd.client.transport import Transport
from shortsd.domain.errors import ShortsError
from shortsd.domain.stage import STAGES

WAITS = "#!/bin/sh\nexec sleep 600\n"
FAILS = "#!/bin/sh\necho no such codec >&2\nexit 1\n"


def figure(daemon: Home, name: str, **labels: str) -> float:
    """One figure of those at /metrics; fail if it is not there."""
    text = Transport(daemon.places.socket).ask("GET", "/metrics").decode()
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    (found,) = (sample.value for sample in samples if sample.name == name and labels.items() <= sample.labels.items())
    return found


def with_ffmpeg(folder: Path, script: str) -> str:
    """A configuration with an FFmpeg of our own."""
    program = folder / "ffmpeg"
    program.write_text(script)
    program.chmod(0o700)
    return f'{TINY}max_parallel_jobs = 1\n[children]\nffmpeg = "{program}"\n'


def test_a_short_that_was_made_is_measured(daemon: Home) -> None:
    """Its job is counted, each stage timed once, its files are among the bytes; the daemon says who it is."""
    daemon.finished(daemon.make())
    assert figure(daemon, "shortsd_jobs", state="succeeded") == 1
    assert figure(daemon, "shortsd_jobs", state="queued") == 0
    assert [figure(daemon, "shortsd_stage_duration_seconds_count", stage=stage) for stage in STAGES] == [1] * len(
        STAGES
    )
    assert figure(daemon, "shortsd_stage_duration_seconds_sum", stage="render") > 0
    assert figure(daemon, "shortsd_build_info", version=__version__) == 1
    assert figure(daemon, "process_resident_memory_bytes") > 2**20


def test_who_works_and_who_waits_is_measured(short_folder: Path) -> None:
    """A child is counted at its stage with its memory, and the queue is as old as the job that waits."""
    with home(short_folder / "h", with_ffmpeg(short_folder, WAITS)) as daemon:
        assert figure(daemon, "shortsd_queue_age_seconds") == 0
        daemon.make()
        wait_for(lambda: figure(daemon, "shortsd_children", stage="voice") == 1, "a child")
        assert figure(daemon, "shortsd_children_resident_memory_bytes", stage="voice") > 0
        daemon.make()
        wait_for(lambda: figure(daemon, "shortsd_queue_age_seconds") > 0, "the age of the queue")


def test_what_failed_is_counted_by_its_code(short_folder: Path) -> None:
    """The code is that which the job shows."""
    with home(short_folder / "h", with_ffmpeg(short_folder, FAILS)) as daemon:
        failed = daemon.until(daemon.make(), "failed")
        assert failed.error is not None
        assert figure(daemon, "shortsd_errors_total", code=failed.error.code) == 1


def test_a_daemon_without_ffmpeg_is_not_ready_and_says_why(short_folder: Path) -> None:
    """One that was there at the start may go away; when it is back, the daemon is ready."""
    with home(short_folder / "h", with_ffmpeg(short_folder, WAITS)) as daemon:
        program = short_folder / "ffmpeg"
        program.chmod(0o600)
        with pytest.raises(ShortsError):
            Transport(daemon.places.socket).ask("GET", "/health/ready")
        program.chmod(0o700)
        Transport(daemon.places.socket).ask("GET", "/health/ready")
