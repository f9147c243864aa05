"""Private words, once their reading is on record: the one place that resolves them for a reader (design §3, A7)."""

from domain.decision import Refused
from domain.private_matter import PrivateMatters
from domain.private_reading import SealedRead, erased_by
from ledger.ledger import Ledger
from projections.folding import folded


def words_read(ledger: Ledger, reading: int) -> tuple[int, str | None]:
    """Return which fact a recorded reading is of, and the words beside it; `Refused` if they were erased since."""
    (read,) = (fact.event for fact in ledger.read(after=reading - 1, upto=reading))
    matters = folded(ledger, PrivateMatters)
    if not isinstance(read, SealedRead):
        raise TypeError(read)
    private = matters.require(read.fact, None)
    words = ledger.words((private.digest,)).get(private.digest)
    if words is None and private.digest in matters.erased_by:
        raise Refused("erased", erased_by(matters.erased_by[private.digest]))
    return private.position, words
