"""The signer: its own key, its own last checkpoint, and no signature under anything that does not extend that.

It believes nothing the database says about itself: the root is made of the entries, and must follow from the last
checkpoint by a consistency proof. So a rewritten past, a tail cut off and an old backup put back are refused, unless
the signer's directory is put back with them. That is why it should lie on another machine or medium, under another
user, and in none of the database's backups.

    DIRECTORY.lock                    held while signing: one signer at a time
    DIRECTORY/signing.key             the private key, mode 0600
    DIRECTORY/verifier.key            the public key, to be given to whoever checks
    DIRECTORY/last.checkpoint         what was signed last
    DIRECTORY/last.cosigned           the same with the cosignatures that witnesses gave
    DIRECTORY/witnesses               whom to ask for cosignatures: an address and a public key on each line

A directory is born whole: made under another name, then renamed. Its first last checkpoint says 0 facts, so that a
missing one is never taken for a beginning. Signing writes in this order:

1. the new checkpoint into `last.checkpoint.new`, and to disk;
2. `last.checkpoint.new` in place of `last.checkpoint`, in one step, and the directory to disk;
3. only then is the checkpoint given out.

| written | the power fails before it | the power fails after it |
|---|---|---|
| last.checkpoint.new | nothing was signed that anybody saw | as before: `last.checkpoint` still is the old one |
| last.checkpoint | as above | signed, not given out; asked again, the same bytes (Ed25519 has no randomness) |
| given out | as above | given out and kept |

Were it given out first, a crash before the writing would let the next one sign another history of the same size.
"""

import secrets
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Protocol

from domain.text import Text
from ledger import tree
from ledger.checkpoint import TreeHead, open_checkpoint, sign_checkpoint
from ledger.failpoints import Failpoint, never
from ledger.key_folder import KeyFolder, WillNotSign
from ledger.note import SEED_BYTES, MalformedNote, SigningKey, UnverifiedNote, VerifierKey
from ledger.proofs import roots_over
from ledger.witnesses import Address

LAST, COSIGNED, WITNESSES = "last.checkpoint", "last.cosigned", "witnesses"


class Log(Protocol):
    """What is to be signed, as far as the signer must see it."""

    def size(self) -> int:
        """Return how many facts there are."""

    def root(self) -> bytes:
        """Return the root that the log itself names for that size."""

    def leaves(self, size: int) -> Iterator[bytes]:
        """Yield the leaf hashes of the first `size` facts, made of their entries."""


class Signer:
    """A signing key with its memory, in a directory of its own."""

    Folder: ClassVar[type[KeyFolder[SigningKey]]] = KeyFolder

    def __init__(self, directory: Path, failpoint: Failpoint = never) -> None:
        """Sign with what lies in `directory`, or will."""
        self.directory = directory
        self._folder = self.Folder(directory, SigningKey, failpoint)

    def is_born(self) -> bool:
        """Return whether there is a key."""
        return self._folder.is_born()

    def be_born(self, origin: str) -> VerifierKey:
        """Make key and directory for a log of this origin; `FileExistsError` where there are some."""
        key = SigningKey(origin, secrets.token_bytes(SEED_BYTES))
        self._folder.be_born(key, {LAST: sign_checkpoint(TreeHead(origin, 0, tree.EMPTY_ROOT), key)})
        return key.verifier

    def verifier(self) -> VerifierKey:
        """Return the public key; `WillNotSign` where there is no key that can be used."""
        return self._folder.key().verifier

    def last(self) -> TreeHead:
        """Return what was signed last (0 facts where nothing was); `WillNotSign` where that cannot be read."""
        return self._last(self._folder.key())[1]

    def sign(self, log: Log) -> bytes:
        """Return a signed checkpoint over all facts; `WillNotSign` unless they extend what was signed last."""
        with self._folder.locked():
            key = self._folder.key()
            known, last = self._last(key)
            head = _extended(log, last)
            if head == last:
                return known
            signed = sign_checkpoint(head, key)
            self._keep(signed)
            return signed

    def last_signed(self) -> bytes:
        """Return what was signed last, with the cosignatures it has; `WillNotSign` where that cannot be read."""
        signed, head = self._last(self._folder.key())
        cosigned = self.directory / COSIGNED
        kept = cosigned.read_bytes() if cosigned.exists() else b""
        return kept if kept.startswith(f"{head.text()}\n".encode()) else signed

    def keep_cosigned(self, cosigned: bytes) -> None:
        """Keep what was signed last with its cosignatures."""
        with self._folder.locked():
            self._folder.keep(COSIGNED, cosigned)

    def witnesses(self) -> list[Address]:
        """Return whom to ask for cosignatures; `MalformedNote` where a line was altered."""
        path = self.directory / WITNESSES
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [Address.parse(line) for line in lines]

    def ask_from_now_on(self, witness: Address) -> None:
        """Ask this witness, too; one with the same key is asked at its new address."""
        with self._folder.locked():
            others = [each for each in self.witnesses() if each.key != witness.key]
            self._folder.keep(WITNESSES, "".join(f"{each}\n" for each in (*others, witness)).encode())

    def _keep(self, signed: bytes) -> None:
        self._folder.keep(LAST, signed)

    def _last(self, key: SigningKey) -> tuple[bytes, TreeHead]:
        path = self.directory / LAST
        try:
            raw = path.read_bytes()
            return raw, open_checkpoint(raw, [key.verifier]).head
        except (FileNotFoundError, MalformedNote, UnverifiedNote):
            raise WillNotSign(_no_last(path)) from None


