"""Follows a ledger apart from it: batches of facts become rows, together with the position they reach.

A faulty view can never stop a fact from being recorded, nor another view from being kept up (design §5): facts are
read from the ledger after they were committed, and each view has its own transactions.
"""

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from domain.decision import Fact, Selector
from ledger.engine import open_database, writing
from ledger.failpoints import Failpoint, never
from ledger.ledger import Ledger
from projections import progress as places
from projections.columns import SCHEMA
from projections.dump import dump
from projections.progress import Place
from projections.rows import Rows
from projections.view import View

BATCH_FACTS = 1_000
UNHURRIED_FACTS = 50_000
"""How many facts go into one transaction where no time was set; no more than a page of them is in memory."""
PAGE_FACTS = 256
MOST_ROWS = 100_000
"""How many rows of a view are kept in memory before they are written."""

Progress = Callable[[int, int], None]
"""Is told how many facts of how many have been folded."""


class FaultyView(Exception):  # noqa: N818 - names what is at fault
    """A view could not take a fact into account. Facts and other views are not affected."""

    def __init__(self, view: str, position: int) -> None:
        """Name the view and the fact's position."""
        super().__init__(f"view '{view}' fails at fact {position}; the other views and the ledger are not affected")
        self.view = view
        self.position = position


@dataclass(frozen=True, slots=True)
class Reading:
    """Views as they stood at `position`, with a connection to ask them; `behind` facts are not in them yet."""

    connection: Connection
    ledger_id: str
    position: int
    behind: int = 0


class _Overtaken(Exception):  # noqa: N818 - is answered, never seen
    """Somebody else has moved a view."""


