"""A log whose owner may show a witness any history, for the tests of witnesses."""

from datetime import UTC, datetime
from pathlib import Path

from ledger import tree
from ledger.checkpoint import TreeHead, sign_checkpoint
from ledger.note import SEED_BYTES, SigningKey
from ledger.witness import Answer, Request, Witness
from tests.ledger.signing import head_of

LOG, WITNESS = "example.org/log", "example.net/witness"
KEY = SigningKey(LOG, b"l" * SEED_BYTES)
STRANGER = SigningKey(LOG, b"s" * SEED_BYTES)
AT = datetime(2026, 1, 20, 1, 2, 3, tzinfo=UTC)


def born(folder: Path, kind: type[Witness] = Witness) -> Witness:
    """Return a witness that knows the log."""
    witness = kind(folder, lambda: AT)
    witness.be_born(WITNESS)
    witness.trust(KEY.verifier)
    return witness


def proof(old: int, letters: str) -> tuple[bytes, ...]:
    """Return the proof that a history extends its first facts."""
    leaves = [tree.leaf_hash(letter.encode()) for letter in letters]

    def subtree(level: int, index: int) -> bytes:
        return tree.root(tree.frontier_of(leaves[index << level : (index + 1) << level]))

    return tree.prove_tree(old, len(letters), subtree)


def request(old: int, letters: str, key: SigningKey = KEY, head: TreeHead | None = None) -> Request:
    """Return the request for a history of letters, of which the witness has seen the first `old`."""
    shown = head or head_of(LOG, letters)
    return Request(old, proof(old, letters) if old <= len(letters) else (), sign_checkpoint(shown, key))


def shown(witness: Witness, old: int, letters: str) -> Answer:
    """Show a witness a history."""
    return witness.add_checkpoint(request(old, letters).as_bytes())
