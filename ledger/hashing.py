"""Hashing many entries at once, without any I/O: what `ledger.tree` says of one leaf, for whole runs of them.

The functions do what a call of `tree.leaf_hash`, `tree.link` and `tree.extend` for each entry would do, but level by
level, and without a call of ours for each.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any


def leaves_of(entries: Iterable[bytes | bytearray]) -> list[bytes]:
    """Return the leaf of each entry, as `tree.leaf_hash` would."""
    return [sha256(b"\x00" + entry).digest() for entry in entries]


def plain_leaves(rows: Sequence[tuple[Any, ...]], after: int) -> list[bytes] | None:
    """Return the leaves of rows of (position, entry, leaf) that are the next ones after `after` and stored with them.

    None, or ValueError, where anything else is there. Entries are text: as str, or its very bytes as bytearray, which
    is what sqlite3 can be told to make of text, and of nothing else.
    """
    if not rows:
        return []
    positions, entries, stored = zip(*rows, strict=True)
    kinds = set(map(type, entries))
    if kinds not in ({str}, {bytearray}):
        return None
    leaves = leaves_of([entry.encode() for entry in entries] if kinds == {str} else entries)
    next_ones = positions == tuple(range(after + 1, after + len(rows) + 1))
    return leaves if next_ones and list(stored) == leaves else None


def links_of(before: bytes, chains: Sequence[bytes], leaves: Sequence[bytes]) -> list[bytes]:
    """Return the link that each row should keep beside its leaf, going on from the links as stored (`tree.link`)."""
    previous = (before, *chains)[: len(chains)]
    return [sha256(b"\x02" + link + leaf).digest() for link, leaf in zip(previous, leaves, strict=True)]


def links_after(before: bytes, leaves: Iterable[bytes]) -> list[bytes]:
    """Return the links of rows that come after one whose link is `before` (`tree.link`)."""
    links = []
    for leaf in leaves:
        before = sha256(b"\x02" + before + leaf).digest()
        links.append(before)
    return links


def grow(frontier: list[bytes], size: int, leaves: Sequence[bytes]) -> None:
    """Append `leaves` to the tree of `size` leaves whose `frontier` is changed in place, as `tree.extend` would.

    Roots of aligned perfect subtrees may stand for the leaves, with `size` counted in such subtrees.
    """
    level, left_over = list(leaves), []
    while level:
        if size & 1:
            level.insert(0, frontier.pop())
        if len(level) & 1:
            left_over.append(level.pop())
        each = iter(level)
        level = [sha256(b"\x01" + left + right).digest() for left, right in zip(each, each, strict=True)]
        size >>= 1
    frontier += reversed(left_over)
