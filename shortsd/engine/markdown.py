"""Markdown as it is spoken: the words without the marks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token

_TAGS = re.compile(r"<!--.*?(?:-->|\Z)|<[^>]*>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text without marks, its paragraphs apart by blank lines, and its first heading, which is not in it."""

    title: str | None
    text: str


def spoken(markdown: str) -> Spoken:
    """The words of a text in CommonMark. Pictures, tags and comments say nothing; headings after the first are said."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - 4 MB of a daemon that may never be given any

    title: str | None = None
    blocks: list[str] = []
    before = ""
    for token in MarkdownIt("commonmark").parse(markdown):
        words = _words(token).strip()
        if before == "heading_open" and title is None and words:
            title = " ".join(words.split())
        elif words:
            blocks.append(words)
        before = token.type
    return Spoken(title, "\n\n".join(blocks))


def _words(token: "Token") -> str:
    match token.type:
        case "inline":
            return _inline(token.children or ())
        case "fence" | "code_block":
            return token.content
        case "html_block":
            return _TAGS.sub(" ", token.content)
    return ""


def _inline(tokens: Sequence["Token"]) -> str:
    """A paragraph's words; an end of a line is one there, too."""
    return "".join("\n" if token.type in ("softbreak", "hardbreak") else _said(token) for token in tokens)


def _said(token: "Token") -> str:
    return token.content if token.type in ("text", "text_special", "code_inline") else ""
