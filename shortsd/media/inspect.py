"""Whether a finished MP4 is what it should be: what FFmpeg tells of it, held against what was asked for."""

import asyncio
from pathlib import Path

from shortsd.domain.ports import Children, Desk
from shortsd.media import judging, mp4, probing, sensing
from shortsd.media.judging import Check, Expected, Facts


async def inspect(children: Children, ffmpeg: str, file: Path, desk: Desk) -> Facts:
    """Find out what a file is: one pass over its packets, one decoding it. Raises BadInput, and as `Children.run`."""
    reader = probing.StreamReader()
    output = await children.run(probing.probe(ffmpeg, file), desk, reader.read)
    streams = reader.streams(output.stderr)
    heard = await children.run(sensing.listen(ffmpeg, file), desk)
    size, fast, level = await asyncio.to_thread(_boxes, file)
    return Facts(size, fast, level, streams, sensing.senses(heard.stderr, judging.ends(streams)[0]))


def checks(facts: Facts, expected: Expected) -> tuple[Check, ...]:
    """Every check of the file itself, passed or not."""
    groups = (judging.form, judging.tags, judging.timing, judging.weight, judging.looks, judging.sound)
    return tuple(check for group in groups for check in group(facts, expected))


def _boxes(file: Path) -> tuple[int, bool, str]:
    return file.stat().st_size, mp4.faststart(file), mp4.h264_level(file)
