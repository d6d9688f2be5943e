"""Extractive summaries: the best sentences of a text, in their own order.

Sentences are chosen as SumBasic does (Nenkova & Vanderwende 2005, "The impact of frequency on summarization"): the one
whose words are on the average the most frequent of the text, after which these words count less, so that nothing is
said twice. Two things are added: stop words count nothing, and the beginning of an article, where journalists put what
matters, counts more.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sentencex

from shortsd.domain.keywords import contents, stop_words
from shortsd.domain.text import WORDS_PER_SECOND, has_words, joined, plain, speech_seconds

LEAST, MOST = 4, 45
"""Words of a sentence that is chosen, if there are others: less is a caption or a cry, more is hard to listen to."""
LEADING = 3
"""Sentences at the beginning that count more."""
LEAD = 1.5
"""How much more."""
READ = 400
"""Sentences of a text that are looked at."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    words: float
    """How long it is, as `spoken_words` counts."""
    contents: tuple[str, ...]


def spoken_words(text: str) -> float:
    """How many English words take as long to say as a text, so that all scripts are measured alike."""
    return speech_seconds(text) * WORDS_PER_SECOND


def condense(text: str, words: int, language: str = "", without: Sequence[str] = ()) -> str:
    """The best sentences of a text, about so many words, in their own order; all of it if it has no more.

    `language` is a tag, as "en"; empty for an unknown one. Sentences that stand in one of the texts `without` are left
    out as long as there are others.
    """
    known = " ".join(without)
    stop = stop_words(text)
    every = [_Sentence(one, spoken_words(one), tuple(contents(one, stop))) for one in _sentences(text, language)]
    fresh = [one for one in every if one.text not in known] or every
    whole = sum(one.words for one in fresh)
    if whole <= 1.1 * words:
        return joined(one.text for one in fresh)
    fitting = [one for one in fresh if LEAST <= len(plain(one.text)) <= MOST] or fresh
    return joined(one.text for one in _chosen(fitting, words))


def _sentences(text: str, language: str) -> list[str]:
    """The sentences of all paragraphs that have any; headings, which end in no stop, are left out where others are."""
    code = re.split(r"[-_]", language)[0] or "en"
    found = [
        " ".join(sentence.split())
        for paragraph in text.splitlines()
        for sentence in sentencex.segment(code, paragraph)
        if has_words(sentence)
    ]
    ended = [sentence for sentence in found if re.search(r"[.!?…。！？।؟][\"”’»)\]]*$", sentence)]
    return list(dict.fromkeys(ended or found))[:READ]


def _chosen(sentences: Sequence[_Sentence], words: int) -> list[_Sentence]:
    """The best sentences, as many as come nearest to so many words; at least one."""
    kept: set[int] = set()
    length = 0.0
    for n in _by_worth(sentences):
        longer = length + sentences[n].words
        if not kept or longer <= words or longer - words < words - length:
            kept.add(n)
            length = longer
        if length >= 0.95 * words:
            break
    return [sentences[n] for n in sorted(kept)]


def _by_worth(sentences: Sequence[_Sentence]) -> Iterator[int]:
    """The places of all sentences, the best first, each seen in the light of those before it."""
    counts = Counter(word for sentence in sentences for word in sentence.contents)
    total = sum(counts.values()) or 1
    chance = {word: count / total for word, count in counts.items()}
    left = set(range(len(sentences)))
    while left:
        best = max(sorted(left), key=lambda n: _worth(n, sentences[n], chance))
        yield best
        left.remove(best)
        for word in set(sentences[best].contents):
            chance[word] **= 2


def _worth(n: int, sentence: _Sentence, chance: dict[str, float]) -> float:
    average = sum(chance[word] for word in sentence.contents) / max(1, len(sentence.contents))
    return average * (LEAD if n < LEADING else 1)
