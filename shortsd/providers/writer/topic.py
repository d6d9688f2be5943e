"""From what a user typed to what a story can be about: a noun phrase with its grammar, or else a name."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from shortsd.domain.errors import BadInput
from shortsd.providers.writer import data

Kind = Literal["being", "thing", "place", "title"]

_FIRST: tuple[Kind, ...] = ("being", "place", "thing")

MAX_WORDS = 8
"""Of a topic, as a sentence carries it."""
MAX_NAME = 40
"""Characters of a topic that is no noun phrase, as a sentence carries it."""

_GRAMMAR = {group: frozenset(words) for group, words in data.table("grammar.toml").items()}
_NOUNS = {group: frozenset(words) for group, words in data.table("nouns.toml").items()}
_ARTICLES, _POSSESSIVES, _NUMBERS = _GRAMMAR["articles"], _GRAMMAR["possessives"], _GRAMMAR["numbers"]
_RELATIVES, _VERBS = _GRAMMAR["relatives"], _GRAMMAR["verbs"]
_CUTS = _RELATIVES | _GRAMMAR["prepositions"]
_NOT_IN_CORE = _VERBS | _GRAMMAR["conjunctions"] | _GRAMMAR["never_in_a_noun"]
_DANGLING = _CUTS | _NOT_IN_CORE | _ARTICLES
_LATIN = re.compile(r"[a-zà-öø-ÿœ'-]+", re.IGNORECASE)
_PUNCTUATION = frozenset("'-.,;:!?…。、,！？،؟")
_CLAUSE_END = re.compile(r"[.,;:!?…]+(?=\s|$)|[。、,！？،؟]+")
_JOINERS = "\u200c\u200d"
_VARIATIONS = frozenset(map(chr, range(0xFE00, 0xFE10)))
_ABOUT = re.compile(
    r"^(?:please )?(?:(?:tell|write|make)(?: me| us)? )?(?:an? |the )?(?:\w+ ){0,2}(?:story|tale|stories|tales) "
    r"(?:about|of) (?=\w)|^about (?=\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a story is about, ready to stand in a sentence; every form begins in lower case unless it is a name."""

    kind: Kind
    full: str
    """As it is first spoken of: "the lighthouse keeper who never sleeps"."""
    short: str
    """As it is spoken of again: "the keeper"."""
    core: str
    """What stands in a headline that has no room for `full`: "the lighthouse keeper"."""
    name: str
    """A title's own words; otherwise the same as `core`."""
    plural: bool
    words: tuple[str, ...]
    """Every word of it in lower case."""


def read_topic(topic: str) -> Subject:
    """The subject of a topic. Raises BadInput if there is nothing in it to write about."""
    text = _clean(topic)
    if not text:
        raise BadInput("The topic is empty.", "Say in a few words what the story should be about.")
    clauses = [part.strip() for part in _CLAUSE_END.split(text) if any(map(str.isalnum, part))]
    return _phrase(clauses[0]) or _phrase_within(clauses) or _title(clauses[0])


def _clean(topic: str) -> str:
    """The words of a topic without what cannot be spoken; if it has none, the names of its signs."""
    text = unicodedata.normalize("NFC", topic).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    spoken = " ".join(_spoken(text).split()).strip(" '-")
    if not any(map(str.isalnum, spoken)):
        return _names_of_signs(text)
    return " ".join(_ABOUT.sub("", spoken, count=1).split())


def _spoken(text: str) -> str:
    """Letters, digits, the marks that belong to them, and the punctuation of sentences; the rest as spaces."""
    kept: list[str] = []
    for letter in text:
        category = unicodedata.category(letter)
        mark = (category in ("Mn", "Mc") or letter in _JOINERS) and letter not in _VARIATIONS
        clings = mark and bool(kept) and kept[-1] != " "
        kept.append(letter if category[0] in "LN" or letter in _PUNCTUATION or clings else " ")
    return "".join(kept)


def _names_of_signs(text: str) -> str:
    """The names that Unicode gives the first three signs: "ghost" for its emoji."""
    signs = [letter for letter in text if unicodedata.category(letter)[0] in "SP"]
    names = [unicodedata.name(letter, "").lower() for letter in dict.fromkeys(signs)]
    return " ".join(re.sub(r"[^a-z ]", " ", " ".join([name for name in names if name][:3])).split())


def _phrase(clause: str) -> Subject | None:
    """The clause as a noun phrase, if it has the shape of one: "the X who Y", "X in Y", "my X"; None if it has not."""
    words = _lowered(clause.split())
    if not all(_LATIN.fullmatch(word) for word in words):
        return None
    owner, rest = _determiner(words)
    cut = next((n for n, word in enumerate(rest) if _cuts(rest, n, word)), len(rest))
    core, tail = rest[:cut], rest[cut:]
    if not _is_core(core, known=not owner) or _is_sentence(tail):
        return None
    head = core[-1]
    owner = owner or ("" if core[0].endswith("'s") else "the")
    whole = " ".join([owner, *core]).strip()
    keeps_owner = owner.lower() in _POSSESSIVES and not any(word.endswith("'s") for word in core)
    room = MAX_WORDS - len(whole.split())
    return Subject(
        kind=_kind(head, tail),
        full=" ".join([whole, *_shortened(tail, room)]),
        short=f"{owner if keeps_owner else 'the'} {head}",
        core=whole,
        name=whole,
        plural=_is_plural(head),
        words=tuple(word.lower() for word in words),
    )


