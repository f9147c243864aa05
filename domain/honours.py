"""Recommending members to the superior organisation, and the awards that follow (A-36, A-44, A-45)."""

import typing
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from domain.appointments import Offices
from domain.confirmation import Confirmations
from domain.consequences import RECOMMENDATION, following_from, require_consequence, require_settled
from domain.decision import (
    Command,
    Conflict,
    Context,
    Event,
    Fact,
    Refused,
    State,
    command,
    deciders,
    event,
    members_of,
)
from domain.earlier import EarlierStars
from domain.ids import PersonId, RoundId
from domain.refusals import not_in_future, unless_same
from domain.roles import REGISTER_KEEPERS, SECRETARIES
from domain.rounds import Round
from domain.scores import Scores
from domain.tally import Results
from domain.text import Text
from domain.vetoes import Vetoes

# commands


@command("recommend-member", roles=SECRETARIES, at="rounds/{round}/recommendations")
class RecommendMember(Command):
    """Recommend a member for an honour to a superior body, on the strength of his confirmed star."""

    round: RoundId
    person: PersonId
    honour: str
    to_body: str


@command("grant-award", roles=REGISTER_KEEPERS, at="rounds/{round}/awards")
class GrantAward(Command):
    """Enter that a body granted a recommended member the honour."""

    round: RoundId
    person: PersonId
    honour: str
    awarded_by: str
    on: date


# events


@event("honour.MemberRecommended.v1")
class MemberRecommended(Event):
    """A member of this star stands recommended under a clause of the rulebook."""

    round: RoundId
    person: PersonId
    honour: str
    to_body: str
    star: int
    clause: str


@event("honour.AwardGranted.v1")
class AwardGranted(Event):
    """A member bears an honour since a day."""

    round: RoundId
    person: PersonId
    honour: str
    awarded_by: str
    on: date


HonourEvent = MemberRecommended | AwardGranted


# state


@dataclass(slots=True)
class Honours(State):
    """Who was recommended for what in a round, and what was granted."""

    KIND = RoundId
    EVENTS = members_of(HonourEvent)
    recommended: dict[tuple[PersonId, str], list[MemberRecommended]] = field(default_factory=dict)
    granted: dict[tuple[PersonId, str], AwardGranted] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more recommendation or award into account."""
        happened = typing.cast("HonourEvent", fact.event)
        match happened:
            case MemberRecommended():
                self.recommended.setdefault((happened.person, happened.honour), []).append(happened)
            case AwardGranted():
                self.granted[happened.person, happened.honour] = happened
            case _:
                assert_never(happened)


# deciders


def recommend_member(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: RecommendMember,
    context: Context,
    this: Round,
    scores: Scores,
    results: Results,
    confirmations: Confirmations,
    vetoes: Vetoes,
    earlier: EarlierStars,
    honours: Honours,
    offices: Offices,
) -> list[Event]:
    """Recommend a member whose confirmed star allows it; nobody recommends himself."""
    offices.require(asked, context, this.branch)
    offices.require_stranger(context, asked.person)
    confirmed = require_settled(asked.person, this, results, confirmations, vetoes)
    drawn = following_from(this, scores, results, earlier, asked.person)
    consequence = require_consequence(this.rulebook, RECOMMENDATION, confirmed, drawn)
    recommended = MemberRecommended(
        round=asked.round,
        person=asked.person,
        honour=asked.honour,
        to_body=asked.to_body,
        star=confirmed.star,
        clause=consequence.clause,
    )
    return [] if recommended in honours.recommended.get((asked.person, asked.honour), []) else [recommended]


def grant_award(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: GrantAward,
    context: Context,
    this: Round,
    scores: Scores,
    results: Results,
    confirmations: Confirmations,
    vetoes: Vetoes,
    earlier: EarlierStars,
    honours: Honours,
    offices: Offices,
) -> list[Event]:
    """Enter an award after a recommendation, once, while the star it rests on still stands."""
    offices.require(asked, context, this.branch)
    offices.require_stranger(context, asked.person)
    not_in_future(asked.on, context)
    granted = AwardGranted(
        round=asked.round, person=asked.person, honour=asked.honour, awarded_by=asked.awarded_by, on=asked.on
    )
    known = honours.granted.get((asked.person, asked.honour))
    if known is not None:
        return unless_same(known == granted, Conflict("already-granted", _granted(known)))
    if (asked.person, asked.honour) not in honours.recommended:
        raise Refused("not-recommended", _not_recommended(asked))
    confirmed = require_settled(asked.person, this, results, confirmations, vetoes)
    drawn = following_from(this, scores, results, earlier, asked.person)
    require_consequence(this.rulebook, RECOMMENDATION, confirmed, drawn)
    return [granted]


DECIDERS = deciders(recommend_member, grant_award)


def _granted(known: AwardGranted) -> Text:
    return Text(
        f"「{known.honour}」已由 {known.awarded_by} 于 {known.on} 授予 {known.person}；请核对。",
        f"'{known.honour}' was granted to {known.person} by {known.awarded_by} on {known.on}; check.",
    )


def _not_recommended(asked: GrantAward) -> Text:
    return Text(
        f"{asked.person} 未被推荐参评「{asked.honour}」；请先登记推荐。",
        f"{asked.person} was not recommended for '{asked.honour}'; enter the recommendation first.",
    )
