"""Which keys' signatures count for which checkpoints: from the keys somebody trusts along the handovers on record.

A key that is trusted hands over to the next by a checkpoint that both sign (`ledger.handover`); the announcement of the
new key carries it. Then the old key counts up to that size and the new one from there. A key that hands over again, or
after it was retired, is in the wrong hands: its second successor is nobody. A key that nobody trusted handed over to is
believed by those alone who trust it themselves.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from domain.anchoring import KeyAnnounced, KeyRetired
from domain.decision import Fact
from ledger.checkpoint import SignedHead, TreeHead, open_checkpoint
from ledger.handover import open_handover, successor_in
from ledger.note import MalformedNote, UnverifiedNote, VerifierKey, parse_note
from ledger.verdict import Finding, finding

Roots = Callable[[int], bytes | None]
"""Returns the root over the first so many facts; None where there are not as many."""


class EndedKey(Exception):  # noqa: N818 - says what is the case
    """A checkpoint is signed by a key whose signature counts for other sizes only; `upto` is the last of them."""

    def __init__(self, head: TreeHead, upto: int) -> None:
        """Say up to which size it counts."""
        super().__init__(upto)
        self.head, self.upto = head, upto


@dataclass(frozen=True, slots=True)
class Span:
    """From which size to which a key's signature counts (None: there is no end); `ended`: handed over, or retired."""

    since: int = 0
    upto: int | None = None
    ended: bool = False

    def covers(self, size: int) -> bool:
        """Return whether a checkpoint of this size may bear the key's signature."""
        return self.since <= size and (self.upto is None or size <= self.upto)


@dataclass(slots=True)
class KeyChain:
    """The keys that are trusted, for which sizes each, and what was found about the others."""

    spans: dict[VerifierKey, Span] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def opened(self, raw: bytes) -> SignedHead:
        """Return a checkpoint that a key of the chain signed while it counted.

        Raises `MalformedNote`, `UnverifiedNote` where no such key has signed, `EndedKey` where one had ended.
        """
        signed = open_checkpoint(raw, self.spans)
        ids = {each.key_id for each in signed.note.signatures if each.name == signed.head.origin}
        spans = [span for key, span in self.spans.items() if key.key_id in ids and key.name == signed.head.origin]
        if not any(span.covers(signed.head.size) for span in spans):
            raise EndedKey(signed.head, max((span.upto or 0) for span in spans))
        return signed


def handover_sizes(facts: Iterable[Fact]) -> list[int]:
    """Return for which sizes `follow` will ask for a root."""
    announced = (fact for fact in facts if isinstance(fact.event, KeyAnnounced))
    return [head.size for fact in announced if (head := claimed(_handover(fact))) is not None]


def follow(
    facts: Iterable[Fact], root_at: Roots, pinned: Sequence[VerifierKey] = (), own: Sequence[VerifierKey] = ()
) -> KeyChain:
    """Return the chain that the facts about keys make of those that somebody trusts.

    `pinned` are keys that whoever verifies was given from outside, `own` those the signer says are its own: they are
    trusted, but do not make up for a handover that is missing. Where there are none, the first announced is trusted.
    """
    following = _Following(root_at, pinned, own)
    for fact in facts:
        following.take(fact)
    return following.done()


class _Following:
    """The chain as far as it was followed, and the announced keys that nobody trusted handed over to."""

    def __init__(self, root_at: Roots, pinned: Sequence[VerifierKey], own: Sequence[VerifierKey]) -> None:
        self._root_at, self._pinned = root_at, frozenset(pinned)
        self._chain = KeyChain({key: Span() for key in (*own, *pinned)})
        self._begins_with_nothing = not self._chain.spans
        self._seen_any = False
        self._open: dict[VerifierKey, int] = {}

    def take(self, fact: Fact) -> None:
        """Take one more fact about keys into account."""
        match fact.event:
            case KeyAnnounced(key=words):
                key = _key(words)
                if key is not None:
                    self._announced(fact, key)
                self._seen_any = True
            case KeyRetired(key=words, last_size=size):
                key = _key(words)
                if key in self._chain.spans:
                    self._end(key, size)

    def done(self) -> KeyChain:
        """Return the chain, with a finding for each key that was announced and is still nobody's successor.

        A key that only the ledger itself vouches for opens no checkpoint: whoever rewrote the one could sign the other.
        """
        for key, position in self._open.items():
            if key not in self._pinned:
                self._chain.findings.append(finding("key-unhanded", position, key.key_id.hex()))
        if self._begins_with_nothing:
            self._chain.spans.clear()
        return self._chain

    def _announced(self, fact: Fact, key: VerifierKey) -> None:
        raw = _handover(fact)
        if raw is not None and self._handed_over(fact.position, key, raw):
            self._open.pop(key, None)
        elif not self._seen_any:
            if self._begins_with_nothing:
                self._chain.spans[key] = Span()
        elif raw is None or not self._begins_with_nothing:
            self._open.setdefault(key, fact.position)

    def _handed_over(self, position: int, key: VerifierKey, raw: bytes) -> bool:
        """Take a handover into account; return whether a trusted key has signed it, rightly or not."""
        found = ((old, head) for old in self._chain.spans if (head := _opened(raw, old, key)) is not None)
        old, head = next(found, (None, None))
        if old is None or head is None:
            return False
        span = self._chain.spans[old]
        if span.ended or not span.covers(head.size):
            self._chain.findings.append(finding("handover-refused", position, old.key_id.hex()))
        elif self._root_at(head.size) != head.root:
            self._chain.findings.append(finding("handover-mismatch", position, head.size))
        else:
            self._chain.spans[old] = replace(span, upto=head.size, ended=True)
            self._chain.spans[key] = replace(self._chain.spans.get(key, Span()), since=head.size)
        return True

    def _end(self, key: VerifierKey, size: int) -> None:
        span = self._chain.spans[key]
        self._chain.spans[key] = replace(span, upto=size if span.upto is None else min(size, span.upto), ended=True)


def _key(words: str) -> VerifierKey | None:
    try:
        return VerifierKey.parse(words)
    except MalformedNote:
        return None


def _handover(fact: Fact) -> bytes | None:
    """Return the handover that an announcement names, as far as it is there."""
    named = fact.event.handover if isinstance(fact.event, KeyAnnounced) else None
    return None if named is None else fact.documents.get(named, b"").replace(b"\r\n", b"\n")


def claimed(raw: bytes | None) -> TreeHead | None:
    """Return what a checkpoint claims, whoever signed it; None where it is none."""
    try:
        return None if raw is None else TreeHead.parse(parse_note(raw).text)
    except MalformedNote:
        return None


def _opened(raw: bytes, old: VerifierKey, new: VerifierKey) -> TreeHead | None:
    """Return the head at which `old` hands over to `new`; None where it does not."""
    try:
        head = open_handover(raw, old).head
    except (MalformedNote, UnverifiedNote):
        return None
    return head if successor_in(head) == new else None
