"""A text cut into the sentences that are spoken one by one."""

import re

import sentencex

from shortsd.domain import voice_ids
from shortsd.domain.errors import BadInput
from shortsd.domain.text import words

MOST = 800
"""Sentences of a story: each is a file of its own, open while they are joined, and a process may open 1024."""

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")


def split(text: str, language: str) -> list[str]:
    """The sentences of a text in its order, whole and as they stand; one that ends a paragraph ends in a blank line.

    `language` is a voice's id or any tag that begins with a language's code, "en-us". What has no word is left out.
    """
    code = voice_ids.language(language) or "en"
    sentences: list[str] = []
    for paragraph in _PARAGRAPH.split(text):
        spoken = [piece.strip() for piece in sentencex.segment(code, paragraph) if words(piece)]
        if spoken:
            sentences += [*spoken[:-1], spoken[-1] + "\n\n"]
    return sentences


def spoken(text: str, language: str) -> list[str]:
    """As `split`. Raises BadInput for a text of none or too many sentences."""
    sentences = split(text, language)
    if not sentences:
        raise BadInput("The story has no word that could be spoken.", "Give a text with at least one word.")
    if len(sentences) > MOST:
        raise BadInput(f"The story has {len(sentences)} sentences; {MOST} is the limit.", "Make several shorts of it.")
    return sentences
