"""The few colours that one short is painted in."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from shortsd.providers.images.painting.noise import Field, field


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as blue, green, red from 0 to 1 (OpenCV's order), in sRGB."""

    zenith: Field
    sky: Field
    horizon: Field
    haze: Field
    """What distance and fog fade to."""
    ink: Field
    """The nearest silhouettes."""
    glow: Field
    """The moon, the stars, and what they light."""
    lamp: Field
    """Windows, lanterns, fires."""


@cache
def _data() -> Mapping[str, dict[str, dict[str, str]]]:
    return tomllib.loads(files(__package__).joinpath("palettes.toml").read_text("utf-8"))


def names(mood: str) -> list[str]:
    """The palettes of a mood; those of "eerie" for a mood that has none."""
    moods = _data()["mood"]
    return list(moods.get(mood, moods["eerie"]))


def palette(mood: str, name: str) -> Palette:
    """The palette `name` of a mood (see `names`)."""
    moods = _data()["mood"]
    chosen: Mapping[str, str] = moods.get(mood, moods["eerie"])[name]  # type: ignore[assignment]  # TOML nests deeper
    return Palette(**{role: colour(code) for role, code in chosen.items()})


def lit(base: Palette, light: str) -> Palette:
    """A palette leaning to a light of the day ("dawn", "dusk", "red", ...); unchanged for a light without a name."""
    tint = _data()["light"].get(light)
    if tint is None:
        return base
    lean = float(tint["lean"])
    changed = {role: mix(getattr(base, role), colour(code), lean) for role, code in tint.items() if role != "lean"}
    return replace(base, **changed)


def colour(code: str) -> Field:
    """The colour of "rrggbb"."""
    return field([int(code[i : i + 2], 16) / 255 for i in (4, 2, 0)])


def mix(one: Field, other: Field, amount: float) -> Field:
    """`one` at 0, `other` at 1."""
    return field(one + (other - one) * amount)
