"""Facts as they are stored, for whoever may see them whole: the entry's exact bytes with its hash in the tree (A1)."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from domain.decision import Fact
from domain.text import Text
from ledger.ledger import Ledger
from ledger.store import Row
from projections.answers.auditing import facts_of
from projections.disclosed_facts import FactReader
from projections.disclosed_rows import RowCurtain
from projections.fact_notes import WITHHELD


class WhyWithheld(msgspec.Struct, frozen=True):
    """Under which clause something is not shown, and why."""

    field: str
    clause: str
    why: Text


class FactTold(msgspec.Struct, frozen=True):
    """One fact of the feed: `leaf` is the hash (hex) of `entry`, which is missing where the reader may not see it."""

    position: int
    type: str
    recorded_at: datetime
    leaf: str
    entry: str | None
    withheld: WhyWithheld | None


def facts_told(ledger: Ledger, curtain: RowCurtain, after: int, upto: int) -> Iterator[FactTold]:
    """Yield the facts after a position as a viewer may see them: whole, or that they are there."""
    reader = facts_of(curtain)
    for fact, row in zip(ledger.read(after=after, upto=upto), ledger.rows(after=after, upto=upto), strict=True):
        yield _told(fact, row, reader)


def _told(fact: Fact, row: Row, reader: FactReader | None) -> FactTold:
    hidden = None if reader is None else reader.not_whole(fact)
    why = None if hidden is None else WhyWithheld(hidden.field, hidden.clause, hidden.why)
    return FactTold(
        position=row.position,
        type=row.type if hidden is None else WITHHELD,
        recorded_at=row.recorded_at,
        leaf=row.leaf.hex(),
        entry=bytes(row.entry).decode() if hidden is None else None,
        withheld=why,
    )
