"""A ledger as what had happened by a day, whenever it was recorded: the second clock beside the order of recording.

With a position or a time of recording it answers both at once: as true on one day, as known on another (A3, A5). What
says no day of its own happened on the day it was recorded.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from domain.dates import civil_date
from domain.decision import Fact, Selector, State
from ledger.ledger import Ledger
from projections.history import occurred_on


class OccurredUntil(Ledger):
    """The same ledger without what happened after a day. Only read it: what it leaves out is not gone."""

    def __init__(self, ledger: Ledger, day: date) -> None:
        """Look at `ledger` as far as things had happened at the end of `day` (in China)."""
        self.__dict__.update(ledger.__dict__)
        self._day = day

    def read(
        self,
        selectors: Sequence[Selector] = (),
        *,
        after: int = 0,
        upto: int | None = None,
        limit: int | None = None,
    ) -> Iterator[Fact]:
        """Yield the facts that match and had happened by the day, oldest first."""
        left = limit
        for fact in super().read(selectors, after=after, upto=upto):
            if left == 0:
                return
            if happened_on(fact) <= self._day:
                left = None if left is None else left - 1
                yield fact

    def fold(self, kind: type[State], key: str = "", upto: int | None = None) -> State:
        """Return a state as what had happened makes it; what changes something that had not, changes nothing."""
        state = kind(key)
        for fact in self.read((kind.selector(key),), upto=upto):
            try:
                state.evolve(fact)
            except LookupError:
                continue
        return state


def happened_on(fact: Fact) -> date:
    """Return the day a fact is about: the one it says, else that of its recording (in China)."""
    return occurred_on(fact.event) or civil_date(fact.recorded_at)
