"""Two archives of one ledger compared: the later must begin with all that the earlier holds."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from domain.text import Language
from ledger import tree
from ledger.archive.parts import ENTRIES, LEAVES
from ledger.archive.zipped import MOST_LEAVES, Unreadable, Zipped
from ledger.reading import Malformed, read_strictly
from ledger.verdict import Findings, Verdict

UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Compared:
    """Whether the later archive extends the earlier of `old` facts; `added` counts what came to it, by type."""

    verdict: Verdict
    old: int
    added: Mapping[str, int] = field(default_factory=dict)

    def as_json(self, language: Language = "en") -> dict[str, Any]:
        """Return what `starledger verify-diff --json` prints."""
        return {**self.verdict.as_json(language), "old": self.old, "added": dict(self.added)}


def compare_archives(old: IO[bytes], new: IO[bytes]) -> Compared:
    """Return where the archive `new` stops being an extension of `old`; `NoArchive` where one is none."""
    found = Findings()
    earlier, later = _facts(Zipped(old, Findings())), _facts(Zipped(new, found))
    frontier: list[bytes] = []
    added: Counter[str] = Counter()
    size = olds = 0
    differs = False
    try:
        for leaf, _ in earlier:
            olds += 1
            ours = next(later, None)
            if ours is None:
                continue
            tree.extend(frontier, size, ours[0])
            size += 1
            if ours[0] != leaf and not differs:
                differs = True
                found.add("not-extended", olds, olds)
        for leaf, kind in later:
            tree.extend(frontier, size, leaf)
            size += 1
            added[kind] += 1
    except Unreadable as error:
        found.add("part-unreadable", None, error)
    if olds > size:
        found.add("shorter", size + 1, olds, size)
    return Compared(found.verdict(size, tree.root(frontier)), olds, dict(sorted(added.items())))


def _facts(zipped: Zipped) -> Iterator[tuple[bytes, str]]:
    """Yield the leaf and the type of every fact, the type unknown where only the leaf came along."""
    if LEAVES in zipped.parts:
        leaves = zipped.read(LEAVES, MOST_LEAVES)
        for start in range(0, len(leaves), tree.HASH_BYTES):
            yield leaves[start : start + tree.HASH_BYTES], UNKNOWN
        return
    for raw in zipped.lines(ENTRIES):
        try:
            kind = read_strictly(raw).type
        except Malformed:
            kind = UNKNOWN
        yield tree.leaf_hash(raw), kind
