"""Which of several titles is the best one: points by rules that can be looked up, not by taste.

| what | points |
|---|---|
| more than 70 characters, or no word | out |
| 30 to 60 characters | 2 |
| 20 to 29, or 61 to 70 | 1 |
| each word in it that the story is about, up to two | 1 |
| words in capitals | −3 |
| an exclamation mark, several signs in a row, dots at the end | −2 |
| a hashtag or a sign that is no letter | −2 |
| much like a title to be avoided | −4 |

30 to 60 characters is what the lists of the players show whole; 70 is what Story promises.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from shortsd.domain.keywords import contents, keywords, stop_words
from shortsd.domain.text import cut, has_words, plain

LIMIT = 70
"""Characters of a title."""
VARIANTS = 6
"""Titles that a model is asked for beside its first."""
ALIKE = 80.0
"""Of 100, from which on two titles are much alike: one of four words differs (rapidfuzz's token_sort_ratio)."""

_SHOUTED = re.compile(r"\b[^\W\d_a-z]{4,}\b")
_BAIT = re.compile(r"!|[?¿.…]{2,}|…$")


def best(titles: Sequence[str], text: str, avoid: Sequence[str]) -> str:
    """The title with the most points for a story, of equal ones the first; the first, cut, if none is short enough."""
    about = frozenset(keywords(text)) | _frequent(text)
    fitting = [title for title in titles if len(title) <= LIMIT and has_words(title)]
    return max(fitting, key=lambda title: points(title, about, avoid), default=cut(titles[0], LIMIT))


def points(title: str, about: frozenset[str], avoid: Sequence[str]) -> int:
    """How good a title of at most 70 characters is for a story about some words."""
    return (
        _by_length(len(title))
        + min(2, len(about.intersection(plain(title))))
        - 3 * any(word.isupper() for word in _SHOUTED.findall(title))
        - 2 * bool(_BAIT.search(title))
        - 2 * any(letter == "#" or unicodedata.category(letter) == "So" for letter in title)
        - 4 * any(_alike(title, other) for other in avoid)
    )


def _by_length(length: int) -> int:
    if 30 <= length <= 60:
        return 2
    return 1 if 20 <= length <= LIMIT else 0


def _frequent(text: str) -> frozenset[str]:
    """Words that a story comes back to."""
    counts = Counter(contents(text, stop_words(text)))
    return frozenset(word for word, count in counts.items() if count > 1)


def _alike(title: str, other: str) -> bool:
    from rapidfuzz import fuzz  # noqa: PLC0415 - 47 modules that a start does without

    return fuzz.token_sort_ratio(" ".join(plain(title)), " ".join(plain(other))) >= ALIKE
