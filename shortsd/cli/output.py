"""What goes where: results to stdout, everything said to a person to stderr."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

from shortsd.client.text import shown
from shortsd.domain.errors import Internal, ShortsError


def attach() -> None:
    """Have streams even where a shell closed them (`>&-`), to be called first: what is opened next takes their place.

    Nothing can be written to such a stdout, which is told when it is tried; what is said to nobody goes nowhere.
    """
    if sys.stdout is None:
        sys.stdout = open(os.devnull, encoding="utf-8", opener=_unwritable, mode="w")  # noqa: SIM115 - until the end
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as above


def _unwritable(path: str, flags: int) -> int:
    del flags
    return os.open(path, os.O_RDONLY)


def result(line: str) -> None:
    """A line of what was asked for. It is written as it is: text from others goes through `shown` first.

    Raises BrokenPipeError, Internal (stdout cannot be written).
    """
    with _delivering():
        sys.stdout.write(_encodable(line, sys.stdout))


def data(content: bytes) -> None:
    """What was asked for, where that is no text. Raises as `result` does."""
    with _delivering():
        sys.stdout.buffer.write(content)


def say(line: str) -> None:
    """A line for the person at the terminal."""
    _whisper(f"shortsctl: {line}")


def hint(text: str) -> None:
    """What to do about it, below what was said."""
    for line in text.splitlines():
        _whisper(f"  {shown(line)}")


def json(value: Any) -> None:
    """One of the wire's models, or a list of them, as JSON in ASCII: nothing in it can move a terminal's cursor."""
    import json as standard  # noqa: PLC0415 - most commands print none

    import msgspec  # noqa: PLC0415 - as above

    result(standard.dumps(msgspec.to_builtins(value), indent=2))


def failed(error: ShortsError) -> int:
    """Tell of an error; the exit code it stands for."""
    from shortsd.wire.errors import TABLE  # noqa: PLC0415 - most commands end well

    say(shown(error.message))
    hint(error.hint)
    return TABLE[error.code].exit


def colours() -> bool:
    """Whether stdout is a terminal that shows colours (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def columns() -> int | None:
    """Width of the terminal that stdout is, in cells; None if it is none."""
    return os.get_terminal_size(sys.stdout.fileno()).columns or None if sys.stdout.isatty() else None


def flush() -> None:
    """Hand over what was printed. Raises as `result` does."""
    with _delivering():
        sys.stdout.flush()


def hang_up() -> None:
    """Nobody reads stdout any more: let what is left for it go nowhere, also at the interpreter's end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


@contextmanager
def _delivering() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as exc:
        hang_up()
        raise Internal(
            f"What was asked for cannot be written to stdout: {exc.strerror}.", "See where stdout leads."
        ) from exc


def _whisper(line: str) -> None:
    """Write to stderr. If nobody can read there, there is nobody to tell."""
    with suppress(OSError):
        sys.stderr.write(_encodable(line, sys.stderr))
        sys.stderr.flush()


def _encodable(line: str, stream: TextIO) -> str:
    """A line with what the stream's encoding lacks as escapes."""
    encoding = stream.encoding or "utf-8"
    return line.encode(encoding, "backslashreplace").decode(encoding) + "\n"
