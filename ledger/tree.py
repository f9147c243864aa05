"""The Merkle tree over a ledger's entries (RFC 6962 §2.1, RFC 9162 §2.1), without any I/O.

    leaf  = SHA-256(0x00 ‖ entry)        node = SHA-256(0x01 ‖ left ‖ right)        empty tree = SHA-256("")

A *frontier* is the roots of the perfect subtrees that a tree of `size` leaves decomposes into, largest first:
one for every 1 in the binary form of `size`. It is all that is needed to append and to know the root.

A *proof* is a list of hashes, each the root over a range of leaves. Which ranges, follows from the numbers alone
(`record_ranges`, `tree_ranges`); together they cover all leaves, each once. So a proof is made by asking for subtrees,
wherever those come from (`prove_record`, `prove_tree`), or in one walk over the leaves (`ledger.proofs`), and it is
checked with nothing but itself, sizes and roots (`check_record`, `check_tree`). Leaves are counted from 0 here, as in
the RFCs: the fact at position p is leaf p - 1.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

Range = tuple[int, int]
"""The leaves from the first number up to, but without, the second."""
Subtrees = Callable[[int, int], bytes]
"""Returns the root of the perfect subtree over the leaves `index << level` to `(index + 1) << level`."""


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
    return [packed[start : start + HASH_BYTES] for start in range(0, len(packed), HASH_BYTES)]


def link(previous: bytes, leaf: bytes) -> bytes:
    """Return the link that a row keeps beside its leaf: SHA-256(0x02 ‖ link before ‖ leaf), at first EMPTY_ROOT.

    The root proves *that* something was changed, to anybody; the links say *which* row, to the owner of the database.
    """
    return sha256(b"\x02" + previous + leaf).digest()


# proofs


def record_ranges(index: int, size: int) -> tuple[Range, ...]:
    """Return the ranges whose roots prove leaf `index` in a tree of `size` leaves (RFC 9162 §2.1.3.1), lowest first."""
    _require(0 <= index < size)
    siblings, _ = _descend(index, size)
    return tuple(reversed(siblings))


def tree_ranges(old: int, new: int) -> tuple[Range, ...]:
    """Return the ranges whose roots prove that `new` leaves begin with `old` ones (RFC 9162 §2.1.4.1), lowest first."""
    _require(0 <= old <= new)
    if old in (0, new):
        return ()
    siblings, whole, last = _descend_to_edge(old, new)
    return (*(() if whole else (last,)), *reversed(siblings))


def prove_record(index: int, size: int, subtrees: Subtrees) -> tuple[bytes, ...]:
    """Return the proof that leaf `index` stands in the tree of `size` leaves; ValueError where it cannot."""
    return tuple(root_over(each, subtrees) for each in record_ranges(index, size))


def prove_tree(old: int, new: int, subtrees: Subtrees) -> tuple[bytes, ...]:
    """Return the proof that the tree of `new` leaves extends the one of `old`; ValueError where it cannot."""
    return tuple(root_over(each, subtrees) for each in tree_ranges(old, new))


def check_record(index: int, size: int, leaf: bytes, proof: Sequence[bytes], expected: bytes) -> bool:
    """Return whether `proof` shows that `leaf` is number `index` of the `size` leaves under the root `expected`."""
    if not (0 <= index < size and _are_hashes((leaf, expected, *proof))):
        return False
    _, rights = _descend(index, size)
    if len(rights) != len(proof):
        return False
    node = leaf
    for is_right, sibling in zip(reversed(rights), proof, strict=True):
        node = node_hash(sibling, node) if is_right else node_hash(node, sibling)
    return node == expected


def check_tree(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Return whether `proof` shows that the tree of `new` leaves under `new_root` begins with the one of `old`.

    The empty tree and the tree itself need no proof, and none is taken for them.
    """
    if not (0 <= old <= new and _are_hashes((old_root, new_root, *proof))):
        return False
    if old in (0, new):
        return not proof and old_root == (new_root if old == new else EMPTY_ROOT)
    siblings, whole, _ = _descend_to_edge(old, new)
    # Where the old tree is a subtree of the new one, its root is not said again.
    rest = (old_root, *proof) if whole else tuple(proof)
    if len(rest) != len(siblings) + 1:
        return False
    before = after = rest[0]
    for (start, _), sibling in zip(reversed(siblings), rest[1:], strict=True):
        if start < old:
            before = node_hash(sibling, before)
            after = node_hash(sibling, after)
        else:
            after = node_hash(after, sibling)
    return before == old_root and after == new_root


def root_over(leaves: Range, subtrees: Subtrees) -> bytes:
    """Return the root over a range that a proof names: it begins where a subtree of its size could."""
    start, end = leaves
    frontier: list[bytes] = []
    while start < end:
        level = (end - start).bit_length() - 1
        frontier.append(subtrees(level, start >> level))
        start += 1 << level
    return root(frontier)


def _descend(index: int, size: int) -> tuple[list[Range], list[bool]]:
    """Go down from the root to a leaf: the ranges left aside, and whether the way went right, topmost first."""
    start, end = 0, size
    siblings: list[Range] = []
    rights: list[bool] = []
    while end - start > 1:
        middle = start + _split(end - start)
        rights.append(index >= middle)
        siblings.append((start, middle) if rights[-1] else (middle, end))
        start, end = (middle, end) if rights[-1] else (start, middle)
    return siblings, rights


def _descend_to_edge(old: int, new: int) -> tuple[list[Range], bool, Range]:
    """Go down to the subtree that ends where the old tree ends.

    Returns the ranges left aside, topmost first, whether that subtree is the whole old tree, and the subtree.
    """
    start, end = 0, new
    siblings: list[Range] = []
    while end != old:
        middle = start + _split(end - start)
        siblings.append((start, middle) if old > middle else (middle, end))
        start, end = (middle, end) if old > middle else (start, middle)
    return siblings, start == 0, (start, end)


def _split(size: int) -> int:
    """Return the largest power of two below `size`: how many leaves stand under the left child."""
    return 1 << (size - 1).bit_length() - 1


def _are_hashes(hashes: Iterable[bytes]) -> bool:
    # Else bytes could move from one side of a node to the other, and the same node would be made of other children.
    return all(len(each) == HASH_BYTES for each in hashes)


def _require(possible: bool) -> None:  # noqa: FBT001 - the condition itself
    if not possible:
        message = "no such leaf or tree"
        raise ValueError(message)
