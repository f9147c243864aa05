"""Hashing many entries at once comes to what hashing them one by one comes to."""

import itertools
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import tree
from ledger.hashing import grow, leaves_of, links_of, plain_leaves

ENTRIES = st.lists(st.binary(max_size=80), max_size=70)


@settings(deadline=None)
@given(ENTRIES)
def test_leaves_and_links_are_those_of_one_after_the_other(entries: list[bytes]) -> None:
    leaves = [tree.leaf_hash(entry) for entry in entries]
    chains = [tree.EMPTY_ROOT]
    for leaf in leaves:
        chains.append(tree.link(chains[-1], leaf))
    assert leaves_of(entries) == leaves
    assert links_of(tree.EMPTY_ROOT, chains[1:], leaves) == chains[1:]


@settings(deadline=None)
@given(ENTRIES, st.lists(st.integers(0, 70), max_size=4))
def test_a_tree_grows_by_parts_as_it_grows_leaf_by_leaf(entries: list[bytes], cuts: list[int]) -> None:
    leaves, frontier = leaves_of(entries), list[bytes]()
    bounds = [0, *sorted(min(cut, len(leaves)) for cut in cuts), len(leaves)]
    for start, end in itertools.pairwise(bounds):
        grow(frontier, start, leaves[start:end])
    assert frontier == tree.frontier_of(leaves)


@settings(deadline=None)
@given(st.integers(0, 5), st.integers(0, 3), ENTRIES)
def test_roots_of_aligned_subtrees_stand_for_their_leaves(subtrees: int, level: int, more: list[bytes]) -> None:
    width = 1 << level
    leaves = [tree.leaf_hash(bytes([number])) for number in range(subtrees * width)]
    roots = [tree.root(tree.frontier_of(leaves[n * width : (n + 1) * width])) for n in range(subtrees)]
    frontier: list[bytes] = []
    grow(frontier, 0, roots)
    grow(frontier, len(leaves), leaves_of(more))
    assert frontier == tree.frontier_of([*leaves, *leaves_of(more)])


def test_what_was_given_to_be_hashed_is_left_as_it_was() -> None:
    leaves = leaves_of([b"a", b"b", b"c"])
    given_leaves = list(leaves)
    grow([], 0, leaves)
    assert leaves == given_leaves


def test_leaves_are_plain_only_of_text_whichever_way_a_driver_gives_it() -> None:
    lines = ["{}", '{"words":"\u5b57"}']
    leaves = [tree.leaf_hash(line.encode()) for line in lines]

    def rows(*entries: object) -> list[tuple[Any, ...]]:
        return [(place, entry, leaf) for place, (entry, leaf) in enumerate(zip(entries, leaves, strict=True), start=5)]

    as_text, in_bytes = list(lines), [bytearray(line.encode()) for line in lines]
    assert plain_leaves(rows(*as_text), 4) == plain_leaves(rows(*in_bytes), 4) == leaves
    assert plain_leaves(rows(*map(bytes, in_bytes)), 4) is None
    assert plain_leaves(rows(in_bytes[0], bytes(in_bytes[1])), 4) is None
    assert plain_leaves(rows(*as_text), 3) is None
    assert plain_leaves(rows(*reversed(as_text)), 4) is None
