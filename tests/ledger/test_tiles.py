"""The tiles of a log are those of the specification, and its root can be made from them alone (c2sp.org/tlog-tiles)."""

from collections import Counter
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import tree
from ledger.tiles import WIDTH, Tile, tiles_of


def leaves(size: int) -> list[bytes]:
    return [sha256(str(number).encode()).digest() for number in range(size)]


def root_from(tiles: list[Tile], size: int) -> bytes:
    """Return the root as a monitor makes it, who knows the size and fetches tiles: from the top level down."""
    at = {(tile.level, tile.index): tile.hashes for tile in tiles}
    frontier: list[bytes] = []
    for level in range(max(level for level, _ in at), -1, -1):
        full = size // WIDTH**level
        partial = full % WIDTH
        hashes = at.get((level, full // WIDTH), ())
        assert len(hashes) == partial
        frontier += tree.frontier_of(hashes)
    return tree.root(frontier)


@settings(max_examples=40)
@given(st.integers(1, 3 * WIDTH) | st.sampled_from([WIDTH, WIDTH**2 - 1, WIDTH**2, WIDTH**2 + 1]))
def test_the_root_can_be_made_from_the_tiles_alone(size: int) -> None:
    assert root_from(list(tiles_of(leaves(size))), size) == tree.root(tree.frontier_of(leaves(size)))


def test_a_log_of_70000_has_the_tiles_that_the_specification_names() -> None:
    found = list(tiles_of(leaves(70_000)))
    full = Counter(tile.level for tile in found if len(tile.hashes) == WIDTH)
    assert full == {0: 273, 1: 1}
    assert {tile.level: len(tile.hashes) for tile in found if len(tile.hashes) < WIDTH} == {0: 112, 1: 17, 2: 1}


def test_a_log_of_256_has_a_full_tile_and_one_hash_above_it() -> None:
    assert [(tile.path, len(tile.as_bytes())) for tile in tiles_of(leaves(WIDTH))] == [
        ("tile/0/000", 8192),
        ("tile/1/000.p/1", 32),
    ]


def test_an_empty_log_has_none() -> None:
    assert list(tiles_of([])) == []


@pytest.mark.parametrize(
    ("index", "path"),
    [(0, "000"), (67, "067"), (1000, "x001/000"), (1_234_067, "x001/x234/067")],
)
def test_an_index_is_written_in_groups_of_three_digits(index: int, path: str) -> None:
    assert Tile(0, index, (bytes(32),) * WIDTH).path == f"tile/0/{path}"
    assert Tile(3, index, (bytes(32),) * 7).path == f"tile/3/{path}.p/7"


def test_what_is_full_never_changes_as_the_log_grows() -> None:
    full = {tile.path: tile.hashes for tile in tiles_of(leaves(600)) if len(tile.hashes) == WIDTH}
    later = {tile.path: tile.hashes for tile in tiles_of(leaves(70_000))}
    assert all(later[path] == hashes for path, hashes in full.items())
