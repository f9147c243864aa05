"""A round: one branch, one period, one version of one rulebook, and the roster of those it evaluates.

A-1, A-18: once a year, opened in January by the branch for the year past. A-20: formal and probationary members alike.
"""

import typing
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from domain.appointments import Offices
from domain.catalogues import Catalogues, parsed
from domain.dates import Days, civil_date
from domain.decision import (
    Command,
    Conflict,
    Context,
    Event,
    Fact,
    NotFound,
    Refused,
    State,
    command,
    deciders,
    event,
    members_of,
)
from domain.ids import BranchId, Document, GroupId, PersonId, RoundId, RulebookId
from domain.membership import Kind, Membership
from domain.organisation import Organisation
from domain.period_days import days_of
from domain.posts import EverybodysPosts
from domain.roles import RECORDERS
from domain.rulebook.model import Rulebook
from domain.rulebook.periods import PERIOD_WRITTEN, kind_of
from domain.sealed import Sealed
from domain.text import Text

# commands


@command("open-round", roles=RECORDERS, at="rounds")
class OpenRound(Command):
    """Open the evaluation of a branch for a period that is over, on the roster of its last day (AMB-A5, AMB-A15)."""

    round: RoundId
    branch: BranchId
    period: str
    rulebook: RulebookId


# events


@event("round.Opened.v1")
class RoundOpened(Event):
    """A round is open, under this version of this document."""

    round: RoundId
    branch: BranchId
    period: str
    rulebook: RulebookId
    version: int
    document: Document
    roster_as_of: date


@event("round.MemberEnrolled.v1")
class MemberEnrolled(Event):
    """A member stands on the round's roster, as what he was on its last day; with his category where there are such."""

    round: RoundId
    person: PersonId
    kind: Kind
    group: GroupId | None
    joined: date
    category: str | None = None


@event("round.MemberExempted.v1")
class MemberExempted(Event):
    """A member is not evaluated in this round; `ground` is the rulebook's code, where it lists grounds."""

    round: RoundId
    person: PersonId
    decided_by: str
    reason: Sealed
    ground: str | None = None


RoundEvent = RoundOpened | MemberEnrolled | MemberExempted


# state


@dataclass(slots=True)
class Round(State):
    """The round's frame: branch, period, rulebook, roster in the order of enrolment, and who is exempt."""

    KIND = RoundId
    EVENTS = members_of(RoundEvent)
    opened: RoundOpened | None = None
    rules: Rulebook | None = None
    roster: dict[PersonId, MemberEnrolled] = field(default_factory=dict)
    exempt: set[PersonId] = field(default_factory=set)

    def evolve(self, fact: Fact) -> None:
        """Take one more fact of the round's frame into account."""
        happened = typing.cast("RoundEvent", fact.event)
        match happened:
            case RoundOpened():
                self.opened = happened
                self.rules = parsed(fact.document(happened.document))
            case MemberEnrolled():
                self.roster[happened.person] = happened
            case MemberExempted():
                self.exempt.add(happened.person)
            case _:
                assert_never(happened)

    def require_open(self) -> RoundOpened:
        """Return how the round was opened; `NotFound` where it was not."""
        if self.opened is None:
            raise NotFound("unknown-round", _unknown_round(self.key))
        return self.opened

    def require_enrolled(self, person: PersonId) -> MemberEnrolled:
        """Return a person's place on the roster; `NotFound` where he has none."""
        self.require_open()
        if person not in self.roster:
            raise NotFound("not-on-the-roster", _not_enrolled(person))
        return self.roster[person]

    def require_evaluated(self, person: PersonId) -> None:
        """Raise `Refused` where a person is exempt: nothing of him counts in the round."""
        if person in self.exempt:
            raise Refused("exempt", _exempt(person))

    def require_branch(self, branch: BranchId) -> None:
        """Raise `Refused` where the round is another branch's."""
        if self.branch != branch:
            raise Refused("other-branch", _other_branch(branch, self.branch))

    @property
    def branch(self) -> BranchId:
        """Return the branch that is evaluated."""
        return self.require_open().branch

    @property
    def period(self) -> str:
        """Return the period that is evaluated."""
        return self.require_open().period

    @property
    def rulebook(self) -> Rulebook:
        """Return the rulebook the round is pinned to."""
        self.require_open()
        return typing.cast("Rulebook", self.rules)

    @property
    def days(self) -> Days:
        """Return the days of the period, as the rulebook's year has them."""
        return days_of(self.period, self.rulebook.year)

    @property
    def is_part(self) -> bool:
        """Return whether this is one month, quarter or half-year of a scheme whose years are made of these."""
        return self.rulebook.is_part(self.period)

    @property
    def draws_periods(self) -> bool:
        """Return whether settled periods are drawn into this one: a year's, or earlier ones that carry on."""
        annual = self.rulebook.annual
        return self.rulebook.is_year(self.period) or (self.is_part and annual is not None and annual.carry)

    def require_final(self) -> None:
        """Raise `Refused` in a part of a year: its stars are only proposed (AMB-B4)."""
        if self.is_part:
            raise Refused("only-proposed", _only_proposed(self.period))

    @property
    def evaluated(self) -> list[PersonId]:
        """Return who is evaluated: the roster without the exempt."""
        return [person for person in self.roster if person not in self.exempt]


