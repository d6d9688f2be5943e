"""Words in lines."""

from collections.abc import Iterator

from shortsd.domain import text
from shortsd.media.measure import Typeface, follows

_NARROW_EM, _WIDE_EM = 0.25, 2.0
"""About the width of the narrowest letters, and more than that of the widest."""


def wrapped(words: str, face: Typeface, wide: float) -> Iterator[str]:
    """A text in lines that are no wider than so many ems; a word that is wider is broken where a line ends."""
    start = end = 0
    for first, last in _unbroken(words, face, wide):
        if end > start and face.width(words[start:last]) > wide:
            yield words[start:end].strip()
            start = first
        end = last
    if end > start:
        yield words[start:end].strip()


def _unbroken(words: str, face: Typeface, wide: float) -> Iterator[tuple[int, int]]:
    """The words of a text as [start, end); of those that are wider than a line as many letters as go on one."""
    for token in text.words(words):
        start = token.start
        while start < token.end:
            end = _reach(words, start, token.end, face, wide)
            yield start, end
            start = end


def _reach(words: str, start: int, end: int, face: Typeface, wide: float) -> int:
    """How far into the word [start, end) a line goes: a letter at least, and the marks on its last one."""
    if (end - start) * _WIDE_EM <= wide or face.width(words[start:end]) <= wide:
        return end
    least, most = start + 1, min(end, start + int(wide / _NARROW_EM) + 1)
    while least < most:
        middle = (least + most + 1) // 2
        if face.width(words[start:middle]) <= wide:
            least = middle
        else:
            most = middle - 1
    while least < end and follows(words[least]):
        least += 1
    return least
