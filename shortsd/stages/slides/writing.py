"""Writes scripts as Markdown that is read as the same lecture again."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from shortsd.domain.slides import Item, ItemKind, Script, Slide

_MARKS = re.compile(r"([\\`*\[\]<>|~]|(?<!\w)_|_(?!\w)|&(?=#|\w+;))")
_BEGINNINGS = re.compile(r"^(\d*)([#+=.)-])")
"""What begins headings, lists and rules at the beginning of a line."""


_ENTRY = re.compile(r"- |\d+\. ")


def written(script: Script) -> str:
    """A lecture as Markdown."""
    blocks = ["", *(block for slide in script.slides for block in _slide(slide, script))]
    return "".join(_gap(one, other) + other for one, other in pairwise(blocks)).strip() + "\n"


def _gap(one: str, other: str) -> str:
    """What stands between two blocks: points are close together."""
    return "\n" if _ENTRY.match(one) and _ENTRY.match(other) else "\n\n"


def _slide(slide: Slide, script: Script) -> Iterator[str]:
    if slide.goes_on:
        yield "---"
    elif slide.heading:
        mark = "#" if slide is script.slides[0] and script.title else "##"
        yield f"{mark} {plain(slide.heading)}"
    for beat in slide.beats:
        yield from _item(beat.item, beat.says) if beat.item else map(plain, beat.says)


def _item(item: Item, says: Sequence[str]) -> Iterator[str]:
    """An item and what is said to it."""
    own = item.kind in (ItemKind.POINT, ItemKind.QUOTE) and tuple(says[:1]) == (item.text,)
    beside = says[1:] if own else says
    match item.kind:
        case ItemKind.POINT:
            mark = f"{item.detail}. " if item.detail else "- "
            yield f"{mark}{plain(item.text)}"
            indent = "" if own else " " * len(mark)
            yield from (f"{indent}{plain(said)}" for said in beside)
            return
        case ItemKind.QUOTE:
            yield f"> {plain(item.text)}"
        case ItemKind.CODE:
            fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", item.text)), default=0))
            yield f"{fence}{item.detail}\n{item.text}\n{fence}"
        case ItemKind.PICTURE:
            yield f"![{plain(item.text)}](<{item.detail}>)"
    yield from map(plain, beside)


def plain(text: str) -> str:
    """A line of text so that Markdown takes it for nothing else."""
    return _BEGINNINGS.sub(lambda found: f"{found[1]}\\{found[2]}", _MARKS.sub(r"\\\1", text))
