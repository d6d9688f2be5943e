"""Who does the work, on a user's settings and keys: for people, before much of it is begun."""

from shortsd.config.secrets import Secrets
from shortsd.config.settings import Settings
from shortsd.config.writing import writers
from shortsd.pictures import sources
from shortsd.speakers import providers
from shortsd.stages.tools import Uses

OURS = frozenset({"builtin", "espeak", "painter", "folder"})
"""What is done on this machine."""


def uses(settings: Settings, secrets: Secrets) -> Uses:
    """For each kind of work, who is asked, in turn."""
    music = "your own, by mood" if settings.music.folder else "a synthesised pad"
    youtube = settings.youtube
    to = f"the output folder, and YouTube as {youtube.privacy}" if youtube.upload else "the output folder"
    return Uses(
        words=f"written by {_in_turn(writers(settings, secrets))}",
        voice=f"spoken by {_in_turn(providers(settings, secrets))}",
        pictures=f"pictures of {_in_turn((*sources(settings, secrets), 'painter'))}",
        music=f"music: {music}",
        place=f"published to {to}",
    )


def remote(settings: Settings, secrets: Secrets) -> bool:
    """Whether any of it waits for services elsewhere."""
    asked = {*writers(settings, secrets), *providers(settings, secrets), *sources(settings, secrets)}
    return settings.youtube.upload or not asked <= OURS


def _in_turn(names: tuple[str, ...]) -> str:
    return ", or else ".join(names)
