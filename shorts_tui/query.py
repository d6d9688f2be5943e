"""What somebody typed to find rows: words and terms, all of which have to match."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

R = TypeVar("R")

BATCH = "batch"
"""The term that is written `b3`, and matched whole."""

_BATCH = re.compile(r"b\d+")


@dataclass(frozen=True, slots=True)
class Searching(Generic[R]):
    """How rows of a kind are searched."""

    text: Callable[[R], str]
    """Case-folded: a word has to stand in it."""
    terms: Mapping[str, Callable[[R], str]]
    """By name, case-folded: `state:fail` has to be what it begins with."""


@dataclass(frozen=True, slots=True)
class Query(Generic[R]):
    """A question to rows. Where nothing is asked, every row is an answer."""

    words: tuple[str, ...] = ()
    terms: tuple[tuple[Callable[[R], str], str, bool], ...] = ()
    """What of a row, what it has to be, and whether wholly."""

    @classmethod
    def of(cls, typed: str, searching: Searching[R]) -> "Query[R]":
        """What was typed: "lighthouse state:failed b3"."""
        words: list[str] = []
        terms: list[tuple[Callable[[R], str], str, bool]] = []
        for word in typed.casefold().split():
            name, colon, value = word.partition(":")
            if BATCH in searching.terms and _BATCH.fullmatch(word):
                terms.append((searching.terms[BATCH], word, True))
            elif colon and name in searching.terms:
                terms.append((searching.terms[name], value, name == BATCH))
            else:
                words.append(word)
        return cls(tuple(words), tuple(terms))

    def __bool__(self) -> bool:
        return bool(self.words or self.terms)

    def among(self, keys: Iterable[int], rows: Mapping[int, R], texts: Mapping[int, str]) -> list[int]:
        """Of these keys those of rows of which all of it is true: word by word, since there may be ten thousand."""
        found = list(keys)
        for word in self.words:
            found = [key for key in found if word in texts[key]]
        for of, wanted, whole in self.terms:
            found = [key for key in found if _is(of(rows[key]), wanted, whole=whole)]
        return found

    def matches(self, row: R, searching: Searching[R]) -> bool:
        """Whether all of it is true of a row."""
        return bool(self.among([0], {0: row}, {0: searching.text(row)}))


def _is(held: str, wanted: str, *, whole: bool) -> bool:
    return held == wanted if whole else held.startswith(wanted)
