"""Whether the daemon is on this machine, so that its files can be read."""

from shortsd.config.places import Places
from shortsd.wire.models import Health


def near(places: Places | None, health: Health | None) -> bool:
    """Whether these are the places of the daemon that answers: its socket may lead to another machine."""
    try:
        return places is not None and health is not None and int(places.lock.read_text()) == health.pid
    except (OSError, ValueError):
        return False
