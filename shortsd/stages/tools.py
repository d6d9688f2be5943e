"""The ports that stages are handed, as the wiring built them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shortsd.domain.elsewhere import Storage
from shortsd.domain.memory import PictureLedger
from shortsd.domain.ports import (
    Author,
    Children,
    Desk,
    Hearing,
    Music,
    Pages,
    Pictures,
    Publisher,
    Roster,
    Speaker,
    Summarizer,
    Videos,
    Workers,
)
from shortsd.domain.style import Fit
from shortsd.media.encoder_probe import Encoders
from shortsd.media.encoders import EncodeSettings
from shortsd.media.fonts import FontFiles
from shortsd.media.slides.drawers import Drawer
from shortsd.stages.plan import Plan
from shortsd.stages.story import Teller
from shortsd.stages.twins import Shelf


class Narrators(Protocol):
    """Those who may speak narrations, and whom they can be asked for as."""

    @property
    def key(self) -> str: ...

    async def check(self, voice: str) -> None:
        """Raises BadInput for a voice that does not exist."""
        ...

    async def speakers(self, voice: str) -> Sequence[Speaker]:
        """Who is to speak what a voice was asked for, one after the other until one does it. Raises BadInput."""
        ...

    async def roster(self) -> Roster:
        """Everybody."""
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
class Uses:
    """Who does the work, a line for each kind of it, for people."""

    words: str
    voice: str
    pictures: str
    music: str
    place: str
    """To where it is published."""


@dataclass(frozen=True, slots=True)
class Tools:
    """Everything that the stages of a short work with."""

    writer: Author
    articles: Pages
    shelf: Shelf
    """What was told before."""
    rewrites: int
    """How often a story is written again that is too much like one told before."""
    voice: Narrators
    found: Callable[[Fit], Pictures]
    """Pictures where a user gave none, and what becomes of those of another shape."""
    ledger: PictureLedger
    usual_music: Music
    """Music where a user gave none."""
    folder: Callable[[Path, Fit], CheckedPictures]
    """Pictures of a user's folder, and what becomes of those of another shape."""
    instead: Callable[[Pictures, Mapping[int, Path], Fit], CheckedPictures]
    """Other pictures with a user's in some scenes."""
    file: Callable[[Path], CheckedMusic]
    """A user's music file."""
    publisher: Publisher
    storage: Callable[[str], Storage]
    """A folder by its whole path, or a bucket by its address. Raises BadInput, ServiceRefused."""
    videos: Videos
    hearing: Hearing
    summarizer: Summarizer
    summary_words: int
    """Of a summary, about."""
    output: Path
    """Where finished work goes, and what people edit."""
    drawers: Sequence[Drawer]
    """Who draws slides, in turn where one fails."""
    children: Children
    workers: Workers
    ffmpeg: str
    fonts: FontFiles
    encoding: EncodeSettings
    """What is wished for; `encoders` tells what works."""
    encoders: Encoders
    stall_s: float
    parallel_encoders: int
    remote: bool
    """Whether any of it waits for services elsewhere."""
    uses: Uses

    @property
    def teller(self) -> Teller:
        """Who writes stories, and what was told before."""
        return Teller(self.writer, self.shelf, self.rewrites)

    def pictures(self, plan: Plan) -> Pictures:
        """The user's pictures, or those that are found, but for scenes that have one of their own."""
        source = self.found(plan.fit) if plan.images is None else self.folder(Path(plan.images), plan.fit)
        files = {scene: Path(file) for scene, file in plan.picture}
        return self.instead(source, files, plan.fit) if files else source

    def music(self, music: str | None) -> Music:
        """The user's music, or the usual one."""
        return self.usual_music if music is None else self.file(Path(music))
