"""`systemctl`, by argv and bounded in time."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shortsd.domain.errors import Unavailable

LIMIT_S = 60.0
"""For one command, in seconds: starting and stopping wait for the daemon, which has 60 and 10."""

PLAIN = {"LC_ALL": "C.UTF-8", "SYSTEMD_COLORS": "0", "SYSTEMD_PAGER": ""}


@dataclass(frozen=True, slots=True)
class Systemctl:
    """The system's manager, or the user's."""

    user: bool

    def __call__(self, *words: str) -> str:
        """What a command printed. Raises Unavailable, with what it said, if it failed or there is no systemd."""
        done = self._run(["systemctl", *self._whose(), *words])
        if done.returncode:
            said = " ".join(done.stderr.split()) or f"it ended with code {done.returncode}"
            raise Unavailable(f"`{' '.join(['systemctl', *self._whose(), *words])}` failed: {said}", self._hint())
        return done.stdout

    def show(self, unit: str, properties: Sequence[str]) -> Mapping[str, str]:
        """Some of a unit's properties. Raises Unavailable."""
        lines = self("show", unit, f"--property={','.join(properties)}").splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)

    def answers(self) -> None:
        """Raise Unavailable unless the manager answers."""
        self("show", "--property=Version")

    def exposure(self, unit: str) -> float | None:
        """How exposed a loaded unit is, 0 to 10 (`systemd-analyze security`); None if that cannot be told."""
        try:
            done = self._run(["systemd-analyze", *self._whose(), "--no-pager", "security", unit])
        except Unavailable:
            return None
        _, said, rest = done.stdout.rpartition("Overall exposure level")
        numbers = [word for word in rest.split() if word.replace(".", "", 1).isdecimal()]
        return float(numbers[0]) if said and numbers else None

    def _run(self, argv: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, **PLAIN}
        try:
            return subprocess.run(
                argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT_S, check=False, env=environment,
                encoding="utf-8", errors="replace",
            )  # fmt: skip
        except FileNotFoundError as exc:
            raise Unavailable(f"There is no `{argv[0]}` here.", self._hint()) from exc
        except (OSError, subprocess.TimeoutExpired) as exc:
            raise Unavailable(f"`{' '.join(argv)}` did not end well: {exc}.", self._hint()) from exc

    def _whose(self) -> tuple[str, ...]:
        return ("--user",) if self.user else ()

    def _hint(self) -> str:
        return "`shortsctl make` starts a daemon without systemd, too."
