"""Looks at everything that a short needs, and says what to do about what is missing."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from shortsd.config.load import load
from shortsd.config.places import Places
from shortsd.config.secrets import KNOWN, Secrets
from shortsd.config.settings import Settings
from shortsd.config.writing import require_prompts
from shortsd.domain.errors import ServiceFailed, ShortsError
from shortsd.domain.ports import Command, Speaker
from shortsd.engine.inbox import folder as inbox_folder
from shortsd.engine.usage import measure, refusals
from shortsd.media.encoders import FAMILIES
from shortsd.providers.publish.youtube.tokens import FILE, TokenFile
from shortsd.stages.preflight import NoJob
from shortsd.stages.tools import Tools
from shortsd.wire.models import Finding

FILTERS = frozenset({"ass", "ebur128", "sidechaincompress", "alimiter", "blackdetect", "silencedetect", "aresample"})
ENCODERS = frozenset({"libx264", "aac"})
SPEAKING_S = 15.0
"""How long one who may speak is waited for."""
OTHER_FFMPEG = (
    "Reinstall imageio-ffmpeg (`pip install --force-reinstall imageio-ffmpeg`), or name another in children.ffmpeg."
)


@dataclass(frozen=True, slots=True)
class Doctor:
    """Makes the findings. Nothing here raises; what is wrong is a finding."""

    tools: Tools
    settings: Settings
    places: Places
    secrets: Secrets

    async def __call__(self) -> list[Finding]:
        checks: list[tuple[str, Callable[[], Awaitable[Finding]]]] = [
            ("configuration", self._configuration),
            ("ffmpeg", self._ffmpeg),
            ("ffmpeg filters", lambda: self._has("ffmpeg filters", "-filters", FILTERS)),
            ("ffmpeg encoders", lambda: self._has("ffmpeg encoders", "-encoders", ENCODERS)),
            ("encoder", self._encoder),
            ("font", self._font),
            ("voice", self._voice),
            *(
                (f"write access to {folder}", lambda folder=folder: self._writable(folder))
                for folder in self._folders()
            ),
            ("disk space", self._disk),
            ("limits of space", self._limits),
            ("secrets", self._secrets),
            ("youtube", self._youtube),
        ]
        return [await _found(name, check) for name, check in checks]

    def _folders(self) -> tuple[Path, ...]:
        places = self.places
        sockets = () if places.given else (places.socket.parent,)
        inboxes = (inbox_folder(self.settings.inbox, places.inbox),) if self.settings.inbox.watch else ()
        return places.state, places.cache, places.output, *inboxes, *sockets

    async def _configuration(self) -> Finding:
        """Whether the file as it stands now can be used; it is not told here what of it counts."""
        file = self.places.config_file
        settings = await asyncio.to_thread(load, file)
        await asyncio.to_thread(require_prompts, settings, self.secrets)
        there = await asyncio.to_thread(file.exists)
        detail = f"{file}" if there else f"{file} is not there: the defaults count"
        return Finding(name="configuration", ok=True, detail=detail)

    async def _ffmpeg(self) -> Finding:
        output = await self.tools.children.run(
            Command("ffmpeg", (self.tools.ffmpeg, "-hide_banner", "-version")), NoJob("doctor")
        )
        version = output.stdout.partition("\n")[0].partition(" Copyright")[0]
        return Finding(name="ffmpeg", ok=True, detail=f"{version}, {self.tools.ffmpeg}")

    async def _has(self, name: str, option: str, wanted: frozenset[str]) -> Finding:
        output = await self.tools.children.run(
            Command("ffmpeg", (self.tools.ffmpeg, "-hide_banner", option)), NoJob("doctor")
        )
        there = {column for line in output.stdout.splitlines() for column in line.split()[1:2]}
        missing = sorted(wanted - there)
        detail = f"missing: {', '.join(missing)}" if missing else ", ".join(sorted(wanted))
        return Finding(name=name, ok=not missing, detail=detail, remedy=OTHER_FFMPEG if missing else "")

    async def _encoder(self) -> Finding:
        """What videos are encoded with, tried anew, and whether it is what was asked for."""
        encoders = self.tools.encoders
        encoders.forget()
        choice = await encoders.choose(self.tools.encoding)
        used = choice.settings.encoder
        trouble = await encoders.trouble(choice.settings)
        if trouble:
            return Finding(name="encoder", ok=False, detail=f"{used} does not work: {trouble}", remedy=OTHER_FFMPEG)
        remedy = ""
        if choice.warning:
            needs = FAMILIES[choice.wanted].needs
            remedy = f"{choice.wanted} needs {needs}. Or set video.encoder to auto or {used}."
        return Finding(name="encoder", ok=not choice.warning, detail=choice.warning or choice.detail, remedy=remedy)

    async def _font(self) -> Finding:
        fonts = self.tools.fonts
        there = fonts.file.is_file()
        remedy = "" if there else "Start the daemon anew: it writes its fonts at each start."
        return Finding(name="font", ok=there, detail=f"{fonts.family}, {fonts.file.name}", remedy=remedy)

    async def _voice(self) -> Finding:
        """Who speaks now, and why those do not who would come before."""
        failures: list[ServiceFailed] = []
        for speaker in await self.tools.voice.speakers(self.settings.voice.voice):
            try:
                await _try_speaking(speaker)
            except ServiceFailed as exc:
                failures.append(exc)
                continue
            detail = " ".join([f"{speaker} speaks, {speaker.voice.key}.", *(error.message for error in failures)])
            return Finding(name="voice", ok=True, detail=detail.rstrip("."))
        detail = " ".join(error.message for error in failures)
        return Finding(name="voice", ok=False, detail=detail, remedy=failures[-1].hint)

    async def _writable(self, folder: Path) -> Finding:
        name = f"write access to {folder}"
        try:
            await asyncio.to_thread(_try_writing, folder)
        except OSError as exc:
            remedy = f"Make {folder} a folder that you may write to, or choose another place with SHORTSD_HOME."
            return Finding(name=name, ok=False, detail=str(exc), remedy=remedy)
        return Finding(name=name, ok=True, detail="can be written")

    async def _limits(self) -> Finding:
        """Whether more is taken than may be."""
        limits = self.settings.storage
        used = await asyncio.to_thread(measure, self.places, 0.0)
        wrong = refusals(used, limits, self.places)
        taken = (("work", used.work, limits.work_mb), ("cache", used.cache, limits.cache_mb))
        detail = ", ".join(map(_of_limit, (*taken, ("output", used.output, limits.output_mb))))
        return Finding(
            name="limits of space",
            ok=not wrong,
            detail=" ".join(error.message for error in wrong) or detail,
            remedy="\n".join(error.hint for error in wrong),
        )

    async def _secrets(self) -> Finding:
        """Where each known secret comes from, if it is there: none is needed so far."""
        found = self.secrets.found
        sources = [f"{name} from {found[name].source}" if name in found else f"{name} not set" for name in KNOWN]
        return Finding(name="secrets", ok=True, detail=", ".join(sources))

    async def _youtube(self) -> Finding:
        """Whether shorts can be uploaded, as far as that is seen without asking anybody."""
        wanted, name = self.settings.youtube, "youtube"
        if not wanted.upload:
            return Finding(name=name, ok=True, detail="off: youtube.upload is false")
        await asyncio.to_thread(TokenFile(self.places.state / FILE).read)
        missing = [key for key in ("youtube_client_id", "youtube_client_secret") if key not in self.secrets.found]
        if missing:
            detail, remedy = f"signed in, but {' and '.join(missing)} not set", "docs/youtube.md says where they go."
            return Finding(name=name, ok=False, detail=detail, remedy=remedy)
        return Finding(name=name, ok=True, detail=f"signed in; videos are {wanted.privacy}")

    async def _disk(self) -> Finding:
        free = shutil.disk_usage(_nearest(self.places.state)).free >> 20
        needed = self.settings.daemon.min_free_mb
        remedy = "" if free >= needed else "Free some space (`shortsctl clean` helps), or lower daemon.min_free_mb."
        return Finding(
            name="disk space", ok=free >= needed, detail=f"{free} MB free, {needed} MB needed", remedy=remedy
        )


async def _found(name: str, check: Callable[[], Awaitable[Finding]]) -> Finding:
    """What a check finds; that it failed, if it failed."""
    try:
        return await check()
    except ShortsError as exc:
        return Finding(name=name, ok=False, detail=exc.message, remedy=exc.hint or OTHER_FFMPEG)
    except OSError as exc:
        return Finding(name=name, ok=False, detail=str(exc), remedy="Look at the disk.")


async def _try_speaking(speaker: Speaker) -> None:
    """Raises what the speaker raises, and ServiceFailed for one that takes too long."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            async with asyncio.timeout(SPEAKING_S):
                await speaker.voice.speak("One, two, three.", speaker.id, Path(folder) / "voice.wav", NoJob("doctor"))
        except TimeoutError:
            raise ServiceFailed(f"{speaker} did not speak within {SPEAKING_S:.0f} s.", "Look at the network.") from None


def _of_limit(taken: tuple[str, int, int]) -> str:
    name, used, limit_mb = taken
    return f"{name} {used >> 20} MB" + (f" of {limit_mb}" if limit_mb else "")


def _try_writing(folder: Path) -> None:
    """Raises OSError."""
    with tempfile.TemporaryFile(dir=_nearest(folder)) as file:
        file.write(b"shortsd")


def _nearest(folder: Path) -> Path:
    """A folder, or that above it in which it will be made. Not now: who looks may be root, the daemon somebody else."""
    return next(place for place in (folder, *folder.parents) if place.exists())
