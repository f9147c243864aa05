"""The ledger as a recorder of the `eventsourcing` library: a stock DCB application can run on it.

Data, which the library leaves opaque, is stored base64 in an entry like any other; its facts are recognised by their
type (`dcb:…`), have no actor and no command id, and are hashed, ordered and proved like all others.

    PERSISTENCE_MODULE=ledger.recorder
    LEDGER_DATABASE_URL=…      an SQLAlchemy URL (default: in memory)
    LEDGER_ID=…                default: the application's name
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
from eventsourcing.dcb.api import (
    DCBAppendCondition,
    DCBEvent,
    DCBQuery,
    DCBReadResponse,
    DCBRecorder,
    DCBSequencedEvent,
)
from eventsourcing.dcb.persistence import DCBInfrastructureFactory, DCBListenNotifySubscription
from eventsourcing.persistence import DataError, IntegrityError, ProgrammingError, TrackingRecorder
from sqlalchemy import Engine

from domain.decision import Selector
from ledger.appending import Appender, Draft
from ledger.clock import Clock, SystemClock
from ledger.engine import open_database, reading
from ledger.entry import OPAQUE, Opaque, is_opaque, read_envelope
from ledger.failpoints import Failpoint, never
from ledger.failures import EntryTooLarge
from ledger.following import bell, listen
from ledger.statements import DriverConnection

ACTOR = "dcb"


class LedgerRecorder(DCBRecorder):
    """Reads and appends opaque events in one ledger."""

    def __init__(
        self,
        engine: Engine,
        ledger_id: str,
        *,
        clock: Clock | None = None,
        random: Callable[[int], bytes] = os.urandom,
        failpoint: Failpoint = never,
    ) -> None:
        """Open the ledger `ledger_id`, creating its tables and head where they are missing."""
        self.engine = engine
        self.ledger_id = ledger_id
        self._clock = clock or SystemClock()
        self._appender = Appender(engine, ledger_id, random, failpoint)
        self._store = self._appender.store

    def append(self, events: Sequence[DCBEvent], condition: DCBAppendCondition | None = None) -> int:
        """Store `events`, all or none, and return the position of the last.

        Raises `IntegrityError` where recorded events match the condition, `DataError` for an event that no entry can
        hold, `ProgrammingError` for no events.
        """
        if not events:
            message = "nothing to append"
            raise ProgrammingError(message)
        drafts = [_draft(event) for event in events]
        try:
            with self._appender.locked() as appending:
                head = appending.head
                if condition is not None and self._is_met(appending.connection, condition, head.size):
                    raise IntegrityError(condition)
                clock = self._clock.now()
                return appending.add(drafts, max(clock, head.last_time or clock), clock)[-1]
        except EntryTooLarge as error:
            raise DataError(str(error)) from error

    def _is_met(self, connection: DriverConnection, condition: DCBAppendCondition, size: int) -> bool:
        selectors = _selectors(condition.fail_if_events_match)
        after = condition.after or 0
        return bool(self._store.read_entries(connection, selectors, after=after, upto=size, limit=1))

    def read(self, query: DCBQuery | None = None, *, after: int | None = None, limit: int | None = None) -> "Response":
        """Return the events that match, those recorded when the reading began, with the head: as the library asks."""
        selectors = _selectors(query)
        with reading(self.engine) as connection:
            size = self._store.head(connection).size
        events = self._events(selectors, after or 0, size, limit)
        if limit is None:
            return Response(events, size or None)
        limited = list(events)
        return Response(iter(limited), limited[-1].position if limited else None)

    def _events(
        self, selectors: Sequence[Selector], after: int, upto: int, limit: int | None
    ) -> Iterator[DCBSequencedEvent]:
        while after < upto and (limit is None or limit > 0):
            with reading(self.engine) as connection:
                page = self._store.read_entries(connection, selectors, after=after, upto=upto, limit=limit)
            yield from (_event(entry) for _, entry in page)
            after = page[-1][0] if page else upto
            limit = None if limit is None else limit - len(page)

    def subscribe(self, query: DCBQuery | None = None, *, after: int | None = None) -> "LedgerSubscription":
        """Return the events that match, and then those that will be recorded, by whatever process."""
        return LedgerSubscription(self, query=query, after=after)


class Response(DCBReadResponse):
    """Events, and the position up to which they were looked for (None: nothing was there)."""

    def __init__(self, events: Iterator[DCBSequencedEvent], head: int | None) -> None:
        """Give `events` one by one."""
        self._events = events
        self._head = head

    @property
    def head(self) -> int | None:
        """Return the position to give as `after` in a condition on what was read."""
        return self._head

    def __next__(self) -> DCBSequencedEvent:
        """Return the next event."""
        return next(self._events)


class LedgerSubscription(DCBListenNotifySubscription[LedgerRecorder]):
    """Woken by the ledger's bell in this process; by NOTIFY (PostgreSQL) or by looking again (SQLite) for others."""

    def __init__(self, recorder: LedgerRecorder, query: DCBQuery | None = None, after: int | None = None) -> None:
        """Begin to follow."""
        # The pulling thread, which the library starts at once, may already want to stop.
        self._bell = bell(recorder.engine, recorder.ledger_id)
        self._listening_ended = threading.Event()
        super().__init__(recorder=recorder, query=query, after=after)
        self._bell.follow(self._has_been_notified)
        self._has_been_notified.set()  # something may have come between the first pull and this line
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        try:
            listen(self._recorder.engine, self._recorder.ledger_id, self._has_been_notified.set, self._listening_ended)
        except Exception as error:  # noqa: BLE001 - whatever it is, the reader of the subscription must hear of it
            self._thread_error = self._thread_error or error
            self.stop()

    def stop(self) -> None:
        """End the subscription."""
        super().stop()
        self._listening_ended.set()
        self._bell.leave(self._has_been_notified)

    def __exit__(self, *args: object, **kwargs: Any) -> None:  # noqa: ANN401 - as the library declares it
        """End the subscription and wait for its threads."""
        super().__exit__(*args, **kwargs)
        self._listener.join()


