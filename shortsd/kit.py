"""What stages work with, on a user's settings: embedded defaults, FFmpeg, and child processes."""

import shutil

import imageio_ffmpeg

from shortsd.config.places import Places
from shortsd.config.settings import Settings
from shortsd.domain.errors import BadInput
from shortsd.domain.witness import NOBODY, Witness
from shortsd.media.encoder_probe import Encoders
from shortsd.media.encoders import EncodeSettings
from shortsd.media.fonts import install
from shortsd.processes.children import ChildProcesses
from shortsd.processes.limits import Limits
from shortsd.processes.registry import Registry
from shortsd.processes.workers import WorkerProcesses
from shortsd.providers.articles.web import WebArticles
from shortsd.providers.images.folder import FolderPictures
from shortsd.providers.images.painter import PainterPictures
from shortsd.providers.music.file import FileMusic
from shortsd.providers.music.pad import PadMusic
from shortsd.providers.publish.folder import FolderPublisher
from shortsd.providers.voice.cached import CachedVoice
from shortsd.providers.voice.espeak import EspeakVoice
from shortsd.providers.writer.builtin import BuiltinWriter
from shortsd.stages.tools import Tools


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


def tools(settings: Settings, places: Places, children: ChildProcesses, witness: Witness = NOBODY) -> Tools:
    """The stages' ports, on embedded defaults. Raises BadInput, DiskFull, Unavailable."""
    workers = WorkerProcesses(children)
    program = ffmpeg(settings)
    return Tools(
        writer=BuiltinWriter(),
        articles=WebArticles(workers, settings.services.trusted),
        voice=CachedVoice(EspeakVoice(), places.cache / "speech"),
        painter=PainterPictures(workers),
        pad=PadMusic(workers),
        folder=lambda folder, fit: FolderPictures(workers, folder, fit),
        file=lambda file: FileMusic(children, program, file),
        publisher=FolderPublisher(places.output, witness),
        children=children,
        workers=workers,
        ffmpeg=program,
        fonts=install(places.cache / "fonts"),
        encoding=encoding(settings),
        encoders=Encoders(children, program),
        stall_s=settings.children.stall_s,
        parallel_encoders=settings.children.parallel_encoders,
    )


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
