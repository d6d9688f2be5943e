"""What is said over pictures that follow each other: each is shown while its text is heard, or for a while."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from shortsd.media.direction import Span
from shortsd.media.narration import LONG_PAUSE_S, Quiet
from shortsd.stages.voice import Narration


@dataclass(frozen=True, slots=True)
class Telling:
    """What is said on which page, and when nothing is."""

    counts: tuple[int, ...]
    """Sentences of each page."""
    sentences: tuple[str, ...]
    quiet: Quiet
    silent_s: float
    first: tuple[int, ...]
    """The pages at which a picture comes, from 0; page 0 is the first of them."""

    @property
    def text(self) -> str:
        return " ".join(one.strip() for one in self.sentences)

    def spans(self, spoken: Narration) -> list[Span]:
        """What each picture lies under: those pages that have it, from the first one's beginning."""
        begins = [*(self._begins(spoken)[page] for page in self.first), spoken.duration_s]
        ends = [*self.first[1:], len(self.counts)]
        return [
            Span(self._said(page, end), start, stop)
            for page, end, (start, stop) in zip(self.first, ends, pairwise(begins), strict=True)
        ]

    def _begins(self, spoken: Narration) -> list[float]:
        """When each page begins, in seconds: with its first word, or as long after the last one as a page is silent."""
        begins, before, end = [], 0, 0.0
        for count in self.counts:
            begins.append(spoken.sentences[before].start_s if count else end)
            before += count
            end = spoken.sentences[before - 1].end_s + LONG_PAUSE_S if count else end + self.silent_s
        return [0.0, *begins[1:]]

    def _said(self, first: int, end: int) -> str:
        starts = [0, *accumulate(self.counts)]
        return " ".join(one.strip() for one in self.sentences[starts[first] : starts[end]])


def quiet(counts: Sequence[int], turns_s: Sequence[float], silent_s: float) -> Quiet:
    """The silence of pages that say nothing, before each sentence and at the end; and before a page, as its turn takes.

    `counts` are the sentences of pages, `turns_s` is the silence before each.
    """
    before: list[float] = []
    waiting = 0.0
    for count, turn_s in zip(counts, turns_s, strict=True):
        if count:
            before += [waiting + turn_s, *[0.0] * (count - 1)]
        waiting = 0.0 if count else waiting + silent_s
    return Quiet(tuple(before), waiting)