def _extended(log: Log, last: TreeHead) -> TreeHead:
    """Return the head of a log that extends `last`: one walk makes the root, and the proof that it does."""
    size = log.size()
    if size < last.size:
        raise WillNotSign(_shorter(size, last.size))
    ranges = tree.tree_ranges(last.size, size)
    frontier: list[bytes] = []
    walk = _growing(frontier, log.leaves(size))
    roots = roots_over(walk, ranges)
    deque(walk, maxlen=0)  # to the end, where no proof was needed
    root = tree.root(frontier)
    if not tree.check_tree(last.size, last.root, size, root, [roots[each] for each in ranges]):
        raise WillNotSign(_another_history(size, last.size))
    if root != log.root():
        raise WillNotSign(_head_differs(size))
    return TreeHead(last.origin, size, root)


def _growing(frontier: list[bytes], leaves: Iterator[bytes]) -> Iterator[bytes]:
    for number, leaf in enumerate(leaves):
        tree.extend(frontier, number, leaf)
        yield leaf


# words


def _shorter(size: int, last: int) -> Text:
    return Text(
        f"拒绝签署：账本现有 {size} 条，而上次已签署到第 {last} 条；账本被截短，或恢复了旧的备份。"
        "请运行 verify --checkpoint 并联系审计人员。",
        f"Not signed: the ledger has {size} facts, but {last} were signed before; its tail was cut off, or an older "
        "copy was restored. Run verify --checkpoint and call the auditor.",
    )


def _another_history(size: int, last: int) -> Text:
    return Text(
        f"拒绝签署：账本现有 {size} 条，但其前 {last} 条不是上次签署的那些；历史被改写，或这是另一本账。"
        "请运行 verify --checkpoint；若确是另一本账，请用 --signer 指定另一个目录。",
        f"Not signed: the ledger has {size} facts, but the first {last} are not those that were signed before; they "
        "were rewritten, or this is another ledger. Run verify --checkpoint; for another ledger name another --signer.",
    )


def _head_differs(size: int) -> Text:
    return Text(
        f"拒绝签署：账本头与其 {size} 条记录不符；请运行 verify。",
        f"Not signed: the ledger's head does not fit its {size} facts; run verify.",
    )


def _no_last(path: Path) -> Text:
    return Text(
        f"上次的检查点 {path} 缺失或被改动，无从得知签署到何处；请把最近一次给出的检查点放回原处。",
        f"The last checkpoint {path} is missing or altered, so nobody knows what was signed; put the newest one that "
        "was given out in its place.",
    )
