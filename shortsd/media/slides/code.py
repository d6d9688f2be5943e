"""Code in colours, by Pygments: for child processes only."""

from collections.abc import Sequence
from dataclasses import dataclass

from pygments import lex
from pygments.lexers import TextLexer, get_lexer_by_name
from pygments.styles import get_style_by_name
from pygments.util import ClassNotFound

COLUMNS = 92
"""Of a line of code that are shown."""
_TAB = 4


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line, and its colour as #RRGGBB."""

    text: str
    colour: str


def coloured(code: str, language: str, style: str, ink: str) -> Sequence[Sequence[Span]]:
    """The lines of some code; `ink` is the colour of what the style gives none, and of a language nobody knows."""
    colours = get_style_by_name(style)
    lines: list[list[Span]] = [[]]
    for kind, text in lex(_cropped(code), _lexer(language)):
        colour = colours.style_for_token(kind)["color"]
        for at, piece in enumerate(text.split("\n")):
            if at:
                lines.append([])
            if piece:
                lines[-1].append(Span(piece, f"#{colour}" if colour else ink))
    while len(lines) > 1 and not lines[-1]:
        lines.pop()
    return lines


def _cropped(code: str) -> str:
    lines = (line.expandtabs(_TAB).rstrip() for line in code.split("\n"))
    return "\n".join(line if len(line) <= COLUMNS else f"{line[: COLUMNS - 1]}…" for line in lines)


def _lexer(language: str) -> object:
    try:
        return get_lexer_by_name(language, stripnl=False) if language else TextLexer(stripnl=False)
    except ClassNotFound:
        return TextLexer(stripnl=False)
