"""Confirmed stars, and the corrections that reopen them. A confirmation stays in the history for ever (AMB-B28).

Here are the facts and what they come to; `domain.confirming` decides who can be confirmed, `domain.corrections` on
what is to be corrected.
"""

import typing
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, assert_never

from domain.decision import Event, Fact, NotFound, State, event, members_of
from domain.ids import CorrectionId, NoticeId, ObjectionId, PersonId, ReviewId, RoundId
from domain.sealed import Sealed
from domain.text import Text
from domain.verdicts import Verdict


@event("star.Confirmed.v1")
class StarConfirmed(Event):
    """A body confirmed a member's star; `supersedes` is the position of the confirmation it replaces."""

    round: RoundId
    person: PersonId
    star: int
    label: str
    total: Decimal | None
    notice: NoticeId
    tally: int
    body: str
    supersedes: int | None
    verdict: Verdict | None = None
    seconded_by: PersonId | None = None


@event("star.ConfirmationRefused.v1")
class ConfirmationRefused(Event):
    """Somebody asked to confirm what could not be confirmed yet."""

    round: RoundId
    people: tuple[PersonId, ...]
    code: str


@event("correction.Opened.v1")
class CorrectionOpened(Event):
    """A confirmed star is in question; `decided` where a ruling has settled already what is to change."""

    round: RoundId
    correction: CorrectionId
    person: PersonId
    cause: Sealed | None
    objection: ObjectionId | None
    review: ReviewId | None
    decided: bool


@event("correction.Decided.v1")
class CorrectionDecided(Event):
    """What the correction came to; `touched` is everybody whose result it changed."""

    round: RoundId
    correction: CorrectionId
    person: PersonId
    verdict: Literal["upheld", "dismissed"]
    findings: Sealed
    body: str
    touched: tuple[PersonId, ...]


ConfirmationEvent = StarConfirmed | ConfirmationRefused | CorrectionOpened | CorrectionDecided


@dataclass(slots=True)
class Confirmations(State):
    """The newest confirmation of each person, and the corrections by id (decided or not)."""

    KIND = RoundId
    EVENTS = members_of(ConfirmationEvent)
    stars: dict[PersonId, StarConfirmed] = field(default_factory=dict)
    positions: dict[PersonId, int] = field(default_factory=dict)
    corrections: dict[CorrectionId, CorrectionOpened] = field(default_factory=dict)
    undecided: set[CorrectionId] = field(default_factory=set)

    def evolve(self, fact: Fact) -> None:
        """Take one more confirmation or correction into account."""
        happened = typing.cast("ConfirmationEvent", fact.event)
        match happened:
            case StarConfirmed():
                self.stars[happened.person] = happened
                self.positions[happened.person] = fact.position
            case CorrectionOpened():
                self.corrections[happened.correction] = happened
                if not happened.decided:
                    self.undecided.add(happened.correction)
            case CorrectionDecided():
                self.undecided.discard(happened.correction)
            case ConfirmationRefused():
                pass
            case _:
                assert_never(happened)

    @property
    def in_question(self) -> set[PersonId]:
        """Return the people whose confirmed stars an undecided correction questions."""
        return {self.corrections[correction].person for correction in self.undecided}

    def require_confirmed(self, person: PersonId) -> StarConfirmed:
        """Return a person's newest confirmation; `NotFound` where there is none."""
        if person not in self.stars:
            raise NotFound("not-confirmed", _not_confirmed(person))
        return self.stars[person]


def _not_confirmed(person: str) -> Text:
    return Text(f"{person} 的星级尚未确认。", f"The star of {person} has not been confirmed yet.")
