"""A domain just large enough to be measured: points entered for members of a branch, months that are closed.

Events and deciders are of the kind the product has: a condition on what is on record, tags, exact points. The names are
the benchmark's own, so no ledger of the product can hold them.
"""

import typing
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import assert_never

from domain.decision import Catalogue, Command, Conflict, Context, Event, Fact, State, command, deciders, event
from domain.decision import members_of as members
from domain.ids import BranchId, PersonId
from domain.text import Text

# commands


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a month's list: who did what, and what it is worth."""

    person: PersonId
    item: str
    points: Decimal
    occurred_on: date


@command("enter-points")
class EnterPoints(Command):
    """Enter what one member did."""

    branch: BranchId
    person: PersonId
    item: str
    points: Decimal
    occurred_on: date


@command("enter-list")
class EnterList(Command):
    """Enter a whole list of a branch at once."""

    branch: BranchId
    lines: tuple[Line, ...]


@command("close-month")
class CloseMonth(Command):
    """Close a month of a branch: nothing more is entered into it."""

    branch: BranchId
    month: str


# events


@event("bench.PointsEntered.v1")
class PointsEntered(Event):
    """A member did something that is worth points."""

    branch: BranchId
    person: PersonId
    item: str
    points: Decimal
    occurred_on: date


@event("bench.MonthClosed.v1")
class MonthClosed(Event):
    """Nothing more is entered into this month."""

    branch: BranchId
    month: str


BenchEvent = PointsEntered | MonthClosed

# states


@dataclass(slots=True)
class PersonalRecord(State):
    """What one member was given, by month."""

    KIND = PersonId
    EVENTS = (PointsEntered,)
    by_month: dict[str, Decimal] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Add one more entry."""
        entered = typing.cast("PointsEntered", fact.event)
        month = month_of(entered.occurred_on)
        self.by_month[month] = self.by_month.get(month, Decimal(0)) + entered.points


@dataclass(slots=True)
class Months(State):
    """The months of a branch: how many entries they have, which of them are closed."""

    KIND = BranchId
    EVENTS = members(BenchEvent)
    entries: int = 0
    closed: set[str] = field(default_factory=set)

    def evolve(self, fact: Fact) -> None:
        """Take one more fact of the branch into account."""
        happened = typing.cast("BenchEvent", fact.event)
        match happened:
            case PointsEntered():
                self.entries += 1
            case MonthClosed():
                self.closed.add(happened.month)
            case _:
                assert_never(happened)


# deciders

MOST_A_MONTH = Decimal(1_000_000)
"""Never reached: the condition is checked, and holds."""


def enter_points(asked: EnterPoints, _context: Context, record: PersonalRecord) -> list[Event]:
    """Enter points, up to what a month can hold."""
    if record.by_month.get(month_of(asked.occurred_on), Decimal(0)) + asked.points > MOST_A_MONTH:
        raise Conflict("month-full", Text("本月积分已满。", "The month holds no more points."))
    return [_entered(asked.branch, asked)]


def enter_list(asked: EnterList, _context: Context, months: Months) -> list[Event]:
    """Enter a list, unless a month in it is closed."""
    if any(month_of(line.occurred_on) in months.closed for line in asked.lines):
        raise Conflict("month-closed", Text("该月已结账。", "That month is closed."))
    return [_entered(asked.branch, line) for line in asked.lines]


def close_month(asked: CloseMonth, _context: Context, months: Months) -> list[Event]:
    """Close a month, once."""
    return [] if asked.month in months.closed else [MonthClosed(branch=asked.branch, month=asked.month)]


def month_of(day: date) -> str:
    """Return a day's month, as in `2026-03`."""
    return day.isoformat()[:7]


def _entered(branch: BranchId, line: EnterPoints | Line) -> PointsEntered:
    return PointsEntered(
        branch=branch, person=line.person, item=line.item, points=line.points, occurred_on=line.occurred_on
    )


BENCH = Catalogue.of(members(BenchEvent), deciders(enter_points, enter_list, close_month))
