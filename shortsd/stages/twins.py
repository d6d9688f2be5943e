"""Never the same story twice: every story is held against all that were told before.

The likeness of two stories is the share of neighbouring word pairs that they have in common, however often and in
whichever order (Dice's coefficient of the two multisets, times 100). rapidfuzz counts it exactly: the longest common
subsequence of two sorted lists is their intersection. MinHash would only estimate it, and has nothing to gain here:
with 128 hashes its standard error at a resemblance of a half is 4.4 points, while what has to be told apart lies less
than that apart. The exact comparison with 10,000 stories of 140 words takes 0.15 s with their reading from the
database, and 1 s the first time, for their words; in a thread, on one of two cores. Comparing letters in their order
(rapidfuzz's `ratio`) does not do: sentences in another order make 52 of 100. Letters of sorted words
(`token_sort_ratio`) do not either: there a story in other words (82 and more) and another story (up to 85) overlap.

Measured with the built-in writer, whose stories of one arc are as like one another as different ones can be:

| pairs | likeness |
|---|---|
| the 300 stories of a topic with one another (30 topics, 2 volumes each, 2.7 million pairs) | at most 66.2 |
| a story and itself with other names, places and people (600 pairs of 10 topics, as all below) | 79.2 and more |
| … with 2 of 8 sentences told in other words | 71.7 and more |
| … with its first 2 sentences told in other words | 74.6 and more |
| … with its sentences in another order | 92.9 and more |
| … with every sixth word another one, drawn | 65.7 and more; 199 of 200 above two thirds |
| … with other names, 2 sentences in other words and another order, all at once | from 53.6; 76 of 100 above |

Two thirds lie between. It is also what a resemblance (Jaccard) of a half is in this coefficient, at which Broder (1997,
"On the resemblance and containment of documents") takes two documents for the same.
"""

import asyncio
from array import array
from collections.abc import Sequence
from itertools import pairwise

from shortsd.domain.finish import in_thread
from shortsd.domain.memory import Told, ToldStories
from shortsd.domain.story import Twin
from shortsd.domain.text import plain

LIKE = 200 / 3
"""Likeness from which on two stories are the same."""


class Shelf:
    """All stories that were told. Two that are put on it at the same time are seen by one another."""

    def __init__(self, told: ToldStories, like: float = LIKE) -> None:
        self._told = told
        self._like = like
        self._lock = asyncio.Lock()
        self._known: dict[int, tuple[Told, array[int]]] = {}

    async def keep(self, story: Told, *, anyway: bool = False) -> Twin | None:
        """Keep the story of a job unless it is too much like another job's: the most like it, then.

        `anyway` keeps it also then. What the job itself told before does not count.
        """
        async with self._lock:
            others = await self._told.others(story.job)
            twin = await in_thread(self._twin, story, others)
            if twin is None or anyway:
                await self._told.tell(story)
            return twin

    def _twin(self, story: Told, others: Sequence[Told]) -> Twin | None:
        own = pairs(story.text)
        if not own or not others:
            return None
        found, likeness = nearest(own, [self._pairs(other) for other in others])
        if likeness < self._like:
            return None
        twin = others[found]
        return Twin(twin.job, twin.title, twin.text, likeness)

    def _pairs(self, told: Told) -> "array[int]":
        """The pairs of a story, which are kept for the next time."""
        known = self._known.get(told.job)
        if known is None or known[0].text != told.text:
            known = self._known[told.job] = (told, pairs(told.text))
        return known[1]


def pairs(text: str) -> "array[int]":
    """The pairs of neighbouring words in a text as numbers, sorted; its ends are words, too. None if it has no word."""
    said = plain(text)
    return array("Q", sorted(hash(pair) % 2**64 for pair in pairwise(["", *said, ""]))) if said else array("Q")


def nearest(own: "array[int]", others: Sequence["array[int]"]) -> tuple[int, float]:
    """The place of the story most like one's own, and the likeness from 0 to 100.

    `cdist` lets other threads run meanwhile, as `extractOne` does not.
    """
    from rapidfuzz import process  # noqa: PLC0415 - with NumPy, a tenth of a second and 8 MB that a start does without
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - as above

    likenesses = process.cdist([own], others, scorer=Indel.normalized_similarity)[0]
    best = int(likenesses.argmax())
    return best, 100 * float(likenesses[best])


class NothingTold:
    """Remembers no story (domain.memory.ToldStories): for work that belongs to no job."""

    async def others(self, job: int) -> Sequence[Told]:
        del job
        return ()

    async def tell(self, told: Told) -> None:
        del told
