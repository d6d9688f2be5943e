"""The lines that say what a short shows and says, for every form that asks for some."""

from collections.abc import Iterable, Mapping

from textual import on
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Collapsible

from shorts_tui import wishes
from shorts_tui.widgets.field import Line, Pick, Tick
from shorts_tui.widgets.suggest import Paths
from shortsd.client.text import lasted
from shortsd.domain.style import SHAPES, CaptionPlace, CaptionStyle, Cut, Fit
from shortsd.domain.text import speech_seconds

LOOKS = ("title-card", "documentary")
"""Looks of ours (docs/looks.md); a file may be named as well."""

SEEDS = 2**63 - 1


def main_lines(typed: Mapping[str, str]) -> Iterable[Widget]:
    """What most shorts are told."""
    yield Line(
        "voice",
        "Voice",
        wishes.line,
        text=typed.get("voice", ""),
        placeholder="as configured",
        tip="Who speaks: begin to write, and the right arrow takes what is suggested.",
    )
    yield Line(
        "images",
        "Pictures",
        wishes.folder,
        text=typed.get("images", ""),
        placeholder="a folder; found or painted without one",
        tip="Pictures of yours, shown in the order of their names.",
        suggester=Paths(),
    )
    yield Line(
        "music",
        "Music",
        wishes.file,
        text=typed.get("music", ""),
        placeholder="a sound file; as configured without one",
        suggester=Paths(),
    )
    yield Pick("shape", "Shape", SHAPES, text=typed.get("shape", ""), tip="Width to height; a size is further down.")
    yield Pick("captions", "Captions", CaptionStyle, text=typed.get("captions", ""), tip="How spoken words are shown.")
    yield Pick(
        "review",
        "Stop before",
        ("render", "publish"),
        text=typed.get("review", ""),
        tip="What it does not do before you have looked at it and approved.",
    )


class More(Collapsible):
    """What few shorts are told, folded away. The lines are there once somebody opens it, or something stands there."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        self._lines = list(_more(typed))
        self._there = any(line.id in typed for line in self._lines)
        super().__init__(*(self._lines if self._there else ()), title="More options", id="more")

    @on(Collapsible.Expanded)
    async def _opened(self) -> None:
        if not self._there:
            self._there = True
            await self.query_one(Collapsible.Contents).mount_all(self._lines)


def _more(typed: Mapping[str, str]) -> Iterable[Widget]:
    yield Line(
        "look",
        "Look",
        wishes.look,
        text=typed.get("look", ""),
        placeholder=f"{', '.join(LOOKS)} or a Python file",
        suggester=SuggestFromList(LOOKS, case_sensitive=False),
    )
    yield Pick("cuts", "Cuts", Cut, text=typed.get("cuts", ""), tip="From scene to scene.")
    yield Pick("fit", "Fit", Fit, text=typed.get("fit", ""), tip="Pictures of another shape than the frame.")
    yield Line("size", "Size", wishes.size, text=typed.get("size", ""), placeholder="1080x1920, in place of a shape")
    yield Line("fps", "Frames/s", wishes.whole(1, 120), text=typed.get("fps", ""), placeholder="as configured")
    yield Line(
        "caption_colour",
        "Caption colour",
        wishes.colour,
        text=typed.get("caption_colour", ""),
        placeholder="#FFD42A",
    )
    yield Line(
        "caption_size",
        "Caption size",
        wishes.real(0.5, 2),
        text=typed.get("caption_size", ""),
        placeholder="times the usual, 0.5 to 2",
    )
    yield Pick("caption_place", "Caption place", CaptionPlace, text=typed.get("caption_place", ""))
    yield Line(
        "priority",
        "Priority",
        wishes.whole(-wishes.PRIORITY, wishes.PRIORITY),
        text=typed.get("priority", ""),
        placeholder="0; the higher are made first",
    )
    yield Line(
        "seed",
        "Seed",
        wishes.whole(0, SEEDS),
        text=typed.get("seed", ""),
        placeholder="a new one",
        tip="The same seed gives the same story, paintings and tones again.",
    )
    yield Tick("allow_long", "Long", "let more than three minutes of speech through", text=typed.get("allow_long", ""))


def spoken(text: str) -> str:
    """How long a story is."""
    return f"{len(text.split())} words, about {lasted(speech_seconds(text))} of speech"
