"""Text as it is shown and spoken: words with their places, and how long it takes to say."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_UNSPACED_SET = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Scripts written without spaces: Thai, Lao, Burmese, Khmer, kana, Han (Unicode 16, Blocks.txt)."""
_UNSPACED = re.compile(f"[{_UNSPACED_SET}]")
_SOLID = re.compile("[\u3000-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]")
"""Han and kana, their punctuation, and forms as wide: between these no sentence is set off by a blank."""
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0963\u0966-\u0dff"
"""Accents, points and vowel signs, which `\\w` does not know for parts of words; India's letters with them."""
_PLAIN = re.compile(f"[{_UNSPACED_SET}]|[^\\W_{_UNSPACED_SET}]+(?:[{_MARKS}]+[^\\W_{_UNSPACED_SET}]*)*")
_CLITIC = re.compile(r"(?<=\w)['’]\w{1,2}\b")
"""What an apostrophe ties to the end of a word: "'s", "'ll"."""

_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates (UAX 9, 2.1 to 2.5), whose end nobody sees to. Letters know their direction."""
_NO_TEXT = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Categories of controls, lone surrogates, and ends of lines and paragraphs."""

WORDS_PER_SECOND = 2.5
"""English read aloud calmly: about 150 words a minute (Tauroza & Allison 1990, table 2)."""
LETTERS_PER_SECOND = 14.0
"""The same pace for words of five to six letters; measured of espeak-ng at 140 words a minute, 14 to 16."""
DIGITS_PER_SECOND = 2.5
"""A number is said in words, each digit being about one."""
UNSPACED_PER_SECOND = 4.5
"""Characters a second for scripts without spaces, about the pace of Mandarin news."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word with the punctuation that clings to it, and its place [start, end) in the text."""

    text: str
    start: int
    end: int


def words(text: str) -> tuple[Token, ...]:
    """The words of a text as they are highlighted one by one: split at spaces, and scripts without spaces by character.

    Marks and punctuation stay with the character before them; nothing but white space is left out.
    """
    return tuple(
        Token(text[a:b], a, b) for run in re.finditer(r"\S+", text) for a, b in _pieces(text, run.start(), run.end())
    )


def plain(text: str) -> list[str]:
    """The words of a text as they are compared and counted: small, without punctuation, unspaced scripts by character.

    Without what an apostrophe ties to them: "keeper's" is "keeper".
    """
    return _PLAIN.findall(_CLITIC.sub("", unicodedata.normalize("NFC", text).casefold()))


def line(text: str) -> str:
    """A text in one line, without what is no text: controls, lone surrogates, what turns round all that follows it."""
    kept = _TURNS.sub("", text)
    return " ".join("".join(" " if unicodedata.category(letter) in _NO_TEXT else letter for letter in kept).split())


def joined(pieces: Iterable[str]) -> str:
    """Pieces of a text one after another, with a blank between them unless both sides are Chinese or Japanese."""
    text = ""
    for piece in pieces:
        close = not text or (_SOLID.match(text[-1]) and _SOLID.match(piece))
        text += piece if close else f" {piece}"
    return text


def cut(line: str, most: int) -> str:
    """A line of at most so many characters, cut between words if that can be, with dots where something is missing."""
    if len(line) <= most:
        return line
    kept = line[: most - 1]
    return (kept.rsplit(" ", 1)[0] if " " in kept else kept).rstrip(",;:-–— ") + "…"


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The run [start, end), cut before each character of a script without spaces and after the last of them."""
    cuts = [start]
    alone = False
    for at in range(start, end):
        letter = text[at]
        own = bool(_UNSPACED.match(letter)) and not unicodedata.category(letter).startswith("M")
        clings = unicodedata.category(letter)[0] in "PMSC" and not _opens(letter)
        if at > start and (own or (alone and not clings)) and not _opens(text[cuts[-1] : at]):
            cuts.append(at)
        alone = own or (alone and clings)
    return list(zip(cuts, [*cuts[1:], end], strict=True))


def _opens(piece: str) -> bool:
    """Whether a piece is only opening brackets or quotes, which belong to what follows."""
    return all(unicodedata.category(letter) in ("Ps", "Pi") or letter in "\"'" for letter in piece)


def speech_seconds(text: str) -> float:
    """About how long a voice takes to say `text`, in seconds: by its words, or by its letters if these are long."""
    unspaced = len(_UNSPACED.findall(text))
    spaced = _UNSPACED.sub(" ", text)
    digits = sum(letter.isdigit() for letter in spaced)
    letters = sum(letter.isalnum() for letter in spaced) - digits
    by_letters = letters / LETTERS_PER_SECOND + digits / DIGITS_PER_SECOND
    return max(len(spaced.split()) / WORDS_PER_SECOND, by_letters) + unspaced / UNSPACED_PER_SECOND


def has_words(text: str) -> bool:
    """Whether there is anything in a text that can be said or shown."""
    return any(unicodedata.category(letter)[0] in "LNPS" for letter in text)
