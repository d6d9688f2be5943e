"""The daemon's own log: a line a fact on standard error, as key=value pairs that people and programs read."""

import json
import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from shortsd.domain.errors import Unavailable

MOST_BYTES = 10 * 2**20
"""Size above which the log's file is put aside for a new one."""

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class KeyValue(logging.Formatter):
    """logfmt: `2026-01-01T12:00:00.123Z info shortsd.scheduler message="…" job=7`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and the traceback below it if there is one."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        extra = {key: value for key, value in vars(record).items() if key not in _STANDARD}
        pairs = {"message": record.getMessage(), **extra}
        line = f"{at} {record.levelname.lower()} {record.name} " + " ".join(
            f"{key}={_value(value)}" for key, value in pairs.items()
        )
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def set_up(level: str) -> None:
    """Log from `level` up to standard error; what libraries say, only from warnings up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(KeyValue())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("shortsd").setLevel(level.upper())


def aside(log: Path) -> Path:
    """Where a log lies that was put aside, in place of the one before."""
    return log.with_name(f"{log.name}.1")


def bound(log: Path, stream: int = 2) -> None:
    """Put a log that has grown large aside, and have `stream`, which is standard error, go on in a new one.

    Only if it is that very file which `stream` goes to: a terminal, a journal, a file that somebody else has chosen are
    not ours to bound. Raises Unavailable.
    """
    try:
        if not _goes_to(stream, log) or os.fstat(stream).st_size <= MOST_BYTES:
            return
        new = log.with_name(f"{log.name}.new")
        fresh = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            log.replace(aside(log))
            new.replace(log)
            os.dup2(fresh, stream)
        finally:
            os.close(fresh)
    except OSError as exc:
        raise Unavailable(f"The log {log} cannot be put aside: {exc.strerror}.", "Look at its folder.") from exc


def _goes_to(stream: int, log: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(stream), log.stat())
    except OSError:  # either is not there
        return False


def _value(value: object) -> str:
    text = str(value)
    plain = text.isascii() and text.isprintable() and not any(letter in ' "=' for letter in text) and text
    return text if plain else json.dumps(text, ensure_ascii=False)
