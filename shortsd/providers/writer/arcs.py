"""Story arcs: plots told in beats, with several sentences to choose from for each; and which are chosen for a seed.

Stories of one topic must not resemble each other, and chance alone makes some that do. So the 300 stories of a volume
(seeds 0 to 299, 300 to 599, …) are code words: the n-th story of an arc takes for beat i the sentence number
a + b·i + c·i² mod 5, where c, b, a are the digits of n to the base 5. Two polynomials of degree 2 agree in at most 2
of the 5 residues of i (Reed & Solomon 1960), so that two stories of one arc share at most 4 of its 8 sentences, and 2
of 8 for the first 25 of an arc. Volumes and topics differ by a random shift of each beat and the order of the arcs.
"""

import random
from dataclasses import dataclass
from functools import cache

from shortsd.providers.writer import data
from shortsd.providers.writer.topic import Kind

VOLUME = 300
"""Stories of one topic among which no two are alike."""
CHOICES = 5
"""Sentences for each beat; a prime, or polynomials would agree more often."""
BEATS = 8


@dataclass(frozen=True, slots=True)
class Arc:
    """A plot. Its sentences hold slots in braces; any sentence of a beat goes with any of the others."""

    name: str
    suits: tuple[Kind, ...]
    mood: str
    titles: tuple[str, ...]
    teasers: tuple[str, ...]
    tags: tuple[str, ...]
    beats: tuple[tuple[str, ...], ...]
    indoors: bool = False
    """Whether it can be set in a house, so that `far` and `path` may be a corridor."""


@cache
def arcs() -> tuple[Arc, ...]:
    """All arcs, in the order of their names."""
    return tuple(_arc(file.removeprefix("arcs/").removesuffix(".toml"), file) for file in data.arc_files())


def _arc(name: str, file: str) -> Arc:
    table = data.table(file)
    return Arc(
        name=name,
        suits=tuple(table["suits"]),
        mood=table["mood"],
        titles=tuple(table["titles"]),
        teasers=tuple(table["teasers"]),
        tags=tuple(table["tags"]),
        beats=tuple(tuple(beat["lines"]) for beat in table["beats"]),
        indoors=table.get("indoors", False),
    )


def choose(kind: Kind, topic: str, seed: int) -> tuple[Arc, tuple[str, ...]]:
    """The arc of story number `seed` of a topic, and the sentence chosen for each of its beats, slots unfilled."""
    volume, number = divmod(seed, VOLUME)
    chance = random.Random(f"{topic}/{volume}")  # noqa: S311 - a story is no secret
    fitting = [arc for arc in arcs() if kind in arc.suits]
    chance.shuffle(fitting)
    shifts = [chance.randrange(CHOICES) for _ in range(BEATS)]
    nth, which = divmod(number, len(fitting))
    arc = fitting[which]
    picks = zip(arc.beats, shifts, code_word(nth), strict=True)
    return arc, tuple(lines[(shift + pick) % CHOICES] for lines, shift, pick in picks)


def code_word(n: int) -> tuple[int, ...]:
    """The choice for each beat in the `n`-th story of an arc, n < 125."""
    a, b, c = n % CHOICES, n // CHOICES % CHOICES, n // CHOICES**2
    return tuple((a + b * i + c * i * i) % CHOICES for i in range(BEATS))
