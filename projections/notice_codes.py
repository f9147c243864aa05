"""The code on a notice: which list exactly it is, so that a copy can be held against the facts it was posted by.

    head    the Merkle root over the entries that one posting recorded: the notice and its lines, in order (RFC 6962)
    code    the first 80 bits of the head in Crockford's base 32, four groups of four: `7C4K-0M2X-…`

    heads   the root over the ledger's facts up to the notice's last, and the head over those of them that mention the
            round (`ledger.archive.heads`): printed with the notice, so that what is left out of an extract, or of
            the ledger, shows. Both follow from the ledger whenever they are asked for.

A code says nothing about the list, and nobody can make a list to a code: a chance of one in 2⁸⁰ for each try.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from domain.decision import Fact, Selector
from domain.notices import LinePosted, NoticePosted
from ledger import tree
from ledger.archive import heads
from ledger.ledger import Ledger
from ledger.proofs import roots_at

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, LETTERS, BITS = 4, 4, 5
CODE = re.compile(f"[{ALPHABET}]{{{GROUPS * LETTERS}}}")
_LOOK_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V", "-": None, " ": None, "－": None})
OF_A_NOTICE = (NoticePosted.NAME, LinePosted.NAME)


@dataclass(frozen=True, slots=True)
class CodedNotice:
    """A notice with its code and head, and the positions of the facts that they are made of."""

    round: str
    notice: str
    code: str
    head: bytes
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class NoticeHeads:
    """What travels with a notice: the root over the first `size` facts, the head over the round's among them (hex)."""

    size: int
    root: str
    round_head: str


def heads_of(ledger: Ledger, coded: CodedNotice) -> NoticeHeads:
    """Return the heads as they were when the notice was posted, made of the entries: a walk over all of them."""
    size = coded.last
    found = heads.head_of(ledger, f"round:{coded.round}", size)
    return NoticeHeads(size, roots_at(ledger, [size]).get(size, b"").hex(), found.head.hex())


def coded_notices(ledger: Ledger, upto: int | None = None, round_id: str | None = None) -> list[CodedNotice]:
    """Return every notice of the ledger, or of one round, in the order of posting."""
    tags = () if round_id is None else (f"round:{round_id}",)
    posted = list(ledger.read((Selector((NoticePosted.NAME,), tags),), upto=upto))
    return [_coded(ledger, fact, fact.event) for fact in posted if isinstance(fact.event, NoticePosted)]


def _coded(ledger: Ledger, fact: Fact, posted: NoticePosted) -> CodedNotice:
    """Return the notice that a fact begins: what one command recorded stands together."""
    before = fact.position - 1
    tagged = ledger.read((Selector(OF_A_NOTICE, (f"notice:{posted.notice}",)),), after=before)
    *_, last = (one.position for one in takewhile(lambda one: one.command_id == fact.command_id, tagged))
    head = head_of(row.entry for row in ledger.rows(after=before, upto=last))
    return CodedNotice(posted.round, posted.notice, code_of(head), head, fact.position, last)


def head_of(entries: Iterable[bytes]) -> bytes:
    """Return the Merkle root over entries (32 bytes)."""
    return tree.root(tree.frontier_of(map(tree.leaf_hash, entries)))


def code_of(head: bytes) -> str:
    """Return the code that a head has."""
    bits = GROUPS * LETTERS * BITS
    number = int.from_bytes(head) >> len(head) * 8 - bits
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(bits - BITS, -1, -BITS))
    return "-".join(letters[at : at + LETTERS] for at in range(0, len(letters), LETTERS))


def read_code(typed: str) -> str | None:
    """Return a code as it is written, however it was typed: small letters, O for 0, I and L for 1; None for none."""
    letters = typed.strip().upper().translate(_LOOK_ALIKE)
    if not CODE.fullmatch(letters):
        return None
    return "-".join(letters[at : at + LETTERS] for at in range(0, len(letters), LETTERS))
