"""Whether a ledger still says what was recorded: everything is hashed and compared again, in bounded memory.

One pass over the facts rebuilds the tree and compares each entry with its columns, tags, command, sealed words and
attachments; then the side tables are asked for rows that belong to no fact. What cannot be seen from inside: a head
rewritten together with all that follows a change. A checkpoint held outside shows that.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from domain.ids import tags_of
from ledger import tree
from ledger.beside import Beside, IndexedTags, ReadFact
from ledger.entry import MAX_ENTRY_BYTES, Envelope, indexed
from ledger.evidence import CHUNK_ROWS, Evidence, evidence
from ledger.ledger import Ledger
from ledger.reading import MALFORMED, Malformed, Reader, read_instant, read_strictly
from ledger.verdict import Findings, Verdict


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What was known of a ledger once, kept outside: the Merkle root over its first `size` facts."""

    size: int
    root: bytes


def verify(ledger: Ledger, checkpoint: Checkpoint | None = None) -> Verdict:
    """Return what is wrong with a ledger, every finding with its position where it has one.

    `ok` is False where anything was changed (exit code 10); missing sealed words alone make evidence incomplete (11).
    """
    with evidence(ledger.engine, ledger.ledger_id) as rows:
        return _Verification(ledger, rows, checkpoint).verdict()


@dataclass(slots=True)
class _Passed:
    """What the facts before this one came to."""

    position: int = 0
    chain: bytes | None = tree.EMPTY_ROOT
    recorded_at: datetime | None = None
    clock: datetime | None = None
    size: int = 0
    frontier: list[bytes] = field(default_factory=list)


