"""How grave the lines of a log are, as far as their words tell: children write to it in their own ways."""

import re
from dataclasses import dataclass
from functools import cache

_GRAVE = ("error", "failed", "fatal", "critical", "panic", "traceback")


@cache
def _any_of(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


WARNING = _any_of("warning")
ERROR = _any_of(*_GRAVE)


@dataclass(frozen=True, slots=True)
class Level:
    """Which lines are shown: those with one of these words in them, in small letters; all lines if there are none."""

    name: str
    words: tuple[str, ...] = ()

    def lets_through(self, line: str) -> bool:
        """Whether a line is shown."""
        return not self.words or _any_of(*self.words).search(line) is not None


LEVELS = (Level("all lines"), Level("warnings and errors", ("warning", *_GRAVE)), Level("errors", _GRAVE))
