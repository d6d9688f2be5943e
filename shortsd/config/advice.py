"""What of a configuration is understood, and yet will hardly do what was meant: seen without asking anybody."""

from collections.abc import Iterator
from pathlib import Path

from shortsd.config.load import chain
from shortsd.config.secrets import Secrets
from shortsd.config.settings import Services, Settings
from shortsd.config.writing import KEYED, prompts_folder
from shortsd.domain import prompts
from shortsd.domain.errors import BadInput

_SIGN_IN = ("youtube_client_id", "youtube_client_secret")


def advice(settings: Settings, secrets: Secrets) -> list[str]:
    """A sentence for each such thing; `secrets` are those that were found here, and a daemon may have others."""
    found = frozenset(secrets.found)
    return [*_keys(settings, found), *_folders(settings), *_prompts(settings), *_channel(settings, found)]


def _keys(settings: Settings, found: frozenset[str]) -> Iterator[str]:
    for name in chain(settings.writer.provider):
        if name in KEYED and KEYED[name] not in found:
            yield f"writer.provider has {name}, and there is no {KEYED[name]}."
    usual = settings.services.speech == Services().speech
    if "openai" in chain(settings.voice.provider) and usual and not found & {"openai_key", "speech_key"}:
        yield "voice.provider has openai, and there is no openai_key."
    for name in chain(settings.images.provider):
        if name in ("pexels", "unsplash") and f"{name}_key" not in found:
            yield f"images.provider has {name}, and there is no {name}_key."


def _folders(settings: Settings) -> Iterator[str]:
    if "folder" in chain(settings.images.provider) and not settings.images.folder:
        yield "images.provider has folder, and images.folder names none."
    named = {
        "images.folder": settings.images.folder,
        "music.folder": settings.music.folder,
    }
    for key, folder in named.items():
        if folder and not Path(folder).expanduser().is_dir():
            yield f"{key} names {folder}, which is no folder."


def _prompts(settings: Settings) -> Iterator[str]:
    folder = prompts_folder(settings)
    try:
        if folder is not None:
            prompts.own(folder)
    except BadInput as exc:
        yield exc.message


def _channel(settings: Settings, found: frozenset[str]) -> Iterator[str]:
    missing = [name for name in _SIGN_IN if name not in found]
    if settings.youtube.upload and missing:
        yield f"youtube.upload is on, and nobody can sign in: there is no {' and no '.join(missing)}."
