"""FFmpeg's `-progress` lines as numbers."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EncodeProgress:
    """How far an encode is. What FFmpeg does not know yet is None."""

    frame: int
    fps: float | None
    """Frames encoded per second of real time."""
    out_time_s: float | None
    """Seconds of the video that are written."""
    speed: float | None
    """Seconds of video per second of real time."""
    ended: bool


class ProgressReader:
    """Is fed lines of `ffmpeg -progress pipe:1`, and tells of each block when its last line, `progress=…`, is there.

    Lines that say nothing are passed over: FFmpeg's libraries may write to the same place.
    """

    def __init__(self, tell: Callable[[EncodeProgress], None]) -> None:
        self._tell = tell
        self._block: dict[str, str] = {}

    def feed(self, line: str) -> None:
        """Take a line, with or without its end."""
        key, equals, value = line.strip().partition("=")
        if not equals:
            return
        self._block[key.strip()] = value.strip()
        if key.strip() == "progress":
            block, self._block = self._block, {}
            self._tell(_progress(block))


def _progress(block: dict[str, str]) -> EncodeProgress:
    micros = _number(block.get("out_time_us", ""))
    return EncodeProgress(
        frame=int(_number(block.get("frame", "")) or 0),
        fps=_number(block.get("fps", "")),
        out_time_s=None if micros is None else micros / 1e6,
        speed=_number(block.get("speed", "").removesuffix("x")),
        ended=block["progress"] == "end",
    )


def _number(text: str) -> float | None:
    """A finite number that is not negative; None for `N/A` and anything else."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None
