"""Months inside a year: each is settled when its list is adopted, and drawn into the annual round (B-5, B-40, B-47).

AMB-B4: a month's star is only proposed. AMB-B26: a month without a meeting is never settled, hence not assessed.
AMB-A15: a member's months come along from the branch he was in.
"""

import typing
from dataclasses import dataclass, field
from decimal import Decimal

from domain.appointments import Offices
from domain.decision import Command, Context, Event, Fact, Refused, State, command, deciders, event
from domain.ids import BranchId, PersonId, RoundId
from domain.lists import Lists
from domain.roles import RECORDERS
from domain.rounds import Round
from domain.tally import ComponentPoints, ResultComputed, Results
from domain.text import Text

# commands


@command("settle-month", roles=RECORDERS)
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


# state


@dataclass(frozen=True, slots=True)
class Settled:
    """A settled month with the position of its fact."""

    month: MonthSettled
    position: int


@dataclass(slots=True)
class Months(State):
    """Every settled month of everybody, by person and period."""

    EVENTS = (MonthSettled,)
    settled: dict[PersonId, dict[str, Settled]] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more settled month into account."""
        month = typing.cast("MonthEvent", fact.event)
        self.settled.setdefault(month.person, {})[month.period] = Settled(month, fact.position)

    def of_year(self, person: PersonId, year: str) -> list[Settled]:
        """Return a person's settled months of a year, in order."""
        months = self.settled.get(person, {})
        return [months[period] for period in sorted(months) if period.startswith(f"{year}-")]


# deciders


def settle_month(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: SettleMonth,
    context: Context,
    this: Round,
    results: Results,
    lists: Lists,
    months: Months,
    offices: Offices,
) -> list[Event]:
    """Settle a month whose list a meeting adopted, for everybody on it."""
    this.require_branch(asked.branch)
    offices.require(asked, context, this.branch)
    if "-" not in this.period:
        raise Refused("not-a-month", _not_a_month(this.period))
    lists.require_adopted()
    found = [settlement(this, result) for result in results.latest.values() if result.status != "incomplete"]
    known = {person: months.settled.get(person, {}).get(this.period) for person in results.latest}
    return [month for month in found if not (was := known[month.person]) or was.month != month]


def settlement(this: Round, result: ResultComputed) -> MonthSettled:
    """Return a month's result as it stands for the year."""
    return MonthSettled(
        round=result.round,
        branch=this.branch,
        person=result.person,
        period=this.period,
        components=result.components,
        total=result.total,
        star=result.star,
        label=result.label,
    )


DECIDERS = deciders(settle_month)


def _not_a_month(period: str) -> Text:
    return Text(
        f"{period} 不是月份；只有月度评定需要结转。", f"{period} is not a month; only months are settled for the year."
    )
