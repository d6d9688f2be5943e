"""Secrets by name: from the environment, from systemd's credentials, or from a file that only its user can read."""

import os
import stat
import tomllib
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from shortsd.domain.errors import BadInput

KNOWN = {
    "llm_key": "the writer at writer.base_url",
    "cerebras_key": "a writer at Cerebras",
    "groq_key": "a writer at Groq",
    "openai_key": "a writer and voices at OpenAI",
    "openrouter_key": "a writer at OpenRouter",
    "speech_key": "voices at services.speech, if that is not OpenAI's",
    "pexels_key": "pictures from Pexels",
    "unsplash_key": "pictures from Unsplash",
    "http_token": "who asks at creations.listen",
    "youtube_client_id": "signing in to YouTube, with youtube_client_secret",
    "youtube_client_secret": "signing in to YouTube, with youtube_client_id",
}
"""Each secret there can be, and what it is for."""

FILE = "secrets.toml"
"""Beside `config.toml`."""


class Secret:
    """A value that does not show itself: whoever needs it has to say so."""

    __slots__ = ("_value", "source")

    def __init__(self, value: str, source: str) -> None:
        self._value = value
        self.source = source
        """Where it was found."""

    def reveal(self) -> str:
        """The value."""
        return self._value

    def __repr__(self) -> str:
        return "<a secret>"

    def __reduce__(self) -> str:
        raise TypeError("A secret does not travel.")


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets that were found, by name."""

    found: Mapping[str, Secret] = field(default_factory=dict)

    @classmethod
    def take(cls, environ: MutableMapping[str, str], beside: Path) -> Self:
        """Find all of KNOWN: SHORTSD_<NAME>, then $CREDENTIALS_DIRECTORY/<name>, then secrets.toml in `beside`.

        The variables go, so that no child inherits them. Raises BadInput, naming file and key but never a value, for
        a file that others can read or that is not understood.
        """
        variables = {name: environ.pop(f"SHORTSD_{name.upper()}", "") for name in KNOWN}
        credentials = environ.pop("CREDENTIALS_DIRECTORY", "")
        sources = (
            {name: Secret(value, f"SHORTSD_{name.upper()}") for name, value in variables.items() if value},
            _of_credentials(Path(credentials)) if credentials else {},
            _of_file(beside / FILE),
        )
        return cls({name: secret for source in reversed(sources) for name, secret in source.items()})


def _of_credentials(folder: Path) -> dict[str, Secret]:
    found = {}
    for name in KNOWN:
        try:
            value = (folder / name).read_text("utf-8").strip()
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError) as exc:
            raise BadInput(f"systemd's credential {name} cannot be read.", f"See `LoadCredential={name}:…`.") from exc
        if value:
            found[name] = Secret(value, f"systemd's credential {name}")
    return found


def _of_file(file: Path) -> dict[str, Secret]:
    try:
        with file.open("rb") as opened:
            _check_private(file, os.fstat(opened.fileno()))
            data = tomllib.load(opened)
    except FileNotFoundError:
        return {}
    except OSError as exc:
        hint = "Make it a file of the daemon's own user. A daemon of the system gets secrets by `LoadCredential=`."
        raise BadInput(f"The secrets in {file} cannot be read: {exc.strerror}.", hint) from exc
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        # The cause would show a line of the file.
        raise BadInput(f"The secrets in {file} are not TOML.", 'A line of it is: name = "value".') from None
    for name, value in data.items():
        if name not in KNOWN:
            raise BadInput(f"{file}: there is no secret `{name}`.", f"Known here: {', '.join(KNOWN)}.")
        if not isinstance(value, str):
            raise BadInput(f"{file}: `{name}` takes a text in quotes.", 'A line of it is: name = "value".')
    return {name: Secret(value, str(file)) for name, value in data.items() if value}


def _check_private(file: Path, status: os.stat_result) -> None:
    """Raise BadInput for a file that others than its user can read or write."""
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise BadInput(f"Others can read the secrets in {file}.", f"`chmod 600 {file}`, and think of renewing them.")
