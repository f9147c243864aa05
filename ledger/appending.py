"""Writing facts behind the head: entries, leaves, tags, sealed values, attachments and the head itself."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Engine

from domain.decision import Event, Refused
from domain.text import Text
from ledger import schema, tree
from ledger.engine import reading, recording
from ledger.entry import Envelope, SealedValue, write_data, write_entry
from ledger.failpoints import Failpoint
from ledger.following import announce
from ledger.statements import DriverConnection
from ledger.store import Attachment, Head, Row, Store

NONCE_BYTES = 16
_LEDGER_ID = re.compile(r"[\w.\-]{1,64}", re.ASCII)
_MALFORMED = Text(
    "账本名只能用字母、数字、下划线、点和连字符，1 至 64 个；请换一个名称。",
    "A ledger's name has 1 to 64 letters, digits, '_', '.' or '-'; choose another.",
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact before it has a place: stored type name, data with its sealed values, tags, and who stands behind it."""

    type: str
    data: bytes
    tags: tuple[str, ...]
    actor: str
    on_behalf_of: str | None = None
    command_id: str = ""
    sealed: tuple[SealedValue, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    erased: tuple[str, ...] = ()


class Appender:
    """Appends drafts to one ledger, inside the transaction that holds its head."""

    def __init__(self, engine: Engine, ledger_id: str, random: Callable[[int], bytes], failpoint: Failpoint) -> None:
        """Open the ledger, creating tables and head where they are missing; draw nonces and salts from `random`."""
        if not _LEDGER_ID.fullmatch(ledger_id):
            raise Refused("malformed-ledger-id", _MALFORMED)
        schema.create(engine)
        self.store = Store(engine, ledger_id)
        self._engine = engine
        self._ledger_id = ledger_id
        self._random = random
        self._failpoint = failpoint
        self._begin()

    def _begin(self) -> None:
        with reading(self._engine) as connection:
            begun = self.store.is_begun(connection)
        if not begun:
            with recording(self._engine) as connection:
                self.store.begin(connection)

    @contextmanager
    def locked(self) -> Iterator[tuple[DriverConnection, Head]]:
        """Lend a transaction that holds the head: what is appended in it is committed at its end, or not at all.

        Raises `InDoubt` where the database cannot say which.
        """
        grown = False

        def committed(connection: DriverConnection) -> None:
            self._failpoint("append:committed")
            if grown:
                announce(self._engine, self._ledger_id, connection)

        with recording(self._engine, committed) as connection:
            head = self.store.head(connection, lock=True)
            before = head.size
            self._failpoint("append:locked")
            yield connection, head
            grown = head.size > before

    def data_of(self, event: Event) -> tuple[bytes, tuple[SealedValue, ...]]:
        """Return an event's JSON and its sealed values under fresh salts."""
        return write_data(event, lambda: self._random(NONCE_BYTES))

    def append(
        self, connection: DriverConnection, head: Head, drafts: Sequence[Draft], now: datetime, clock: datetime
    ) -> list[Row]:
        """Store `drafts` after `head`, which is advanced; return their rows. No drafts: nothing is written."""
        if not drafts:
            return []
        rows = [self._row(head, draft, now, clock) for draft in drafts]
        head.last_time = now
        placed = list(zip(rows, drafts, strict=True))
        self.store.insert_facts(connection, rows)
        self.store.insert_tags(
            connection, [(tag, row.position) for row, draft in placed for tag in dict.fromkeys(draft.tags)]
        )
        for row, draft in placed:
            self._insert_beside(connection, row.position, draft)
        self._failpoint("append:facts-inserted")
        self.store.advance(connection, head)
        self._failpoint("append:head-advanced")
        return rows

    def _row(self, head: Head, draft: Draft, now: datetime, clock: datetime) -> Row:
        envelope = Envelope(
            position=head.size + 1,
            recorded_at=now,
            clock=clock,
            type=draft.type,
            actor=draft.actor,
            on_behalf_of=draft.on_behalf_of,
            command=draft.command_id,
            tags=draft.tags,
            nonce=self._random(NONCE_BYTES).hex(),
            data=msgspec.Raw(draft.data),
        )
        entry = write_entry(envelope)
        leaf = tree.leaf_hash(entry)
        chain = head.extend(leaf)
        return Row(head.size, draft.type, now, entry, leaf, chain)

    def _insert_beside(self, connection: DriverConnection, position: int, draft: Draft) -> None:
        if draft.sealed:
            self.store.insert_sealed(connection, position, draft.sealed)
        if draft.attachments:
            self.store.insert_attachments(connection, position, draft.attachments)
        if draft.erased:
            self.store.delete_sealed(connection, draft.erased)