class Follower:
    """Keeps the views of one ledger, in a database that may be deleted at any time."""

    def __init__(  # noqa: PLR0913 - the composition root names each part once
        self,
        ledger: Ledger,
        engine: Engine,
        views: Sequence[View],
        *,
        failpoint: Failpoint = never,
        batch_facts: int | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep `views` of `ledger` in `engine`, at most `batch_facts` in one transaction (None: as many as is fit)."""
        self._ledger = ledger
        self._engine = engine
        self._writing = writing(engine)
        self._views = tuple(views)
        self._failpoint = failpoint
        self._batch_facts = batch_facts or BATCH_FACTS
        self._unhurried_facts = batch_facts or UNHURRIED_FACTS
        self._monotonic = monotonic
        self._turn = threading.Lock()
        self._reached: dict[str, int] = {}
        self.faults: dict[str, FaultyView] = {}
        """The views that failed when they were last kept up."""

    # keeping up

    def catch_up(
        self,
        upto: int | None = None,
        progress: Progress | None = None,
        *,
        only: Collection[str] | None = None,
        seconds: float | None = None,
    ) -> int:
        """Fold what is new, as far as `upto` and for at most about `seconds`; return the position all views reach.

        Raises `FaultyView` after the other views have been kept up. `only` names the views that matter.
        """
        views = self._chosen(only)
        places.prepare(self._engine, views)
        size = self._ledger.head().size
        target = size if upto is None else min(upto, size)
        until = None if seconds is None else self._monotonic() + seconds
        reached = {view.name: self._place(view, size) for view in views}
        faults: dict[str, FaultyView] = {}
        self.faults = {name: fault for name, fault in self.faults.items() if name not in reached}
        together = True
        while behind := _behind(views, reached, faults, target):
            if until is not None and self._monotonic() >= until:
                break
            facts_together = self._unhurried_facts if until is None else self._batch_facts
            end = min(target, reached[behind[0].name].position + facts_together)
            together = together and self._advance_together(behind, reached, end)
            if not together:
                facts = self._batch(reached[behind[0].name].position, target)
                for view in behind:
                    self._advance_or_fault(view, reached, faults, facts)
            if progress is not None:
                progress(_first(reached), target)
        self.faults |= faults
        self._reached |= {name: place.position for name, place in reached.items()}
        if faults:
            raise next(iter(faults.values()))
        return min((place.position for place in reached.values()), default=target)

    def keep_up(self, only: Collection[str] | None = None, *, seconds: float | None = None) -> bool:
        """Catch up, one thread of this process at a time: each for himself would only wait for the lock.

        Return whether there was nothing to do: what this process has brought there already is not looked at again.
        """
        if self._has_reached(only):
            return True
        if self._turn.acquire(timeout=-1 if seconds is None else seconds):
            try:
                if not self._has_reached(only):
                    self.catch_up(only=only, seconds=seconds)
            finally:
                self._turn.release()
        return False

    def rebuild(self, progress: Progress | None = None) -> float:
        """Drop all views of this ledger and fold every fact; return the facts folded per second."""
        places.prepare(self._engine, self._views)
        for view in self._views:
            with self._writing.begin() as connection:
                places.begin_again(connection, self._ledger.ledger_id, view)
        started = self._monotonic()
        reached = self.catch_up(progress=progress)
        return reached / max(self._monotonic() - started, 1e-9)

    def _chosen(self, only: Collection[str] | None) -> tuple[View, ...]:
        return tuple(view for view in self._views if only is None or view.name in only)

    def _place(self, view: View, size: int) -> Place:
        """Return where a view stands; what another version, or another ledger's facts, made is emptied first."""
        with self._engine.connect() as connection:
            place = places.place_of(connection, self._ledger.ledger_id, view)
        if place is not None and place.position <= size and self._leaf(place.position) == place.leaf:
            return place
        with self._writing.begin() as connection:
            if places.place_of(connection, self._ledger.ledger_id, view) == place:
                places.begin_again(connection, self._ledger.ledger_id, view)
        return Place()

    def _leaf(self, position: int) -> bytes:
        rows = self._ledger.rows(after=position - 1, upto=position) if position else ()
        return next((row.leaf for row in rows), b"")

    def _batch(self, after: int, target: int) -> list[Fact]:
        return list(self._ledger.read(after=after, upto=target, limit=self._batch_facts))

    def _advance_together(self, views: Sequence[View], reached: dict[str, Place], end: int) -> bool:
        """Move views that stand at one place up to `end` in one transaction; return whether it could be done.

        Where one is at fault, or has been moved by somebody else, nothing has happened: then each goes for itself.
        """
        ledger_id, start = self._ledger.ledger_id, reached[views[0].name]
        after = Place(end, self._leaf(end))
        facts = self._ledger.read(after=start.position, upto=end)
        try:
            with self._writing.begin() as connection:
                self._move(connection, views, reached, after)
                _fold_pages([(view, Rows(connection, ledger_id)) for view in views], facts, end)
                self._failpoint("view:applied")
        except (FaultyView, _Overtaken):
            return False
        self._failpoint("view:committed")
        reached.update(dict.fromkeys((view.name for view in views), after))
        return True

    def _move(self, connection: Connection, views: Sequence[View], reached: dict[str, Place], after: Place) -> None:
        if not all(places.move(connection, self._ledger.ledger_id, view, reached[view.name], after) for view in views):
            raise _Overtaken

    def _advance_or_fault(
        self, view: View, reached: dict[str, Place], faults: dict[str, FaultyView], facts: Sequence[Fact]
    ) -> None:
        """Move a view over a batch; where it fails, fact by fact as far as it goes."""
        try:
            reached[view.name] = self._advance(view, reached[view.name], facts)
        except FaultyView as fault:
            if len(facts) == 1:
                faults[view.name] = fault
                return
            for fact in facts:
                if view.name not in faults and reached[view.name].position == fact.position - 1:
                    self._advance_or_fault(view, reached, faults, [fact])

    def _advance(self, view: View, before: Place, facts: Sequence[Fact]) -> Place:
        """Apply facts and move the place in one transaction; where somebody else did so, return where he got to."""
        ledger_id = self._ledger.ledger_id
        after = Place(facts[-1].position, self._leaf(facts[-1].position))
        with self._writing.begin() as connection:
            moved = places.move(connection, ledger_id, view, before, after)
            if moved:
                apply(view, Rows(connection, ledger_id), facts)
                self._failpoint("view:applied")
        if not moved:
            places.prepare(self._engine, [view])
            return self._place(view, self._ledger.head().size)
        self._failpoint("view:committed")
        return after

    # reading

    def positions(self) -> dict[str, int]:
        """Return how far each view has got, without keeping it up; 0 where it has not begun."""
        places.prepare(self._engine, self._views)
        with self._engine.connect() as connection:
            found = {v.name: places.place_of(connection, self._ledger.ledger_id, v) for v in self._views}
        return {name: 0 if place is None else place.position for name, place in found.items()}

    @contextmanager
    def reading(self, only: Collection[str] | None = None, *, seconds: float | None = None) -> Iterator[Reading]:
        """Lend the views as they stand after catching up for at most about `seconds`."""
        if self.keep_up(only, seconds=seconds) and self._were_taken_away(only):
            self._reached.clear()
            self.keep_up(only, seconds=seconds)
        size = self._ledger.head().size
        with self._engine.connect().execution_options(**self._one_moment()) as connection:
            position = self._position_in(connection, only)
            yield Reading(connection, self._ledger.ledger_id, position, max(0, size - position))

    def _has_reached(self, only: Collection[str] | None) -> bool:
        size = self._ledger.head().size
        return all(self._reached.get(view.name, -1) >= size for view in self._chosen(only))

    def _were_taken_away(self, only: Collection[str] | None) -> bool:
        """Return whether somebody has deleted views, or begun them again, since this process kept them up."""
        try:
            with self._engine.connect() as connection:
                position = self._position_in(connection, only)
        except DBAPIError:
            return True
        return any(position < self._reached.get(view.name, 0) for view in self._chosen(only))

    def _position_in(self, connection: Connection, only: Collection[str] | None) -> int:
        found = [places.place_of(connection, self._ledger.ledger_id, view) for view in self._chosen(only)]
        return min((0 if place is None else place.position for place in found), default=0)

    @contextmanager
    def as_of(self, position: int, only: Collection[str] | None = None) -> Iterator[Reading]:
        """Lend the views as they were at `position`: the same fold, stopped there, in a database in memory."""
        views = self._chosen(only)
        engine = open_database("sqlite://", SCHEMA)
        try:
            with engine.begin() as connection:
                for view in views:
                    places.create_tables(connection, view)
                self._fold(connection, views, position)
            with engine.connect() as connection:
                yield Reading(connection, self._ledger.ledger_id, min(position, self._ledger.head().size))
        finally:
            engine.dispose()

    def differing(self) -> list[str]:
        """Return the names of the views whose rows differ from what folding every fact again comes to."""
        with self.reading() as kept, self.as_of(kept.position) as replayed:
            return [
                view.name
                for view in self._views
                if dump(kept.connection, kept.ledger_id, [view]) != dump(replayed.connection, kept.ledger_id, [view])
            ]

    def _fold(self, connection: Connection, views: Sequence[View], position: int) -> None:
        rows = Rows(connection, self._ledger.ledger_id)
        for number, fact in enumerate(self._ledger.read(selectors_of(views), upto=position), start=1):
            for view in views:
                view.apply(rows, fact)
            if number % self._batch_facts == 0:
                rows.forget()
        rows.flush()

    def _one_moment(self) -> dict[str, str]:
        """Let a reader on PostgreSQL see one moment, as SQLite's readers do anyway."""
        return {"isolation_level": "REPEATABLE READ"} if self._engine.dialect.name == "postgresql" else {}


def _fold_pages(folding: Sequence[tuple[View, Rows]], read: Iterable[Fact], upto: int) -> None:
    """Fold page by page: what has been read is let go of, what has been changed is written at the end."""
    facts = iter(read)
    while page := list(islice(facts, PAGE_FACTS)):
        for view, rows in folding:
            fold(view, rows, page)
            if rows.known > MOST_ROWS:
                rows.forget()
    for view, rows in folding:
        write(view, rows, upto)


def apply(view: View, rows: Rows, facts: Sequence[Fact]) -> None:
    """Apply facts to a view and write its rows; `FaultyView` where the view, not the database, is at fault."""
    fold(view, rows, facts)
    write(view, rows, facts[-1].position)


def fold(view: View, rows: Rows, facts: Sequence[Fact]) -> None:
    """Apply facts to a view; `FaultyView` where the view, not the database, is at fault."""
    handlers, otherwise = view.handlers, view.otherwise
    fact = facts[0]
    try:
        for fact in facts:
            event = fact.event
            handler = handlers.get(type(event), otherwise)
            if handler is not None:
                handler(rows, fact, event)
    except rows.database_errors:
        raise
    except Exception as error:
        raise FaultyView(view.name, fact.position) from error


def write(view: View, rows: Rows, position: int) -> None:
    """Write a view's rows; `FaultyView` at `position` where the view, not the database, is at fault."""
    try:
        rows.flush()
    except rows.database_errors:
        raise
    except Exception as error:
        raise FaultyView(view.name, position) from error


def _first(reached: dict[str, Place]) -> int:
    """Return the position of the view that stands furthest back."""
    return min(place.position for place in reached.values())


def _behind(views: Sequence[View], reached: dict[str, Place], faults: Collection[str], target: int) -> list[View]:
    """Return the views that stand furthest back, before `target`: they can share a batch."""
    waiting = [view for view in views if view.name not in faults and reached[view.name].position < target]
    first = min((reached[view.name].position for view in waiting), default=0)
    return [view for view in waiting if reached[view.name].position == first]


def selectors_of(views: Sequence[View]) -> tuple[Selector, ...]:
    """Return what must be read for these views; nothing to select means every fact."""
    types = [view.types for view in views]
    return () if not all(types) else (Selector(tuple(dict.fromkeys(name for names in types for name in names))),)
