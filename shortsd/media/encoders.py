"""Encoders of the picture: what each is called, and what FFmpeg is told for it."""

from dataclasses import dataclass

KEYFRAME_S = 2
"""Seconds from one keyframe to the next: what upload services ask for, and what seeking feels good with."""


@dataclass(frozen=True, slots=True)
class EncodeSettings:
    """How the picture is encoded: by which encoder, how hard it works, and how good the result is to look at."""

    encoder: str = "x264"
    preset: str = "veryfast"
    crf: int = 20


def options(settings: EncodeSettings, fps: int) -> tuple[str, ...]:
    """FFmpeg's options for a video stream: H.264 High, yuv420p, closed groups of KEYFRAME_S."""
    return (
        *("-c:v", "libx264", "-preset", settings.preset, "-crf", str(settings.crf), "-profile:v", "high"),
        *("-pix_fmt", "yuv420p", "-g", str(KEYFRAME_S * fps), "-flags:v", "+cgop"),
    )
