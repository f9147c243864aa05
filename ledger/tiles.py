r"""Hash tiles: the tree as files that any monitor can follow, without one entry among them (c2sp.org/tlog-tiles).

    tile/LEVEL/INDEX            256 hashes of 32 bytes: at level 0 leaves, above the roots over full tiles below
    tile/LEVEL/INDEX.p/WIDTH    the last one of a level, where it is not full
    checkpoint                  the signed checkpoint

INDEX is written in groups of three digits, all but the last with an `x` before them: 1234067 is `x001/x234/067`.
Entries are never published: a leaf says nothing about the entry, which has 16 random bytes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ledger import tree

WIDTH = 256
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Tile:
    """Hashes that stand together at a level; fewer than 256 where nothing has come after them."""

    level: int
    index: int
    hashes: tuple[bytes, ...]

    @property
    def path(self) -> str:
        """Return the tile's path below the log's address."""
        groups = _groups(self.index)
        width = "" if len(self.hashes) == WIDTH else f".p/{len(self.hashes)}"
        return f"tile/{self.level}/{'/'.join(groups)}{width}"

    def as_bytes(self) -> bytes:
        """Return the tile as it is served."""
        return b"".join(self.hashes)


@dataclass(slots=True)
class _Row:
    """One level while it grows: how many full tiles it has, and the hashes of the one that is not full."""

    full: int = 0
    hashes: list[bytes] = field(default_factory=list)


def tiles_of(leaves: Iterable[bytes]) -> Iterator[Tile]:
    """Yield the tiles of the tree over `leaves`, each full one as soon as it is, the others at the end."""
    rows: list[_Row] = []
    for leaf in leaves:
        yield from _grown(rows, 0, leaf)
    for level, row in enumerate(rows):
        if row.hashes:
            yield Tile(level, row.full, tuple(row.hashes))


def _grown(rows: list[_Row], level: int, node: bytes) -> Iterator[Tile]:
    if level == len(rows):
        rows.append(_Row())
    row = rows[level]
    row.hashes.append(node)
    if len(row.hashes) < WIDTH:
        return
    full = Tile(level, row.full, tuple(row.hashes))
    row.full, row.hashes = row.full + 1, []
    yield full
    yield from _grown(rows, level + 1, tree.root(tree.frontier_of(full.hashes)))


def _groups(index: int) -> list[str]:
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // _DIGITS) * _DIGITS)
    groups = [digits[start : start + _DIGITS] for start in range(0, len(digits), _DIGITS)]
    return [*(f"x{group}" for group in groups[:-1]), groups[-1]]
