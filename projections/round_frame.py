"""Everything that decides what is due in a round: its states up to a position, and the instant that is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.assistance import Improvements
from domain.calendars import Calendars
from domain.confirmation import Confirmations, StarConfirmed
from domain.confirming import Obstacle, confirmed_as_is, obstacles
from domain.decision import Context, Refused
from domain.earlier import EarlierStars
from domain.feedback import Feedbacks
from domain.following_up import NotedConsequences
from domain.ids import PersonId
from domain.lists import Lists
from domain.notices import Notices
from domain.objections import OPEN, Objections
from domain.reviews import Reviews
from domain.round_sheet import sheet_of
from domain.rounds import Round
from domain.scores import Scores
from domain.scoring import Outcome, PersonResult, score
from domain.scoring.following import Following
from domain.tally import Results
from domain.vetoes import VetoCounted, Vetoes
from ledger.ledger import Ledger
from projections.appraisal_return import Disposals
from projections.folding import folded

NOBODY = PersonId("")
"""Asks without standing in anybody's shoes: who may confirm is another question than who can be confirmed."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A round as it stood at `position`, looked at from the instant `now`.

    `outcome` is what the present scores come to, `incomplete` are those for whom a score or a condition is missing,
    `following` is what everybody's star leads to; `obstacles` say who cannot be confirmed at this instant and why: who
    is not among them can be, once a list is adopted.
    """

    now: datetime
    position: int
    this: Round
    scores: Scores
    results: Results
    lists: Lists
    notices: Notices
    objections: Objections
    confirmations: Confirmations
    calendars: Calendars
    feedbacks: Feedbacks
    improvements: Improvements
    reviews: Reviews
    noted: NotedConsequences
    disposals: Disposals
    vetoes: Vetoes
    outcome: Outcome
    incomplete: tuple[PersonResult, ...]
    following: Mapping[PersonId, tuple[Following, ...]]
    obstacles: Mapping[PersonId, Obstacle]

    @property
    def tally_is_current(self) -> bool:
        """Whether there is a tally, and nothing has changed since; a veto after the list waits for a ruling instead."""
        try:
            self.results.require_current(self.this, self.scores, None if self.lists.fixes_scores else self.vetoes)
        except Refused:
            return False
        return True

    @property
    def turned(self) -> tuple[VetoCounted, ...]:
        """Return the vetoes that wait for a ruling: declared or lifted since the list was proposed."""
        return self.vetoes.turned(self.this, self.results.vetoes) if self.lists.fixes_scores else ()

    @property
    def undecided_ties(self) -> bool:
        """Whether a body has yet to choose among people tied at a cap."""
        return self.results.tallied is not None and bool(self.results.tallied.undecided)

    @property
    def unposted(self) -> list[PersonId]:
        """Return the people whose present result does not hang."""
        return [person for person, result in self.results.latest.items() if not self.notices.shows(result)]

    @property
    def unconfirmed(self) -> list[PersonId]:
        """Return the people whose present result has not been confirmed."""
        return [p for p in self.this.roster if not confirmed_as_is(p, self.results, self.confirmations)]

    @property
    def unsettled(self) -> bool:
        """Whether an objection or a correction is open."""
        return bool(self.confirmations.undecided) or any(c.stage in OPEN for c in self.objections.cases.values())

    @property
    def without_feedback(self) -> list[StarConfirmed]:
        """Return the confirmations that have not been told to the person."""
        return [star for star in self.confirmations.stars.values() if not self._told(star)]

    def _told(self, star: StarConfirmed) -> bool:
        told = self.feedbacks.delivered.get(star.person)
        return told is not None and (told.star, told.total) == (star.star, star.total)


def frame_of(ledger: Ledger, round_id: str, now: datetime, upto: int) -> Frame:
    """Return a round's frame; `NotFound` where there is no such round."""
    this = folded(ledger, Round, round_id, upto)
    this.require_open()
    scores, results = folded(ledger, Scores, round_id, upto), folded(ledger, Results, round_id, upto)
    notices, objections = folded(ledger, Notices, round_id, upto), folded(ledger, Objections, round_id, upto)
    confirmations, calendars = folded(ledger, Confirmations, round_id, upto), folded(ledger, Calendars, "", upto)
    vetoes = folded(ledger, Vetoes, "", upto)
    earlier = folded(ledger, EarlierStars, "", upto)
    outcome = score(this.rulebook, sheet_of(this, scores, results.vetoes, earlier), results.decisions)
    asked = Context(now, NOBODY)
    return Frame(
        now=now,
        position=upto,
        this=this,
        scores=scores,
        results=results,
        lists=folded(ledger, Lists, round_id, upto),
        notices=notices,
        objections=objections,
        confirmations=confirmations,
        calendars=calendars,
        feedbacks=folded(ledger, Feedbacks, round_id, upto),
        improvements=folded(ledger, Improvements, "", upto),
        reviews=folded(ledger, Reviews, "", upto),
        noted=folded(ledger, NotedConsequences, round_id, upto),
        disposals=folded(ledger, Disposals, round_id, upto),
        vetoes=vetoes,
        outcome=outcome,
        incomplete=tuple(result for result in outcome.people if result.status == "incomplete"),
        following={PersonId(each.person): each.consequences for each in outcome.people},
        obstacles=obstacles(asked, this, scores, results, notices, objections, confirmations, calendars, vetoes),
    )
