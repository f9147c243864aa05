"""Whom a round invites to rate a component, such as the staff who speak for the masses (A-10, A-19, AMB-A14)."""

import typing
from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.appointments import Offices
from domain.decision import Command, Context, Event, Fact, NotFound, NotPermitted, State, command, deciders, event
from domain.ids import PersonId, RoundId
from domain.roles import RECORDERS
from domain.rounds import Round
from domain.rulebook.model import Component
from domain.text import Text


@command("invite-raters", roles=RECORDERS, at="rounds/{round}/raters")
class InviteRaters(Command):
    """Enter the list of those invited to rate a component, such as the staff for the masses (AMB-A14)."""

    round: RoundId
    component: str
    raters: tuple[PersonId, ...]


@event("score.RatersInvited.v1")
class RatersInvited(Event):
    """These people were invited to rate a component."""

    round: RoundId
    component: str
    raters: tuple[PersonId, ...]


RaterEvent = RatersInvited


@dataclass(slots=True)
class Raters(State):
    """Who is invited to rate which component; a component without a list is open to whoever its kind of rater is."""

    KIND = RoundId
    EVENTS = (RatersInvited,)
    invited: dict[str, tuple[PersonId, ...]] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more list into account: the newest one counts."""
        happened = typing.cast("RaterEvent", fact.event)
        self.invited[happened.component] = happened.raters

    def require_invited(self, component: str, rater: PersonId) -> None:
        """Raise `NotPermitted` where there is a list and this rater is not on it."""
        invited = self.invited.get(component)
        if invited is not None and rater not in invited:
            raise NotPermitted("not-invited", _not_invited(rater, component))

    def check(self, component: Component, rater: PersonId, person: PersonId, offices: Offices) -> None:
        """Raise `NotPermitted` where this rater does not rate that person: himself, somebody close, uninvited."""
        if component.rater == "self" and rater != person:
            raise NotPermitted("not-himself", _NOT_HIMSELF)
        if component.rater != "self" and rater == person:
            raise NotPermitted("own-case", _OWN_SCORE)
        if offices.related(rater, person):
            raise NotPermitted("recused", _RATER_RELATED)
        self.require_invited(component.code, rater)


def invite_raters(
    asked: InviteRaters, context: Context, this: Round, invitations: Raters, offices: Offices
) -> list[Event]:
    """Enter the list of invited raters."""
    offices.require(asked, context, this.branch)
    component_of(this, asked.component)
    raters = tuple(dict.fromkeys(asked.raters))
    if invitations.invited.get(asked.component) == raters:
        return []
    return [RatersInvited(round=asked.round, component=asked.component, raters=raters)]


DECIDERS = deciders(invite_raters)


def component_of(this: Round, code: str) -> Component:
    """Return a column of the round's rulebook; `NotFound` where it has none of that code."""
    component = this.rulebook.leaves().get(code)
    if component is None:
        raise NotFound("unknown-component", _unknown_component(code, this.rulebook.leaves()))
    return component


_NOT_HIMSELF = Text("个人自评只能由本人给分。", "The self-assessment is given by the member himself.")
_OWN_SCORE = Text("不能给自己打分（个人自评除外）。", "Nobody scores himself, except in the self-assessment.")
_RATER_RELATED = Text(
    "评分人与当事人有已申报的关系或正结对帮扶，须回避；请由他人评分。",
    "Rater and rated are close, as declared, or one helps the other; somebody else rates him.",
)


def _unknown_component(code: str, known: Iterable[str]) -> Text:
    listed = list(known)
    return Text(
        f"办法中没有项目 {code}；有：{'、'.join(listed)}。",
        f"The rulebook has no component {code}; it has {', '.join(listed)}.",
    )


def _not_invited(rater: str, component: str) -> Text:
    return Text(
        f"{rater} 不在 {component} 的评分名单中。", f"{rater} is not on the list of those invited to rate {component}."
    )
