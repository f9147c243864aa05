"""Receipts for facts that are in the ledger, for whoever recorded them or whom they concern (c2sp.org/tlog-proof@v1).

The checkpoint of a receipt covers the fact: where the signer has not signed that far, it signs first. So a receipt can
be had in the moment after the commit, from whatever program recorded the fact and may use the signer.
"""

from collections.abc import Collection, Iterator

from ledger.checkpoint import TreeHead
from ledger.ledger import Ledger
from ledger.note import parse_note
from ledger.proofs import StoredLog, hashed_leaves, prove_record
from ledger.receipt import Receipt
from ledger.signer import Signing


def receipts_at(ledger: Ledger, positions: Collection[int], signing: Signing) -> dict[int, Receipt]:
    """Return the receipts of the facts at these positions, all under one checkpoint that covers them.

    Raises `LookupError` naming a position at which there is no fact, `WillNotSign` where there is no key yet or the
    ledger does not extend what was signed. The entries are hashed for it; of several, once.
    """
    entries = {position: _entry(ledger, position) for position in positions}
    if not entries:
        return {}
    if signing.last().size < max(entries):
        signing.sign(StoredLog(ledger))
    signed = signing.last_signed()
    size = TreeHead.parse(parse_note(signed).text).size  # of this very checkpoint: another program may sign meanwhile
    kept = list(hashed_leaves(ledger, size)) if len(entries) > 1 else None

    def leaves(of: Ledger, number: int) -> Iterator[bytes]:
        return hashed_leaves(of, number) if kept is None else iter(kept)

    proofs = {position: prove_record(ledger, position, size, leaves) for position in entries}
    return {at: Receipt(at - 1, proof.path, signed, entries[at]) for at, proof in proofs.items()}


def _entry(ledger: Ledger, position: int) -> bytes:
    row = next(ledger.rows(after=position - 1, upto=position), None) if position <= ledger.head().size else None
    if row is None:
        raise LookupError(position)
    return row.entry
