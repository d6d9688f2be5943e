"""Reads scripts: CommonMark, of which headings begin slides, list items are points, and paragraphs are said."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shortsd.domain.errors import BadInput
from shortsd.domain.slides import Beat, Item, ItemKind, Script
from shortsd.domain.text import has_words, line
from shortsd.stages.slides.settling import settled

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_FRONT = re.compile(r"\A---[ \t\r]*\n[A-Za-z_][\w-]*:.*\n(?:[A-Za-z_ \t#-].*\n)*?(?:---|\.\.\.)[ \t\r]*(?:\n|\Z)")
"""What programs that make pages of Markdown have before it: keys and values between two rules."""
_HEADING = re.compile(r"#{1,6}[ \t]+(.*)")
MOST_CHARACTERS = 60_000
"""Of a script: an hour of speech."""
_ADDRESS = re.compile(r"https?://[^\s<>]+")


@dataclass(slots=True)
class Section:
    """A slide as it is written: what is said before anything is shown, and the beats after that."""

    heading: str
    level: int = 0
    """Of the heading; 0 if there is none, as before the first one and after a rule."""
    goes_on: bool = False
    """Whether a rule is before it."""
    opening: list[str] = field(default_factory=list)
    beats: list[Beat] = field(default_factory=list)

    @property
    def bare(self) -> bool:
        """Whether there is nothing on it yet."""
        return not (self.opening or self.beats)


def read(markdown: str, *, files: bool = False) -> Script:
    """The lecture that a text is, with pictures in `files`, too. Raises BadInput: it says nothing, or too much."""
    return settled(sections(markdown, files=files))


def name(markdown: str) -> str:
    """What a text is called before it is read: the heading it begins with, or its words."""
    text = _FRONT.sub("", markdown).lstrip()
    heading = _HEADING.match(text)
    return heading[1].strip(" \t\r#") if heading else text


def sections(markdown: str, *, files: bool = False) -> list[Section]:
    """The slides of a text as they are written. Raises BadInput for too long a text."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - 4 MB of a daemon that may never be given any
    from markdown_it.tree import SyntaxTreeNode  # noqa: PLC0415 - as above

    if len(markdown) > MOST_CHARACTERS:
        raise BadInput(f"The script has {len(markdown)} characters; {MOST_CHARACTERS} is the limit.", "Make it two.")
    reader = _Reader(files=files)
    text = _FRONT.sub("", markdown)
    for node in SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(text)).children:
        reader.take(node)
    return [section for section in reader.found if section.level or not section.bare]


class _Reader:
    """Takes one block after another."""

    def __init__(self, *, files: bool) -> None:
        self.found = [Section("")]
        self._files = files

    @property
    def _now(self) -> Section:
        return self.found[-1]

    def take(self, node: "SyntaxTreeNode") -> None:
        match node.type:
            case "heading":
                words = _words(node)
                self.found.append(Section(words, int(node.tag[1:])) if words else self._next())
            case "hr":
                self.found.append(self._next())
            case "paragraph":
                self._paragraph(node)
            case "bullet_list" | "ordered_list":
                self._list(node)
            case "fence" | "code_block":
                language = (node.info or "").split()[:1] if node.type == "fence" else []
                self._show(Item(ItemKind.CODE, node.content.rstrip(), "".join(language)))
            case "blockquote":
                quote = " ".join(_words(child) for child in node.children if child.type == "paragraph")
                self._show(Item(ItemKind.QUOTE, line(quote)), quote)
            case "table":
                self._table(node)

    def _next(self) -> Section:
        return Section(self._now.heading, goes_on=True)

    def _paragraph(self, node: "SyntaxTreeNode") -> None:
        for picture in _pictures(node, files=self._files):
            self._show(picture)
        words = _words(node)
        if not has_words(words):
            return
        if self._now.beats:
            last = self._now.beats[-1]
            self._now.beats[-1] = Beat(last.item, (*last.says, words))
        else:
            self._now.opening.append(words)

    def _list(self, node: "SyntaxTreeNode") -> None:
        for entry, detail in zip(node.children, _numbers(node), strict=True):
            paragraphs = [_words(child) for child in entry.children if child.type == "paragraph"]
            if paragraphs:
                said = paragraphs[1:] or paragraphs[:1]
                self._show(Item(ItemKind.POINT, paragraphs[0], detail), *said)
            for child in entry.children:
                if child.type != "paragraph":
                    self.take(child)

    def _table(self, node: "SyntaxTreeNode") -> None:
        for row in (row for part in node.children for row in part.children):
            cells = " – ".join(filter(None, (_words(cell) for cell in row.children)))
            self._show(Item(ItemKind.POINT, cells), cells)

    def _show(self, item: Item, *says: str) -> None:
        if item.kind is ItemKind.PICTURE or item.text.strip():
            self._now.beats.append(Beat(item, tuple(said for said in says if has_words(said))))


def _numbers(node: "SyntaxTreeNode") -> Sequence[str]:
    """The numbers of a list's entries, as they are written, but if all are written alike; empty ones of bullets."""
    written = [str(entry.info) for entry in node.children]
    if node.type == "ordered_list" and len(set(written)) == 1:
        return [str(int(written[0]) + at) for at in range(len(written))]
    return written if node.type == "ordered_list" else [""] * len(written)


def _words(node: "SyntaxTreeNode") -> str:
    """What a block says, in a line, without marks and tags."""
    return line("".join(_said(inline) for child in node.children for inline in _leaves(child)))


def _leaves(node: "SyntaxTreeNode") -> Iterator["SyntaxTreeNode"]:
    if node.type == "image":
        return
    if node.children:
        for child in node.children:
            yield from _leaves(child)
    else:
        yield node


def _said(node: "SyntaxTreeNode") -> str:
    if node.type in ("softbreak", "hardbreak"):
        return " "
    return str(node.content) if node.type in ("text", "text_special", "code_inline") else ""


def _pictures(node: "SyntaxTreeNode", *, files: bool) -> Sequence[Item]:
    """The pictures in a paragraph that have an address on the web, and those in files if these may be read."""
    images = [inline for inline in node.walk() if inline.type == "image"]
    known = ((str(image.attrs.get("src", "")), image.content) for image in images)
    return [Item(ItemKind.PICTURE, line(alt), src) for src, alt in known if _ADDRESS.fullmatch(src) or (files and src)]
