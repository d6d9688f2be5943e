"""An FFmpeg that crashes on cue."""

from pathlib import Path

import imageio_ffmpeg
from daemon import TINY, Home

FALLING = """#!/bin/sh
case "$*" in *libx264*)
  if [ -e {folder}/falls ]; then echo "it is going to fall" >&2; kill -SEGV $$; fi;;
esac
exec {ffmpeg} "$@"
"""
"""An FFmpeg that crashes when it is to encode, for as long as a file `falls` lies there."""


def falling(folder: Path, retries: int, wait_s: float) -> str:
    """A configuration with such an FFmpeg, which is not falling yet."""
    program = folder / "ffmpeg"
    program.write_text(FALLING.format(folder=folder, ffmpeg=imageio_ffmpeg.get_ffmpeg_exe()))
    program.chmod(0o755)
    settings = f"retries = {retries}\nretry_wait_s = {wait_s}\n"
    return TINY.replace("retries = 0\n", settings) + f'\n[children]\nffmpeg = "{program}"\n'


def waiting(daemon: Home, job: int) -> bool:
    view = daemon.client.job(job)
    return view.state == "queued" and view.retry_at is not None
