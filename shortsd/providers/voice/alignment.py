"""From a synthesiser's word events to the words that are shown: each gets its time, in order, none is left out."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from shortsd.domain.story import Word
from shortsd.domain.text import Token
from shortsd.providers.voice.libespeak import WordEvent

SHORTEST_S = 0.03
"""A start that leaves a word less than this (two frames at 60/s) is not believed; that word shares with another."""


def starts(
    tokens: Sequence[Token], events: Sequence[WordEvent], end_s: float, rate: int = 1, first: int = 0
) -> list[float]:
    """When each token starts, in seconds after the sample `first`, strictly rising and below `end_s`.

    A token starts with the first event inside it. Tokens without an event (dashes, "the" of a run-together
    "of the") share the time up to the next event with the word before them, by their length.
    """
    known = _known(tokens, _anchors(events, rate, first), end_s)
    if not known:
        return _shared(tokens, 0.0, end_s)
    firsts = sorted(known)
    edges = [0, *firsts[1:], len(tokens)]
    times = [*(known[first] for first in firsts), end_s]
    return [
        time
        for (first, after), (start, end) in zip(pairwise(edges), pairwise(times), strict=True)
        for time in _shared(tokens[first:after], start, end)
    ]


def timed(tokens: Sequence[Token], begins: Sequence[float], ends: Sequence[float]) -> tuple[Word, ...]:
    """The tokens as words with their times, to the microsecond."""
    return tuple(
        Word(token.text, round(begin, 6), round(end, 6)) for token, begin, end in zip(tokens, begins, ends, strict=True)
    )


def _known(tokens: Sequence[Token], anchors: Iterable[tuple[int, float]], end_s: float) -> dict[int, float]:
    """Token index to the start that its first event gives, where that leaves each word its shortest time."""
    places = [token.start for token in tokens]
    known: dict[int, float] = {}
    last, free = -1, 0.0
    for position, time in anchors:
        index = bisect_right(places, position) - 1
        if index > last and free <= time <= end_s - SHORTEST_S:
            known[index] = time
            last, free = index, time + SHORTEST_S
    return known


def _anchors(events: Sequence[WordEvent], rate: int, first: int) -> Iterator[tuple[int, float]]:
    """Character positions and seconds. Events that name one span together are spread over it.

    A span of several events is a run without spaces (Han, digits): they count its characters or syllables.
    """
    for (position, length), group in groupby(events, key=lambda event: (event.position, event.length)):
        together = list(group)
        for nth, event in enumerate(together):
            yield position + length * nth // len(together), max(0.0, (event.sample - first) / rate)


def _shared(tokens: Sequence[Token], start: float, end: float) -> list[float]:
    """Starts of tokens that fill [start, end) by their length in characters."""
    total = sum(len(token.text) for token in tokens)
    begins, before = [], 0
    for token in tokens:
        begins.append(start + (end - start) * before / total)
        before += len(token.text)
    return begins
