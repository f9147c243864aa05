"""The statements of a ledger, one method each; no decisions here. Every statement names its ledger."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Engine,
    Executable,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

from domain.decision import Selector
from ledger import tree
from ledger.entry import SealedValue, indexed
from ledger.failures import Damaged
from ledger.schema import attachments, commands, facts, head, sealed, tags
from ledger.statements import DriverConnection, Instants, Parameters, Prepared

PAGE_ROWS = 4_000
WORDS_AT_ONCE = 50
_ENTRY = (facts.c.position, facts.c.entry)
_ROW = (*_ENTRY, facts.c.type, facts.c.recorded_at, facts.c.leaf, facts.c.chain)


@dataclass(slots=True)
class Head:
    """Where a ledger stands: how many facts, their Merkle frontier, the last link and the last recorded time."""

    size: int
    frontier: list[bytes]
    last_time: datetime | None
    chain: bytes = tree.EMPTY_ROOT

    @property
    def root(self) -> bytes:
        """Return the Merkle root over all facts."""
        return tree.root(self.frontier)

    def extend(self, leaf: bytes) -> bytes:
        """Take one more leaf into account; return its link."""
        tree.extend(self.frontier, self.size, leaf)
        self.size += 1
        self.chain = tree.link(self.chain, leaf)
        return self.chain


@dataclass(frozen=True, slots=True)
class Row:
    """A fact as stored: the entry's bytes and what the columns beside it say."""

    position: int
    type: str
    recorded_at: datetime
    entry: bytes
    leaf: bytes
    chain: bytes = b""


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
        self._pages: dict[tuple[object, ...], Prepared] = {}
        self._prepare_writing()
        self._prepare_reading()

    def _prepared(self, statement: Executable) -> Prepared:
        return Prepared(self._engine, statement)

    def _prepare_writing(self) -> None:
        insert_or_skip = insert_on_sqlite if self._engine.dialect.name == "sqlite" else insert_on_postgresql
        begun = {"ledger_id": self._ledger_id, "size": 0, "frontier": b"", "chain": tree.EMPTY_ROOT}
        self._begin = self._prepared(insert_or_skip(head).values(begun).on_conflict_do_nothing())
        self._advance = self._prepared(
            update(head)
            .where(head.c.ledger_id == self._ledger_id)
            .values({name: bindparam(f"new_{name}") for name in ("size", "frontier", "chain", "last_time")})
        )
        self._insert_fact = self._prepared(insert(facts))
        self._insert_tag = self._prepared(insert(tags))
        self._insert_sealed = self._prepared(insert(sealed))
        self._insert_attachment = self._prepared(insert_or_skip(attachments).on_conflict_do_nothing())
        self._insert_command = self._prepared(insert(commands))
        ours = sealed.c.ledger_id == self._ledger_id
        self._delete_sealed = self._prepared(delete(sealed).where(ours, sealed.c.digest == bindparam("gone")))

    def _prepare_reading(self) -> None:
        mine = self._ledger_id
        heads = select(head.c.size, head.c.frontier, head.c.last_time, head.c.chain).where(head.c.ledger_id == mine)
        self._read_head, self._lock_head = self._prepared(heads), self._prepared(heads.with_for_update())
        asked: BindParameter[str] = bindparam("asked")
        self._read_command = self._prepared(
            select(commands.c.fingerprint, commands.c.answer).where(
                commands.c.ledger_id == mine, commands.c.command_id == asked
            )
        )
        named = and_(attachments.c.ledger_id == mine, attachments.c.sha256 == asked)
        self._has_attachment = self._prepared(select(attachments.c.sha256).where(named))
        self._read_attachment = self._prepared(select(attachments.c.media_type, attachments.c.content).where(named))
        several: list[BindParameter[str]] = [bindparam(f"digest_{place}") for place in range(WORDS_AT_ONCE)]
        self._read_words = self._prepared(
            select(sealed.c.digest, sealed.c.value).where(sealed.c.ledger_id == mine, sealed.c.digest.in_(several))
        )
        self._position_at = self._prepared(
            select(facts.c.position)
            .where(facts.c.ledger_id == mine, facts.c.recorded_at <= bindparam("instant"))
            .order_by(facts.c.recorded_at.desc(), facts.c.position.desc())
            .limit(1)
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
        row = (self._lock_head if lock else self._read_head)(connection).fetchone()
        if row is None:
            raise Damaged(0)
        size, frontier, last_time, chain = row
        if not (isinstance(size, int) and isinstance(frontier, bytes) and isinstance(chain, bytes)):
            raise Damaged(0)
        last = None if last_time is None else self._instants.read(last_time)
        return Head(size, tree.unpack(frontier), last, chain)

    def advance(self, connection: DriverConnection, to: Head) -> None:
        """Write the head as it stands after an append."""
        last = None if to.last_time is None else self._instants.write(to.last_time)
        new = {
            "new_size": to.size,
            "new_frontier": tree.pack(to.frontier),
            "new_chain": to.chain,
            "new_last_time": last,
        }
        self._advance(connection, new)

    # facts

    def insert_facts(self, connection: DriverConnection, rows: Sequence[Row]) -> None:
        """Store facts; `Damaged` where others stand in their places."""
        values = [
            {
                "ledger_id": self._ledger_id,
                "position": row.position,
                "type": indexed(row.type),
                "recorded_at": self._instants.write(row.recorded_at),
                "entry": row.entry.decode(),
                "leaf": row.leaf,
                "chain": row.chain,
            }
            for row in rows
        ]
        try:
            self._insert_fact.many(connection, values)
        except self._taken as error:
            # The head is locked and says that these places are free: somebody put facts there past it.
            raise Damaged(rows[0].position) from error

    def insert_tags(self, connection: DriverConnection, tagged: Iterable[tuple[str, int]]) -> None:
        """Store which facts mention what."""
        values = [{"ledger_id": self._ledger_id, "tag": indexed(tag), "position": at} for tag, at in tagged]
        self._insert_tag.many(connection, values)

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
            for position, entry, kind, recorded_at, leaf, chain in self._page(
                _ROW, connection, selectors, after=after, upto=upto, limit=limit
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
        return self._page(_ENTRY, connection, selectors, after=after, upto=upto, limit=limit)

    def _page(  # noqa: PLR0913
        self,
        columns: tuple[Column[Any], ...],
        connection: DriverConnection,
        selectors: Sequence[Selector],
        *,
        after: int,
        upto: int,
        limit: int | None,
    ) -> list[Any]:
        shape = (len(columns), *((len(selector.types), len(selector.tags)) for selector in selectors))
        query = self._pages.get(shape) or self._prepare_page(shape, columns, selectors)
        most = PAGE_ROWS if limit is None else min(limit, PAGE_ROWS)
        values: Parameters = {"after": after, "upto": upto, "most": most}
        for number, selector in enumerate(selectors):
            values |= {f"type_{number}_{place}": indexed(name) for place, name in enumerate(selector.types)}
            values |= {f"tag_{number}_{place}": indexed(tag) for place, tag in enumerate(selector.tags)}
        found: list[Any] = query(connection, values).fetchall()
        return found

    def _prepare_page(
        self, shape: tuple[object, ...], columns: tuple[Column[Any], ...], selectors: Sequence[Selector]
    ) -> Prepared:
        query = (
            select(*columns)
            .where(facts.c.ledger_id == self._ledger_id, _between(facts.c.position))
            .order_by(facts.c.position)
            .limit(bindparam("most"))
        )
        if selectors:
            query = query.where(or_(*(self._matching(number, each) for number, each in enumerate(selectors))))
        self._pages[shape] = self._prepared(query)
        return self._pages[shape]

    def _matching(self, number: int, selector: Selector) -> ColumnElement[bool]:
        conditions: list[ColumnElement[bool]] = [facts.c.ledger_id == self._ledger_id]
        if selector.types:
            names: list[BindParameter[str]] = [
                bindparam(f"type_{number}_{place}") for place, _ in enumerate(selector.types)
            ]
            conditions.append(facts.c.type.in_(names))
        for place, _ in enumerate(selector.tags):
            tagged = and_(tags.c.ledger_id == self._ledger_id, tags.c.tag == bindparam(f"tag_{number}_{place}"))
            mentions = select(tags.c.position).where(tagged, _between(tags.c.position))
            conditions.append(facts.c.position.in_(mentions))
        return and_(*conditions)

    def position_at(self, connection: DriverConnection, instant: datetime) -> int:
        """Return the position of the last fact recorded at or before `instant` (0: none)."""
        found = self._position_at(connection, {"instant": self._instants.write(instant)}).fetchone()
        return 0 if found is None else int(found[0])

    # beside the facts

    def insert_sealed(self, connection: DriverConnection, position: int, values: Iterable[SealedValue]) -> None:
        """Store the words behind the digests of one fact."""
        rows = [
            {"ledger_id": self._ledger_id, "digest": v.digest, "position": position, "salt": v.salt, "value": v.value}
            for v in values
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

    def insert_attachments(self, connection: DriverConnection, position: int, documents: Iterable[Attachment]) -> None:
        """Store the documents that are not there yet."""
        for document in documents:
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

    def insert_command(self, connection: DriverConnection, command_id: str, fingerprint: bytes, answer: str) -> None:
        """Store that a command was carried out, and what was answered."""
        values = {"command_id": command_id, "fingerprint": fingerprint, "answer": answer}
        self._insert_command(connection, {"ledger_id": self._ledger_id, **values})

    def command(self, connection: DriverConnection, command_id: str) -> tuple[bytes, str] | None:
        """Return (fingerprint, answer) of a command carried out before, or None."""
        row = self._read_command(connection, {"asked": command_id}).fetchone()
        return None if row is None else (bytes(row[0]), row[1])


def _between(position: ColumnElement[int]) -> ColumnElement[bool]:
    return and_(position > bindparam("after"), position <= bindparam("upto"))


def as_bytes(entry: str | bytes) -> bytes:
    """Return an entry's bytes, also where somebody has stored it under another type."""
    return entry.encode("utf-8", "surrogatepass") if isinstance(entry, str) else bytes(entry)
