"""The ports that stages are handed, as the wiring built them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shortsd.domain.ports import Articles, Children, Desk, Music, Pictures, Publisher, Voice, Workers, Writer
from shortsd.domain.style import Fit
from shortsd.media.encoder_probe import Encoders
from shortsd.media.encoders import EncodeSettings
from shortsd.media.fonts import FontFiles


class CheckedVoice(Voice, Protocol):
    """A voice that can tell, before a job is accepted, whether it can speak."""

    async def check(self, voice: str) -> None:
        """Raises BadInput for a voice that does not exist."""
        ...


class CheckedPictures(Pictures, Protocol):
    """Pictures of a user, which may turn out not to be there."""

    async def check(self, desk: Desk) -> None:
        """Raises BadInput if there is nothing to use."""
        ...


class CheckedMusic(Music, Protocol):
    """Music of a user, which may turn out not to be sound."""

    async def check(self, desk: Desk) -> None:
        """Raises BadInput if it cannot be used."""
        ...


@dataclass(frozen=True, slots=True)
class Tools:
    """Everything that the stages of a short work with."""

    writer: Writer
    articles: Articles
    voice: CheckedVoice
    painter: Pictures
    pad: Music
    folder: Callable[[Path, Fit], CheckedPictures]
    """Pictures of a user's folder, and what becomes of those of another shape."""
    file: Callable[[Path], CheckedMusic]
    """A user's music file."""
    publisher: Publisher
    children: Children
    workers: Workers
    ffmpeg: str
    fonts: FontFiles
    encoding: EncodeSettings
    """What is wished for; `encoders` tells what works."""
    encoders: Encoders
    stall_s: float
    parallel_encoders: int

    def pictures(self, images: str | None, fit: Fit) -> Pictures:
        """The user's pictures, or the painter's."""
        return self.painter if images is None else self.folder(Path(images), fit)

    def music(self, music: str | None) -> Music:
        """The user's music, or the pad."""
        return self.pad if music is None else self.file(Path(music))
