"""Puts shortsd's units in place, looks how they are, and takes them away again."""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Protocol

from shortsd.domain.errors import ShortsError, Unavailable, WrongState

HEADER = "# Part of shortsd: `shortsctl service` puts this file in place and takes it away.\n"
"""The first line of each file of ours: any other is left alone."""

SERVICE, SOCKET = "shortsd.service", "shortsd.socket"
UNITS = (SERVICE, SOCKET)
SYSTEM_FOLDER = Path("/etc/systemd/system")
_SERVICE_PROPERTIES = ("LoadState", "UnitFileState", "ActiveState", "MainPID", "StatusText", "Result", "NRestarts")
_SOCKET_PROPERTIES = ("LoadState", "UnitFileState", "ActiveState", "Listen")


class Manager(Protocol):
    """systemctl (`shortsd.systemd.systemctl.Systemctl`)."""

    def __call__(self, *words: str) -> str: ...
    def show(self, unit: str, properties: Sequence[str]) -> Mapping[str, str]: ...
    def exposure(self, unit: str) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Status:
    """How the units are."""

    installed: bool
    """Whether systemd has both."""
    enabled: bool
    """Whether the socket is opened at each boot, or login."""
    listening: bool
    service: str
    """`active`, `inactive`, `failed` …"""
    result: str
    """How the daemon ended last, `success` or why not."""
    pid: int | None
    doing: str
    """What the daemon says of itself."""
    restarts: int
    """By systemd, since the daemon was started last."""
    socket: str
    exposure: float | None
    """By `systemd-analyze security`, 0 (none) to 10."""


def user_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where a user's units lie (systemd.unit(5))."""
    return Path(environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"


def files(*, user: bool, service_lines: Sequence[str], socket_lines: Sequence[str]) -> dict[str, str]:
    """What has to lie in the folder of units: the units as they are shipped, and drop-ins with what differs here."""
    shipped = resources.files("shortsd.systemd") / "units" / ("user" if user else "system")
    wanted = {name: (shipped / name).read_text("utf-8") for name in UNITS}
    for unit, section, lines in ((SERVICE, "Service", service_lines), (SOCKET, "Socket", socket_lines)):
        if lines:
            wanted[_drop_in(unit)] = "\n".join([f"{HEADER}[{section}]", *lines, ""])
    return wanted


@dataclass(frozen=True, slots=True)
class Installer:
    """Works in one folder of units, for one manager."""

    folder: Path
    manager: Manager

    def install(self, wanted: Mapping[str, str], *, start: bool) -> list[Path]:
        """Put the files in place; the socket listens from now on, if `start`, and from each boot or login on.

        A daemon that runs as this service is started anew. The files. Raises WrongState if a file is somebody else's,
        Unavailable; then all is as it was.
        """
        self._check_ours()
        with self._undone():
            for name in self._all():
                self._place(name, wanted.get(name))
            self.manager("daemon-reload")
            self.manager("enable", *UNITS)
            if start:
                self.manager("start", SOCKET)
                self.manager("try-restart", SERVICE)
        return [self.folder / name for name in wanted]

    def remove(self) -> list[Path]:
        """End the daemon and its socket, and take away our files: these. Raises WrongState if there are none."""
        ours = [name for name in self._all() if self._is_ours(name)]
        if not ours:
            raise WrongState(f"In {self.folder} is no unit of ours.", "`shortsctl service status` tells what there is.")
        units = [name for name in UNITS if name in ours]
        if units:
            self.manager("disable", "--now", *units)
        for name in ours:
            self._place(name, None)
        self.manager("daemon-reload")
        with contextlib.suppress(ShortsError):  # fails for units that systemd has forgotten already
            self.manager("reset-failed", *UNITS)
        return [self.folder / name for name in ours]

    def status(self) -> Status:
        """How the units are. Raises Unavailable."""
        service = self.manager.show(SERVICE, _SERVICE_PROPERTIES)
        socket = self.manager.show(SOCKET, _SOCKET_PROPERTIES)
        installed = all(unit.get("LoadState") == "loaded" for unit in (service, socket))
        return Status(
            installed=installed,
            enabled=socket.get("UnitFileState") == "enabled",
            listening=socket.get("ActiveState") == "active",
            service=service.get("ActiveState", ""),
            result=service.get("Result", ""),
            pid=int(service.get("MainPID", "0")) or None,
            doing=service.get("StatusText", ""),
            restarts=int(service.get("NRestarts", "0")),
            socket=socket.get("Listen", "").removesuffix(" (Stream)"),
            exposure=self.manager.exposure(SERVICE) if installed else None,
        )

    def _all(self) -> list[str]:
        return [name for unit in UNITS for name in (unit, _drop_in(unit))]

    def _is_ours(self, name: str) -> bool:
        try:
            return (self.folder / name).read_text("utf-8", "replace").startswith(HEADER)
        except OSError:
            return False

    def _check_ours(self) -> None:
        for name in self._all():
            file = self.folder / name
            if os.path.lexists(file) and not self._is_ours(name):
                raise WrongState(f"{file} is not of ours.", "Move it away, if it may go; nothing was changed.")

    def _place(self, name: str, text: str | None) -> None:
        """Let a file hold `text`; let there be none if that is None. Raises Unavailable."""
        file = self.folder / name
        try:
            if text is None:
                file.unlink(missing_ok=True)
                if file.parent != self.folder:
                    with contextlib.suppress(OSError):  # it may hold drop-ins of others, or not be there
                        file.parent.rmdir()
                return
            file.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            half = file.with_name(f".{file.name}.half")
            half.write_text(text, "utf-8")
            half.chmod(0o644)
            half.replace(file)
        except OSError as exc:
            raise Unavailable(f"{file} cannot be written: {exc.strerror}.", "See whose folder it is.") from exc

    @contextlib.contextmanager
    def _undone(self) -> Iterator[None]:
        """Bring the files back to how they were if the block fails."""
        before = {
            name: (self.folder / name).read_text("utf-8") if self._is_ours(name) else None for name in self._all()
        }
        try:
            yield
        except ShortsError:
            fresh = before[SERVICE] is None
            for step in self._steps_back(before, fresh=fresh):
                with contextlib.suppress(ShortsError):  # the first failure is the one to tell of
                    step()
            raise

    def _steps_back(self, before: Mapping[str, str | None], *, fresh: bool) -> Iterator[Callable[[], object]]:
        if fresh:
            yield lambda: self.manager("disable", "--now", *UNITS)
        for name, text in before.items():
            yield lambda name=name, text=text: self._place(name, text)  # type: ignore[misc]  # mypy knows no defaults of a lambda
        yield lambda: self.manager("daemon-reload")


def _drop_in(unit: str) -> str:
    return f"{unit}.d/here.conf"
