"""The statements of a ledger, one method each; no decisions here. Every statement names its ledger."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import (
    BindParameter,
    Engine,
    Executable,
    Select,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

from domain.decision import Selector
from ledger import tree
from ledger.entry import SealedValue
from ledger.failures import Damaged
from ledger.hashing import grow, leaves_of, links_after
from ledger.paging import HEAD, Paging, at_most
from ledger.schema import attachments, commands, facts, head, sealed
from ledger.statements import DriverConnection, Instants, Prepared

WORDS_AT_ONCE = 50
LARGEST = 2**63 - 1


@dataclass(slots=True)
class Head:
    """Where a ledger stands: how many facts, their Merkle frontier, the last link and the last recorded time.

    Facts are counted when they are decided and hashed when they are written, all of a transaction at once.
    """

    size: int
    frontier: list[bytes]
    last_time: datetime | None
    chain: bytes = tree.EMPTY_ROOT

    @property
    def root(self) -> bytes:
        """Return the Merkle root over all facts."""
        return tree.root(self.frontier)

    def hash(self, entries: Sequence[bytes]) -> tuple[list[bytes], list[bytes]]:
        """Take the entries of the facts counted last into account; return their leaves and links."""
        leaves = leaves_of(entries)
        links = links_after(self.chain, leaves)
        grow(self.frontier, self.size - len(leaves), leaves)
        self.chain = links[-1]
        return leaves, links


class Row(msgspec.Struct, frozen=True):
    """A fact as stored: the entry's bytes and what the columns beside it say."""

    position: int
    type: str
    recorded_at: datetime
    entry: bytes
    leaf: bytes
    chain: bytes = b""


@dataclass(frozen=True, slots=True)
class Joined:
    """A page of entries as one JSON array (None: of no row), with what their rows say of it."""

    entries: str | bytes | None
    count: int
    last: int
    """The last row's position."""
    reaches: int
    """Up to which position there is nothing else."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A larger document; its name is the SHA-256 of its content."""

    sha256: str
    media_type: str
    content: bytes

    @classmethod
    def of(cls, content: bytes, media_type: str) -> "Attachment":
        """Return `content` under its name."""
        return cls(sha256(content).hexdigest(), media_type, content)


