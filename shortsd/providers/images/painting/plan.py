"""What to paint: each scene's place, light, weather and composition, chosen from the words spoken over it."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from random import Random
from typing import Any

from shortsd.domain.story import SceneBrief

_KIN = 0.35
"""What a place gains when the story has been to one that it goes with."""
_USED, _AGAIN = 0.75, 0.8
"""What a place loses for each picture of it so far, and for being where the scene before was."""
_COMPOSITIONS = 6
"""How many compositions a place has: three of its own, and their mirror images."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One picture to be."""

    kind: str
    variant: int
    """Counts on with each picture of this kind in a short; each is composed another way."""
    mirrored: bool
    mood: str
    shade: int
    """Which of the mood's palettes, counted round; the same through a short."""
    light: str
    weather: str
    peopled: bool
    seed: int


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))


def kinds() -> list[str]:
    """The places that can be painted."""
    return list(_data()["kind"])


def plan(scenes: Sequence[SceneBrief]) -> list[Plan]:
    """A plan for each scene of a short; the same for the same scenes, and the same for most when one has new words."""
    short = _number(str(scenes[0].seed)) if scenes else 0
    shade, first = divmod(short, _COMPOSITIONS)
    hits = [_hits(_words(scene.text)) for scene in scenes]
    home = _kin(sum((Counter(found) for found in hits), Counter[str]()))
    used: Counter[str] = Counter()
    plans: list[Plan] = []
    for scene, found in zip(scenes, hits, strict=True):
        draw = Random(_number(str(scene.seed), scene.text))  # noqa: S311  # a composition, not a secret
        last = plans[-1].kind if plans else ""
        kind = max(
            kinds(),
            key=lambda k: found.get(k, 0) + home[k] - _USED * used[k] - _AGAIN * (k == last) + draw.random() / 9,
        )
        plans.append(_planned(scene, kind, first + used[kind], shade))
        used[kind] += 1
    return plans


def _planned(scene: SceneBrief, kind: str, variant: int, shade: int) -> Plan:
    said = _words(scene.text)
    seed = _number(str(scene.seed), scene.text, kind, str(variant))
    return Plan(
        kind=kind,
        variant=variant,
        mirrored=variant % _COMPOSITIONS >= _COMPOSITIONS // 2,
        mood=scene.mood,
        shade=shade,
        light=_first(said, _data()["light"]),
        weather=_first(said, _data()["weather"]),
        peopled=bool(said & set(_data()["people"]["words"])) or seed % 4 == 0,
        seed=seed,
    )


def _words(text: str) -> frozenset[str]:
    """The words of a text in small letters, also without a plural's s."""
    found = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text.lower())
    return frozenset(found) | {word[:-1] for word in found if len(word) > 3 and word.endswith("s")}


def _hits(said: frozenset[str]) -> dict[str, float]:
    """How strongly words call for each place: its weight for the first of its words, less for others."""
    counts = {kind: len(said & set(entry["words"])) for kind, entry in _data()["kind"].items()}
    return {kind: _data()["kind"][kind]["weight"] * (1 + 0.4 * (n - 1)) for kind, n in counts.items() if n}


def _kin(called: Counter[str]) -> dict[str, float]:
    """What each place gains in a story that calls for these places."""
    leaders = [kind for kind, _ in called.most_common(3)]
    liked = set(leaders).union(*(_data()["kind"][kind]["kin"] for kind in leaders))
    return {kind: _KIN * (kind in liked) for kind in kinds()}


def _first(said: frozenset[str], lists: Mapping[str, Sequence[str]]) -> str:
    """The first list that has one of the words; "" if none has."""
    return next((name for name, words in lists.items() if said & set(words)), "")


def _number(*parts: str) -> int:
    """A number that differs when any of the parts does; the same on every machine."""
    return int.from_bytes(blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).digest())
