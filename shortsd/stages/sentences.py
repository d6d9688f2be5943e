"""A text cut into the sentences that are spoken one by one."""

import re

import sentencex

from shortsd.domain.text import words

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")


def split(text: str, language: str) -> list[str]:
    """The sentences of a text in its order, whole and as they stand; one that ends a paragraph ends in a blank line.

    `language` is a voice's id or any tag that begins with a language's code, "en-us". What has no word is left out.
    """
    code = re.split(r"[-_+]", language)[0] or "en"
    sentences: list[str] = []
    for paragraph in _PARAGRAPH.split(text):
        spoken = [piece.strip() for piece in sentencex.segment(code, paragraph) if words(piece)]
        if spoken:
            sentences += [*spoken[:-1], spoken[-1] + "\n\n"]
    return sentences
