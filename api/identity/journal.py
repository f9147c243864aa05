"""The access journal: refused sign-ins and denied requests, the newest alone, for the auditor. No fact is made of them.

What was typed is never kept, be it a name that is not there or a code: whose account it was, if there is one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import and_, delete, func, insert, select, update

from api.identity.shelf import Shelf
from api.identity.tables import journal
from api.principal import Principal

MOST: Final = 10_000
"""Lines of one ledger; older ones go, so nobody fills a disk by being refused."""
ASKED_AGAIN: Final = frozenset({"precondition-needed", "step-up-needed"})
"""What is asked again a moment later, with what was missing."""
MOST_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Line:
    """What was refused within a minute: which kind, by what means, whose account, at which route, how often."""

    number: int
    at: datetime
    code: str
    means: str
    person: str | None
    route: str
    count: int


class Journal:
    """Keeps the newest refusals."""

    def __init__(self, shelf: Shelf, most: int = MOST) -> None:
        """Keep `most` of them on this shelf."""
        self._shelf = shelf
        self._most = most

    def note(self, code: str, means: str, person: str | None, route: str) -> None:
        """Keep one more, to the minute, and let the oldest go; so a flood of the same moves one line alone."""
        at = self._shelf.now().replace(second=0, microsecond=0)
        own = journal.c.ledger_id == self._shelf.ledger_id
        line = {"ledger_id": self._shelf.ledger_id, "at": at, "code": code, "means": means, "route": route}
        whose = journal.c.person.is_(None) if person is None else journal.c.person == person
        same = and_(whose, *(journal.c[name] == value for name, value in line.items()))
        with self._shelf.changing() as connection:
            if connection.execute(update(journal).where(same).values(count=journal.c.count + 1)).rowcount:
                return
            connection.execute(insert(journal).values(**line, person=person))
            oldest = select(journal.c.number).where(own).order_by(journal.c.number.desc()).offset(self._most).limit(1)
            last = connection.execute(oldest).scalar()
            if last is not None:
                connection.execute(delete(journal).where(own, journal.c.number <= last))

    def refused(self, principal: Principal | None, code: str, route: str) -> None:
        """Note what somebody who has signed in was refused; others are noted where they sign in (`api.journal`)."""
        if principal is not None and code not in ASKED_AGAIN:
            self.note(code, principal.means, principal.person, route)

    def newest(self, before: int | None = None, limit: int = MOST_AT_ONCE) -> list[Line]:
        """Return the newest lines, those before a number; the newest first."""
        columns = [journal.c[name] for name in Line.__slots__]
        asked = select(*columns).where(journal.c.ledger_id == self._shelf.ledger_id)
        if before is not None:
            asked = asked.where(journal.c.number < before)
        with self._shelf.asking() as connection:
            rows = connection.execute(asked.order_by(journal.c.number.desc()).limit(limit))
            return [Line(*row) for row in rows]

    def size(self) -> int:
        """Return how many lines are kept."""
        asked = select(func.count()).select_from(journal).where(journal.c.ledger_id == self._shelf.ledger_id)
        with self._shelf.asking() as connection:
            return connection.execute(asked).scalar_one()
