"""An FFmpeg that encodes no video before it is told to: a render whose middle lasts for as long as a test needs it."""

from pathlib import Path

import imageio_ffmpeg
from daemon import TINY

PATIENT = """#!/bin/sh
case "$*" in *-progress*)
  touch {folder}/encoding
  until [ -e {folder}/go ]; do echo "still here" >&2; sleep 0.05; done;;
esac
exec {ffmpeg} "$@"
"""


def patient(folder: Path, more: str = "") -> str:
    """A configuration with such an FFmpeg; `more` is of its children.

    It makes a file `encoding` when it is at its work, and goes on when a file `go` lies there.
    """
    program = folder / "ffmpeg"
    program.write_text(PATIENT.format(folder=folder, ffmpeg=imageio_ffmpeg.get_ffmpeg_exe()))
    program.chmod(0o755)
    return f'{TINY}\n[children]\nffmpeg = "{program}"\n{more}'
