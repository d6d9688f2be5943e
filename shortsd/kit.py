"""What stages work with, on a user's settings: embedded defaults, FFmpeg, and child processes."""

import os
import shutil
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import imageio_ffmpeg

from shortsd.authors import author
from shortsd.channel import channel
from shortsd.config.places import Places
from shortsd.config.secrets import Secrets
from shortsd.config.settings import Settings
from shortsd.domain.elsewhere import Storage
from shortsd.domain.errors import BadInput
from shortsd.domain.memory import PictureLedger, Uploads
from shortsd.domain.ports import Clock, Desk, Music, Pages, Publication, Published, Publisher, Roster, Workers
from shortsd.domain.story import Article
from shortsd.domain.witness import NOBODY, Witness
from shortsd.kept import Kept
from shortsd.media.encoder_probe import Encoders
from shortsd.media.encoders import EncodeSettings
from shortsd.media.fonts import install
from shortsd.media.slides.drawers import ChromiumDrawer, Drawer, PillowDrawer, browser
from shortsd.pictures import pictures
from shortsd.processes.children import ChildProcesses
from shortsd.processes.limits import Limits
from shortsd.processes.registry import Registry
from shortsd.processes.workers import WorkerProcesses
from shortsd.providers.images.folder import FolderPictures
from shortsd.providers.images.instead import InsteadPictures
from shortsd.providers.music.chain import LibraryOr
from shortsd.providers.music.file import FileMusic
from shortsd.providers.music.library import LibraryMusic
from shortsd.providers.music.pad import PadMusic
from shortsd.providers.publish.both import AlsoTo
from shortsd.providers.publish.folder import FolderPublisher
from shortsd.providers.storage.folder import FolderStorage
from shortsd.providers.videos.hearing import WhisperHearing
from shortsd.providers.videos.ytdlp import SiteVideos
from shortsd.speakers import speakers
from shortsd.stages.images import NothingShown
from shortsd.stages.kind import Kind
from shortsd.stages.plan import Plan
from shortsd.stages.preflight import preflight
from shortsd.stages.tools import Tools
from shortsd.stages.twins import NothingTold, Shelf
from shortsd.uses import remote, uses


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of what was told, shown and published."""

    shelf: Shelf
    ledger: PictureLedger
    uploads: Uploads | None = None
    """None where nothing is uploaded, whatever is configured."""
    clock: Clock = time.time
    kept: Kept = field(default_factory=Kept)
    """Beside what is remembered on the disk: what providers have in common, however often they are built anew."""


def forgetful() -> Memory:
    """For work that belongs to no job."""
    return Memory(Shelf(NothingTold()), NothingShown())


@dataclass(frozen=True, slots=True)
class WebPages:
    """domain.ports.Pages from the web; what asks there is loaded when somebody wants one."""

    workers: Workers
    trusted: tuple[str, ...]

    async def fetch(self, url: str, desk: Desk) -> Article:
        return await self._articles().fetch(url, desk)

    async def structured(self, url: str, desk: Desk) -> tuple[Article, str]:
        return await self._articles().structured(url, desk)

    async def picture(self, url: str, to: Path, desk: Desk) -> None:
        await self._articles().picture(url, to, desk)

    def _articles(self) -> Pages:
        from shortsd.providers.articles.web import WebArticles  # noqa: PLC0415 - httpx takes a quarter of a second

        return WebArticles(self.workers, self.trusted)


@dataclass(slots=True)
class Kit:
    """The stages' ports as they are configured by now: whoever holds this sees every change."""

    now: Tools

    def untold(self) -> Tools:
        """For previews: they are no job's, and keep no story from one."""
        return replace(self.now, shelf=Shelf(NothingTold()))

    async def roster(self) -> Roster:
        """Who can be asked to speak."""
        return await self.now.voice.roster()

    async def examine(self, kind: Kind, plan: Any) -> None:
        """See that a plan of a kind can come to something. Raises BadInput."""
        await kind.examine(plan, self.now)

    async def examine_short(self, plan: Plan) -> None:
        """As `examine`, of what may become a short."""
        await preflight(plan, self.now)


@dataclass(frozen=True, slots=True)
class PublisherByNow:
    """domain.ports.Publisher: the one that is configured by now."""

    kit: Kit

    @property
    def key(self) -> str:
        return self.kit.now.publisher.key

    async def publish(self, publication: Publication, desk: Desk) -> Published:
        return await self.kit.now.publisher.publish(publication, desk)

    async def withdraw(self, job: int, created_at: float) -> None:
        await self.kit.now.publisher.withdraw(job, created_at)


def ffmpeg(settings: Settings) -> str:
    """The FFmpeg to use. Raises BadInput if there is none."""
    named = settings.children.ffmpeg
    if named:
        if shutil.which(named) is None:
            raise BadInput(f"children.ffmpeg names {named}, which is no program that can be run.", "Name another.")
        return named
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as exc:
        raise BadInput("No FFmpeg was found.", "Reinstall imageio-ffmpeg, or name one in children.ffmpeg.") from exc


