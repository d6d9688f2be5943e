"""What a text is about, in words that a picture can be looked for by."""

import re
import tomllib
from collections import Counter
from functools import cache
from importlib import resources
from itertools import pairwise
from math import log

from shortsd.domain.text import plain

MOST = 6
"""Keywords of a text."""
SHORTEST = 3
"""Letters of a word that is one; in scripts without spaces, two characters."""
_IDEOGRAPHS = re.compile("[\u30a1-\u30fa\u30fc]{2,}|[\u3005\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]{2,}")
"""Katakana, which are most often nouns, and Han without the endings that kana write."""
_INSIDE_CAPITAL = re.compile(r"(?<=[\w,;:] )[^\W\d_]\w+")


@cache
def _languages() -> dict[str, frozenset[str]]:
    table = tomllib.loads(resources.files(__package__).joinpath("stop_words.toml").read_text("utf-8"))
    return {language: frozenset(words.split()) for language, words in table.items()}


def stop_words(text: str) -> frozenset[str]:
    """The words that say nothing in the language of a text, which is the one that most of its words are frequent in."""
    said = plain(text)
    return max(_languages().values(), key=lambda stop: sum(word in stop for word in said))


def contents(text: str, stop: frozenset[str]) -> list[str]:
    """The words of a text that say something, in its order; of unspaced scripts runs or pairs of characters."""
    spaced = [word for word in plain(text) if len(word) >= SHORTEST and word not in stop and not word.isdigit()]
    return spaced + [word for run in _IDEOGRAPHS.findall(text) for word in _parts(run)]


def _parts(run: str) -> list[str]:
    """A short run as it is; a longer one, whose words nobody has cut, in pairs."""
    return [run] if len(run) <= 4 or "\u30a0" <= run[0] <= "\u30ff" else [a + b for a, b in pairwise(run)]


def keywords(text: str, context: str = "") -> tuple[str, ...]:
    """Up to six words that a text is about, best first; none if there are none. The same for the same two texts.

    `context` is what the text is a part of: what that speaks of again and again counts more, and it tells the language.
    """
    stop = stop_words(f"{context} {text}")
    around = Counter(map(_stem, contents(context, stop)))
    named = {word.casefold() for word in _INSIDE_CAPITAL.findall(text) if word[0].isupper()}
    found = contents(text, stop)
    first = {_stem(word): word for word in reversed(found)}
    here = Counter(map(_stem, found))
    worth = {
        stem: _worth(word, here[stem], around[stem]) * (1.3 if word in named else 1) for stem, word in first.items()
    }
    best = sorted(first, key=lambda stem: (-worth[stem], found.index(first[stem])))
    return tuple(first[stem] for stem in best[:MOST])


def _worth(word: str, here: int, around: int) -> float:
    """How much a word is apt to say: often said, and long; what is frequent everywhere is short (Zipf 1935)."""
    return here * (1 + log(1 + around)) * min(len(word), 8)


def _stem(word: str) -> str:
    """A word without a plural's end, so that one thing is not two."""
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > SHORTEST else word
