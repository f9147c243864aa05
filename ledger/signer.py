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
    DIRECTORY/predecessors            the public keys that signed before this one, the newest first
    DIRECTORY/signing.key.next        only while a new key is made: it takes the place of the old one, which is gone

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

A new key is made so: `signing.key.next` to disk; the handover, signed by both keys, in place of `last.checkpoint`; then
`predecessors`, the new public key, and the new key in place of the old. Whoever comes next and finds a last checkpoint
that hands over to `signing.key.next` finishes that; until then the old key still is the only one.
"""

import secrets
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar, Protocol

from domain.text import Text
from ledger import tree
from ledger.checkpoint import TreeHead, open_checkpoint, sign_checkpoint
from ledger.failpoints import Failpoint, never
from ledger.handover import sign_handover, successor_in
from ledger.key_folder import VERIFIER, KeyFolder, WillNotSign
from ledger.note import SEED_BYTES, MalformedNote, SigningKey, UnverifiedNote, VerifierKey
from ledger.proofs import roots_over
from ledger.witnesses import Address

LAST, COSIGNED, WITNESSES, PREDECESSORS = "last.checkpoint", "last.cosigned", "witnesses", "predecessors"
HANDED_OUT = (
    (LAST, "last.checkpoint"),
    (COSIGNED, "last-cosigned.checkpoint"),
    (VERIFIER, "log.key"),
    (PREDECESSORS, "earlier.key"),
)


class NotTheLast(Exception):  # noqa: N818 - says what is the case
    """A proof begins at another size than that of the last checkpoint, which is `size`."""

    def __init__(self, size: int) -> None:
        """Say where it has to begin."""
        super().__init__(size)
        self.size = size


class Log(Protocol):
    """What is to be signed, as far as the signer must see it."""

    def size(self) -> int:
        """Return how many facts there are."""

    def root(self) -> bytes:
        """Return the root that the log itself names for that size."""

    def leaves(self, size: int) -> Iterator[bytes]:
        """Yield the leaf hashes of the first `size` facts, made of their entries."""


class Signing(Protocol):
    """Whoever signs for a ledger: in this process, or in another one that is asked."""

    def is_born(self) -> bool:
        """Return whether there is a key."""

    def available(self) -> bool:
        """Return whether it could sign now, quickly and without signing anything."""

    def keys(self) -> list[VerifierKey]:
        """Return its public keys, the one that signs first; `WillNotSign` where there is none that can be used."""

    def last(self) -> TreeHead:
        """Return what was signed last."""

    def last_signed(self) -> bytes:
        """Return what was signed last, with the cosignatures it has."""

    def sign(self, log: Log) -> bytes:
        """Return a signed checkpoint over all facts; `WillNotSign` unless they extend what was signed last."""

    def keep_cosigned(self, cosigned: bytes) -> None:
        """Keep what was signed last with its cosignatures."""

    def witnesses(self) -> list[Address]:
        """Return whom to ask for cosignatures."""

    def ask_from_now_on(self, witness: Address) -> None:
        """Ask this witness, too."""

    def handed_out(self) -> tuple[tuple[str, bytes], ...]:
        """Return (name, content) of what goes along with an archive."""


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

    def available(self) -> bool:
        """Return whether there are a key and a last checkpoint that can be used."""
        try:
            self.last()
        except (WillNotSign, OSError):
            return False
        return True

    def verifier(self) -> VerifierKey:
        """Return the public key; `WillNotSign` where there is no key that can be used."""
        return self._folder.key().verifier

    def keys(self) -> list[VerifierKey]:
        """Return the public key and those that signed before it; `WillNotSign` where there is none to be used."""
        return [self.verifier(), *self._predecessors()]

    def last(self) -> TreeHead:
        """Return what was signed last (0 facts where nothing was); `WillNotSign` where that cannot be read."""
        return self._last(self._folder.key())[1]

    def sign(self, log: Log) -> bytes:
        """Return a signed checkpoint over all facts; `WillNotSign` unless they extend what was signed last."""
        with self._folder.locked():
            key = self._key()
            known, last = self._last(key)
            head, _ = extension(log, last)
            return self._signed(key, known, last, head)

    def extend(self, old: int, head: TreeHead, proof: Sequence[bytes]) -> bytes:
        """Return a signed checkpoint for a head that somebody shows, with the proof that it extends the last one.

        `NotTheLast` where the proof begins elsewhere, `WillNotSign` where it does not hold.
        """
        with self._folder.locked():
            key = self._key()
            known, last = self._last(key)
            if head.origin != last.origin:
                raise WillNotSign(_another_log(last.origin))
            if old != last.size:
                raise NotTheLast(last.size)
            if not tree.check_tree(last.size, last.root, head.size, head.root, proof):
                raise WillNotSign(_another_history(head.size, last.size))
            return self._signed(key, known, last, TreeHead(last.origin, head.size, head.root))

    def rotate(self) -> bytes:
        """Return a handover: from now on another key signs, and the one before is gone from the directory.

        What was signed last stays what the next checkpoint must extend.
        """
        with self._folder.locked():
            old = self._key()
            _, last = self._last(old)
            new = SigningKey(old.name, secrets.token_bytes(SEED_BYTES))
            self._folder.lay_down(new)
            handover = sign_handover(last, old, new)
            self._keep(handover)
            self._finish(old)
            return handover

    def _signed(self, key: SigningKey, known: bytes, last: TreeHead, head: TreeHead) -> bytes:
        if head == last:
            return known
        signed = sign_checkpoint(head, key)
        self._keep(signed)
        return signed

    def _key(self) -> SigningKey:
        """Return the key that signs, having put the next one in its place where it has handed over already."""
        return self._finish(self._folder.key())

    def _finish(self, key: SigningKey) -> SigningKey:
        new = self._folder.next_key()
        if new is None or successor_in(self._last(key)[1]) != new.verifier:
            return key
        before = dict.fromkeys((key.verifier, *self._predecessors()))
        self._folder.keep(PREDECESSORS, "".join(f"{each}\n" for each in before).encode())
        self._folder.keep(VERIFIER, f"{new.verifier}\n".encode())
        self._folder.take_over()
        return new

    def _predecessors(self) -> list[VerifierKey]:
        path = self.directory / PREDECESSORS
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [VerifierKey.parse(line) for line in lines]

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

    def handed_out(self) -> tuple[tuple[str, bytes], ...]:
        """Return (name, content) of the notes and the public keys that there are; never what is secret."""
        there = [(shown, self.directory / name) for name, shown in HANDED_OUT]
        return tuple((shown, path.read_bytes()) for shown, path in there if path.is_file())

    def _keep(self, signed: bytes) -> None:
        self._folder.keep(LAST, signed)

    def _last(self, key: SigningKey) -> tuple[bytes, TreeHead]:
        path = self.directory / LAST
        try:
            raw = path.read_bytes()
            return raw, open_checkpoint(raw, [key.verifier]).head
        except (FileNotFoundError, MalformedNote, UnverifiedNote):
            raise WillNotSign(_no_last(path)) from None


def extension(log: Log, last: TreeHead) -> tuple[TreeHead, list[bytes]]:
    """Return the head of a log that extends `last`, with the proof that it does: one walk makes both.

    `WillNotSign` where the log is shorter, is another one, or does not have the root that it says.
    """
    size = log.size()
    if size < last.size:
        raise WillNotSign(_shorter(size, last.size))
    ranges = tree.tree_ranges(last.size, size)
    frontier: list[bytes] = []
    walk = _growing(frontier, log.leaves(size))
    roots = roots_over(walk, ranges)
    deque(walk, maxlen=0)  # to the end, where no proof was needed
    root, proof = tree.root(frontier), [roots[each] for each in ranges]
    if not tree.check_tree(last.size, last.root, size, root, proof):
        raise WillNotSign(_another_history(size, last.size))
    if root != log.root():
        raise WillNotSign(_head_differs(size))
    return TreeHead(last.origin, size, root), proof


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


def _another_log(origin: str) -> Text:
    return Text(
        f"拒绝签署：这个签署进程只为 {origin} 签署；请核对 STARLEDGER_SIGNER 与账本。",
        f"Not signed: this signer signs for {origin} alone; check STARLEDGER_SIGNER and the ledger.",
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
