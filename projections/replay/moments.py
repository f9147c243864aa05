"""Whether a star could be confirmed at the moment at which it was: what the decider asked then, asked again.

Judged is what was on record before the confirmation, at the instant of its recording: the calendars that had been
published by then, the objections that were open then. What was recorded later changes nothing, whenever it happened.
"""

from contextlib import suppress
from dataclasses import dataclass, field

from domain.confirmation import Confirmations, StarConfirmed
from domain.confirming import obstacles
from domain.decision import Context, Fact, Refused
from domain.ids import PersonId
from domain.objections import Objections
from projections.replay.books import Books, RoundBook
from projections.replay.owed import UNFOUNDED


@dataclass(slots=True)
class _Cases:
    """What is open in a round beside its numbers: objections, and corrections of confirmed stars."""

    objections: Objections
    confirmations: Confirmations


@dataclass(slots=True)
class Moments:
    """Every round's objections and confirmations, as far as the facts have been read."""

    _rounds: dict[str, _Cases] = field(default_factory=dict)

    def take(self, fact: Fact) -> None:
        """Take one more fact into account; one that fits nothing before it is passed over."""
        round_id = str(getattr(fact.event, "round", ""))
        cases = self._of(round_id)
        for state in (cases.objections, cases.confirmations):
            if isinstance(fact.event, state.EVENTS):
                with suppress(*UNFOUNDED):
                    state.evolve(fact)

    def obstacle(self, books: Books, fact: Fact, confirmed: StarConfirmed) -> str | None:
        """Return the code of what stood between a person and this confirmation; None where it was allowed."""
        book = books.round(confirmed.round)
        try:
            book.this.require_final()
            book.lists.require_adopted()
        except Refused as refused:
            return refused.code
        found = books.once(("obstacles", confirmed.round), lambda: self._obstacles(books, book, fact))
        return found.get(confirmed.person)

    def _obstacles(self, books: Books, book: RoundBook, fact: Fact) -> dict[PersonId, str]:
        cases = self._of(book.this.key)
        states = (book.this, book.scores, book.results, book.notices, cases.objections, cases.confirmations)
        now = Context(fact.recorded_at, PersonId(fact.actor), fact.on_behalf_of)
        found = obstacles(now, *states, books.calendars, books.vetoes)
        return {person: each.code for person, each in found.items()}

    def _of(self, round_id: str) -> _Cases:
        return self._rounds.setdefault(round_id, _Cases(Objections(round_id), Confirmations(round_id)))
