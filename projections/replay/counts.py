"""Whether what a box was counted to fits the facts about it: what went out, what came back, which marks it has.

What was voted cannot be counted again: the sheets are destroyed with the key (design §3, Ballots). What is left to
check is everything around the counts.
"""

from collections.abc import Iterator

from domain.ballot_boxes import Box
from domain.ballot_closing import cell_fits
from domain.ballots import BallotsCounted, BoxClosed
from domain.decision import Fact
from projections.replay.books import Books
from projections.replay.owed import cell_of

Unfit = tuple[Fact, str, str | None, str | None]
"""A fact, the name of a number in it, the number, and what it should be."""


def unfit_counts(books: Books, facts: list[Fact]) -> Iterator[Unfit]:
    """Yield the numbers of a closed box that do not fit it: its totals, then counts that it cannot have come to."""
    closed = next((fact.event for fact in facts if isinstance(fact.event, BoxClosed)), None)
    for fact in facts:
        if isinstance(fact.event, BoxClosed):
            yield from _unfit_totals(fact, fact.event, books.box(fact.event.box))
        elif isinstance(fact.event, BallotsCounted) and not _fits(books, fact.event, closed):
            valid = fact.event.valid
            yield fact, "counts", "withheld" if valid is None else str(valid), None


def _unfit_totals(fact: Fact, closed: BoxClosed, box: Box) -> Iterator[Unfit]:
    if box.opened is None:
        yield fact, "fact", BoxClosed.NAME, None
        return
    returned = sum(each.returned for each in closed.groups)
    totals = {
        "issued": (closed.issued, box.issued_in_all),
        "returned": (closed.returned, returned),
        "valid": (closed.valid, returned - closed.void),
        **{f"issued.{each.group}": (each.issued, box.issued(each.group)) for each in closed.groups},
    }
    yield from ((fact, name, str(said), str(real)) for name, (said, real) in totals.items() if said != real)


def _fits(books: Books, counted: BallotsCounted, closed: BoxClosed | None) -> bool:
    opened = books.box(counted.box).opened
    if closed is None or opened is None or counted.withheld != (counted.valid is None):
        return False
    sheets = {each.group: each.returned for each in closed.groups}
    return cell_fits(cell_of(counted), opened, sheets)
