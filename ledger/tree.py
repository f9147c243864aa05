"""The Merkle tree over a ledger's entries (RFC 6962 §2.1, RFC 9162 §2.1), without any I/O.

    leaf  = SHA-256(0x00 ‖ entry)        node = SHA-256(0x01 ‖ left ‖ right)        empty tree = SHA-256("")

A *frontier* is the roots of the perfect subtrees that a tree of `size` leaves decomposes into, largest first:
one for every 1 in the binary form of `size`. It is all that is needed to append and to know the root.
"""

from collections.abc import Iterable
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Return the 32-byte hash of one entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the 32-byte hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def extend(frontier: list[bytes], size: int, leaf: bytes) -> None:
    """Append `leaf` to the tree of `size` leaves whose `frontier` is changed in place."""
    while size & 1:
        leaf = node_hash(frontier.pop(), leaf)
        size >>= 1
    frontier.append(leaf)


def root(frontier: list[bytes]) -> bytes:
    """Return the root of the tree with this `frontier`."""
    if not frontier:
        return EMPTY_ROOT
    top = frontier[-1]
    for left in reversed(frontier[:-1]):
        top = node_hash(left, top)
    return top


def frontier_of(leaves: Iterable[bytes]) -> list[bytes]:
    """Return the frontier of the tree over `leaves`."""
    frontier: list[bytes] = []
    for size, leaf in enumerate(leaves):
        extend(frontier, size, leaf)
    return frontier


def pack(frontier: list[bytes]) -> bytes:
    """Return the frontier as the bytes kept in the ledger's head."""
    return b"".join(frontier)


def unpack(packed: bytes) -> list[bytes]:
    """Return the frontier from the bytes kept in the ledger's head."""
    return [packed[start : start + 32] for start in range(0, len(packed), 32)]


def link(previous: bytes, leaf: bytes) -> bytes:
    """Return the link that a row keeps beside its leaf: SHA-256(0x02 ‖ link before ‖ leaf), at first EMPTY_ROOT.

    The root proves *that* something was changed, to anybody; the links say *which* row, to the owner of the database.
    """
    return sha256(b"\x02" + previous + leaf).digest()
