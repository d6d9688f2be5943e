"""From the words that a service says it spoke, with their times, to the words that are shown.

It gives no places in the text, may say a number in words, several words in one, or a word in pieces, and may leave some
out. So the letters of both are laid side by side, and what stays without a partner takes what lies between its
neighbours.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from rapidfuzz.distance import Indel

from shortsd.domain.story import Word
from shortsd.domain.text import Token
from shortsd.providers.voice.alignment import SHORTEST_S, starts, timed
from shortsd.providers.voice.libespeak import WordEvent

MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Boundary:
    """A word that was spoken, in seconds from the beginning of the sound."""

    text: str
    start_s: float
    end_s: float


def placed(text: str, tokens: Sequence[Token], said: Sequence[Boundary], end_s: float) -> tuple[Word, ...]:
    """The tokens of a text as words with their times, rising and below `end_s`, whatever was said."""
    events = sorted(_events(tokens, said, _places(text, said)), key=lambda event: event.position)
    begins = starts(tokens, events, end_s, MICROSECONDS)
    falls = _falls(begins, said)
    nexts = [*begins[1:], end_s][: len(begins)]
    ends = [min(after, max(fall, begin + SHORTEST_S)) for begin, after, fall in zip(begins, nexts, falls, strict=True)]
    return timed(tokens, begins, ends)


def _places(text: str, said: Sequence[Boundary]) -> list[tuple[int, int] | None]:
    """From where to where in the text each spoken word stands; None for one that is not found there."""
    spoken = _flat("".join(one.text for one in said), "\1")
    edges = [0, *accumulate(len(one.text) for one in said)]
    partner = dict(_partners(spoken, _flat(text, "\0")))
    places: list[tuple[int, int] | None] = []
    for first, after in pairwise(edges):
        found = [partner[at] for at in range(first, after) if at in partner]
        places.append((found[0], found[-1] + 1) if 2 * len(found) > after - first else None)
    return places


def _partners(one: str, other: str) -> Iterator[tuple[int, int]]:
    """Places of letters that are in both, as many as there are, in the order of both."""
    for block in Indel.opcodes(one, other):
        if block.tag == "equal":
            yield from zip(range(block.src_start, block.src_end), range(block.dest_start, block.dest_end), strict=True)


def _flat(text: str, other: str) -> str:
    """A text of the same length, in lower case, with `other` for what is no letter or digit."""
    return "".join(letter.lower()[0] if letter.isalnum() else other for letter in text)


def _events(
    tokens: Sequence[Token], said: Sequence[Boundary], places: Sequence[tuple[int, int] | None]
) -> Iterator[WordEvent]:
    """Where tokens begin that were spoken: each in its part of the spoken word, if that is of several."""
    begins = [token.start for token in tokens]
    taken: list[tuple[int, int]] = []
    for number, (one, place) in enumerate(zip(said, places, strict=True)):
        if place is None:
            continue
        first, last = (bisect_right(begins, at) - 1 for at in (place[0], place[1] - 1))
        taken.append((number, first))
        span = one.end_s - one.start_s
        for nth, token in enumerate(tokens[first : last + 1]):
            yield _event(token, one.start_s + span * nth / (last + 1 - first))
    yield from _between(tokens, said, places, taken)


def _between(
    tokens: Sequence[Token],
    said: Sequence[Boundary],
    places: Sequence[tuple[int, int] | None],
    taken: Sequence[tuple[int, int]],
) -> Iterator[WordEvent]:
    """What was spoken between two words that were found, for the tokens between these: "forty-two" for 42."""
    for (number, token), (after, limit) in pairwise([(-1, -1), *taken, (len(said), len(tokens))]):
        lost = said[number + 1 : after]
        first = _next(tokens, places, number, token)
        left = [one for one in tokens[first:limit] if any(map(str.isalnum, one.text))]
        for nth, one in enumerate(left):
            if lost:
                yield _event(one, lost[nth * len(lost) // len(left)].start_s)


def _next(tokens: Sequence[Token], places: Sequence[tuple[int, int] | None], number: int, token: int) -> int:
    """The first token behind what a spoken word was found to cover."""
    place = places[number] if number >= 0 else None
    if place is None:
        return token + 1
    return next((at for at in range(token, len(tokens)) if tokens[at].start >= place[1]), len(tokens))


def _event(token: Token, time_s: float) -> WordEvent:
    return WordEvent(token.start, token.end - token.start, round(time_s * MICROSECONDS))


def _falls(begins: Sequence[float], said: Sequence[Boundary]) -> list[float]:
    """When each token falls silent: with the last spoken word that begins in its time."""
    falls = [0.0] * len(begins)
    for one in said:
        at = bisect_right(begins, one.start_s + 1e-6) - 1
        if at >= 0:
            falls[at] = max(falls[at], one.end_s)
    return [fall or float("inf") for fall in falls]