def tools(
    settings: Settings,
    places: Places,
    secrets: Secrets,
    children: ChildProcesses,
    memory: Memory,
    witness: Witness = NOBODY,
    before: Tools | None = None,
) -> Tools:
    """The stages' ports, as they are configured. What is costly to begin with is taken over from those `before`.

    Raises BadInput, DiskFull, Unavailable.
    """
    workers = WorkerProcesses(children)
    writer = author(settings, secrets, memory.kept)
    program = before.ffmpeg if before else ffmpeg(settings)
    return Tools(
        writer=writer,
        articles=WebPages(workers, tuple(settings.services.trusted)),
        shelf=memory.shelf,
        rewrites=settings.writer.rewrites,
        voice=speakers(settings, secrets, places, memory.kept),
        found=pictures(settings, secrets, places, workers, memory.ledger, memory.kept),
        ledger=memory.ledger,
        usual_music=_music(settings, children, workers, program),
        folder=lambda folder, fit: FolderPictures(workers, folder, fit),
        instead=lambda source, files, fit: InsteadPictures(source, workers, files, fit),
        file=lambda file: FileMusic(children, program, file),
        storage=storage,
        publisher=_publisher(settings, places, witness, secrets, memory),
        videos=_videos(settings, places, workers),
        hearing=_hearing(settings, workers),
        summarizer=writer,
        summary_words=settings.channels.summary_words,
        output=places.output,
        drawers=drawers(settings, children, workers),
        children=children,
        workers=workers,
        ffmpeg=program,
        fonts=before.fonts if before else install(places.cache / "fonts"),
        encoding=encoding(settings),
        encoders=before.encoders if before else Encoders(children, program),
        stall_s=settings.children.stall_s,
        parallel_encoders=before.parallel_encoders if before else settings.children.parallel_encoders,
        remote=remote(settings, secrets),
        uses=uses(settings, secrets),
    )


def storage(url: str) -> Storage:
    """A storage by the path of a folder or the address of a bucket. Raises BadInput, ServiceRefused."""
    if "://" not in url:
        return FolderStorage(Path(url))
    from shortsd.providers.storage.bucket import BucketStorage  # noqa: PLC0415 - obstore, where it is needed

    return BucketStorage(url)


def _videos(settings: Settings, places: Places, workers: Workers) -> SiteVideos:
    wanted = settings.channels
    cache, trusted = places.cache / "yt-dlp", tuple(settings.services.trusted)
    return SiteVideos(workers, cache, trusted, wanted.wait_s, wanted.sound_mb)


def _hearing(settings: Settings, workers: WorkerProcesses) -> WhisperHearing:
    threads = max(1, (os.cpu_count() or 1) // settings.daemon.max_parallel_jobs)
    return WhisperHearing(workers, settings.channels.speech_model, threads)


def drawers(settings: Settings, children: ChildProcesses, workers: Workers) -> tuple[Drawer, ...]:
    """Who draws slides. Raises BadInput if only a browser may, and there is none."""
    wanted, pillow = settings.slides, PillowDrawer(workers)
    if wanted.drawer == "pillow":
        return (pillow,)
    program = browser(wanted.chromium)
    chromium = () if program is None else (ChromiumDrawer(program, workers, children),)
    if wanted.drawer == "auto":
        return (*chromium, pillow)
    if not chromium:
        what = wanted.chromium or "a Chromium"
        raise BadInput(f"slides.drawer is chromium, and {what} is not to be found.", "Install one, or take `auto`.")
    return chromium


def _publisher(settings: Settings, places: Places, witness: Witness, secrets: Secrets, memory: Memory) -> Publisher:
    """The folder, and the channel beside it if shorts are uploaded and what was uploaded is remembered."""
    folder = FolderPublisher(places.output, witness)
    if memory.uploads is None:
        return folder
    to = channel(settings, secrets, places, memory.uploads, memory.kept, memory.clock)
    return folder if to is None else AlsoTo(folder, to)


def _music(settings: Settings, children: ChildProcesses, workers: WorkerProcesses, program: str) -> Music:
    """The music of shorts whose user gave none."""
    pad = PadMusic(workers)
    folder = settings.music.folder
    return LibraryOr(LibraryMusic(children, program, Path(folder).expanduser()), pad) if folder else pad


def encoding(settings: Settings) -> EncodeSettings:
    """How videos are to be encoded; `encoder` may be `auto`, and need not work here."""
    return EncodeSettings(encoder=settings.video.encoder, preset=settings.video.preset, crf=settings.video.crf)


def limits(settings: Settings) -> Limits:
    """What a child may take."""
    wanted = settings.children
    return Limits(
        stall_s=wanted.stall_s,
        time_s=wanted.time_limit_s,
        nice=wanted.nice,
        io_class=wanted.io_class,
        memory_mb=wanted.memory_mb,
    )


def child_processes(settings: Settings, mark: str, registry: Registry) -> ChildProcesses:
    """All children of a process of ours; `mark` is what they carry."""
    return ChildProcesses(registry, mark, limits(settings), settings.children.parallel_encoders)
