"""Where everything lies on disk."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from shortsd.domain.errors import BadInput

NAME = "shortsd"

SYSTEM_SOCKET = Path("/run/shortsd/shortsd.sock")
"""Where the daemon of the system listens, if there is one (shortsd.socket)."""


@dataclass(frozen=True, slots=True)
class Places:
    """The files and folders of one home. Nothing here is made or read; see `prepare`."""

    config_file: Path
    state: Path
    cache: Path
    output: Path
    socket: Path
    given: bool = False
    """Whether somebody else made the socket, and looks after it and its folder."""

    @property
    def inbox(self) -> Path:
        """Where stories are taken from if no other folder is named: beside that of the finished shorts, not in it.

        What lies in that one counts as finished shorts, and may be cleaned up.
        """
        return self.output.with_name("inbox" if self.output.name == "output" else f"{self.output.name}-inbox")

    @property
    def inboxes(self) -> Path:
        """Which folders were inboxes, for what was taken there and is still to become a job."""
        return self.state / "inboxes.json"

    @property
    def database(self) -> Path:
        return self.state / "jobs.db"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def work(self) -> Path:
        return self.state / "work"

    @property
    def lock(self) -> Path:
        return self.state / "shortsd.lock"

    @property
    def ending(self) -> Path:
        """There while a daemon ends, and after one that was cut short in it: what it was at is not what killed it."""
        return self.state / "ending"

    @property
    def daemon_log(self) -> Path:
        """Where a daemon that a client started writes what it would write to a terminal."""
        return self.logs / "shortsd.log"

    @classmethod
    def find(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """The places of this user: one folder if SHORTSD_HOME is set, else where the platform keeps such things.

        systemd's STATE_DIRECTORY, CACHE_DIRECTORY, CONFIGURATION_DIRECTORY and RUNTIME_DIRECTORY (set by a unit) win
        over the platform's; SHORTSD_SOCKET names the socket in any case.
        """
        home = environ.get("SHORTSD_HOME")
        places = cls._under(Path(home).expanduser().absolute()) if home else cls._of_platform(environ)
        socket = environ.get("SHORTSD_SOCKET")
        if socket:
            places = replace(places, socket=Path(socket).expanduser().absolute())
        return places.required_plain()

    def required_plain(self) -> Self:
        """The same. Raises BadInput if a path is no UTF-8: it could not be told to anybody, nor SQLite be given it."""
        for path in (self.state, self.output, self.socket, self.config_file):
            if not _is_text(path):
                shown = os.fsencode(path).decode("utf-8", "backslashreplace")
                raise BadInput(f"The path {shown} is no UTF-8.", "Choose another place.")
        return self

    def with_given(self, socket: str) -> Self:
        """The same with a socket that somebody else made."""
        return replace(self, socket=Path(socket), given=True)

    @classmethod
    def _under(cls, home: Path) -> Self:
        return cls(
            config_file=home / "config.toml",
            state=home / "state",
            cache=home / "state" / "cache",
            output=home / "output",
            socket=home / "run" / "shortsd.sock",
        )

    @classmethod
    def _of_platform(cls, environ: Mapping[str, str]) -> Self:
        import platformdirs  # noqa: PLC0415 - costs a client 25 ms, and is not needed under SHORTSD_HOME

        state = _first(environ, "STATE_DIRECTORY") or platformdirs.user_state_path(NAME)
        runtime = _first(environ, "RUNTIME_DIRECTORY") or _runtime(environ) or state / "run"
        return cls(
            config_file=(_first(environ, "CONFIGURATION_DIRECTORY") or platformdirs.user_config_path(NAME))
            / "config.toml",
            state=state,
            cache=_first(environ, "CACHE_DIRECTORY") or state / "cache",
            output=state / "output" if environ.get("STATE_DIRECTORY") else platformdirs.user_videos_path() / NAME,
            socket=runtime / "shortsd.sock",
        )


def socket_to_ask(environ: Mapping[str, str] = os.environ, system: Path = SYSTEM_SOCKET) -> Path:
    """The socket that a client of this user speaks to: the user's own, or `system` if only that is there for us.

    A socket or a home that the environment names is the only one.
    """
    own = Places.find(environ).socket
    if environ.get("SHORTSD_SOCKET") or environ.get("SHORTSD_HOME") or os.path.lexists(own):
        return own
    return system if os.access(system, os.R_OK | os.W_OK) else own


def _is_text(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _runtime(environ: Mapping[str, str]) -> Path | None:
    """The session's folder for sockets; None where there is none (cron, a container), rather than one under /tmp."""
    folder = environ.get("XDG_RUNTIME_DIR")
    return Path(folder) / NAME if folder else None


def _first(environ: Mapping[str, str], name: str) -> Path | None:
    """The first of the folders that systemd names in a variable, separated by colons (systemd.exec(5))."""
    value = environ.get(name, "").split(":")[0]
    return Path(value) if value else None