class LedgerFactory(DCBInfrastructureFactory[TrackingRecorder]):
    """What `PERSISTENCE_MODULE=ledger.recorder` gives an application."""

    def dcb_recorder(self) -> LedgerRecorder:
        """Return a recorder on the ledger that the environment names."""
        self._engine = open_database(self.env.get("LEDGER_DATABASE_URL") or "sqlite://")
        return LedgerRecorder(self._engine, self.env.get("LEDGER_ID") or self.env.name.lower() or "main")

    def close(self) -> None:
        """Close the database's connections."""
        if hasattr(self, "_engine"):
            self._engine.dispose()


def _draft(event: DCBEvent) -> Draft:
    try:
        data = msgspec.json.encode(Opaque(event.data))
        msgspec.json.encode([event.type, event.tags])
    except UnicodeEncodeError as error:
        raise DataError(str(error)) from error
    return Draft(OPAQUE + event.type, data, tuple(event.tags), ACTOR)


def _event(entry: str | bytes) -> DCBSequencedEvent:
    envelope = read_envelope(entry)
    kind, data = envelope.type, bytes(envelope.data)
    if is_opaque(kind):
        kind, data = kind.removeprefix(OPAQUE), msgspec.json.decode(data, type=Opaque).opaque
    return DCBSequencedEvent(DCBEvent(kind, data, list(envelope.tags)), envelope.position)


def _selectors(query: DCBQuery | None) -> list[Selector]:
    """Return what a query asks for; a type may be that of an opaque event or of one of ours."""
    items = query.items if query is not None else []
    return [
        Selector(tuple(name for kind in item.types for name in (OPAQUE + kind, kind)), tuple(dict.fromkeys(item.tags)))
        for item in items
    ]
