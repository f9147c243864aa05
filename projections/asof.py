"""Views at any moment: folded once in memory with every change of a row kept, so that the next moment is near.

A fold remembers, fact by fact, what each row was before and after. From one moment to another only the rows are written
that differ between them, forwards or backwards; and what differs between two moments, and by which facts, is known
without folding anything again.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

from sqlalchemy import Table

from ledger.engine import open_database
from ledger.ledger import Ledger
from projections import progress as places
from projections.columns import SCHEMA
from projections.engine import Reading, selectors_of
from projections.rows import Key, Row, Rows, defaults_of, keys_of, stored
from projections.view import View

SPAN_FACTS = 20_000
"""How many facts before the first moment asked for are remembered change by change."""

Change = tuple[Table, Key, Row | None, Row | None]
"""A row under a key, as it was before a fact and after it; None where there was none."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that differs between two moments; `facts` are the positions of those that changed it in between."""

    view: str
    table: Table
    key: Key
    before: Row | None
    after: Row | None
    facts: tuple[int, ...]


class KeptRows(Rows):
    """Rows in memory, with what each fact changed in them. Nothing of it is in a database."""

    def __init__(self, ledger_id: str) -> None:
        """Keep rows of `ledger_id` only."""
        self.ledger_id = ledger_id
        self.tables: defaultdict[Table, dict[Key, Row]] = defaultdict(dict)
        self.changes: list[Change] | None = None
        """What is changed from now on; None: it is not remembered."""
        self._by_first: dict[Table, defaultdict[Any, dict[Key, None]]] = {}

    def get(self, table: Table, *key: object) -> Row | None:
        """Return a copy of the row under a key (without the ledger's id), or None."""
        row = self.tables[table].get(key)
        return None if row is None else row.copy()

    def put(self, table: Table, *key: object, **values: object) -> None:
        """Write a row: columns not named keep what they hold, or in a new row their default."""
        self.at(table, *key).update(values)

    def at(self, table: Table, *key: object) -> Row:
        """Return the row under a key, new where there is none, to be changed at once; what it was before is kept."""
        before = self.tables[table].get(key)
        after = self._blank(table, key) if before is None else before.copy()
        self._write(table, key, before, after)
        return after

    def add(self, table: Table, **values: object) -> None:
        """Write a row that is not there yet."""
        key = tuple(values[name] for name in _keys_of(table))
        self._write(table, key, None, {**self._blank(table, key), **values})

    def where(self, table: Table, **equal: object) -> list[Row]:
        """Return copies of the rows whose columns hold these values, in the order of their keys."""
        rows, first = self.tables[table], _keys_of(table)[0]
        keys = self._index(table)[equal[first]] if first in equal else rows
        found = (rows[key] for key in sorted(keys))
        return [row.copy() for row in found if all(row[name] == value for name, value in equal.items())]

    def flush(self) -> None:
        """Do nothing: what is kept here is written nowhere."""

    def _write(self, table: Table, key: Key, before: Row | None, after: Row) -> None:
        self.tables[table][key] = after
        if table in self._by_first and before is None:
            self._by_first[table][key[0]][key] = None
        if self.changes is not None:
            self.changes.append((table, key, before, after))

    def _blank(self, table: Table, key: Key) -> Row:
        return {**_defaults_of(table), **dict(zip(_keys_of(table), key, strict=True)), "ledger_id": self.ledger_id}

    def _index(self, table: Table) -> defaultdict[Any, dict[Key, None]]:
        if table not in self._by_first:
            index: defaultdict[Any, dict[Key, None]] = defaultdict(dict)
            for key in self.tables[table]:
                index[key[0]][key] = None
            self._by_first[table] = index
        return self._by_first[table]


