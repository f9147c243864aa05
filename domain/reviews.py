"""Review by the superior organisation on a member's request (A-13): asked for by himself, decided by the committee.

A review that is upheld changes nothing by itself: the correction procedure follows from it.
"""

import typing
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from domain.appointments import Offices
from domain.confirmation import Confirmations
from domain.decision import (
    Command,
    Conflict,
    Context,
    Event,
    Fact,
    NotFound,
    NotPermitted,
    State,
    command,
    deciders,
    event,
    members_of,
)
from domain.ids import PersonId, ReviewId, RoundId
from domain.objections import Objections
from domain.refusals import not_in_future, taken, unless_same
from domain.roles import DEPUTY_SECRETARY, DISCIPLINE, RECORDERS, SECRETARY
from domain.rounds import Round
from domain.sealed import Sealed
from domain.text import Text

# commands


@command("request-review", roles=RECORDERS, at="reviews")
class RequestReview(Command):
    """Ask the superior organisation to look at a confirmed or ruled result; a recorder may enter it for the person."""

    review: ReviewId
    round: RoundId
    person: PersonId
    ground: Sealed


@command(
    "decide-review",
    roles=(DISCIPLINE, SECRETARY, DEPUTY_SECRETARY),
    at="reviews/{review}/decision",
    changes=True,
    reach="decide",
)
class DecideReview(Command):
    """Decide a review for the committee, with its opinion."""

    review: ReviewId
    round: RoundId
    upheld: bool
    opinion: Sealed
    on: date


# events


@event("review.Requested.v1")
class ReviewRequested(Event):
    """A person's result is under review."""

    review: ReviewId
    round: RoundId
    person: PersonId
    ground: Sealed


@event("review.Decided.v1")
class ReviewDecided(Event):
    """The committee found the complaint right (`upheld`) or not."""

    review: ReviewId
    round: RoundId
    person: PersonId
    upheld: bool
    opinion: Sealed
    on: date


ReviewEvent = ReviewRequested | ReviewDecided


# state


@dataclass(slots=True)
class Reviews(State):
    """Every review of the ledger and how it was decided."""

    EVENTS = members_of(ReviewEvent)
    requested: dict[ReviewId, ReviewRequested] = field(default_factory=dict)
    decided: dict[ReviewId, ReviewDecided] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more fact about a review into account."""
        happened = typing.cast("ReviewEvent", fact.event)
        match happened:
            case ReviewRequested():
                self.requested[happened.review] = happened
            case ReviewDecided():
                self.decided[happened.review] = happened
            case _:
                assert_never(happened)

    def pending(self, person: PersonId, key: RoundId) -> bool:
        """Return whether a review of the person's result in a round waits for a decision."""
        return any(
            (asked.round, asked.person) == (key, person)
            for review, asked in self.requested.items()
            if review not in self.decided
        )


@dataclass(slots=True)
class Participants(State):
    """Who recorded anything in a round, whatever it was, except decisions on reviews."""

    KIND = RoundId
    people: set[str] = field(default_factory=set)

    def evolve(self, fact: Fact) -> None:
        """Remember who stood behind one more fact of the round."""
        if not isinstance(fact.event, ReviewDecided):
            self.people.add(fact.actor)


# deciders


def request_review(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: RequestReview,
    context: Context,
    this: Round,
    confirmations: Confirmations,
    objections: Objections,
    reviews: Reviews,
    offices: Offices,
) -> list[Event]:
    """Enter a request for review of a result that is confirmed, or that an objection was ruled on, one at a time."""
    if context.actor != asked.person:
        offices.require(asked, context, this.branch)
    this.require_open()
    known = reviews.requested.get(asked.review)
    if known is not None:
        return unless_same((known.round, known.person) == (asked.round, asked.person), taken(asked.review))
    if not _ruled_about(asked.person, objections):
        confirmations.require_confirmed(asked.person)
    if reviews.pending(asked.person, asked.round):
        raise Conflict("review-pending", _pending(asked.person))
    return [ReviewRequested(review=asked.review, round=asked.round, person=asked.person, ground=asked.ground)]


def decide_review(
    asked: DecideReview,
    context: Context,
    reviews: Reviews,
    participants: Participants,
    offices: Offices,
) -> list[Event]:
    """Decide a review at the committee, by somebody who had no part in the round and is not close to the person."""
    offices.require(asked, context)
    request = reviews.requested.get(asked.review)
    if request is None or request.round != asked.round:
        raise NotFound("unknown-review", _unknown(asked.review))
    offices.require_stranger(context, request.person)
    if context.actor in participants.people:
        raise NotPermitted("recused", _TOOK_PART)
    not_in_future(asked.on, context)
    known = reviews.decided.get(asked.review)
    if known is not None:
        return unless_same((known.upheld, known.on) == (asked.upheld, asked.on), _decided(known))
    return [
        ReviewDecided(
            review=asked.review,
            round=asked.round,
            person=request.person,
            upheld=asked.upheld,
            opinion=asked.opinion,
            on=asked.on,
        )
    ]


DECIDERS = deciders(request_review, decide_review)


def _ruled_about(person: PersonId, objections: Objections) -> bool:
    return any(case.stage == "ruled" and case.filed.about == person for case in objections.cases.values())


_TOOK_PART = Text(
    "参与过本次评定的，须回避复核；请由他人决定。",
    "Whoever took part in this round does not decide on its review; somebody else must.",
)


def _unknown(key: str) -> Text:
    return Text(
        f"本周期没有复核申请 {key}；请核对编号和周期。", f"This round has no review {key}; check the id and the round."
    )


def _pending(person: str) -> Text:
    return Text(
        f"{person} 的复核申请尚在办理；请等待决定。",
        f"A review of {person}'s result is pending; wait for its decision.",
    )


def _decided(known: ReviewDecided) -> Conflict:
    return Conflict(
        "already-decided",
        Text(
            f"复核 {known.review} 已于 {known.on} 作出决定。", f"The review {known.review} was decided on {known.on}."
        ),
    )
