"""An FFmpeg that crashes on cue."""

from pathlib import Path

import imageio_ffmpeg
from daemon import TINY, Home

FALLING = """#!/bin/sh
case "$*" in *{word}*)
  if [ -e {folder}/falls ]; then echo "it is going to fall" >&2; kill -SEGV $$; fi;;
esac
exec {ffmpeg} "$@"
"""
"""An FFmpeg that crashes at some of its work, for as long as a file `falls` lies there."""
AT_VOICE, AT_RENDER = "voice.wav", "libx264"
"""What stands in the command of such work: in the first stage that has a child, and where the video is encoded."""


def falling(folder: Path, retries: int, wait_s: float, word: str = AT_VOICE) -> str:
    """A configuration with such an FFmpeg, which is not falling yet."""
    program = folder / "ffmpeg"
    program.write_text(FALLING.format(word=word, folder=folder, ffmpeg=imageio_ffmpeg.get_ffmpeg_exe()))
    program.chmod(0o755)
    settings = f"retries = {retries}\nretry_wait_s = {wait_s}\n"
    return TINY.replace("retries = 0\n", settings) + f'\n[children]\nffmpeg = "{program}"\n'


def waiting(daemon: Home, job: int) -> bool:
    view = daemon.client.job(job)
    return view.state == "queued" and view.retry_at is not None
