"""What lectures are asked for with."""

from dataclasses import dataclass

from shortsd.wire.models import FilmParams, Truth


@dataclass(frozen=True, kw_only=True)
class SlidesParams(FilmParams):
    """What a lecture of slides is made of. One of `story` and `url`.

    If not given, the shape is 16:9, the captions are clean, 0.7 times the usual size, below the slides, and the seed,
    which chooses the music, is 0.
    """

    story: str | None = None
    """Markdown: headings begin slides, list items are points, paragraphs are said."""
    folder: str | None = None
    """That of the story's file: pictures that it names by paths from there, `![…](tea/pot.png)`, are shown."""
    url: str | None = None
    """The address of an article."""
    theme: str | None = None
    """paper, night or bold; the configured one if not given."""
    article_pictures: Truth | None = None
    """Whether pictures that the text names by their addresses are fetched and shown: whose they are is the user's to
    know."""
    review: str | None = None
    """What it does not do before somebody approves of it: `render`, `publish` or `nothing`."""
