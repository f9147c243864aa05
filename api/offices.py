"""Who holds which office at this moment, as the facts say: for every request, without folding them all again."""

import copy
from threading import Lock

from domain.appointments import Offices
from domain.dates import civil_date
from domain.ids import PersonId
from ledger.ledger import Ledger


class OfficesNow:
    """Keeps the offices of one ledger up to its newest fact."""

    def __init__(self, ledger: Ledger) -> None:
        """Read them from `ledger` when they are first asked for."""
        self._ledger = ledger
        self._turn = Lock()
        self._position = 0
        self._offices = Offices()

    def at_present(self) -> Offices:
        """Return the offices with every fact there is; what was returned before stays as it was."""
        with self._turn:
            size = self._ledger.head().size
            new = list(self._ledger.read((Offices.selector(""),), after=self._position, upto=size))
            if new:
                after = copy.deepcopy(self._offices)
                for fact in new:
                    after.evolve(fact)
                self._offices = after
            self._position = size
            return self._offices

    def held_today(self, person: PersonId, roles: tuple[str, ...]) -> bool:
        """Return whether a person holds one of the offices today, in any branch or in the committee."""
        return self.at_present().holds_anywhere(person, roles, civil_date(self._ledger.clock.unchecked()))