class Timeline:
    """Some views of a ledger, at one moment after the other. Belongs to one thread at a time."""

    def __init__(self, ledger: Ledger, views: Sequence[View], span_facts: int = SPAN_FACTS) -> None:
        """Follow `views`; moments up to `span_facts` before the first one asked for will be near as well."""
        self._ledger = ledger
        self._views = tuple(views)
        self._selectors = selectors_of(self._views)
        self._span_facts = span_facts
        self._engine = open_database("sqlite://", SCHEMA)
        self._begin(0)

    def close(self) -> None:
        """Let go of everything."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        """Return the timeline itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of everything."""
        self.close()

    def at(self, position: int) -> Reading:
        """Return the views as they were at a position; a reading lent before shows that moment from now on."""
        self._reach(min(position, self._ledger.head().size))
        position = min(position, self._end)
        if self._shown is None:
            self._show_all()
        self._move(position)
        return Reading(self._connection, self._ledger.ledger_id, position)

    def between(self, first: int, last: int) -> list[Changed]:
        """Return the rows that differ at `last` from what they were at `first`, by view, table and key."""
        self._reach(min(first, last))
        self._reach(max(first, last))
        found: dict[tuple[Table, Key], tuple[Row | None, Row | None]] = {}
        facts: defaultdict[tuple[Table, Key], dict[int, None]] = defaultdict(dict)
        for position, (table, key, before, after) in self._changes(first, last):
            found[table, key] = (found.get((table, key), (before, None))[0], after)
            facts[table, key][position] = None
        views = {table: view.name for view in self._views for table in view.tables}
        order = {table: number for number, table in enumerate(views)}
        changed = [
            Changed(views[table], table, key, before, after, tuple(facts[table, key]))
            for (table, key), (before, after) in found.items()
            if before != after
        ]
        return sorted(changed, key=lambda each: (order[each.table], tuple(map(str, each.key))))

    def _begin(self, since: int) -> None:
        self._since = self._end = since
        self._rows = KeptRows(self._ledger.ledger_id)
        self._positions: list[int] = []
        self._steps: list[list[Change]] = []
        self._shown: int | None = None
        if since:
            self._fold(0, since, remember=False)

    def _reach(self, position: int) -> None:
        """Fold as far as a position; what lies before everything that is remembered is folded again from there."""
        if position < self._since or not self._end:
            self._begin(max(0, position - self._span_facts))
        if position > self._end:
            self._fold(self._end, position, remember=True)
            self._end = position

    def _fold(self, after: int, upto: int, *, remember: bool) -> None:
        rows = self._rows
        handlers = [view.handlers for view in self._views]
        others = [view.otherwise for view in self._views]
        for fact in self._ledger.read(self._selectors, after=after, upto=upto):
            rows.changes = [] if remember else None
            for handled, otherwise in zip(handlers, others, strict=True):
                handler = handled.get(type(fact.event), otherwise)
                if handler is not None:
                    handler(rows, fact, fact.event)
            if rows.changes:
                self._positions.append(fact.position)
                self._steps.append(rows.changes)

    def _changes(self, first: int, last: int) -> Iterator[tuple[int, Change]]:
        """Yield what changed after `first`, up to `last`; backwards with the sides exchanged, where that is less."""
        low, high = (bisect_right(self._positions, each) for each in sorted((first, last)))
        for step in range(low, high) if first <= last else range(high - 1, low - 1, -1):
            for table, key, before, after in self._steps[step] if first <= last else reversed(self._steps[step]):
                sides = (before, after) if first <= last else (after, before)
                yield self._positions[step], (table, key, *sides)

    # the database that is asked

    def _show_all(self) -> None:
        """Write every row as it is at the end of the fold."""
        self._engine.dispose()
        self._engine = open_database("sqlite://", SCHEMA)
        self._connection = self._engine.connect()
        for view in self._views:
            places.create_tables(self._connection, view)
        driver = self._connection.connection.driver_connection
        for table, rows in self._rows.tables.items():
            stored(self._engine, table).insert(driver, list(rows.values()))
        self._connection.commit()
        self._shown = self._end

    def _move(self, position: int) -> None:
        """Write the rows that differ at `position` from what is shown."""
        last: defaultdict[Table, dict[Key, Row | None]] = defaultdict(dict)
        for _, (table, key, _, after) in self._changes(self._end if self._shown is None else self._shown, position):
            last[table][key] = after
        driver = self._connection.connection.driver_connection
        for table, rows in last.items():
            there = stored(self._engine, table)
            there.upsert(driver, [row for row in rows.values() if row is not None])
            there.delete(driver, self._ledger.ledger_id, [key for key, row in rows.items() if row is None])
        self._connection.commit()
        self._shown = position


_keys_of = lru_cache(maxsize=None)(keys_of)
_defaults_of = lru_cache(maxsize=None)(defaults_of)
