"""Which rows a table shows, and in which order."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from shorts_tui.query import Query, Searched
from shorts_tui.widgets.table import Column, Key

R = TypeVar("R")

_FEW = 200
"""Of so many changed rows each is put in its new place; of more all are sorted."""

Ranked = tuple[Any, Key]


class Listing(Generic[R]):
    """Filters and sorts rows, and does little where little changed.

    What a row is searched by is kept until the row is another object.
    """

    def __init__(
        self, columns: Sequence[Column[R]], searched: Callable[[R], Searched], terms: Iterable[str] = (), by: str = ""
    ) -> None:
        self._searched = searched
        self._terms = tuple(terms)
        self.columns = {column.key: column for column in columns if column.order is not None}
        self.by = by or next(iter(self.columns))
        self.backwards = True
        self.typed = ""
        self._query = Query()
        self._rows: Mapping[Any, R] = {}
        self._known: dict[Key, tuple[R, Searched]] = {}
        self._sorted: list[Ranked] = []
        self._ranks: dict[Key, Any] = {}
        self._stale: set[Key] = set()

    @property
    def filtering(self) -> bool:
        """Whether some rows may be left out."""
        return bool(self._query)

    @property
    def volatile(self) -> bool:
        """Whether the rows are sorted by what changes all the time."""
        return self.columns[self.by].volatile

    @property
    def keys(self) -> list[Key]:
        """The keys of the rows that are shown, in order."""
        keys = [key for _, key in self._sorted]
        return keys[::-1] if self.backwards else keys

    def filter(self, typed: str) -> None:
        """Show only what all of this is true of."""
        before, longer = self._query, typed.startswith(self.typed)
        self.typed = typed
        self._query = Query.of(typed, self._terms)
        if longer and before.words and not (before.terms or self._query.terms):  # a term may find others when it grows
            self._sorted = [ranked for ranked in self._sorted if ranked[1] in self._rows and self._matches(ranked[1])]
            self._ranks = {key: rank for rank, key in self._sorted}
        else:
            self._sort_all()

    def sort(self, by: str, *, backwards: bool) -> None:
        """Sort by another column, or the other way round."""
        self.backwards = backwards
        if by != self.by:
            self.by = by
            self._sort_all()

    def take(self, rows: Mapping[Any, R], changed: Iterable[Key] | None) -> bool:
        """Look at rows anew, of which these changed, came or went (None: any may have); whether `keys` is another.

        Where rows are sorted by something volatile, those that changed keep their places until `settle`.
        """
        self._rows = rows
        few = None if changed is None else list(changed)
        if few is None or len(few) > _FEW:
            return self._sort_all()
        placed = [self._place(key) for key in few]
        return any(placed)

    def settle(self) -> bool:
        """Put those in their places that kept theirs though they changed; whether `keys` is another."""
        stale, self._stale = self._stale, set()
        moved = [self._move(key, self._rank(self._rows[key])) for key in stale if key in self._ranks]
        return any(moved)

    def warm(self, most: int) -> bool:
        """Find out beforehand what up to so many rows are searched by; whether there may be more to do."""
        cold = (key for key, row in self._rows.items() if self._known.get(key, (None,))[0] is not row)
        for _, key in zip(range(most), cold, strict=False):
            self._look(key)
        return next(cold, None) is not None

    def _sort_all(self) -> bool:
        before = self._sorted
        self._stale.clear()
        found = [key for key in self._rows if self._matches(key)]
        self._ranks = {key: self._rank(self._rows[key]) for key in found}
        self._sorted = sorted((rank, key) for key, rank in self._ranks.items())
        if len(self._known) > 2 * len(self._rows):
            self._known = {key: held for key, held in self._known.items() if key in self._rows}
        return [key for _, key in before] != [key for _, key in self._sorted]

    def _place(self, key: Key) -> bool:
        wanted = key in self._rows and self._matches(key)
        if key not in self._ranks:
            if wanted:
                self._put(key, self._rank(self._rows[key]))
            return wanted
        if not wanted:
            self._drop(key)
            return True
        if self.volatile:
            self._stale.add(key)
            return False
        return self._move(key, self._rank(self._rows[key]))

    def _move(self, key: Key, rank: Any) -> bool:
        if rank == self._ranks[key]:
            return False
        self._drop(key)
        self._put(key, rank)
        return True

    def _put(self, key: Key, rank: Any) -> None:
        self._ranks[key] = rank
        insort(self._sorted, (rank, key))

    def _drop(self, key: Key) -> None:
        del self._sorted[bisect_left(self._sorted, (self._ranks.pop(key), key))]

    def _rank(self, row: R) -> Any:
        order = self.columns[self.by].order
        return order(row) if order is not None else 0

    def _matches(self, key: Key) -> bool:
        return not self._query or self._query.matches(self._look(key))

    def _look(self, key: Key) -> Searched:
        row = self._rows[key]
        known = self._known.get(key)
        if known is None or known[0] is not row:
            known = self._known[key] = row, self._searched(row)
        return known[1]
