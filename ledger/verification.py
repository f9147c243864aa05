"""Whether a ledger still says what was recorded: everything is hashed and compared again, in bounded memory.

One pass over the facts rebuilds the tree and compares each entry with its columns, tags, command, sealed words and
attachments: chunks that are plainly in order at once (`ledger.chunkwise`), all others fact by fact (`ledger.rowwise`).
Then the side tables are asked for rows that belong to no fact. What cannot be seen from inside: a head rewritten
together with all that follows a change. A checkpoint held outside shows that.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ledger import tree
from ledger.beside import Beside
from ledger.chunkwise import Chunkwise
from ledger.companion import Companion, accompanied
from ledger.engine import is_sqlite
from ledger.evidence import Evidence, evidence, lenient
from ledger.hashing import plain_leaves
from ledger.hashing_child import BLOCK
from ledger.indexed_tags import IndexedTags
from ledger.ledger import Ledger
from ledger.passed import Checkpoint, Passed
from ledger.reading import Reader, read_instant
from ledger.rowwise import Rowwise, span
from ledger.verdict import Findings, Verdict

__all__ = ["Checkpoint", "hashes", "verify"]


def verify(ledger: Ledger, checkpoint: Checkpoint | None = None) -> Verdict:
    """Return what is wrong with a ledger, every finding with its position where it has one.

    `ok` is False where anything was changed (exit code 10); missing sealed words alone make evidence incomplete (11).
    """
    return _verdict(ledger, checkpoint, _Verification.everything)


def hashes(ledger: Ledger, checkpoint: Checkpoint | None = None, *, workers: int | None = None) -> Verdict:
    """Return whether the entries alone, hashed again, come to the root in the ledger's head and to the checkpoint's.

    Neither links nor anything else beside the entries is looked at, unless that root is another: then rows, leaves and
    links are gone through one by one to name what was changed. For all that a ledger says, use `verify`.

    `workers` says in how many processes, 1 or 2; by itself it takes two for a large SQLite file on two processors.
    """
    return _hashed_at_once(ledger, checkpoint, workers) or _verdict(ledger, checkpoint, _Verification.hashes)


def _hashed_at_once(ledger: Ledger, checkpoint: Checkpoint | None, workers: int | None) -> Verdict | None:
    """Return the verdict on a ledger with nothing to be found; None where anything is not as it should be."""
    passed = Passed(Findings(), checkpoint)
    try:
        with evidence(ledger.engine, ledger.ledger_id, text_of=bytearray) as rows:
            head = rows.head()
            if head is None or not isinstance(head[0], int):
                return None
            passed.compare_checkpoint()
            in_leaves = () if checkpoint is None else (max(checkpoint.size - 1, 0) // BLOCK,)
            with accompanied(ledger.engine, ledger.ledger_id, head[0], in_leaves, workers) as companion:
                if not _hash_all(rows, passed, head[0], companion):
                    return None
    except (ValueError, ledger.engine.dialect.loaded_dbapi.Error):
        return None
    fits = head[0] == passed.size and head[1] == tree.pack(passed.frontier)
    verdict = passed.found.verdict(passed.size, passed.root)
    reached = checkpoint is None or checkpoint.size <= passed.size
    return verdict if fits and reached and verdict.ok else None


def _hash_all(rows: Evidence, passed: Passed, size: int, companion: Companion) -> bool:
    """Hash block by block until the companion's are reached; return whether all are plainly in order."""
    blocks = -(-size // BLOCK)
    for number, page in enumerate(rows.hashed(BLOCK), start=1):
        leaves = plain_leaves(page, passed.size)
        if leaves is None:
            return False
        passed.grow(leaves)
        left = blocks - number
        if 0 < left <= len(told := companion.told()):
            for level, roots in reversed(told[:left]):
                passed.grow_by(level, roots)
            return not rows.is_beyond(size)
    return True


def _verdict(ledger: Ledger, checkpoint: Checkpoint | None, judge: "Callable[[_Verification], Verdict]") -> Verdict:
    """Return a verdict; where text is not UTF-8, or a table cannot be read, it is read again expecting anything."""
    database_error: type[Exception] = ledger.engine.dialect.loaded_dbapi.Error
    if is_sqlite(ledger.engine):
        try:
            with evidence(ledger.engine, ledger.ledger_id) as rows:
                return judge(_Verification(ledger, rows, checkpoint, ()))
        except database_error:
            pass
    with evidence(ledger.engine, ledger.ledger_id, text_of=lenient) as rows:
        return judge(_Verification(ledger, rows, checkpoint, (database_error,)))


Errors = tuple[type[Exception], ...]


class _Verification:
    def __init__(self, ledger: Ledger, rows: Evidence, checkpoint: Checkpoint | None, found_out: Errors) -> None:
        """Judge `rows`; the errors `found_out` become findings, others are raised."""
        self._reader = Reader(ledger.catalogue.events)
        self._rows = rows
        self._found = Findings()
        self._passed = Passed(self._found, checkpoint)
        self._head: tuple[Any, ...] | None = None
        self._beside = Beside(rows, self._reader, self._found)
        self._found_out = found_out
        self._time_has_zone = not is_sqlite(ledger.engine)

    def everything(self) -> Verdict:
        """Go through everything once."""
        self._go_through(
            ("head", self._read_head),
            ("facts", self._beside.collect_erasures),
            ("facts", self._check_facts),
            ("commands", self._beside.check_commands),
            ("sealed", self._beside.check_sealed),
            ("attachments", self._beside.check_attachments),
        )
        self._check_head()
        return self._found.verdict(self._passed.size, self._passed.root)

    def hashes(self) -> Verdict:
        """Go through entries, leaves and links one by one."""
        self._go_through(("head", self._read_head), ("facts", self._hash_facts))
        self._check_head(times=False)
        return self._found.verdict(self._passed.size, self._passed.root)

    def _go_through(self, *passes: tuple[str, Callable[[], None]]) -> None:
        for table, check in passes:
            with self._readable(table):
                check()

    @contextmanager
    def _readable(self, table: str) -> Iterator[None]:
        try:
            yield
        except self._found_out:
            self._found.add("table-unreadable", None, table)
            self._rows.start_again()

    # head

    def _read_head(self) -> None:
        self._head = self._rows.head()

    def _check_head(self, *, times: bool = True) -> None:
        if self._head is None:
            self._found.add("head-missing", None)
            return
        size, frontier, chain, last_time = self._head
        passed = self._passed
        if isinstance(size, int) and size > passed.position:
            self._found.add("position-missing", passed.position + 1, span(passed.position + 1, size))
        elif size != passed.position:
            self._found.add("head-mismatch", None, f"size {size}")
        if frontier != tree.pack(passed.frontier):
            self._found.add("root-mismatch", None)
        if chain != (passed.chain or chain):
            self._found.add("head-mismatch", None, "chain")
        if times and passed.recorded_at is not None and read_instant(last_time) != passed.recorded_at:
            self._found.add("head-mismatch", None, f"last_time {last_time}")
        if passed.checkpoint is not None and passed.checkpoint.size > passed.size:
            self._found.add("checkpoint-mismatch", None, passed.checkpoint.size)

    # facts

    def _size(self) -> object:
        return None if self._head is None else self._head[0]

    def _check_facts(self) -> None:
        indexed_tags = IndexedTags(self._rows.tags(), self._found)
        self._passed.compare_checkpoint()
        chunkwise = Chunkwise(self._reader, self._passed, self._size(), time_has_zone=self._time_has_zone)
        rowwise = Rowwise(self._reader, self._passed, self._size())
        for chunk in self._rows.facts():
            facts = chunkwise.take(chunk, indexed_tags)
            if facts is None:
                facts = [fact for row in chunk if (fact := rowwise.check(row, indexed_tags)) is not None]
            self._beside.check(facts)
        indexed_tags.finish()

    def _hash_facts(self) -> None:
        rowwise = Rowwise(self._reader, self._passed, self._size())
        self._passed.compare_checkpoint()
        for chunk in self._rows.facts():
            for position, _, _, entry, leaf, chain in chunk:
                if isinstance(position, int):
                    rowwise.hash(position, entry, leaf, chain)
                else:
                    self._found.add("position-malformed", None, position)
