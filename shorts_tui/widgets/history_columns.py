"""The columns of a table of published shorts."""

from collections.abc import Sequence

from shorts_tui.widgets.columns import Column
from shorts_tui.widgets.painted import Piece
from shortsd.client.moments import written
from shortsd.client.text import lasted
from shortsd.wire.channel import Shown


def columns() -> list[Column[Shown]]:
    """What the history shows; moments are by this machine's clock."""
    return [
        Column("seen", "Seen from", _seen, 20, order=seen_from),
        Column("id", "ID", lambda short: [(str(short.job), "")], 6, right=True, order=lambda short: short.job),
        Column("batch", "Batch", _batch, 6, right=True, order=lambda short: short.batch or 0, least=100),
        Column("length", "Length", _length, 9, right=True, order=lambda short: short.duration_s or 0.0, least=70),
        Column("title", "Title", lambda short: [(short.title, "")], order=lambda short: short.title.casefold()),
        Column("where", "Where", _where, order=lambda short: short.where),
    ]


def seen_from(short: Shown) -> float:
    """Since when it is seen."""
    return short.publish_at or short.made_at


def _seen(short: Shown) -> Sequence[Piece]:
    return [(written(seen_from(short)), "")]


def _batch(short: Shown) -> Sequence[Piece]:
    return [] if short.batch is None else [(f"b{short.batch}", "table--muted")]


def _length(short: Shown) -> Sequence[Piece]:
    return [] if short.duration_s is None else [(lasted(short.duration_s), "table--muted")]


def _where(short: Shown) -> Sequence[Piece]:
    return [(short.link, "table--accent")] if short.link else [(short.where, "table--muted")]
