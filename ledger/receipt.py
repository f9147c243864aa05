r"""Receipts: that an entry stands in the log, to be checked by anyone without the log (c2sp.org/tlog-proof@v1).

    "c2sp.org/tlog-proof@v1\n" ["extra " base64 "\n"] "index " index "\n" [base64 hash "\n"]… "\n" checkpoint

Ours carry the entry itself as `extra`. It is believed for nothing but its hash, which the proof leads to the root
under the log's signature. So a receipt says what was recorded, at which place, and whoever holds it can show later
that it was taken out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ledger import tree
from ledger.checkpoint import SignedHead, open_checkpoint
from ledger.note import MalformedNote, VerifierKey, from_base64, to_base64

FIRST = "c2sp.org/tlog-proof@v1"
EXTRA, INDEX = "extra ", "index "
MOST_HASHES = 63
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


class NotIncluded(Exception):  # noqa: N818 - says what is the case
    """The proof does not lead from the entry to the checkpoint's root."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A leaf's number (from 0) with the path to the root of a checkpoint, and opaque extra data."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    def as_bytes(self) -> bytes:
        """Return the receipt as it is kept and sent, in a file called `….tlog-proof`."""
        extra = [f"{EXTRA}{to_base64(self.extra)}"] if self.extra else []
        lines = (FIRST, *extra, f"{INDEX}{self.index}", *map(to_base64, self.path), "")
        return "".join(f"{line}\n" for line in lines).encode() + self.checkpoint

    @classmethod
    def parse(cls, raw: bytes) -> "Receipt":
        """Return the receipt that bytes are; `MalformedNote` where they are none. Nothing is verified."""
        head, parted, checkpoint = raw.partition(b"\n\n")
        try:
            first, *lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError as error:
            raise MalformedNote(str(error)) from None
        extra = from_base64(lines.pop(0).removeprefix(EXTRA)) if lines and lines[0].startswith(EXTRA) else b""
        if not parted or first != FIRST or not lines or len(lines) > MOST_HASHES + 1:
            message = "no tlog-proof"
            raise MalformedNote(message)
        if (index := _INDEX.fullmatch(lines[0])) is None:
            message = "no index"
            raise MalformedNote(message)
        path = tuple(map(from_base64, lines[1:]))
        if any(len(each) != tree.HASH_BYTES for each in path):
            message = "a hash of another length"
            raise MalformedNote(message)
        return cls(int(index[1]), path, checkpoint, extra)

    def verified(self, entry: bytes, keys: Iterable[VerifierKey]) -> SignedHead:
        """Return the signed head under which `entry` stands.

        Raises `MalformedNote` and `UnverifiedNote` of the checkpoint, `NotIncluded` where the entry is another one.
        """
        signed = open_checkpoint(self.checkpoint, keys)
        head = signed.head
        if not tree.check_record(self.index, head.size, tree.leaf_hash(entry), self.path, head.root):
            raise NotIncluded
        return signed