class _Verification:
    def __init__(self, ledger: Ledger, rows: Evidence, checkpoint: Checkpoint | None) -> None:
        self._reader = Reader(ledger.catalogue.events)
        self._rows = rows
        self._checkpoint = checkpoint
        self._found = Findings()
        self._passed = _Passed()
        self._head: tuple[Any, ...] | None = None
        self._beside = Beside(rows, self._reader, self._found)
        self._database_error: type[Exception] = ledger.engine.dialect.loaded_dbapi.Error

    def verdict(self) -> Verdict:
        """Go through everything once."""
        passes: tuple[tuple[str, Callable[[], None]], ...] = (
            ("head", self._read_head),
            ("facts", self._beside.collect_erasures),
            ("facts", self._check_facts),
            ("commands", self._beside.check_commands),
            ("sealed", self._beside.check_sealed),
            ("attachments", self._beside.check_attachments),
        )
        for table, check in passes:
            with self._readable(table):
                check()
        self._check_head()
        return self._found.verdict(self._passed.size, tree.root(self._passed.frontier))

    @contextmanager
    def _readable(self, table: str) -> Iterator[None]:
        try:
            yield
        except self._database_error:
            self._found.add("table-unreadable", None, table)
            self._rows.start_again()

    # head

    def _read_head(self) -> None:
        self._head = self._rows.head()

    def _check_head(self) -> None:
        if self._head is None:
            self._found.add("head-missing", None)
            return
        size, frontier, chain, last_time = self._head
        passed = self._passed
        if isinstance(size, int) and size > passed.position:
            self._found.add("position-missing", passed.position + 1, _range(passed.position + 1, size))
        elif size != passed.position:
            self._found.add("head-mismatch", None, f"size {size}")
        if frontier != tree.pack(passed.frontier):
            self._found.add("root-mismatch", None)
        if chain != (passed.chain or chain):
            self._found.add("head-mismatch", None, "chain")
        if passed.recorded_at is not None and read_instant(last_time) != passed.recorded_at:
            self._found.add("head-mismatch", None, f"last_time {last_time}")
        if self._checkpoint is not None and self._checkpoint.size > passed.size:
            self._found.add("checkpoint-mismatch", None, self._checkpoint.size)

    # facts

    def _check_facts(self) -> None:
        indexed_tags = IndexedTags(self._rows.tags(), self._found)
        self._compare_checkpoint()
        rows = self._rows.facts()
        while chunk := list(islice(rows, CHUNK_ROWS)):
            read = [fact for row in chunk if (fact := self._check_row(row, indexed_tags)) is not None]
            self._beside.check(read)
        indexed_tags.finish()

    def _check_row(self, row: tuple[Any, ...], indexed_tags: IndexedTags) -> ReadFact | None:
        position, kind, recorded_at, entry, leaf, chain = row
        if not isinstance(position, int):
            self._found.add("position-malformed", None, position)
            return None
        raw = self._bytes_of(position, entry)
        self._check_place(position)
        self._check_hashes(position, raw, leaf, chain)
        envelope = self._envelope(position, raw)
        indexed_tags.compare(position, None if envelope is None else envelope.tags)
        if envelope is None:
            return None
        self._check_columns(position, envelope, kind, recorded_at)
        self._check_clocks(position, envelope)
        return self._check_event(position, envelope)

    def _bytes_of(self, position: int, entry: object) -> bytes:
        if isinstance(entry, str):
            return entry.encode("utf-8", "surrogateescape")
        self._found.add("entry-not-text", position)
        return bytes(entry) if isinstance(entry, bytes) else b""

    def _check_place(self, position: int) -> None:
        passed = self._passed
        if position > passed.position + 1:
            self._found.add("position-missing", passed.position + 1, _range(passed.position + 1, position - 1))
            passed.chain = None
        elif position == passed.position:
            self._found.add("position-duplicate", position)
        size = self._head[0] if self._head is not None else None
        if isinstance(size, int) and not 0 < position <= size:
            self._found.add("beyond-head", position, size)
        passed.position = position

    def _check_hashes(self, position: int, raw: bytes, leaf: object, chain: object) -> None:
        passed = self._passed
        hashed = tree.leaf_hash(raw)
        tree.extend(passed.frontier, passed.size, hashed)
        passed.size += 1
        self._compare_checkpoint()
        if leaf != hashed:
            self._found.add("leaf-mismatch", position)
        # Compared with the leaf as stored, and going on from the link as stored: so one change is named once.
        if passed.chain is not None and isinstance(leaf, bytes) and chain != tree.link(passed.chain, leaf):
            self._found.add("chain-mismatch", position)
        passed.chain = chain if isinstance(chain, bytes) else None

    def _compare_checkpoint(self) -> None:
        checkpoint, passed = self._checkpoint, self._passed
        if checkpoint is None or checkpoint.size != passed.size:
            return
        if tree.root(passed.frontier) != checkpoint.root:
            self._found.add("checkpoint-mismatch", None, checkpoint.size)

    def _envelope(self, position: int, raw: bytes) -> Envelope | None:
        if len(raw) > MAX_ENTRY_BYTES:
            self._found.add("entry-too-long", position, len(raw))
        try:
            envelope = read_strictly(raw)
        except Malformed as reason:
            self._found.add("entry-malformed", position, reason)
            return None
        if envelope.position != position:
            self._found.add("position-mismatch", position, envelope.position)
        return envelope

    def _check_columns(self, position: int, envelope: Envelope, kind: object, recorded_at: object) -> None:
        if kind != indexed(envelope.type):
            self._found.add("type-mismatch", position, kind)
        if read_instant(recorded_at) != envelope.recorded_at:
            self._found.add("time-mismatch", position, recorded_at)

    def _check_clocks(self, position: int, envelope: Envelope) -> None:
        passed = self._passed
        if passed.recorded_at is not None and envelope.recorded_at < passed.recorded_at:
            self._found.add("time-back", position)
        if passed.clock is not None and envelope.clock < passed.clock:
            self._found.add("clock-back", position)
        passed.recorded_at, passed.clock = envelope.recorded_at, envelope.clock

    def _check_event(self, position: int, envelope: Envelope) -> ReadFact:
        if not self._reader.knows(envelope.type):
            self._found.add("unknown-event", position, envelope.type)
            return ReadFact(position, envelope, None)
        try:
            event = self._reader.event_of(envelope)
        except MALFORMED:
            self._found.add("data-malformed", position)
            return ReadFact(position, envelope, None)
        if event is not None and envelope.tags != tags_of(event):
            self._found.add("tags-not-derived", position)
        return ReadFact(position, envelope, event)


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"
