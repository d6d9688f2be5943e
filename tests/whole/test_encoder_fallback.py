"""A daemon whose configuration names an encoder that no FFmpeg for Linux has."""

import signal
from pathlib import Path

import pytest
from daemon import TINY, Home, home, wait_for

WANTED = TINY.replace("[video]", '[video]\nencoder = "videotoolbox"')
WARNING = "The encoder videotoolbox does not work here, x264 is used instead: Unknown encoder 'h264_videotoolbox'."


def test_an_encoder_that_does_not_work_is_told_everywhere(short_folder: Path) -> None:
    """In the daemon's log, in the job's warnings and its log, and by doctor with a remedy; the short is made."""
    with home(short_folder / "h", WANTED) as daemon:
        wait_for(lambda: WARNING in daemon.said(), "the warning in the log")

        number = daemon.make()
        done = daemon.finished(number)

        assert done.result is not None
        assert f"render: {WARNING}" in done.result["warnings"]
        assert WARNING in daemon.log(number)
        told = daemon.ctl("doctor")
        assert told.returncode == 1
        assert "Unknown encoder 'h264_videotoolbox'" in told.stdout
        assert "needs a Mac" in told.stdout


@pytest.mark.parametrize("encoder", ["auto", "x264"])
def test_what_works_is_told_by_doctor(short_folder: Path, encoder: str) -> None:
    """With `auto` there is always something that works, and no finding against it."""
    with home(short_folder / "h", WANTED.replace("videotoolbox", encoder)) as daemon:
        told = daemon.ctl("doctor")
        assert told.returncode == 0, told.stdout
        assert "encoder" in told.stdout


def test_other_settings_are_tried_at_a_reload(daemon: Home) -> None:
    """A configuration that is read again has its encoder tried at once, without a job."""
    daemon.places.config_file.write_text(WANTED)
    assert daemon.process is not None
    daemon.process.send_signal(signal.SIGHUP)
    wait_for(lambda: WARNING in daemon.said(), "the warning in the log")