def _phrase_within(clauses: list[str]) -> Subject | None:
    """A noun phrase somewhere in a text whose noun is a known one: the first being, else place, else thing."""
    found: list[Subject] = []
    for words in map(str.split, clauses):
        for n, word in enumerate(words):
            if word.lower() in _ARTICLES | _POSSESSIVES:
                subject = _phrase(_until(words[n:], _GRAMMAR["conjunctions"])) or _phrase(
                    _until(words[n:], _NOT_IN_CORE)
                )
                found += [subject] if subject and _is_known(subject.short.rsplit(maxsplit=1)[-1]) else []
    return min(found, key=lambda subject: _FIRST.index(subject.kind), default=None)


def _until(words: list[str], stops: frozenset[str]) -> str:
    """The words up to one of `stops`, the first in any case, as a text."""
    end = next((n for n, word in enumerate(words) if n and word.lower() in stops), len(words))
    return " ".join(words[:end])


def _lowered(words: list[str]) -> list[str]:
    """The words of a phrase without the capitals of a headline; the capitals of names stay."""
    headline = all(word[0].isupper() for word in words if word.lower() not in _CUTS | _ARTICLES) and len(words) > 2
    small = _CUTS | _NOT_IN_CORE | _ARTICLES | _POSSESSIVES | _NUMBERS
    return [
        word.lower() if headline or word.isupper() or word.lower() in small or _is_known(word) else word
        for word in words
    ]


def _determiner(words: list[str]) -> tuple[str, list[str]]:
    """What stands before the noun, made definite, and the rest."""
    first = words[0]
    if len(words) > 1 and first in _ARTICLES:
        return "the", words[1:]
    if len(words) > 1 and first in _POSSESSIVES:
        return first, words[1:]
    if len(words) > 1 and first in _NUMBERS:
        return "the", words
    return "", words


def _cuts(words: list[str], n: int, word: str) -> bool:
    """Whether the noun ends before word `n`."""
    return word in _CUTS or (n > 0 and word.endswith("ing") and _is_known(words[n - 1]))


def _is_core(core: list[str], *, known: bool) -> bool:
    """Whether these words can be a noun with what describes it; `known` asks for a noun that is in the lists."""
    if not core or len(core) > 4 or any(word in _NOT_IN_CORE for word in core):
        return False
    sentence = any(_is_known(word) and not any(map(_is_known, core[n + 1 :])) for n, word in enumerate(core[:-2]))
    owned = core[0].endswith("'s") and len(core) > 1
    return not sentence and (not known or owned or _is_known(core[-1]))


def _is_sentence(tail: list[str]) -> bool:
    """Whether a verb follows that belongs to no "who" or "that" before it."""
    verb = next((n for n, word in enumerate(tail) if word in _VERBS), None)
    return verb is not None and not any(word in _RELATIVES for word in tail[:verb])


def _shortened(tail: list[str], room: int) -> list[str]:
    """As much of what follows the noun as there is room for, ending where a phrase ends."""
    if len(tail) <= room:
        end = len(tail)
    else:
        end = max((n for n, word in enumerate(tail[: room + 1]) if word in _CUTS), default=0)
    while end and tail[end - 1] in _DANGLING:
        end -= 1
    return tail[:end]


def _title(clause: str) -> Subject:
    """The clause as the name of something that people named."""
    words = clause.split()
    while len(words) > 1 and (len(words) > 5 or len(" ".join(words)) > MAX_NAME or words[-1].lower() in _DANGLING):
        words.pop()
    name = re.sub(r"[.,;:!?]", "", " ".join(words))[:MAX_NAME].strip(" '-")
    called = f"the thing we call “{name}”"
    heading = f"“{headline(name)}”"
    parts = tuple(name.lower().split())
    return Subject("title", called, "the thing", heading, heading, plural=False, words=parts)


def _kind(head: str, tail: list[str]) -> Kind:
    word, nouns = head.lower(), _NOUNS
    if tail[:1] == ["who"]:
        return "being"
    if tail[:1] == ["where"]:
        return "place"
    for form in _forms(word):
        if form in nouns["beings"]:
            return "being"
        if form in nouns["places"]:
            return "place"
        if form in nouns["things"]:
            return "thing"
    return "being" if word.endswith(tuple(nouns["being_endings"])) else "thing"


def _is_known(word: str) -> bool:
    known = _NOUNS["beings"] | _NOUNS["places"] | _NOUNS["things"]
    return not known.isdisjoint(_forms(word.lower())) or word.lower().endswith(tuple(_NOUNS["being_endings"]))


def _forms(word: str) -> tuple[str, ...]:
    """A word, and what it may be the plural of."""
    return (word, word.removesuffix("s"), word.removesuffix("es"), re.sub("ies$", "y", word))


def _is_plural(head: str) -> bool:
    word, nouns = head.lower(), _NOUNS
    if word in nouns["plurals"]:
        return True
    return word.endswith("s") and not word.endswith(("ss", "us", "is")) and word not in nouns["singulars"]


def headline(text: str) -> str:
    """Text with the capitals of a headline: small words stay small unless they come first."""
    small = _GRAMMAR["small_in_headlines"]
    words = text.split(" ")
    return " ".join(word if n and word in small else word[:1].upper() + word[1:] for n, word in enumerate(words))
