r"""Hash tiles: the tree as files that any monitor can follow, without one entry among them (c2sp.org/tlog-tiles).

    tile/LEVEL/INDEX            256 hashes of 32 bytes: at level 0 leaves, above the roots over full tiles below
    tile/LEVEL/INDEX.p/WIDTH    the last one of a level, where it is not full
    checkpoint                  the signed checkpoint

INDEX is written in groups of three digits, all but the last with an `x` before them: 1234067 is `x001/x234/067`.
Entries are never published: a leaf says nothing about the entry, which has 16 random bytes.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from ledger import tree

WIDTH = 256
_DIGITS = 3
_PATH = re.compile(
    r"(?P<level>[0-5])/(?P<index>(x[0-9]{3}/){0,5}[0-9]{3})(\.p/(?P<width>[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?"
)
"""No log has six levels of full tiles: that would be more than 10¹⁴ entries."""


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


def tile_at(path: str, size: int, leaves: Callable[[int, int], Iterable[bytes]]) -> Tile | None:
    """Return the tile that a path below `tile/` names, of a log of `size` entries; None where there is no such one.

    `leaves` gives the leaf hashes from one index up to another; a full tile at level n is made of 256ⁿ⁺¹ of them.
    """
    named = _PATH.fullmatch(path)
    if named is None:
        return None
    level, index, width = int(named["level"]), int(re.sub(r"[/x]", "", named["index"])), int(named["width"] or WIDTH)
    span = WIDTH**level
    first, last = index * WIDTH * span, (index * WIDTH + width) * span
    if last > size or Tile(level, index, (b"",) * width).path != f"tile/{path}":
        return None
    drawn = iter(leaves(first, last))
    hashes = tuple(tree.root(tree.frontier_of(islice(drawn, span))) for _ in range(width))
    return Tile(level, index, hashes)


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
