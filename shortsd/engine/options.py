"""What a file in the inbox says about its short: the keys of ShortParams, in TOML or as lines of `key: value`."""

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from difflib import get_close_matches
from typing import Any, get_type_hints

import msgspec

from shortsd.domain.errors import BadInput
from shortsd.wire.models import ShortParams

Given = dict[str, Any]
"""What was given, by the names of ShortParams' fields and `priority`."""

_FENCE = "---"
_KINDS: Mapping[str, Any] = {**get_type_hints(ShortParams), "priority": int}
_KNOWN = (*(field.name for field in fields(ShortParams) if field.name != "picture"), "priority")
"""Pictures of single scenes are for who has seen these."""
_TAKES = {
    str: ("a text", '"…"'),
    bool: ("true or false", "true"),
    int: ("a whole number", "30"),
    float: ("a number", "1.5"),
}
"""What is said of each kind of value, and one such value."""


def of_toml(text: str) -> Given:
    """What TOML says. Raises BadInput for what is none, a key that there is not, and a value of another kind."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise BadInput(f"This is no TOML: {exc}.", 'A line of it is: topic = "the last train".') from exc
    return _typed(data, strict=True)


def front_matter(text: str) -> tuple[Given, str]:
    """What stands between two lines of `---` at the top of a text, and the rest of it. Raises BadInput."""
    lines = text.splitlines()
    if not lines or lines[0].rstrip() != _FENCE:
        return {}, text
    end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), None)
    if end is None:
        return {}, text
    return _of_front(lines[1:end]), "\n".join(lines[end + 1 :])


def _of_front(lines: list[str]) -> Given:
    try:
        data = tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return _typed(dict(_pair(line) for line in lines if line.strip() and not line.startswith("#")), strict=False)
    return _typed(data, strict=True)


def _pair(line: str) -> tuple[str, str]:
    key, colon, value = line.partition(":")
    if not colon:
        raise BadInput(f"{line.strip()!r} in the front matter says nothing.", "A line of it is `key: value`.")
    value = value.strip()
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return key.strip(), value[1:-1] if quoted else value


def _typed(data: Mapping[str, Any], *, strict: bool) -> Given:
    """Values as ShortParams has them; not `strict`, numbers and truths may be written as texts."""
    return dict(_option(key, value, strict=strict) for key, value in data.items())


def _option(key: str, value: Any, *, strict: bool) -> tuple[str, Any]:
    name = key.replace("-", "_")
    if name not in _KNOWN:
        near = get_close_matches(name, _KNOWN, n=1, cutoff=0.6)
        hint = f"Did you mean `{near[0]}`?" if near else f"There are {', '.join(_KNOWN)}."
        raise BadInput(f"There is no option `{key}`.", hint)
    try:
        return name, msgspec.convert(value, _KINDS[name], strict=strict)
    except msgspec.ValidationError as exc:
        takes, such = next(words for kind, words in _TAKES.items() if _KINDS[name] in (kind, kind | None))
        raise BadInput(f"`{key}` takes {takes}, not {str(value)[:80]!r}.", f"Such as {name} = {such}") from exc