class Store:
    """The rows of one ledger, on connections of one engine."""

    def __init__(self, engine: Engine, ledger_id: str) -> None:
        """Compile the statements of the ledger `ledger_id`."""
        self._engine = engine
        self._ledger_id = ledger_id
        self._instants = Instants(engine)
        self._taken: type[Exception] = engine.dialect.loaded_dbapi.IntegrityError
        self._paging = Paging(engine, ledger_id)
        self._prepare_writing()
        self._prepare_reading()

    def _prepared(self, statement: Executable) -> Prepared:
        return Prepared(self._engine, statement)

    def _prepare_writing(self) -> None:
        insert_or_skip = insert_on_sqlite if self._engine.dialect.name == "sqlite" else insert_on_postgresql
        begun = {"ledger_id": self._ledger_id, "size": 0, "frontier": b"", "chain": tree.EMPTY_ROOT}
        self._begin = self._prepared(insert_or_skip(head).values(begun).on_conflict_do_nothing())
        self._insert_sealed = self._prepared(insert(sealed))
        self._insert_attachment = self._prepared(insert_or_skip(attachments).on_conflict_do_nothing())
        ours = sealed.c.ledger_id == self._ledger_id
        self._delete_sealed = self._prepared(delete(sealed).where(ours, sealed.c.digest == bindparam("gone")))

    def _prepare_reading(self) -> None:
        mine = self._ledger_id
        heads = select(*HEAD).where(head.c.ledger_id == mine)
        self._read_head, self._lock_head = self._prepared(heads), self._prepared(heads.with_for_update())
        asked: BindParameter[str] = bindparam("asked")
        answered = select(commands.c.command_id, commands.c.fingerprint, commands.c.answer)
        answered = answered.where(commands.c.ledger_id == mine)
        self._read_answer = self._prepared(answered.where(commands.c.command_id == asked))
        self._read_answers = self._prepared(answered.where(commands.c.command_id.in_(_listed(self._engine))))
        named = and_(attachments.c.ledger_id == mine, attachments.c.sha256 == asked)
        self._has_attachment = self._prepared(select(attachments.c.sha256).where(named))
        self._read_attachment = self._prepared(select(attachments.c.media_type, attachments.c.content).where(named))
        several: list[BindParameter[str]] = [bindparam(f"digest_{place}") for place in range(WORDS_AT_ONCE)]
        self._read_words = self._prepared(
            select(sealed.c.digest, sealed.c.value).where(sealed.c.ledger_id == mine, sealed.c.digest.in_(several))
        )
        at: BindParameter[int] = bindparam("at")
        self._time_at = self._prepared(
            select(facts.c.recorded_at).where(facts.c.ledger_id == mine, facts.c.position == at)
        )

    # head

    def is_begun(self, connection: DriverConnection) -> bool:
        """Return whether the ledger has a head."""
        return self._read_head(connection).fetchone() is not None

    def begin(self, connection: DriverConnection) -> None:
        """Create the head of an empty ledger where there is none."""
        self._begin(connection)

    def head(self, connection: DriverConnection, *, lock: bool = False) -> Head:
        """Return the head; with `lock`, nobody else appends to this ledger until the transaction ends."""
        return self._head_in((self._lock_head if lock else self._read_head)(connection).fetchone())

    def _head_in(self, row: Sequence[Any] | None) -> Head:
        if row is None:
            raise Damaged(0)
        size, frontier, last_time, chain = row
        if not (isinstance(size, int) and isinstance(frontier, bytes) and isinstance(chain, bytes)):
            raise Damaged(0)
        last = None if last_time is None else self._instants.read(last_time)
        return Head(size, tree.unpack(frontier), last, chain)

    # facts

    def read_rows(
        self,
        connection: DriverConnection,
        selectors: Sequence[Selector] = (),
        *,
        after: int,
        upto: int,
        limit: int | None = None,
    ) -> list[Row]:
        """Return one page of rows in order: those that match, with `after` < position ≤ `upto`, at most `limit`."""
        read = self._instants.read
        return [
            Row(position, kind, read(recorded_at), as_bytes(entry), bytes(leaf), bytes(chain))
            for position, entry, kind, recorded_at, leaf, chain in self._paging.page(
                "rows", connection, selectors, after=after, upto=upto, limit=limit
            )
        ]

    def read_entries(
        self,
        connection: DriverConnection,
        selectors: Sequence[Selector] = (),
        *,
        after: int,
        upto: int,
        limit: int | None = None,
    ) -> list[tuple[int, str | bytes]]:
        """Return one page of (position, entry) in order, as `read_rows` would."""
        return self._paging.page("entries", connection, selectors, after=after, upto=upto, limit=limit)

    def read_joined(
        self,
        connection: DriverConnection,
        selectors: Sequence[Selector] = (),
        *,
        after: int,
        upto: int,
        limit: int | None = None,
    ) -> Joined:
        """Return the entries of one page put together, as an engine does it: no object is made of any row.

        Nothing obliges the engine to keep their order; whoever reads them sees what it is.
        """
        most = at_most(limit)
        if not selectors:  # without a gap: how many there are, and which is the last, need not be asked
            last = min(after + most, upto)
            return Joined(self._paging.run(connection, after, last), last - after, last, last)
        ((entries, count, last),) = self._paging.page(
            "joined", connection, selectors, after=after, upto=upto, limit=limit
        )
        return Joined(entries, count, last or after, upto if count < most else last)

    def head_and_joined(self, connection: DriverConnection, selector: Selector, *, after: int) -> tuple[Head, Joined]:
        """Return the head and, of the same moment, what `read_joined` would return up to it: one question for both."""
        page = self._paging.page("headed", connection, (selector,), after=after, upto=LARGEST, limit=None)
        found = self._head_in(page[0][:-3] if page else None)
        entries, count, last = page[0][-3:]
        return found, Joined(entries, count, last or after, found.size if count < at_most(None) else last)

    def position_at(self, connection: DriverConnection, instant: datetime) -> int:
        """Return the position of the last fact recorded at or before `instant` (0: none)."""
        positions = range(1, self.head(connection).size + 1)
        return bisect_right(positions, instant, key=lambda at: self._recorded_at(connection, at))

    def _recorded_at(self, connection: DriverConnection, position: int) -> datetime:
        found = self._time_at(connection, {"at": position}).fetchone()
        if found is None:
            raise Damaged(position)
        return self._instants.read(found[0])

    # beside the facts

    def insert_sealed(self, connection: DriverConnection, values: Iterable[tuple[int, SealedValue]]) -> None:
        """Store the words behind digests, each with the position of the fact that mentions it."""
        mine = self._ledger_id
        rows = [
            {"ledger_id": mine, "digest": v.digest, "position": position, "salt": v.salt, "value": v.value}
            for position, v in values
        ]
        self._insert_sealed.many(connection, rows)

    def delete_sealed(self, connection: DriverConnection, digests: Iterable[str]) -> None:
        """Erase the words behind digests."""
        self._delete_sealed.many(connection, [{"gone": digest} for digest in digests])

    def words(self, connection: DriverConnection, digests: Sequence[str]) -> dict[str, str]:
        """Return digest → words for those that are still there."""
        found: dict[str, str] = {}
        for start in range(0, len(digests), WORDS_AT_ONCE):
            asked = dict.fromkeys((f"digest_{place}" for place in range(WORDS_AT_ONCE)), digests[start])
            asked |= {f"digest_{place}": digest for place, digest in enumerate(digests[start : start + WORDS_AT_ONCE])}
            found.update(self._read_words(connection, asked).fetchall())
        return found

    def insert_attachments(self, connection: DriverConnection, documents: Iterable[tuple[int, Attachment]]) -> None:
        """Store the documents that are not there yet, each with the position of the fact that mentions it."""
        for position, document in documents:
            place = {"ledger_id": self._ledger_id, "sha256": document.sha256, "position": position}
            self._insert_attachment(
                connection, {**place, "media_type": document.media_type, "content": document.content}
            )

    def has_attachment(self, connection: DriverConnection, name: str) -> bool:
        """Return whether a document of this SHA-256 is there."""
        return self._has_attachment(connection, {"asked": name}).fetchone() is not None

    def attachment(self, connection: DriverConnection, name: str) -> Attachment | None:
        """Return a document by its SHA-256, or None."""
        row = self._read_attachment(connection, {"asked": name}).fetchone()
        return None if row is None else Attachment(name, row[0], bytes(row[1]))

    def answers(self, connection: DriverConnection, command_ids: Sequence[str]) -> dict[str, tuple[bytes, str]]:
        """Return id → (fingerprint, answer) of those commands that were carried out before."""
        if not command_ids:
            return {}
        if len(command_ids) == 1:
            rows = self._read_answer(connection, {"asked": command_ids[0]}).fetchall()
        else:
            rows = self._read_answers(connection, {"asked": msgspec.json.encode(command_ids).decode()}).fetchall()
        return {name: (bytes(fingerprint), answer) for name, fingerprint, answer in rows}


def _listed(engine: Engine) -> Select[tuple[str]]:
    """Return the names that the parameter `asked` holds as a JSON array."""
    asked: BindParameter[str] = bindparam("asked")
    if engine.dialect.name == "sqlite":
        each = func.json_each(asked).table_valued("value")
    else:
        each = func.json_array_elements_text(cast(asked, JSON)).table_valued("value")
    return select(each.c.value)


def as_bytes(entry: str | bytes) -> bytes:
    """Return an entry's bytes, also where somebody has stored it under another type."""
    return entry.encode("utf-8", "surrogatepass") if isinstance(entry, str) else bytes(entry)
