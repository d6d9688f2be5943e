"""Finds lines in a file that grows, piece by piece."""

import re
from array import array
from collections.abc import Callable, Sequence

from shorts_tui.logs.levels import Level
from shorts_tui.logs.lines import LineFile

PIECE = 2**18
"""Bytes that are looked through at once: they take about a millisecond, for which others may have to wait."""


class Scan:
    """The numbers of the lines that hold one of some words and are `fit`. With `cased`, capitals count.

    One thread takes the steps; others may read what is found meanwhile. An unfinished last line waits for its end.
    Plain words are found a hundred times faster than by an expression.
    """

    def __init__(self, words: Sequence[str], fit: Callable[[str], bool], *, cased: bool = False) -> None:
        self.found = array("Q")
        """In order."""
        self._words = words
        self._fit = fit
        self._cased = cased
        self._at = 0
        self._line = 0

    def share(self, file: LineFile) -> float:
        """Which part of what is there was looked through."""
        return self._at / max(file.size, 1)

    def step(self, file: LineFile) -> bool:
        """Look through the next piece; whether there was one."""
        data = file.read(self._at, PIECE)
        end = data.rfind(b"\n") + 1
        if not end:
            if len(data) < PIECE:
                return False
            end = len(data)  # a line that is longer than a piece
        text = data[:end].decode("utf-8", "replace")
        self._look(text if self._cased else text.lower())
        self._at += end
        return True

    def _look(self, text: str) -> None:
        counted = 0
        for begin in self._begins(text):
            self._line += text.count("\n", counted, begin)
            counted = begin
            if not self.found or self.found[-1] != self._line:
                self.found.append(self._line)
        self._line += text.count("\n", counted)

    def _begins(self, text: str) -> list[int]:
        """Where the lines begin that are looked for."""
        begins: set[int] = set()
        for word in self._words:
            at = text.find(word)
            while at >= 0:
                begin, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
                end = len(text) if end < 0 else end
                if begin not in begins and self._fit(text[begin:end]):
                    begins.add(begin)
                at = text.find(word, end)
        return sorted(begins)


def of_level(level: Level) -> Scan:
    """The lines that a level lets through."""
    return Scan(level.words, level.lets_through)


def of_text(needle: str, level: Level) -> Scan:
    """Of the lines of a level those with a text in them. Capitals count only if it has some."""
    cased = _cased(needle)
    return Scan((needle,), level.lets_through, cased=cased)


def wanted(needle: str) -> re.Pattern[str]:
    """What is typed into a search, to find it within a line."""
    return re.compile(re.escape(needle), re.NOFLAG if _cased(needle) else re.IGNORECASE)


def _cased(needle: str) -> bool:
    return needle != needle.lower()
