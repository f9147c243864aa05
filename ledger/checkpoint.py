r"""Checkpoints: how many facts a ledger has and their Merkle root, signed (c2sp.org/tlog-checkpoint).

    origin "\n" size "\n" base64(root) "\n" [extension "\n"]…     and under it the lines of a signed note

A checkpoint that somebody holds outside is what a rewritten, shortened or restored ledger cannot get past.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass

from ledger import tree
from ledger.note import MalformedNote, Note, SigningKey, UnverifiedNote, VerifierKey, from_base64, open_note, sign_note

LARGEST = 2**63 - 1
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class TreeHead:
    """What a checkpoint says: which ledger, how many facts, the root over them. Extensions say nothing to us."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the text that is signed."""
        root = base64.b64encode(self.root).decode()
        return "".join(f"{line}\n" for line in (self.origin, self.size, root, *self.extensions))

    @classmethod
    def parse(cls, text: str) -> "TreeHead":
        """Return what a note's text says; `MalformedNote` where it is no checkpoint."""
        lines = text.split("\n")
        if len(lines) < len(("origin", "size", "root", "")) or lines.pop() or not all(lines):
            message = "no origin, size and root"
            raise MalformedNote(message)
        origin, size, root, *extensions = lines
        decoded = from_base64(root)
        if not _SIZE.fullmatch(size) or int(size) > LARGEST or len(decoded) != tree.HASH_BYTES:
            message = "no size or no root"
            raise MalformedNote(message)
        return cls(origin, int(size), decoded, tuple(extensions))


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A tree head whose signatures have been verified, with the note that says so."""

    head: TreeHead
    note: Note

    @property
    def signers(self) -> tuple[str, ...]:
        """Return the names of the known keys that signed."""
        return tuple(dict.fromkeys(each.name for each in self.note.signatures))


def sign_checkpoint(head: TreeHead, key: SigningKey) -> bytes:
    """Return the checkpoint, signed."""
    return sign_note(head.text(), key)


def open_checkpoint(raw: bytes, keys: Iterable[VerifierKey]) -> SignedHead:
    """Return a checkpoint signed by one of `keys` that is called like the origin: nobody else speaks for a ledger.

    Raises `MalformedNote` and `UnverifiedNote`.
    """
    note = open_note(raw, keys)
    opened = SignedHead(TreeHead.parse(note.text), note)
    if opened.head.origin not in opened.signers:
        raise UnverifiedNote
    return opened
