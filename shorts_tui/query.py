"""What somebody typed to find rows: words and terms, all of which have to match."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_BATCH = re.compile(r"b\d+")


@dataclass(frozen=True, slots=True)
class Searched:
    """What a row is searched by."""

    text: str
    """Case-folded; a word has to stand in it."""
    terms: Mapping[str, str] = field(default_factory=dict)
    """By name, case-folded: a term `state:fail` has to be what its value begins with. `batch` is matched whole."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question to rows. Where nothing is asked, every row is an answer."""

    words: tuple[str, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, typed: str, names: Iterable[str]) -> "Query":
        """What was typed: "lighthouse state:failed b3", where the rows have terms of these names."""
        known = frozenset(names)
        words: list[str] = []
        terms: list[tuple[str, str]] = []
        for word in typed.casefold().split():
            name, colon, value = word.partition(":")
            if "batch" in known and _BATCH.fullmatch(word):
                terms.append(("batch", word))
            elif colon and name in known:
                terms.append((name, value))
            else:
                words.append(word)
        return cls(tuple(words), tuple(terms))

    def __bool__(self) -> bool:
        return bool(self.words or self.terms)

    def matches(self, row: Searched) -> bool:
        """Whether all of it is true of a row."""
        return all(_is(row.terms.get(name, ""), name, value) for name, value in self.terms) and all(
            word in row.text for word in self.words
        )


def _is(held: str, name: str, wanted: str) -> bool:
    return held == wanted if name == "batch" else held.startswith(wanted)
