"""The columns of a table of batches."""

from collections.abc import Callable, Sequence
from typing import Literal

from shorts_tui.batches import Batch
from shorts_tui.widgets.columns import Column
from shorts_tui.widgets.painted import Piece
from shortsd.client.text import ago

BAR = 16


def columns(clock: Callable[[], float]) -> list[Column[Batch]]:
    """What the table of batches shows."""

    def age(batch: Batch) -> Sequence[Piece]:
        return [(ago(clock() - batch.created_at), "table--muted")]

    return [
        Column("id", "Batch", lambda batch: [(f"b{batch.id}", "")], 7, right=True, order=lambda batch: batch.id),
        Column("done", "Done", _bar, BAR + 5, order=lambda batch: batch.percent, volatile=True),
        _count("total", "Jobs", ""),
        _count("done", "Made", "table--good", "made"),
        _count("errors", "Failed", "table--bad"),
        _count("running", "Run", "table--live"),
        _count("waiting", "Wait", "table--muted"),
        Column("age", "Age", age, 6, right=True, order=lambda batch: -batch.created_at, least=90),
        Column("title", "First", lambda batch: [(batch.title, "")], order=lambda batch: batch.title.casefold()),
    ]


def _count(
    name: Literal["total", "done", "errors", "running", "waiting"], title: str, colour: str, key: str = ""
) -> Column[Batch]:
    def number(batch: Batch) -> int:
        count: int = getattr(batch, name)
        return count

    def pieces(batch: Batch) -> Sequence[Piece]:
        count = number(batch)
        return [(str(count), colour)] if count else [("·", "table--muted")]

    return Column(key or name, title, pieces, max(5, len(title)), right=True, order=number)


def _bar(batch: Batch) -> Sequence[Piece]:
    """A part for what is made, what failed, and how far the others are; then percent."""
    cells = [round(BAR * count / batch.total) for count in (batch.done, batch.errors)]
    begun = max(0, round(BAR * batch.percent / 100) - cells[0])
    cells.append(min(BAR - sum(cells), begun) if batch.running or batch.waiting else 0)
    names = ("table--good", "table--bad", "table--live")
    parts = [("━" * count, name) for count, name in zip(cells, names, strict=True)]
    return [*parts, ("─" * (BAR - sum(cells)), "table--muted"), (f"{batch.percent:4.0f}%", "")]
