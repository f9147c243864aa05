"""Occurrences that say the same, kept once, so that a sheet asks once what they are worth and whether they fit."""

from datetime import date
from decimal import Decimal

from domain.sheet.model import Entry, Occurrence

MOST_KEPT = 1 << 16
"""How many different occurrences are kept; where nearly all differ, keeping more would only fill the memory."""


class Occurrences:
    """The occurrences of one sheet that is being read, by what they say, numbers as written.

    2.5000000 is kept apart from 2.5, which it equals: it is finer than a score may be.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: dict[tuple[object, ...], Occurrence] = {}

    def of(  # noqa: PLR0913 - everything that an entry says
        self,
        item: str,
        points: Decimal | None,
        occurred_on: date | None,
        amount: Decimal | None = None,
        level: str = "",
        matter: str = "",
        *,
        judged: bool = False,
    ) -> Occurrence:
        """Return the occurrence that says this, the same one whenever it is asked for, as long as it is kept."""
        said = (item, _written(points), occurred_on, _written(amount), level, matter, judged)
        kept = self._kept.get(said)
        if kept is None:
            kept = Occurrence(item, points, occurred_on, amount, level, matter, judged)
            if len(self._kept) < MOST_KEPT:
                self._kept[said] = kept
        return kept


def entry_of(  # noqa: PLR0913 - everything that an entry says
    item: str,
    points: Decimal | None = None,
    occurred_on: date | None = None,
    sources: tuple[int, ...] = (),
    *,
    amount: Decimal | None = None,
    level: str = "",
    matter: str = "",
    judged: bool = False,
) -> Entry:
    """Return an entry with an occurrence of its own."""
    return Entry(Occurrence(item, points, occurred_on, amount, level, matter, judged), sources)


def _written(number: Decimal | None) -> str | None:
    return None if number is None else str(number)
