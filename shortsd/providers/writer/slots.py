"""What fills the slots of a story: its subject, its setting, and who and when, the same all through."""

import random
import re
from functools import cache
from typing import Any

from shortsd.providers.writer import data
from shortsd.providers.writer.topic import Subject


@cache
def words() -> dict[str, list[dict[str, str]]]:
    """The groups of words; an entry of a group fills all of the group's slots."""
    return data.table("words.toml")


@cache
def settings() -> dict[str, dict[str, Any]]:
    """The settings by name; the last suits every topic."""
    return data.table("settings.toml")


SCENERY = ("town", "far", "path", "weather")
"""Slots that a setting fills."""


def slots(subject: Subject, chance: random.Random, *, indoors: bool) -> dict[str, str]:
    """A filling for every slot of a story about `subject`; `indoors` allows a setting in a house."""
    filled = {
        "full": subject.full,
        "short": subject.short,
        "name": subject.name,
        "is": "are" if subject.plural else "is",
        "was": "were" if subject.plural else "was",
        "has": "have" if subject.plural else "has",
        "they": "they" if subject.plural else "it",
        "it": "them" if subject.plural else "it",
    }
    for group, entries in words().items():
        filled |= chance.choice([entry for entry in entries if not _mentions(entry[group], subject)] or entries)
    setting = settings()[setting_of(subject, indoors=indoors and subject.kind != "place")]
    return filled | {slot: chance.choice(setting[slot]) for slot in SCENERY}


def _mentions(entry: str, subject: Subject) -> bool:
    """Whether a person of the story would be mistaken for its subject."""
    return entry.rsplit(maxsplit=1)[-1] in {word.removesuffix("'s") for word in subject.words}


def setting_of(subject: Subject, *, indoors: bool) -> str:
    """The name of the first setting that has a word of the topic, or else of the last."""
    topic = {form for word in subject.words for form in (word, word.removesuffix("s"))}
    for name, setting in settings().items():
        if (indoors or not setting.get("indoors")) and not topic.isdisjoint(setting["words"]):
            return name
    return list(settings())[-1]


def fill(line: str, filling: dict[str, str]) -> str:
    """A line with its slots filled and its sentences begun with a capital. Raises KeyError for an unknown slot."""
    text = line.format_map(filling)
    return re.sub(r"(^“?|[.!?] “?|\.” “?)([a-z])", lambda found: found[1] + found[2].upper(), text)
