"""Which rows a table shows, and in which order."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Generic, TypeVar

from shorts_tui.query import Query, Searching
from shorts_tui.widgets.columns import Column
from shorts_tui.widgets.table import Key

R = TypeVar("R")

_FEW = 200
"""Of so many changed rows each is put in its new place; of more all are sorted."""

Ranked = tuple[Any, Key]


class Listing(Generic[R]):
    """Filters and sorts rows, and does little where little changed.

    What a row is searched by is kept until the row is told to have changed.
    """

    def __init__(self, columns: Sequence[Column[R]], searching: Searching[R], by: str) -> None:
        self._searching = searching
        self.columns = {column.key: column for column in columns if column.order is not None}
        self.by = by
        self.backwards = True
        self.typed = ""
        self._query: Query[R] = Query()
        self._rows: Mapping[Any, R] = {}
        self._texts: dict[Key, str] = {}
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
        self._query = Query.of(typed, self._searching)
        if longer and before.words and not (before.terms or self._query.terms):  # a term may find others when it grows
            left = set(self._found(self._ranks))
            self._sorted = [ranked for ranked in self._sorted if ranked[1] in left]
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
        if changed is None:
            self._texts.clear()
            return self._sort_all()
        few = list(changed)
        for key in few:
            self._texts.pop(key, None)
        if len(few) > _FEW:
            return self._sort_all()
        placed = [self._place(key) for key in few]
        return any(placed)

    def settle(self) -> bool:
        """Put those in their places that kept theirs though they changed; whether `keys` is another."""
        stale, self._stale = self._stale, set()
        moved = [self._move(key, self._rank(self._rows[key])) for key in stale if key in self._ranks]
        return any(moved)

    def warm(self, most: int) -> bool:
        """Find out beforehand what up to so many rows are searched by; whether there is more to do."""
        cold = self._rows.keys() - self._texts.keys()
        self._look(islice(cold, most))
        return len(cold) > most

    def _look(self, keys: Iterable[Key]) -> None:
        for key in keys:
            self._texts[key] = self._searching.text(self._rows[key])

    def _found(self, keys: Iterable[Key]) -> list[Key]:
        """Of these keys those that are asked for."""
        if not self._query:
            return list(keys)
        if self._query.words:
            self._look(self._rows.keys() - self._texts.keys())
        return self._query.among(keys, self._rows, self._texts)

    def _sort_all(self) -> bool:
        before = self._sorted
        self._stale.clear()
        self._ranks = {key: self._rank(self._rows[key]) for key in self._found(self._rows)}
        self._sorted = sorted((rank, key) for key, rank in self._ranks.items())
        return [key for _, key in before] != [key for _, key in self._sorted]

    def _place(self, key: Key) -> bool:
        wanted = key in self._rows and bool(self._found([key]))
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
