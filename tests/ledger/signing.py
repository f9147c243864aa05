"""Logs to be signed, in memory: histories that somebody who owns the database could show a signer."""

from collections.abc import Iterator

from ledger import tree
from ledger.checkpoint import TreeHead


class Told:
    """A history as letters, one fact each: what is shown to the signer."""

    def __init__(self, letters: str, claimed: bytes | None = None) -> None:
        """Show these facts, and say that `claimed` is their root."""
        self.letters = letters
        self._claimed = claimed

    def size(self) -> int:
        """Return how many facts are shown."""
        return len(self.letters)

    def root(self) -> bytes:
        """Return the root that is said to be theirs."""
        return self._claimed or root_of(self.letters)

    def leaves(self, size: int) -> Iterator[bytes]:
        """Yield the leaves."""
        return map(tree.leaf_hash, (letter.encode() for letter in self.letters[:size]))


def root_of(letters: str) -> bytes:
    return tree.root(tree.frontier_of(tree.leaf_hash(letter.encode()) for letter in letters))


def head_of(origin: str, letters: str) -> TreeHead:
    return TreeHead(origin, len(letters), root_of(letters))
