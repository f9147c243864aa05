"""The tree arithmetic against RFC 6962: its test data, and its recursive definition written down a second time."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import tree

# The entries of RFC 6962's reference implementation, and the roots over the first 1 … 8 of them.
ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def recursive_root(entries: list[bytes]) -> bytes:
    """Return MTH(D[n]) as RFC 6962 §2.1 defines it."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    half = 1
    while half * 2 < len(entries):
        half *= 2
    return sha256(b"\x01" + recursive_root(entries[:half]) + recursive_root(entries[half:])).digest()


def root_of(entries: list[bytes]) -> bytes:
    return tree.root(tree.frontier_of(tree.leaf_hash(entry) for entry in entries))


def test_the_empty_tree_has_the_root_of_the_rfc() -> None:
    assert tree.EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root_of([]) == tree.EMPTY_ROOT


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_rfcs_test_data(size: int) -> None:
    entries = [bytes.fromhex(entry) for entry in ENTRIES[:size]]
    assert root_of(entries).hex() == ROOTS[size - 1]
    assert recursive_root(entries).hex() == ROOTS[size - 1]


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_a_frontier_has_the_root_of_the_recursive_definition(entries: list[bytes]) -> None:
    assert root_of(entries) == recursive_root(entries)


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_a_frontier_has_one_root_for_every_one_in_the_size(entries: list[bytes]) -> None:
    frontier = tree.frontier_of(tree.leaf_hash(entry) for entry in entries)
    assert len(frontier) == len(entries).bit_count()
    assert tree.unpack(tree.pack(frontier)) == frontier


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=40), st.data())
def test_another_entry_makes_another_root(entries: list[bytes], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(entries) - 1))
    changed = [*entries[:place], entries[place] + b"x", *entries[place + 1 :]]
    assert root_of(changed) != root_of(entries)


def test_a_link_names_the_place_of_a_leaf() -> None:
    leaves = [tree.leaf_hash(bytes([number])) for number in range(3)]
    links = [tree.EMPTY_ROOT]
    for leaf in leaves:
        links.append(tree.link(links[-1], leaf))
    assert len(set(links)) == 4
    assert tree.link(links[1], leaves[2]) != links[2]
