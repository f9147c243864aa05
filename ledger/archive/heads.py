"""Heads: one hash over all facts that mention a person, a round or any other thing, in the order of the ledger.

    head = the Merkle root (RFC 6962) over the leaves of these facts

Who was given the head of his own facts, with a notice for example, can tell an extract from which something was left
out: `verify.py EXTRACT.zip --head HASH`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.decision import Selector
from ledger import tree
from ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Head:
    """The head over the facts that carry a tag among the first `size` of a ledger: how many they are, and the hash."""

    tag: str
    size: int
    facts: int
    head: bytes


def head_over(entries: Iterable[bytes]) -> tuple[int, bytes]:
    """Return how many entries these are, and the Merkle root over them."""
    frontier: list[bytes] = []
    count = 0
    for count, entry in enumerate(entries, start=1):
        tree.extend(frontier, count - 1, tree.leaf_hash(entry))
    return count, tree.root(frontier)


def head_of(ledger: Ledger, tag: str, upto: int | None = None) -> Head:
    """Return the head over the facts with this tag, up to a position (all)."""
    size = ledger.head().size if upto is None else upto
    rows = ledger.rows((Selector((), (tag,)),), upto=size)
    facts, head = head_over(row.entry for row in rows)
    return Head(tag, size, facts, head)
