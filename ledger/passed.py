"""How far a verification has got: what the facts before the next one came to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ledger import tree
from ledger.hashing import grow
from ledger.verdict import Findings


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What was known of a ledger once, kept outside: the Merkle root over its first `size` facts."""

    size: int
    root: bytes


@dataclass(slots=True)
class Passed:
    """The last position, link and times; the tree over all entries so far, compared with the checkpoint on the way."""

    found: Findings
    checkpoint: Checkpoint | None = None
    position: int = 0
    chain: bytes | None = tree.EMPTY_ROOT
    recorded_at: datetime | None = None
    clock: datetime | None = None
    size: int = 0
    frontier: list[bytes] = field(default_factory=list)

    @property
    def root(self) -> bytes:
        """Return the Merkle root over all entries so far."""
        return tree.root(self.frontier)

    def grow(self, leaves: Sequence[bytes]) -> None:
        """Take more leaves into account."""
        upto = len(leaves) if self.checkpoint is None else self.checkpoint.size - self.size
        if 0 < upto < len(leaves):
            self.grow(leaves[:upto])
            leaves = leaves[upto:]
        grow(self.frontier, self.size, leaves)
        self.size += len(leaves)
        self.compare_checkpoint()

    def grow_by(self, level: int, roots: Sequence[bytes]) -> None:
        """Take more subtrees of `1 << level` leaves into account, within none of which the checkpoint lies."""
        if level == 0:
            self.grow(roots)
            return
        for subtree in roots:
            grow(self.frontier, self.size >> level, [subtree])
            self.size += 1 << level
            self.compare_checkpoint()

    def compare_checkpoint(self) -> None:
        """Compare the root with the checkpoint's, where as many facts have passed."""
        checkpoint = self.checkpoint
        if checkpoint is not None and checkpoint.size == self.size and self.root != checkpoint.root:
            self.found.add("checkpoint-mismatch", None, checkpoint.size)
