"""Proofs about a stored ledger: that a fact is in it, and that it extends what it was before.

Each proof takes one walk over the leaves, in constant memory: the ranges it consists of follow one another
(`ledger.tree`). A leaf is either what the `leaf` column says, or the entry hashed again: whoever asks, chooses.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, LargeBinary, bindparam, cast, select

from ledger import tree
from ledger.engine import is_sqlite, reading
from ledger.failures import Damaged
from ledger.ledger import Ledger
from ledger.schema import facts
from ledger.statements import Prepared
from ledger.store import as_bytes

PAGE_LEAVES = 4_000

Leaves = Callable[[Ledger, int], Iterator[bytes]]
"""Yields the leaves of the first so many facts; `Damaged` names the first that is not there."""


@dataclass(frozen=True, slots=True)
class RecordProof:
    """That a fact stands at a position among the first `size`: its leaf and the path to the root."""

    position: int
    size: int
    leaf: bytes
    path: tuple[bytes, ...]

    def holds_under(self, root: bytes) -> bool:
        """Return whether the proof leads to the root that a checkpoint of this size names."""
        return tree.check_record(self.position - 1, self.size, self.leaf, self.path, root)


def stored_leaves(ledger: Ledger, size: int) -> Iterator[bytes]:
    """Yield the leaves as the `leaf` column says."""
    for position, leaf in _column(ledger, facts.c.leaf, size):
        if not isinstance(leaf, bytes) or len(leaf) != tree.HASH_BYTES:
            raise Damaged(position)
        yield leaf


def hashed_leaves(ledger: Ledger, size: int) -> Iterator[bytes]:
    """Yield the leaves as the entries make them, whatever the `leaf` column says."""
    # SQLite would stop at bytes that are no text; as a blob they come out as they lie there.
    entries = cast(facts.c.entry, LargeBinary) if is_sqlite(ledger.engine) else facts.c.entry
    for position, entry in _column(ledger, entries, size):
        if not isinstance(entry, str | bytes):
            raise Damaged(position)
        yield tree.leaf_hash(as_bytes(entry))


class StoredLog:
    """A ledger as a signer sees it: its head at one moment, and the leaves that its entries make."""

    def __init__(self, ledger: Ledger) -> None:
        """Take the ledger as it stands now; facts that come later are for the next time."""
        self._ledger = ledger
        self._head = ledger.head()

    def size(self) -> int:
        """Return how many facts the head row says there are."""
        return self._head.size

    def root(self) -> bytes:
        """Return the root that the head row says."""
        return self._head.root

    def leaves(self, size: int) -> Iterator[bytes]:
        """Yield the leaves of the first `size` facts, made of their entries."""
        return hashed_leaves(self._ledger, size)


def prove_record(ledger: Ledger, position: int, size: int, leaves: Leaves = stored_leaves) -> RecordProof:
    """Return the proof that the fact at `position` is among the first `size`; ValueError where it cannot be."""
    siblings = tree.record_ranges(position - 1, size)
    own = (position - 1, position)
    found = roots_over(leaves(ledger, size), (own, *siblings))
    return RecordProof(position, size, found[own], tuple(found[each] for each in siblings))


def prove_tree(ledger: Ledger, old: int, new: int, leaves: Leaves = stored_leaves) -> tuple[bytes, ...]:
    """Return the proof that the first `new` facts begin with the first `old`; ValueError where they cannot."""
    ranges = tree.tree_ranges(old, new)
    found = roots_over(leaves(ledger, new), ranges)
    return tuple(found[each] for each in ranges)


def roots_at(ledger: Ledger, sizes: Iterable[int], leaves: Leaves = hashed_leaves) -> dict[int, bytes]:
    """Return size → root over the first so many facts, in one walk; only those that are there without a gap.

    The head row is not asked how many there are: it may have been rewritten too.
    """
    wanted = {size for size in sizes if size >= 0}
    frontier: list[bytes] = []
    roots = {0: tree.EMPTY_ROOT} if 0 in wanted else {}
    with contextlib.suppress(Damaged):
        for number, leaf in enumerate(leaves(ledger, max(wanted, default=0))):
            tree.extend(frontier, number, leaf)
            if number + 1 in wanted:
                roots[number + 1] = tree.root(frontier)
    return roots


def roots_over(leaves: Iterator[bytes], ranges: Iterable[tree.Range]) -> Mapping[tree.Range, bytes]:
    """Return the root over each range; they must not overlap. Leaves are drawn as far as the last one reaches."""
    drawn, roots = 0, {}
    for start, end in sorted(ranges):
        between = islice(leaves, start - drawn, end - drawn)
        roots[start, end] = tree.root(tree.frontier_of(between))
        drawn = end
    return roots


def _column(ledger: Ledger, column: ColumnElement[Any], size: int) -> Iterator[tuple[int, object]]:
    """Yield (position, value) for the positions 1 to `size`; `Damaged` at the first that is missing or doubled."""
    after: BindParameter[int] = bindparam("after")
    upto: BindParameter[int] = bindparam("upto")
    mine = facts.c.ledger_id == ledger.ledger_id
    page = select(facts.c.position, column).where(mine, facts.c.position > after, facts.c.position <= upto)
    query = Prepared(ledger.engine, page.order_by(facts.c.position))
    done = 0
    while done < size:
        last = min(done + PAGE_LEAVES, size)
        with reading(ledger.engine) as connection:
            rows = query(connection, {"after": done, "upto": last}).fetchall()
        for position, value in rows:
            done += 1
            if position != done:
                raise Damaged(done)
            yield done, value
        if done != last:
            raise Damaged(done + 1)
