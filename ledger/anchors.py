"""What a ledger says of itself to the outside: which keys sign for it, and who holds which checkpoint, compared.

An anchor on record proves nothing alone, since whoever rewrites the ledger may rewrite the anchor with it. But a ledger
that contradicts an anchor of its own was rewritten, and the anchor names whom to ask for the paper.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.anchoring import AnchoringEvent, AnchorRecorded
from domain.decision import Fact, Selector, members_of
from ledger.failures import Damaged
from ledger.key_chain import KeyChain, follow, handover_sizes
from ledger.ledger import Ledger
from ledger.note import VerifierKey
from ledger.proofs import roots_at
from ledger.reading import MALFORMED
from ledger.verdict import Finding, finding

ANCHORING = tuple(kind.NAME for kind in members_of(AnchoringEvent))


@dataclass(frozen=True, slots=True)
class Recorded:
    """The keys that count, and what keys and anchors on record have to say against the ledger."""

    chain: KeyChain
    findings: tuple[Finding, ...]


def recorded(ledger: Ledger, pinned: Sequence[VerifierKey] = (), own: Sequence[VerifierKey] = ()) -> Recorded:
    """Return what the facts about keys and anchors come to, compared with the entries hashed again.

    Where they cannot be read, the keys given are all there is: verification says what is wrong.
    """
    try:
        facts = list(ledger.read((Selector(ANCHORING),)))
        roots = roots_at(ledger, sizes_of(facts)) if facts else {}
    except (Damaged, *MALFORMED, ledger.engine.dialect.loaded_dbapi.Error):
        facts, roots = [], {}
    return judged(facts, roots, pinned, own)


def sizes_of(facts: Sequence[Fact]) -> set[int]:
    """Return for which sizes `judged` needs a root."""
    return {*handover_sizes(facts), *(each.size for _, each in _anchors(facts))}


def judged(
    facts: Sequence[Fact], roots: Mapping[int, bytes], pinned: Sequence[VerifierKey], own: Sequence[VerifierKey]
) -> Recorded:
    """Return the chain of keys that these facts make, with what they and the anchors among them find (size → root)."""
    chain = follow(facts, roots.get, pinned, own)
    anchored = (
        finding("anchor-mismatch", position, each.size, each.held_by)
        for position, each in _anchors(facts)
        if roots.get(each.size) != bytes.fromhex(each.root)
    )
    return Recorded(chain, (*chain.findings, *anchored))


def _anchors(facts: Sequence[Fact]) -> Iterator[tuple[int, AnchorRecorded]]:
    return ((fact.position, fact.event) for fact in facts if isinstance(fact.event, AnchorRecorded))
