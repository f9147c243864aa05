r"""Handovers: the checkpoint with which one signing key hands over to the next, signed by both.

    origin "\n" size "\n" base64(root) "\n" "successor " vkey "\n"     and under it a line of either key

Both keys bear the log's name. The old key signs the name of its successor, so nobody else's signature beside an old
checkpoint makes a handover; the new key signs too, so nobody hands over to a key that he does not have. After a
handover the old key's signatures count up to that size and no further.
"""

from domain.anchoring import SUCCESSOR
from ledger.checkpoint import SignedHead, TreeHead, open_checkpoint
from ledger.note import MalformedNote, SigningKey, UnverifiedNote, VerifierKey, sign_note


def sign_handover(head: TreeHead, old: SigningKey, new: SigningKey) -> bytes:
    """Return the checkpoint by which `old` hands over to `new` at a head; `MalformedNote` under another name."""
    if old.name != new.name:
        message = "a successor keeps the log's name"
        raise MalformedNote(message)
    said = TreeHead(head.origin, head.size, head.root, (f"{SUCCESSOR}{new.verifier}",))
    return sign_note(said.text(), old, new)


def successor_in(head: TreeHead) -> VerifierKey | None:
    """Return the key to which a checkpoint hands over; None where it is no handover."""
    named = [line.removeprefix(SUCCESSOR) for line in head.extensions if line.startswith(SUCCESSOR)]
    try:
        return VerifierKey.parse(named[0]) if len(named) == 1 else None
    except MalformedNote:
        return None


def open_handover(raw: bytes, old: VerifierKey) -> SignedHead:
    """Return a handover signed by `old` and by the key it names; `MalformedNote`, `UnverifiedNote` otherwise."""
    new = successor_in(open_checkpoint(raw, [old]).head)
    if new is None or new.name != old.name or new == old:
        raise UnverifiedNote
    signed = open_checkpoint(raw, [old, new])
    if {each.key_id for each in signed.note.signatures} != {old.key_id, new.key_id}:
        raise UnverifiedNote
    return signed
