"""The second process of `ledger.verification.hashes`: the facts of an SQLite file, hashed block by block from the last.

    python -P -m ledger.hashing_child FILE LEDGER SIZE [BLOCK …]

Of the first SIZE facts, each block of `BLOCK` is one line of output: the level of its hashes in the tree, and these in
hex. That is the one root of its aligned subtree (level 9); of an incomplete block and of those named, all leaves
(level 0). The first block that is not plainly in order ends it. Nothing is written to the file, and `ledger.companion`,
which reads the lines, takes none of them for granted that it has not seen whole.
"""

import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from ledger.hashing import grow, plain_leaves

LEVEL = 9
BLOCK = 1 << LEVEL
Hashed = tuple[int, list[bytes]]
"""Hashes that stand side by side, and their level in the tree: 0 for leaves."""

_ROWS = (
    "SELECT position, entry, leaf FROM facts WHERE ledger_id = ? AND position > ? AND position <= ? ORDER BY position"
)
HASH_LETTERS = 64


def hashed_backwards(file: Path, ledger_id: str, size: int, in_leaves: Sequence[int]) -> Iterator[Hashed]:
    """Yield the blocks of a file's first `size` facts, last first, until one is not plainly in order."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, isolation_level=None)) as connection:
        connection.text_factory = bytearray
        connection.execute("BEGIN")
        for block in reversed(range(-(-size // BLOCK))):
            first, last = block * BLOCK, min(block * BLOCK + BLOCK, size)
            leaves = plain_leaves(connection.execute(_ROWS, (ledger_id, first, last)).fetchall(), first)
            if leaves is None or len(leaves) != last - first:
                return
            yield (0, leaves) if len(leaves) < BLOCK or block in in_leaves else (LEVEL, [_root(leaves)])


def _root(leaves: list[bytes]) -> bytes:
    frontier: list[bytes] = []
    grow(frontier, 0, leaves)
    return frontier[0]


def written(hashed: Hashed) -> bytes:
    """Return a block as a line."""
    level, hashes = hashed
    return f"{level} {b''.join(hashes).hex()}\n".encode()


def read(line: bytes) -> Hashed:
    """Return the block in a line; ValueError where there is none."""
    level, _, hashes = line.decode().partition(" ")
    return int(level), [bytes.fromhex(hashes[n : n + HASH_LETTERS]) for n in range(0, len(hashes), HASH_LETTERS)]


def main(file: str, ledger_id: str, size: str, *in_leaves: str) -> None:
    """Print the blocks; the end of whoever reads them ends this too."""
    for hashed in hashed_backwards(Path(file), ledger_id, int(size), [int(block) for block in in_leaves]):
        sys.stdout.buffer.write(written(hashed))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
