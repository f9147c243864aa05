"""One ledger of facts, and the one way to record: `Ledger.execute`.

The facts a decision depends on are folded outside the lock. Then, in one transaction: the head row is locked, the
command id looked up, the time taken, newer matching facts folded, the decider called, and what it decided appended
with tags, leaves, sealed values, attachments, command id and the new head. Nothing is decided on stale facts, so
nothing needs to be tried again.
"""

import dataclasses
import functools
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, Engine

from domain.decision import Catalogue, Command, Context, Decider, Event, Fact, Refused, Selector, State
from domain.ids import attachments_of, documents_of, tags_of
from domain.keeping import AcceptClock, SealedErased
from ledger.appending import Appender, Draft
from ledger.asking import MISSING, Answer, Asked, Receipt, ask
from ledger.clock import Clock
from ledger.engine import reading, scrub
from ledger.entry import EventReader, read_envelope
from ledger.failpoints import Failpoint, never
from ledger.failures import Damaged, InDoubt
from ledger.folding import Folded, Recent, StateCache
from ledger.statements import DriverConnection
from ledger.store import Attachment, Head, Row

__all__ = ["Attachment", "Head", "InDoubt", "Ledger", "Receipt", "Row"]


class Ledger:
    """The facts of one organisation, in one gap-free order, under one Merkle tree."""

    def __init__(  # noqa: PLR0913 - the composition root names each part once
        self,
        engine: Engine,
        ledger_id: str,
        *,
        catalogue: Catalogue,
        clock: Clock,
        fingerprint_key: bytes,
        random: Callable[[int], bytes] = os.urandom,
        failpoint: Failpoint = never,
    ) -> None:
        """Open the ledger `ledger_id`, creating its tables and head where they are missing."""
        self.ledger_id = ledger_id
        self.catalogue = catalogue
        self.clock = clock
        self.engine = engine
        self._fingerprint_key = fingerprint_key
        self._random = random
        self._failpoint = failpoint
        self._reader = EventReader(catalogue.events)
        self._appender = Appender(engine, ledger_id, random, failpoint)
        self._store = self._appender.store
        self._cache = StateCache()
        self._recent = Recent()
        self._one_writer = threading.Lock()

    # recording

    def execute(
        self,
        command: Command,
        *,
        actor: str,
        on_behalf_of: str | None = None,
        command_id: str | None = None,
        attachments: Iterable[Attachment] = (),
    ) -> Receipt:
        """Carry out `command` and return its receipt; the same `command_id` again returns the same answer.

        Raises `Refused` (with nothing recorded, or with the fact that the refusal is), `ClockLeapt`, `Damaged`, and
        `InDoubt` where the database cannot say whether the facts were kept: then ask again with the same id.
        """
        asked = ask(
            command,
            actor,
            on_behalf_of,
            command_id,
            attachments,
            fingerprint_key=self._fingerprint_key,
            random=self._random,
        )
        decider = self.catalogue.deciders[type(command)]
        with self._one_writer, self._cache.borrow(decider.states, command) as states:
            self._fold_ahead(states)
            receipt, refused = self._record(asked, decider, states)
        if refused is not None:
            raise refused
        if isinstance(command, AcceptClock) and not receipt.repeated:
            self.clock.accept()
        return receipt

    def preview(
        self,
        command: Command,
        *,
        actor: str,
        on_behalf_of: str | None = None,
        attachments: Iterable[Attachment] = (),
    ) -> list[Event]:
        """Return the events that `command` would be recorded as now; nothing is written. Raises `Refused`."""
        asked = ask(
            command,
            actor,
            on_behalf_of,
            None,
            attachments,
            fingerprint_key=self._fingerprint_key,
            random=self._random,
        )
        decider = self.catalogue.deciders[type(command)]
        with self._cache.borrow(decider.states, command) as states, reading(self.engine) as connection:
            head = self._store.head(connection)
            self._catch_up(connection, states, head.size)
            now, _ = self._time(asked, head)
            context = Context(now, asked.actor, asked.on_behalf_of, self._documents(connection, asked))
            return decider.decide(command, context, *(folded.state for folded in states))

    def _fold_ahead(self, states: Sequence[Folded]) -> None:
        """Fold outside the lock, unless all that this process knows to be newer is at hand anyway."""
        newest = self._recent.end
        if newest == 0 or not all(self._recent.covers(folded.position, newest) for folded in states):
            with reading(self.engine) as connection:
                self._catch_up(connection, states, self._store.head(connection).size)

    def _record(self, asked: Asked, decider: Decider, states: Sequence[Folded]) -> tuple[Receipt, Refused | None]:
        with self._appender.locked() as (connection, head):
            known = self._store.command(connection, asked.command_id)
            if known is not None:
                answer = asked.answered(known)
                return _receipt(asked, answer, repeated=True), answer.refusal()
            before = head.size
            now, clock = self._time(asked, head)
            self._catch_up(connection, states, before)
            context = Context(now, asked.actor, asked.on_behalf_of, self._documents(connection, asked))
            events, refused = _decide(decider, asked, context, states)
            self._failpoint("append:decided")
            drafts = [self._draft(connection, asked, event) for event in events]
            rows = self._appender.append(connection, head, drafts, now, clock)
            answer = Answer.of(tuple(row.position for row in rows), now, refused)
            stored = msgspec.json.encode(answer).decode()
            self._store.insert_command(connection, asked.command_id, asked.fingerprint, stored)
        if any(draft.erased for draft in drafts):
            scrub(self.engine)
        self._recent.add(before, [(d.type, d.tags, r.entry) for d, r in zip(drafts, rows, strict=True)])
        return _receipt(asked, answer, repeated=False), refused

    def _time(self, asked: Asked, head: Head) -> tuple[datetime, datetime]:
        """Return the instant of recording, which never goes back, and what the clock says."""
        clock = self.clock.unchecked() if isinstance(asked.command, AcceptClock) else self.clock.now()
        return max(clock, head.last_time or clock), clock

    def _draft(self, connection: DriverConnection, asked: Asked, event: Event) -> Draft:
        data, sealed = self._appender.data_of(event)
        return Draft(
            event.NAME,
            data,
            tags_of(event),
            asked.recorded_actor,
            asked.on_behalf_of,
            asked.command_id,
            sealed,
            tuple(self._attached(connection, asked, event)),
            erased=event.erased if isinstance(event, SealedErased) else (),
        )

    def _attached(self, connection: DriverConnection, asked: Asked, event: Event) -> Iterator[Attachment]:
        for sha256 in attachments_of(event):
            document = asked.attachments.get(sha256)
            if document is not None:
                yield document
            elif not self._store.has_attachment(connection, sha256):
                raise Refused("attachment-missing", MISSING)

    def _documents(self, connection: DriverConnection, asked: Asked) -> dict[str, bytes]:
        """Return the documents that the decision reads; `Refused` where anything that the command names is missing."""
        named = attachments_of(asked.command)
        if not named:
            return {}
        missing = (sha256 for sha256 in named if sha256 not in asked.attachments)
        if not all(self._store.has_attachment(connection, sha256) for sha256 in missing):
            raise Refused("attachment-missing", MISSING)
        found = ((sha256, self._document(connection, asked, sha256)) for sha256 in documents_of(asked.command))
        return {sha256: document.content for sha256, document in found if document is not None}

    def _document(self, connection: DriverConnection, asked: Asked, sha256: str) -> Attachment | None:
        return asked.attachments.get(sha256) or self._store.attachment(connection, sha256)

    # reading

    def head(self) -> Head:
        """Return size, Merkle frontier and last time of the ledger."""
        with reading(self.engine) as connection:
            return self._store.head(connection)

    def read(
        self,
        selectors: Sequence[Selector] = (),
        *,
        after: int = 0,
        upto: int | None = None,
        limit: int | None = None,
    ) -> Iterator[Fact]:
        """Yield the facts that match, oldest first; those committed when the reading began."""
        last = self._last(upto)
        while after < last and (limit is None or limit > 0):
            with reading(self.engine) as connection:
                page = self._store.read_entries(connection, selectors, after=after, upto=last, limit=limit)
                facts = [self._fact(connection, position, entry) for position, entry in page]
            yield from facts
            after = facts[-1].position if facts else last
            limit = None if limit is None else limit - len(facts)

    def rows(self, selectors: Sequence[Selector] = (), *, after: int = 0, upto: int | None = None) -> Iterator[Row]:
        """Yield the stored rows that match, oldest first; those committed when the reading began."""
        last = self._last(upto)
        while after < last:
            with reading(self.engine) as connection:
                page = self._store.read_rows(connection, selectors, after=after, upto=last)
            yield from page
            after = page[-1].position if page else last

    def _last(self, upto: int | None) -> int:
        """Facts never change, so pages read one after the other up to the head seen first are one consistent view."""
        size = self.head().size
        return size if upto is None else min(upto, size)

    def position_at(self, instant: datetime) -> int:
        """Return the position of the last fact recorded at or before `instant`."""
        with reading(self.engine) as connection:
            return self._store.position_at(connection, instant)

    def attachment(self, sha256: str) -> Attachment | None:
        """Return a document by its SHA-256, or None."""
        with reading(self.engine) as connection:
            return self._store.attachment(connection, sha256)

    def words(self, digests: Sequence[str]) -> dict[str, str]:
        """Return digest → words for the sealed values that have not been erased."""
        with reading(self.engine) as connection:
            return self._store.words(connection, digests)

    def connect(self) -> Connection:
        """Return a connection for checks that read every table; the caller closes it."""
        return self.engine.connect()

    def fold(self, kind: type[State], key: str = "", upto: int | None = None) -> State:
        """Return a state as its facts up to a position make it."""
        state = kind(key)
        for fact in self.read((kind.selector(key),), upto=upto):
            state.evolve(fact)
        return state

    def _catch_up(self, connection: DriverConnection, states: Iterable[Folded], size: int) -> None:
        for folded in states:
            if folded.position < size:
                for fact in self._newer(connection, folded, size):
                    folded.state.evolve(fact)
                folded.position = size

    def _newer(self, connection: DriverConnection, folded: Folded, size: int) -> Iterator[Fact]:
        after = folded.position
        if self._recent.covers(after, size):
            read = functools.partial(self._fact, connection)
            yield from self._recent.matching(folded.selector, after, size, read)
            return
        while after < size:
            page = self._store.read_entries(connection, (folded.selector,), after=after, upto=size)
            yield from (self._fact(connection, position, entry) for position, entry in page)
            after = page[-1][0] if page else size

    def _fact(self, connection: DriverConnection, position: int, entry: str | bytes) -> Fact:
        try:
            fact = self._reader.fact(read_envelope(entry))
        except (msgspec.MsgspecError, NotImplementedError, UnicodeError, TypeError):
            raise Damaged(position) from None
        wanted = documents_of(fact.event)
        if not wanted:
            return fact
        found = ((sha256, self._store.attachment(connection, sha256)) for sha256 in wanted)
        return dataclasses.replace(fact, documents={sha256: a.content for sha256, a in found if a is not None})


def _decide(
    decider: Decider, asked: Asked, context: Context, states: Sequence[Folded]
) -> tuple[list[Event], Refused | None]:
    """Return what was decided; a refusal that auditors must see is an event and a refusal."""
    try:
        return decider.decide(asked.command, context, *(folded.state for folded in states)), None
    except Refused as refusal:
        if refusal.record is None:
            raise
        return [refusal.record], refusal


def _receipt(asked: Asked, answer: Answer, *, repeated: bool) -> Receipt:
    return Receipt(asked.command_id, answer.positions, answer.recorded_at, repeated)
