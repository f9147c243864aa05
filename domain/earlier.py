"""Stars of earlier years, from the ledger's own confirmations: what a consequence over several years asks (§3.18).

A person takes them along to another branch: what counts is the rulebook, for stars of different rulebooks mean
different things (AMB-A2). A year without a confirmation is not known, which is said; it is never taken for a low star.
"""

import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from domain.confirmation import StarConfirmed
from domain.decision import Fact, State
from domain.ids import PersonId, RoundId, RulebookId
from domain.rounds import Round, RoundOpened
from domain.rulebook.periods import kind_of

_NOT_EVALUATED = {"exempt", "newcomer"}


@dataclass(frozen=True, slots=True)
class EarlierStar:
    """The star of one year, None for a year without an evaluation, and the position of its confirmation."""

    star: int | None
    position: int


@dataclass(slots=True)
class EarlierStars(State):
    """The newest confirmed star of everybody by rulebook and year, whichever branch confirmed it."""

    EVENTS = (RoundOpened, StarConfirmed)
    rounds: dict[RoundId, RoundOpened] = field(default_factory=dict)
    stars: dict[tuple[RulebookId, PersonId], dict[str, EarlierStar]] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more round or confirmation into account."""
        happened = typing.cast("RoundOpened | StarConfirmed", fact.event)
        match happened:
            case RoundOpened():
                self.rounds[happened.round] = happened
            case StarConfirmed():
                self._confirmed(happened, fact.position)
            case _:
                assert_never(happened)

    def _confirmed(self, star: StarConfirmed, position: int) -> None:
        opened = self.rounds[star.round]
        if kind_of(opened.period) != "year":
            return
        of_person = self.stars.setdefault((opened.rulebook, star.person), {})
        why = "" if star.verdict is None else star.verdict.unrated
        if star.star or why:
            of_person[opened.period] = EarlierStar(None if why in _NOT_EVALUATED else star.star, position)
        else:  # a fact from before it was said why there is no star: not known
            of_person.pop(opened.period, None)

    def before(self, this: Round, person: PersonId) -> Mapping[str, EarlierStar]:
        """Return a person's stars of the years before a round under its rulebook, as far as that still has them."""
        rules, opened = this.rulebook, this.require_open()
        known = {None, 0, *(band.star for band in rules.bands)}
        year = rules.year.year_of(opened.period)
        found = self.stars.get((opened.rulebook, person), {})
        return {of: each for of, each in found.items() if of < year and each.star in known}
