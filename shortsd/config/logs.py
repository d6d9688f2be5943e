"""The daemon's own log: a line a fact on standard error, as key=value pairs that people and programs read."""

import json
import logging
import sys
from datetime import UTC, datetime

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


def _value(value: object) -> str:
    text = str(value)
    plain = text.isascii() and text.isprintable() and not any(letter in ' "=' for letter in text) and text
    return text if plain else json.dumps(text, ensure_ascii=False)