@dataclass(slots=True)
class Evaluations(State):
    """The rounds of a branch."""

    KIND = BranchId
    EVENTS = (RoundOpened,)
    rounds: list[RoundOpened] = field(default_factory=list)

    def evolve(self, fact: Fact) -> None:
        """Take one more round into account."""
        self.rounds.append(typing.cast("RoundOpened", fact.event))

    def of(self, period: str, rulebook: RulebookId) -> RoundOpened | None:
        """Return the round in which a rulebook is applied to a period, None where there is none yet."""
        return next((r for r in self.rounds if (r.period, r.rulebook) == (period, rulebook)), None)


# deciders


def open_round(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: OpenRound,
    context: Context,
    this: Round,
    evaluations: Evaluations,
    organisation: Organisation,
    membership: Membership,
    catalogues: Catalogues,
    posts: EverybodysPosts,
    offices: Offices,
) -> list[Event]:
    """Open a round and enrol everyone who was a member of the branch when the period ended; one a period (A-1)."""
    organisation.require_branch(asked.branch)
    offices.require(asked, context, asked.branch)
    if this.opened is not None:
        if (this.opened.branch, this.opened.period, this.opened.rulebook) == (
            asked.branch,
            asked.period,
            asked.rulebook,
        ):
            return []
        raise Conflict("id-taken", _round_taken(asked.round))
    if (known := evaluations.of(asked.period, asked.rulebook)) is not None:
        raise Conflict("already-evaluated", _already_evaluated(known))
    adopted, rules = catalogues.for_period(asked.rulebook, asked.period)
    last_day = days_of(asked.period, rules.year).last
    if civil_date(context.now) <= last_day:
        raise Refused("period-not-over", _not_over(asked.period, last_day))
    if not rules.has_period(asked.period):
        raise Refused("period-unfit", _period_unfit(asked.period, rules))
    _require_opening_day(asked.period, rules, context)
    if not membership.members_on(asked.branch, last_day):
        raise Refused("empty-roster", _nobody(asked.branch, last_day))
    opened = RoundOpened(
        round=asked.round,
        branch=asked.branch,
        period=asked.period,
        rulebook=asked.rulebook,
        version=adopted.version,
        document=adopted.document,
        roster_as_of=last_day,
    )
    return [opened, *enrolments(opened, rules, membership, posts)]


def enrolments(
    opened: RoundOpened, rules: Rulebook, membership: Membership, posts: EverybodysPosts
) -> list[MemberEnrolled]:
    """Return the roster of a round: who was a member of its branch on its day, and as what (AMB-A5, AMB-A15)."""
    day = opened.roster_as_of
    return [
        MemberEnrolled(
            round=opened.round,
            person=person,
            kind=stay.kind_on(day),
            group=stay.group_on(day),
            joined=membership.member_since(person, day),
            category=_category(rules, posts, person, day),
        )
        for person, stay in membership.members_on(opened.branch, day)
    ]


