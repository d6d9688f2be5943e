"""Whether systemd is to have a daemon behind the socket that commands ask, and where that daemon's files lie."""

import os
from collections.abc import Mapping
from pathlib import Path

from shortsd.config.places import SYSTEM_SOCKET
from shortsd.domain.errors import NoDaemon, ShortsError
from shortsd.systemd.silence import Silence

SYSTEM = {
    "STATE_DIRECTORY": "/var/lib/shortsd",
    "CACHE_DIRECTORY": "/var/cache/shortsd",
    "CONFIGURATION_DIRECTORY": "/etc/shortsd",
    "SHORTSD_SOCKET": str(SYSTEM_SOCKET),
}
"""What shortsd.service of the system sets, and where its socket lies."""


def service(socket: Path, environ: Mapping[str, str] = os.environ) -> Silence | None:
    """The service for which `socket` is, though it does not answer; None if that is not systemd's.

    Where systemd has given up, it has taken the system's socket away, so that it is no longer what root's commands ask.
    """
    if socket == SYSTEM_SOCKET:
        return Silence.of(user=False)
    own = Silence.of(user=True)
    if own is not None and own.socket == socket:
        return own
    named = environ.get("SHORTSD_SOCKET") or environ.get("SHORTSD_HOME")
    system = None if named or os.geteuid() != 0 or os.path.lexists(socket) else Silence.of(user=False)
    return system if system is not None and not system.listens else None


def told(service: Silence, asked: Path, why: ShortsError) -> str:
    """Why there was no answer, said of the socket that is the service's."""
    return why.message if service.socket == asked else f"No daemon answers on {service.socket}."


def hint(why: ShortsError) -> str:
    """What is to be done about an answer. About none, the service's own remedy says more."""
    return "" if isinstance(why, NoDaemon) else why.hint


def environment(service: Silence, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """For a look at what a service would need, with its places; empty if only root may look there."""
    if service.user:
        return dict(environ)
    if os.geteuid() != 0:
        return {}
    ours = {name: value for name, value in environ.items() if not name.startswith(("SHORTSD_", "XDG_"))}
    return {**ours, **SYSTEM}
