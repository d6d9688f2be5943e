"""A line of a log in the colours of its parts."""

import re
from collections.abc import Iterator

from shorts_tui.logs.levels import ERROR, WARNING
from shorts_tui.widgets.painted import Line, Piece
from shortsd.client.text import shown

_STAMP = re.compile(r"\d{4}-\d\d-\d\d[ T](\d\d:\d\d:\d\d)(?:\.\d+)?Z? ")
"""The time that lines begin with, in UTC; of which a brief view shows the clock alone."""

_TAB = 8


def pieces(line: str, pattern: re.Pattern[str] | None, found: str, *, brief: bool) -> Line:
    """A line; what is searched for in it is marked as `found`."""
    stamp = _STAMP.match(line)
    time, rest = (stamp.group(1 if brief else 0), line[stamp.end() :]) if stamp else ("", line)
    text = shown(rest.rstrip("\r").expandtabs(_TAB))
    name = "table--bad" if ERROR.search(rest) else ("table--warm" if WARNING.search(rest) else "")
    head = [(f"{time.rstrip()} ", "table--muted")] if time else []
    return [*head, *_marked(text, name, pattern, found)]


def _marked(text: str, name: str, pattern: re.Pattern[str] | None, found: str) -> Iterator[Piece]:
    at = 0
    for match in pattern.finditer(text) if pattern else ():
        yield text[at : match.start()], name
        yield match.group(), found
        at = match.end()
    yield text[at:], name
