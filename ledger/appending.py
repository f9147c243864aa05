"""Writing facts behind the head: entries, leaves, tags, sealed values, attachments and the head itself."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

import msgspec
from sqlalchemy import Engine

from domain.decision import Refused
from domain.text import Text
from ledger import schema
from ledger.engine import reading, recording
from ledger.entry import Envelope, EventWriter, SealedValue, write_entry
from ledger.failpoints import Failpoint
from ledger.following import announce
from ledger.statements import DriverConnection
from ledger.store import Attachment, Head, Store
from ledger.writing import Pending, writing_for

NONCE_BYTES = 16
_LEDGER_ID = re.compile(r"\w[\w.\-]{0,63}", re.ASCII)
_MALFORMED = Text(
    "账本名只能用字母、数字、下划线、点和连字符，1 至 64 个，不以点或连字符开头；请换一个名称。",
    "A ledger's name has 1 to 64 letters, digits, '_', '.' or '-' and begins with neither of the last two; "
    "choose another.",
)


def refuse_malformed(ledger_id: str) -> None:
    """Raise `Refused` where no ledger can have this name."""
    if not _LEDGER_ID.fullmatch(ledger_id):
        raise Refused("malformed-ledger-id", _MALFORMED)


class Draft(msgspec.Struct, frozen=True, gc=False):
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


@dataclass(slots=True, eq=False)
class Appending:
    """A transaction that holds the head. What is added to it is written at its end, all at once, or not at all."""

    connection: DriverConnection
    head: Head
    store: Store
    known: dict[str, tuple[bytes, str]]
    random: Callable[[int], bytes]
    pending: Pending = field(default_factory=Pending)
    attachments: dict[str, tuple[int, Attachment]] = field(default_factory=dict)
    sealed: list[tuple[int, SealedValue]] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)
    committed: bool = False

    def answer_to(self, command_id: str) -> tuple[bytes, str] | None:
        """Return (fingerprint, answer) of a command carried out before, be it in this very transaction, or None."""
        return self.pending.answers.get(command_id) or self.known.get(command_id)

    def attachment(self, sha256: str) -> Attachment | None:
        """Return a document that is there, or will be once this is written, or None."""
        if sha256 in self.attachments:
            return self.attachments[sha256][1]
        return self.store.attachment(self.connection, sha256)

    def has_attachment(self, sha256: str) -> bool:
        """Return whether a document is there, or will be once this is written."""
        return sha256 in self.attachments or self.store.has_attachment(self.connection, sha256)

    def add(self, drafts: Sequence[Draft], now: datetime, clock: datetime) -> range:
        """Place `drafts` behind the head, all or none; return their positions.

        Raises `EntryTooLarge` where one does not fit.
        """
        head, pending = self.head, self.pending
        positions = range(head.size + 1, head.size + 1 + len(drafts))
        if not drafts:
            return positions
        nonces = self.random(NONCE_BYTES * len(drafts)).hex()
        entries = [
            write_entry(
                Envelope(
                    at, now, clock, d.type, d.actor, d.on_behalf_of, d.command_id, d.tags,
                    nonces[place : place + 2 * NONCE_BYTES], msgspec.Raw(d.data),
                )
            )
            for at, d, place in zip(positions, drafts, count(0, 2 * NONCE_BYTES))
        ]  # fmt: skip
        pending.entries += entries
        pending.places += [(at, draft.type, now) for at, draft in zip(positions, drafts, strict=True)]
        pending.tags += [(tag, at) for at, draft in zip(positions, drafts, strict=True) for tag in set(draft.tags)]
        head.size, head.last_time = positions[-1], now
        for position, draft in zip(positions, drafts, strict=True):
            if draft.sealed or draft.attachments or draft.erased:
                self._keep_beside(draft, position)
        return positions

    def _keep_beside(self, draft: Draft, position: int) -> None:
        self.sealed += [(position, value) for value in draft.sealed]
        self.erased += draft.erased
        for document in draft.attachments:
            self.attachments.setdefault(document.sha256, (position, document))

    def answer(self, command_id: str, fingerprint: bytes, answer: str) -> None:
        """Keep what is answered to a command."""
        self.pending.answers[command_id] = (fingerprint, answer)

    def write_beside(self) -> None:
        """Write what does not stand in the facts themselves."""
        if self.sealed:
            self.store.insert_sealed(self.connection, self.sealed)
        if self.attachments:
            self.store.insert_attachments(self.connection, self.attachments.values())
        if self.erased:
            self.store.delete_sealed(self.connection, self.erased)


class Appender:
    """Appends drafts to one ledger, inside the transaction that holds its head."""

    def __init__(self, engine: Engine, ledger_id: str, random: Callable[[int], bytes], failpoint: Failpoint) -> None:
        """Open the ledger, creating tables and head where they are missing; draw nonces and salts from `random`."""
        refuse_malformed(ledger_id)
        schema.create(engine)
        self.store = Store(engine, ledger_id)
        self._writing = writing_for(engine, ledger_id)
        self._engine = engine
        self._ledger_id = ledger_id
        self.random = random
        self.data_of = EventWriter(lambda: random(NONCE_BYTES)).write
        """Returns an event's JSON and its sealed values under fresh salts."""
        self._failpoint = failpoint
        self._begin()

    def _begin(self) -> None:
        with reading(self._engine) as connection:
            begun = self.store.is_begun(connection)
        if not begun:
            with recording(self._engine) as connection:
                self.store.begin(connection)

    @contextmanager
    def locked(self, command_ids: Iterable[str] = ()) -> Iterator[Appending]:
        """Lend a transaction that holds the head and knows what was answered to `command_ids`.

        What is added to it is committed at its end, or not at all; `InDoubt` where the database cannot say which.
        """
        appending: Appending | None = None

        def committed(connection: DriverConnection) -> None:
            if appending is None or not appending.pending:
                return
            appending.committed = True
            self._failpoint("append:committed")
            if appending.pending.entries:
                announce(self._engine, self._ledger_id, connection)

        with recording(self._engine, committed) as connection:
            head = self.store.head(connection, lock=True)
            known = self.store.answers(connection, tuple(command_ids))
            self._failpoint("append:locked")
            appending = Appending(connection, head, self.store, known, self.random)
            yield appending
            self._write(appending)

    def _write(self, appending: Appending) -> None:
        if not appending.pending:
            if not appending.known:
                appending.connection.rollback()  # there is nothing that a commit would have to bring to the disk
            # Else the commit waits for the standby once more: whoever asks again after a wait that was cancelled must
            # not be told that his facts are kept before they are.
            return
        appending.write_beside()
        self._writing.write(appending.connection, appending.pending, appending.head, self._failpoint)