DECIDERS = deciders(open_round)


def _category(rules: Rulebook, posts: EverybodysPosts, person: PersonId, day: date) -> str | None:
    """Return the category of people of a member by his post; `Refused` where the rulebook has some and none is told."""
    if not rules.categories:
        return None
    found = rules.category_of("", posts.posts_on(person, day))
    if not found:
        raise Refused("category-unknown", _no_category(rules, person, day))
    return found


def _require_opening_day(period: str, rules: Rulebook, context: Context) -> None:
    """Raise `Refused` before the day after the year on which the rulebook opens rounds of a year (A-18, AMB-A18)."""
    ended = rules.year.end(period)
    if kind_of(period) != "year" or ended is None:
        return
    month, day = rules.calendar_opens
    opens = date(ended.year, month, day)
    if opens < ended:
        opens = date(ended.year + 1, month, day)
    if civil_date(context.now) < opens:
        raise Refused("opens-later", _opens_later(opens, rules.calendar_clause))


def _period_unfit(period: str, rules: Rulebook) -> Text:
    own = PERIOD_WRITTEN[rules.period]
    wanted = [own] if rules.annual is None else [own, PERIOD_WRITTEN["year"]]
    return Text(
        f"本办法不按「{period}」这样的周期评定；请写{'，或'.join(each.zh for each in wanted)}。",
        f"The rulebook gives no results for '{period}'; write the period {', or '.join(each.en for each in wanted)}.",
    )


def _unknown_round(key: str) -> Text:
    return Text(f"没有评定周期 {key}；请先开启，或核对编号。", f"There is no round {key}; open it, or check the id.")


def _not_enrolled(person: str) -> Text:
    return Text(
        f"{person} 不在本次评定名册中；名册以周期最后一天的组织关系为准。",
        f"{person} is not on this round's roster, which is the membership at the end of the period.",
    )


def _exempt(person: str) -> Text:
    return Text(
        f"{person} 本次免评，没有可登记或更正的分数。", f"{person} is exempt in this round: no score to enter or amend."
    )


def _round_taken(key: str) -> Text:
    return Text(
        f"编号 {key} 已用于另一次评定；请换一个编号。", f"The id {key} stands for another round; choose another."
    )


def _already_evaluated(known: RoundOpened) -> Text:
    return Text(
        f"该支部 {known.period} 周期已按同一办法开启评定 {known.round}；请在该次评定中继续。",
        f"The round {known.round} applies this rulebook to {known.period} already; go on with it.",
    )


def _no_category(rules: Rulebook, person: str, day: date) -> Text:
    posts = "、".join(post for each in rules.categories for post in each.posts)
    return Text(
        f"{person} 在 {day} 的岗位不能归入任何人员类别（{posts}）；请先登记岗位。",
        f"The post of {person} on {day} is of no category of people ({posts}); enter the post first.",
    )


def _not_over(period: str, last_day: date) -> Text:
    return Text(
        f"{period} 周期到 {last_day} 24 时才结束；此后方可开启评定。",
        f"The period {period} ends at 24:00 of {last_day}; the round can be opened after that.",
    )


def _opens_later(opens: date, clause: str) -> Text:
    return Text(
        f"依 {clause}，年度评定自 {opens} 起开启；请到时再办。",
        f"Under {clause} the year's round opens on {opens}; open it then.",
    )


def _nobody(branch: str, day: date) -> Text:
    return Text(
        f"支部 {branch} 在 {day} 没有党员；请先登记组织关系。",
        f"Branch {branch} had no member on {day}; enter the members first.",
    )


def _other_branch(asked: str, real: str) -> Text:
    return Text(f"本次评定属于支部 {real}，不是 {asked}。", f"The round is of branch {real}, not of {asked}.")


def _only_proposed(period: str) -> Text:
    return Text(
        f"{period} 的星级只是拟评，不公示确认；请结转并张贴展示台，年度再公示确认。",
        f"The stars of {period} are only proposed: settle the period and post its boards; the year is confirmed.",
    )
