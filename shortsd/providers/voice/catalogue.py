"""The names by which espeak-ng's voices are asked for."""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from shortsd.domain.errors import BadInput
from shortsd.providers.voice.libespeak import InstalledVoice, espeak
from shortsd.providers.voice.near import near

_MUTE = frozenset({"fo", "kaa", "xex"})
"""Listed, but without the dictionary that they need in espeakng-loader 0.2.4."""

_SOME = "`en-us`, `en-gb`, `de` and `fr` are some that exist."


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Voices and variants by name, all in lower case."""

    own: dict[str, InstalledVoice]
    """By the tag that a voice calls its own."""
    named: dict[str, InstalledVoice]
    """By every tag that finds a voice (`en` finds `en-gb`)."""
    variants: dict[str, str]
    """The library's name of a variant by what a user writes."""

    def resolve(self, voice: str) -> str:
        """What the library calls a voice that a user calls `en-us` or `en-us+f3`.

        Raises BadInput if there is none; its hint says near names.
        """
        tag, plus, variant = voice.strip().lower().partition("+")
        if tag not in self.named:
            raise BadInput(f"There is no voice “{voice}”.", near(tag, self._by_any_name(), _SOME))
        if plus and variant not in self.variants:
            hint = near(variant, {name: f"{tag}+{name}" for name in self.variants}, _SOME)
            raise BadInput(f"The voice “{tag}” has no variant “{variant}”.", hint)
        return self.named[tag].identifier + (f"+{self.variants[variant]}" if plus else "")

    def _by_any_name(self) -> dict[str, str]:
        """Tags by themselves and by the words of the voices' names (`german` for `de`)."""
        spoken = ((word, tag) for tag, voice in self.own.items() for word in re.findall(r"\w{4,}", voice.name.lower()))
        return dict(reversed(list(spoken))) | {tag: tag for tag in self.named}


@functools.cache
def catalogue() -> Catalogue:
    """What the library in this process offers (about 20 ms, the first time). Raises Internal."""
    voices = [voice for voice in espeak().voices() if voice.languages[0][1] not in _MUTE]
    own = _first((voice.languages[0][1].lower(), voice) for voice in voices)
    every = sorted(
        ((tag.lower(), rank, voice) for voice in voices for rank, tag in voice.languages), key=lambda e: e[1]
    )
    variants = _first((PurePosixPath(each.identifier).name.lower(), each) for each in espeak().variants())
    return Catalogue(
        own,
        _first((tag, voice) for tag, _, voice in every) | own,
        {name: PurePosixPath(each.identifier).name for name, each in variants.items()},
    )


def _first(pairs: Iterable[tuple[str, InstalledVoice]]) -> dict[str, InstalledVoice]:
    """The first voice of each name."""
    found: dict[str, InstalledVoice] = {}
    for name, voice in pairs:
        found.setdefault(name, voice)
    return found
