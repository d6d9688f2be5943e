"""What lets us in: the tokens of who is signed in, in a file that only the daemon's user can read."""

import os
import stat
from collections import deque
from dataclasses import dataclass
from pathlib import Path

import msgspec

from shortsd.domain import durable
from shortsd.domain.errors import ServiceRefused, Unavailable

FILE = "youtube-token.json"
"""In the daemon's state folder."""
AGAIN = "Sign in: `shortsctl auth youtube`. Then `shortsctl retry` goes on with what waits for it."
REMEMBERED = 64
"""Tokens and addresses that are kept out of messages, the newest."""


class Hidden(deque[str]):
    """Texts that no message may hold (`Service.secrets`); they change as tokens do."""

    def __init__(self) -> None:
        super().__init__(maxlen=REMEMBERED)

    def hide(self, *texts: str) -> None:
        """Keep texts out of messages from now on."""
        self.extend(text for text in texts if text and text not in self)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What Google gave. `expires_at` is in seconds since the epoch, and about the access token; the other one stays."""

    refresh_token: str
    access_token: str
    expires_at: float


@dataclass(frozen=True, slots=True)
class TokenFile:
    """The file. It is read each time, so that a sign-in counts at once for all who use it."""

    path: Path

    def read(self) -> Tokens:
        """Raises ServiceRefused if nobody is signed in, or the file is not what we wrote, or not for us alone."""
        try:
            with self.path.open("rb") as file:
                self._check_private(os.fstat(file.fileno()))
                return msgspec.json.decode(file.read(), type=Tokens)
        except FileNotFoundError:
            raise ServiceRefused("Nobody is signed in to YouTube.", AGAIN) from None
        except OSError as exc:
            raise ServiceRefused(f"The sign-in in {self.path} cannot be read: {exc.strerror}.", AGAIN) from exc
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise ServiceRefused(f"The sign-in in {self.path} is not understood.", AGAIN) from None

    def _check_private(self, status: os.stat_result) -> None:
        if stat.S_IMODE(status.st_mode) & 0o077:
            raise ServiceRefused(
                f"Others can read the sign-in in {self.path}.",
                f"`chmod 600 {self.path}`, or better sign in anew: `shortsctl auth youtube`.",
            )

    def write(self, tokens: Tokens) -> None:
        """Keep tokens: whole, durably, and for our user alone. Raises Unavailable."""
        try:
            durable.write(self.path, msgspec.json.encode(tokens), 0o600)
        except OSError as exc:
            raise Unavailable(
                f"The sign-in cannot be kept in {self.path}: {exc.strerror}.", "Look at the disk."
            ) from exc

    def remove(self) -> None:
        """Forget them. Raises Unavailable."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError as exc:
            raise Unavailable(f"{self.path} cannot be removed: {exc.strerror}.", "Remove it by hand.") from exc
