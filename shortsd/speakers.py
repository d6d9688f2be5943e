"""Who speaks, on a user's settings and keys. What a provider needs is loaded only if it is among them."""

from collections.abc import Callable
from pathlib import Path

from shortsd.config.load import chain
from shortsd.config.places import Places
from shortsd.config.secrets import Secrets
from shortsd.config.settings import Services, Settings
from shortsd.domain import voice_ids
from shortsd.domain.errors import BadInput
from shortsd.kept import Kept
from shortsd.providers.voice.cached import CachedVoice
from shortsd.providers.voice.chain import Member, VoiceChain
from shortsd.providers.voice.espeak import EspeakVoice


def speakers(settings: Settings, secrets: Secrets, places: Places, kept: Kept) -> VoiceChain:
    """The voices that are configured, in their order; each keeps the sentences that it spoke.

    Raises BadInput for one that cannot work as it is configured.
    """
    espeak = _espeak(settings, places)
    build: dict[str, Callable[[], Member]] = {
        "espeak": lambda: espeak,
        "edge": lambda: _edge(settings, places, kept),
        "openai": lambda: _openai(settings, secrets, places, kept),
    }
    return VoiceChain([build[name]() for name in providers(settings, secrets)], espeak)


def providers(settings: Settings, secrets: Secrets) -> tuple[str, ...]:
    """The providers to ask; of `auto` those that may work, best first."""
    names = chain(settings.voice.provider)
    if names != ("auto",):
        return names
    paid = _key(settings, secrets) or not _is_openai(settings)
    return (*(("openai",) if paid else ()), "edge", "espeak")


def _espeak(settings: Settings, places: Places) -> Member:
    voice = EspeakVoice(voice_ids.parted(settings.voice.voice)[1])
    return Member("espeak", CachedVoice(voice, _folder(places)), voice.instead, settings.voice.voice)


def _edge(settings: Settings, places: Places, kept: Kept) -> Member:
    from shortsd.providers.voice.edge import EdgeVoice  # noqa: PLC0415 - with aiohttp, which takes its time

    usual, address, file = settings.voice.edge_voice, settings.services.edge, places.cache / "voices" / "edge.json"

    def make() -> Member:
        voice = EdgeVoice(file, address, usual)
        return Member("edge", CachedVoice(voice, _folder(places)), voice.instead, usual, voice.at_once)

    return kept.part("edge", address, usual, make=make)


def _openai(settings: Settings, secrets: Secrets, places: Places, kept: Kept) -> Member:
    from shortsd.providers.voice.speech import TERMS, SpeechVoice  # noqa: PLC0415 - with httpx
    from shortsd.providers.web.service import Service  # noqa: PLC0415 - as above

    own, key = _is_openai(settings), _key(settings, secrets)
    if own and not key:
        raise BadInput(
            "voice.provider names openai, and there is no key for it.",
            "Give one as SHORTSD_OPENAI_KEY or in secrets.toml, or name others in voice.provider.",
        )
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    name = "OpenAI's voices" if own else f"The speech service at {settings.services.speech}"
    address, model, usual = settings.services.speech, settings.voice.speech_model, settings.voice.speech_voice
    service = kept.service("speech", address, key, make=lambda: Service(name, address, TERMS, lambda: headers, (key,)))

    def make() -> Member:
        voice = SpeechVoice(service, model, usual, own=own)
        return Member("openai", CachedVoice(voice, _folder(places)), voice.instead, usual, voice.at_once)

    return kept.part("speech", address, key, model, usual, make=make)


def _is_openai(settings: Settings) -> bool:
    """Whether the speech endpoint is OpenAI's own."""
    return settings.services.speech.rstrip("/") == Services().speech


def _key(settings: Settings, secrets: Secrets) -> str:
    """The key for the speech endpoint; OpenAI's is shown to nobody but who has the writer's address, too."""
    services = settings.services
    names = ("speech_key", "openai_key") if services.speech == services.openai else ("speech_key",)
    return next((secrets.found[name].reveal() for name in names if name in secrets.found), "")


def _folder(places: Places) -> Path:
    return places.cache / "speech"
