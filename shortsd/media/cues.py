"""Which words stand on the screen together, and in which lines: pure decisions over measured widths."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from shortsd.domain import text
from shortsd.domain.errors import Internal
from shortsd.domain.story import Sentence

Measure = Callable[[str], float]
"""Width of a piece of a line."""

SMALLEST = 0.5
"""A word too long for a line is shrunk to fit, but not below this share of the size; beyond that it is broken."""
HOLD_S = 0.4
"""How long a cue stays after its last word, if nothing follows."""
JOIN_S = 0.8
"""A pause up to this long keeps the cue until the next one begins: a shorter gap would be a flicker."""

_JOINER = "\u200d"
_VIRAMA = 9
"""Canonical combining class of viramas (UAX #44, table 15)."""
_SKIN_TONES = "".join(map(chr, range(0x1F3FB, 0x1F400)))
_PAUSE_S = 0.3
_STUMP = 0.28
"""Share of what is comfortable under which a cue is a leftover that nobody should have to read alone."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How much is to be read at once."""

    comfortable: float = 1.25
    """Lines' worth of text that a cue aims for; with the usual size of captions some five words."""
    most_words: int = 7
    """A cue of more words than this had better be two."""
    gap: float = 0.0
    """Room between words beside that of the space, in the unit of the measure."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word on the screen, or part of one that is too long for a line. Times in seconds of the narration."""

    text: str
    start_s: float
    end_s: float
    width: float
    spaced: bool
    """Whether white space stands before it in the story."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One or two lines that stand together from `start_s` to `end_s`, at `scale` of the size."""

    lines: tuple[tuple[Piece, ...], ...]
    scale: float
    start_s: float
    end_s: float
    leftward: bool
    """Whether its sentence is written from right to left."""

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Its words in the order they are spoken."""
        return tuple(piece for line in self.lines for piece in line)


def cues(
    sentences: Sequence[Sentence], measure: Measure, line: float, seconds: float, reading: Reading | None = None
) -> tuple[Cue, ...]:
    """The cues of a narration, in order and without overlap, none across a sentence, none later than `seconds`.

    `line` is the width of a line in the unit of `measure`. Words of nothing but control characters, which have no
    looks, are left out. Raises Internal if a sentence's words are not those of its text.
    """
    drafts = [cue for sentence in sentences for cue in _sentence_cues(sentence, measure, line, reading or Reading())]
    starts = [*(cue.start_s for cue in drafts), seconds]
    return tuple(
        replace(cue, end_s=_end(cue, follower, seconds)) for cue, follower in zip(drafts, starts[1:], strict=True)
    )


def _end(cue: Cue, follower_s: float, seconds: float) -> float:
    gap = follower_s - cue.end_s
    return min(follower_s if gap <= JOIN_S else cue.end_s + HOLD_S, seconds)


def _sentence_cues(sentence: Sentence, measure: Measure, line: float, reading: Reading) -> list[Cue]:
    """The partition of a sentence into cues that costs least, by dynamic programming from its end."""
    pieces = tuple(_pieces(sentence, measure, line))
    space, leftwards = measure(" ") + reading.gap, leftward(sentence.text)
    best: list[tuple[float, int, tuple[tuple[Piece, ...], ...]]] = [(0.0, 0, ())] * (len(pieces) + 1)
    for first in range(len(pieces) - 1, -1, -1):
        options = [
            (_cost(pieces, first, end, (space, line), reading) + best[end][0], end, lines)
            for end, lines in _layouts(pieces, first, space, line)
        ]
        best[first] = min(options, key=lambda option: option[0])
    found: list[Cue] = []
    first = 0
    while first < len(pieces):
        _, end, lines = best[first]
        widest = max(1e-9, *(_width(words, space) for words in lines))
        found.append(Cue(lines, min(1.0, line / widest), pieces[first].start_s, pieces[end - 1].end_s, leftwards))
        first = end
    return found


def leftward(sentence: str) -> bool:
    """The direction of the first letter that has one (UAX #9, rule P2)."""
    directions = (unicodedata.bidirectional(letter) for letter in sentence)
    return next((found != "L" for found in directions if found in ("L", "R", "AL")), False)


def shown(letters: str) -> str:
    """Text without control characters, which have no looks (and a line feed would end a line of a file)."""
    return "".join(letter for letter in letters if unicodedata.category(letter) not in ("Cc", "Cs"))


def _pieces(sentence: Sentence, measure: Measure, line: float) -> Iterator[Piece]:
    tokens = text.words(sentence.text)
    if len(tokens) != len(sentence.words):
        raise Internal(f"The voice timed {len(sentence.words)} words of a sentence that has {len(tokens)}.")
    before = 0
    for token, word in zip(tokens, sentence.words, strict=True):
        letters = shown(token.text)
        whole = Piece(letters, word.start_s, word.end_s, measure(letters), token.start > before)
        before = token.end
        if letters:
            yield from _broken(whole, measure, line)


def _broken(word: Piece, measure: Measure, line: float) -> Iterator[Piece]:
    """The word itself or, if it does not fit into a line at the smallest size, parts of it that share its time."""
    parts = int(word.width * SMALLEST / line) + 1
    places = cuts(word.text)
    if parts == 1 or len(places) < parts:
        yield word
        return
    edges = [places[len(places) * part // parts] for part in range(parts)] + [len(word.text)]
    for part, (start, end) in enumerate(pairwise(edges)):
        letters = word.text[start:end]
        span = (word.end_s - word.start_s) / len(word.text)
        begins, ends = word.start_s + span * start, word.start_s + span * end
        yield Piece(letters, begins, ends, measure(letters), word.spaced and part == 0)


def cuts(word: str) -> list[int]:
    """Places before which a word may be broken: not inside of what is drawn as one."""
    return [at for at in range(len(word)) if at == 0 or not _clings(word[at - 1], word[at])]


def _clings(before: str, letter: str) -> bool:
    """Whether a character is drawn with the one before it: marks, joiners, conjuncts after a virama, skin tones.

    Of the rules of UAX #29 those that the scripts of our fonts need.
    """
    return (
        unicodedata.category(letter) in ("Mn", "Me", "Mc", "Cf")
        or before == _JOINER
        or unicodedata.combining(before) == _VIRAMA
        or letter in _SKIN_TONES
    )


def _layouts(
    pieces: tuple[Piece, ...], first: int, space: float, line: float
) -> Iterator[tuple[int, tuple[tuple[Piece, ...], ...]]]:
    """Every cue that may begin with piece `first`: where it ends, and its lines."""
    for end in range(first + 1, len(pieces) + 1):
        here = pieces[first:end]
        total = _width(here, space)
        if total <= line or len(here) == 1:
            yield end, (here,)
        elif lines := _two_lines(here, space, line):
            yield end, lines
        if total > 2 * line and len(here) > 1:
            return


def _two_lines(here: tuple[Piece, ...], space: float, line: float) -> tuple[tuple[Piece, ...], ...] | None:
    """The most even split into two lines that fit; parts of one broken word fit by being shrunk."""
    splits = [(here[:at], here[at:]) for at in range(1, len(here))]
    parts_of_one = len(here) == 2 and all(piece.width > line for piece in here) and not here[1].spaced
    fitting = [split for split in splits if parts_of_one or all(_width(words, space) <= line for words in split)]
    return min(fitting, key=lambda split: max(_width(words, space) for words in split), default=None)


def _width(words: Sequence[Piece], space: float) -> float:
    return sum(word.width for word in words) + space * sum(word.spaced for word in words[1:])


def _cost(pieces: tuple[Piece, ...], first: int, end: int, widths: tuple[float, float], reading: Reading) -> float:
    """How badly pieces [first, end) read as a cue: too much or too little at once, pauses inside, a poor place to end.

    `widths` are those of a space and of a line. The weights were set by looking at stories on the screen.
    """
    here = pieces[first:end]
    space, line = widths
    lines = sum(min(piece.width, line) + space * piece.spaced for piece in here) / line
    pauses = sum(later.start_s - sooner.end_s > _PAUSE_S for sooner, later in pairwise(here))
    crowd = max(0, sum(piece.spaced for piece in here[1:]) + 1 - reading.most_words)
    cost = 0.3 + (lines - reading.comfortable) ** 2 + 0.8 * pauses + 0.3 * crowd
    if lines < _STUMP * reading.comfortable and len(pieces) > len(here):
        cost += 0.5
    if end < len(pieces) and not pieces[end].spaced and pieces[end].width > line:
        cost += 0.5
    if end < len(pieces) and (_ends_phrase(here[-1].text) or pieces[end].start_s - here[-1].end_s > _PAUSE_S):
        cost -= 0.35
    return cost


def _ends_phrase(word: str) -> bool:
    """Whether a word ends with punctuation, closing quotes and brackets aside."""
    bare = word.rstrip("\"'”’»)]}")
    return bool(bare) and unicodedata.category(bare[-1]) in ("Po", "Pd")
