"""What systemd knows of a daemon of its own that does not answer."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from shortsd.domain.errors import Unavailable
from shortsd.systemd.installer import SERVICE, SOCKET
from shortsd.systemd.systemctl import Systemctl

_SERVICE_PROPERTIES = ("ActiveState", "SubState", "Result", "ExecMainStatus")
_SOCKET_PROPERTIES = ("LoadState", "ActiveState", "Result", "Listen")
SETTLE_S = 3.0
"""How long a service may be about to start or to end before that is told of it, in seconds: one that cannot start has
answered why right before it ends."""
_POLL_S = 0.1
_TOO_OFTEN = "limit-hit"
"""How the results end that say so: `start-limit-hit`, `service-start-limit-hit`, `trigger-limit-hit`."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A service and its socket, for which systemd is to have a daemon that answers."""

    user: bool
    socket: Path
    listens: bool
    state: str
    """Of the service, with what that is in particular: `failed`, `activating (auto-restart)` …"""
    result: str
    """How the daemon ended last: `exit-code`, `signal`, `watchdog` …"""
    status: str
    """Its exit code, or the number of the signal."""
    too_often: bool
    """Whether systemd has given up because it had to start the daemon again and again."""

    @classmethod
    def of(cls, *, user: bool) -> Self | None:
        """As the system's manager, or the `user`'s, tells it; None if it has no such units or cannot be asked."""
        end = time.monotonic() + SETTLE_S
        while (found := cls._now(user=user)) is not None and found._moves() and time.monotonic() < end:  # noqa: SLF001 - ours
            time.sleep(_POLL_S)
        return found

    @classmethod
    def _now(cls, *, user: bool) -> Self | None:
        manager = Systemctl(user)
        try:
            socket, service = manager.show(SOCKET, _SOCKET_PROPERTIES), manager.show(SERVICE, _SERVICE_PROPERTIES)
        except Unavailable:
            return None
        if socket.get("LoadState") != "loaded" or socket.get("ActiveState") not in ("active", "failed"):
            return None
        state, particular = service.get("ActiveState", ""), service.get("SubState", "")
        return cls(
            user=user,
            socket=Path(socket.get("Listen", "").removesuffix(" (Stream)")),
            listens=socket["ActiveState"] == "active",
            state=state if particular == state else f"{state} ({particular})",
            result=service.get("Result", ""),
            status=service.get("ExecMainStatus", ""),
            too_often=any(unit.get("Result", "").endswith(_TOO_OFTEN) for unit in (socket, service)),
        )

    def _moves(self) -> bool:
        return self.state in ("activating (start)", "deactivating (stop-sigterm)")

    def told(self) -> str:
        """What there is to know, in a line."""
        gave_up = ", started too often" if self.too_often else ""
        listens = "listens" if self.listens else "is closed"
        return f"{SERVICE}: {self.state}, result {self.result} ({self.status}){gave_up}; its socket {listens}"

    def remedy(self) -> str:
        """How to learn more, and how to have it started again."""
        whose = " --user" if self.user else ""
        look = f"`journalctl{whose} -n 20 -u shortsd` has its last words."
        if self.listens and not self.too_often:
            return f"{look}\nWhen it can work again, the next command starts it."
        again = f"`systemctl{whose} reset-failed {SERVICE} {SOCKET}` and `systemctl{whose} start {SOCKET}`"
        return f"{look}\nWhen it can work again: {again}."
