"""Parts of a year: each is settled when its list is adopted, and drawn into the annual round (B-5, B-40, B-47).

A part is a month, a quarter or a half-year, as the rulebook says; what is said of months holds for each of them.

AMB-B4: a month's star is only proposed. AMB-B26: a month without a meeting is never settled, hence not assessed.
AMB-A15: a member's months come along from the branch he was in.
"""

import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from domain.appointments import Offices
from domain.decision import Command, Context, Event, Fact, Refused, State, command, deciders, event
from domain.drawn import ComponentPoints
from domain.ids import BranchId, PersonId, RoundId, RulebookId
from domain.lists import Lists
from domain.roles import RECORDERS
from domain.rounds import Round, RoundOpened
from domain.scores import Scores
from domain.tally import Components, ResultComputed, Results, own_components
from domain.text import Text

# commands


@command("settle-month", roles=RECORDERS, at="rounds/{round}/settlement")
class SettleMonth(Command):
    """Enter that a month's adopted results stand for the year."""

    round: RoundId
    branch: BranchId


# events


@event("month.Settled.v1")
class MonthSettled(Event):
    """What a month came to for a member: exact components, published total, proposed star."""

    round: RoundId
    branch: BranchId
    person: PersonId
    period: str
    components: tuple[ComponentPoints, ...]
    total: Decimal | None
    star: int | None
    label: str


MonthEvent = MonthSettled
Part = tuple[RulebookId, str]
"""A period of a scheme."""


# state


@dataclass(frozen=True, slots=True)
class Settled:
    """A settled month with the position of its fact."""

    month: MonthSettled
    position: int


@dataclass(slots=True)
class Months(State):
    """Every settled month of everybody, by person, rulebook and period: two schemes may have a month each."""

    EVENTS = (MonthSettled, RoundOpened)
    settled: dict[PersonId, dict[Part, Settled]] = field(default_factory=dict)
    rulebooks: dict[RoundId, RulebookId] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more settled month into account."""
        happened = typing.cast("MonthEvent | RoundOpened", fact.event)
        if isinstance(happened, RoundOpened):
            self.rulebooks[happened.round] = happened.rulebook
            return
        part = (self.rulebooks.get(happened.round, RulebookId("")), happened.period)
        self.settled.setdefault(happened.person, {})[part] = Settled(happened, fact.position)

    def counting_in(self, this: Round, person: PersonId) -> list[Settled]:
        """Return a person's settled periods, under the round's rulebook, that count in that of the round, in order."""
        known, rulebook = self.settled.get(person, {}), this.require_open().rulebook
        return [known[rulebook, each] for each in this.rulebook.counted_in(this.period) if (rulebook, each) in known]

    def of(self, this: Round, person: PersonId) -> Settled | None:
        """Return what the round's period was settled as for a person; None where it is not."""
        opened = this.require_open()
        return self.settled.get(person, {}).get((opened.rulebook, opened.period))


# deciders


def settle_month(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: SettleMonth,
    context: Context,
    this: Round,
    scores: Scores,
    results: Results,
    lists: Lists,
    months: Months,
    offices: Offices,
) -> list[Event]:
    """Settle a month whose list a meeting adopted, for everybody on it."""
    this.require_branch(asked.branch)
    offices.require(asked, context, this.branch)
    if not this.is_part:
        raise Refused("not-a-month", _not_a_month(this.period))
    lists.require_adopted()
    own = carried_alone(this, scores)
    found = [settlement(this, result, own) for result in results.latest.values() if result.status != "incomplete"]
    known = {person: months.of(this, person) for person in results.latest}
    return [month for month in found if not (was := known[month.person]) or was.month != month]


def carried_alone(this: Round, scores: Scores) -> Mapping[PersonId, Components]:
    """Return what the period alone gave everybody where points carry on from it; nothing where it stands alone."""
    return own_components(this, scores) if this.is_part and this.draws_periods else {}


def settlement(this: Round, result: ResultComputed, own: Mapping[PersonId, Components]) -> MonthSettled:
    """Return a settled part of the year: where points carry on, the total so far with what the part alone gave."""
    return MonthSettled(
        round=result.round,
        branch=this.branch,
        person=result.person,
        period=this.period,
        components=own.get(result.person, result.components),
        total=result.total,
        star=result.star,
        label=result.label,
    )


DECIDERS = deciders(settle_month)


def _not_a_month(period: str) -> Text:
    return Text(
        f"{period} 不是年度中的一期；只有合成年度的月份、季度或半年需要结转。",
        f"{period} is no part of a year; only the months, quarters or half-years that make a year are settled.",
    )
