"""Whether small-branch mode holds: a flag for every page and answer (see `domain.separation`)."""

from dataclasses import dataclass
from datetime import datetime

from domain.decision import Selector
from domain.separation import SeparationRelaxed, SeparationRestored
from ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class SmallBranchMode:
    """Since when the separation of administrators and the second person do not hold, by whose decision and why."""

    since: datetime
    position: int
    decided_by: str
    reason: str


def small_branch_mode(ledger: Ledger, upto: int | None = None) -> SmallBranchMode | None:
    """Return the declaration that holds (as of a position), None where none does."""
    found = None
    for fact in ledger.read((Selector((SeparationRelaxed.NAME, SeparationRestored.NAME)),), upto=upto):
        event = fact.event
        if isinstance(event, SeparationRelaxed):
            found = SmallBranchMode(fact.recorded_at, fact.position, event.decided_by, event.reason)
        else:
            found = None
    return found
