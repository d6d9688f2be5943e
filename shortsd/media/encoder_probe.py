"""Which encoders work on this machine: each is tried by an encode of a few tiny frames."""

import asyncio
import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from shortsd.domain.errors import ChildFailed, ShortsError, TimedOut
from shortsd.domain.ports import Children, Command
from shortsd.media.encoders import FALLBACK, PREFERRED, EncodeSettings, input_options, last_filters, options

AUTO = "auto"
PROBE_S = 10.0
"""Seconds after which an encoder that has not encoded a few tiny frames is taken not to work."""
FRAMES, SIDE, FPS = 8, 256, 30
"""A picture that is large enough for all hardware."""
NOISE = ("Svt[info]", "Svt[warn]")
"""How lines begin that SVT-AV1 writes whatever happens."""

logger = logging.getLogger("shortsd.encoders")


@dataclass(frozen=True, slots=True)
class Choice:
    """What is encoded with, and why nothing better."""

    wanted: str
    """An encoder, or `auto`."""
    settings: EncodeSettings
    refused: Mapping[str, str] = field(default_factory=dict)
    """Encoders that were tried before and do not work, with the reason in FFmpeg's words."""

    @property
    def warning(self) -> str:
        """What is to be said if it is not what somebody named; nothing if it is."""
        if self.wanted not in self.refused:
            return ""
        why = self.refused[self.wanted].rstrip(".")
        return f"The encoder {self.wanted} does not work here, {self.settings.encoder} is used instead: {why}."

    @property
    def detail(self) -> str:
        """What is used, and what is not and why."""
        passed = "; ".join(f"{name} does not work: {why}" for name, why in self.refused.items())
        return f"{self.settings.encoder} ({passed})" if passed else self.settings.encoder


class Encoders:
    """Finds out what works, once, and remembers it."""

    def __init__(self, children: Children, ffmpeg: str, limit_s: float = PROBE_S) -> None:
        self._children = children
        self._ffmpeg = ffmpeg
        self._limit_s = limit_s
        self._found: dict[EncodeSettings, str] = {}
        self._told: Choice | None = None
        self._one_at_a_time = asyncio.Lock()
        self._beginning: asyncio.Task[None] | None = None

    def begin(self, wanted: EncodeSettings) -> None:
        """Find out anew, beside everything else, what `choose` will say: settings may have changed."""
        self.forget()
        self._beginning = asyncio.create_task(self._begin(wanted), name="encoders")

    def forget(self) -> None:
        """Try anew what is asked for next: the machine may have changed."""
        self._found.clear()

    async def choose(self, wanted: EncodeSettings) -> Choice:
        """What to encode with where `wanted` names an encoder or `auto`; x264, if that does not work, untried.

        Logs what comes of it when it is not what was told last. Raises as `Children.run` does for what says nothing
        about the encoder, such as Unavailable.
        """
        refused: dict[str, str] = {}
        for name in PREFERRED if wanted.encoder == AUTO else (wanted.encoder,):
            settings = replace(wanted, encoder=name)
            why = "" if name == FALLBACK else await self.trouble(settings)
            if not why:
                return self._tell(Choice(wanted.encoder, settings, refused))
            refused[name] = why
        return self._tell(Choice(wanted.encoder, replace(wanted, encoder=FALLBACK), refused))

    async def trouble(self, settings: EncodeSettings) -> str:
        """Why an encoder does not work, in FFmpeg's words; nothing if it does. Raises as `choose`."""
        async with self._one_at_a_time:
            if settings not in self._found:
                self._found[settings] = await self._probe(settings)
            return self._found[settings]

    async def _begin(self, wanted: EncodeSettings) -> None:
        try:
            await self.choose(wanted)
        except ShortsError as exc:
            logger.info("no encoder was tried", extra={"why": exc.message})

    async def _probe(self, settings: EncodeSettings) -> str:
        ear = _Ear()
        try:
            async with asyncio.timeout(self._limit_s):
                await self._children.run(probe(self._ffmpeg, settings), ear)
        except (ChildFailed, TimedOut) as exc:
            return ear.first or exc.message
        except TimeoutError:
            return f"it did not encode {FRAMES} frames in {self._limit_s:g} s"
        return ""

    def _tell(self, choice: Choice) -> Choice:
        if choice != self._told and choice.settings.encoder != choice.wanted:
            level = logging.WARNING if choice.warning else logging.INFO
            extra = {"wanted": choice.wanted, "encoder": choice.settings.encoder, **choice.refused}
            logger.log(level, choice.warning or "an encoder was chosen", extra=extra)
        self._told = choice
        return choice


def probe(ffmpeg: str, settings: EncodeSettings) -> Command:
    """A few frames through an encoder into an MP4 that nobody keeps, with the very options of a render."""
    filters = ("setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709", *last_filters(settings))
    return Command(
        "ffmpeg",
        (
            *(ffmpeg, "-hide_banner", "-nostdin", "-y", "-loglevel", "error"),
            *input_options(settings),
            *("-f", "lavfi", "-i", f"testsrc2=size={SIDE}x{SIDE}:rate={FPS}", "-frames:v", str(FRAMES)),
            *("-vf", ",".join(("format=yuv420p", *filters))),
            *options(settings, FPS),
            *("-f", "mp4", f"file:{os.devnull}"),
        ),
    )


@dataclass(slots=True)
class _Ear:
    """The desk of a probe, and the log on it: it keeps the first thing that FFmpeg complains of."""

    first: str = ""
    stage: str = "encoders"
    job: int = 0

    @property
    def log(self) -> "_Ear":
        return self

    def progress(self, done: float, total: float, message: str = "") -> None:
        """Nobody follows."""

    def info(self, message: str) -> None:
        logger.debug(message)

    def warning(self, message: str) -> None:
        logger.debug(message)

    def output(self, source: str, *lines: str) -> None:
        """The first line says what is wrong; those after it, what came of that."""
        logger.debug("output", extra={"source": source, "lines": lines})
        said = (line.strip() for line in lines if line.strip() and not line.startswith(NOISE))
        self.first = self.first or re.sub(r"^(\[[^\]]* @ 0x[0-9a-f]+\]\s*)+", "", next(said, ""))
