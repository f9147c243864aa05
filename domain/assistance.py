"""Plans of assistance and rectification 帮扶整改 as facts: who helps whom, from when until when (A-37, A-38, AMB-A17).

`domain.improvement` decides. Helper and helped keep out of each other's cases while the plan is open (AMB-B21):
`Offices.related` counts them among those who are close.
"""

import typing
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, assert_never

from domain.decision import Event, Fact, NotFound, State, event, members_of
from domain.ids import BranchId, ImprovementId, PersonId, RoundId
from domain.sealed import Sealed
from domain.text import Text

Outcome = Literal["reached", "partly", "not_reached"]


# events


@event("improvement.Opened.v1")
class ImprovementOpened(Event):
    """A person has a plan and a helper under a clause of the rulebook."""

    improvement: ImprovementId
    round: RoundId
    person: PersonId
    branch: BranchId
    helper: PersonId
    lost_points: Sealed
    goal: Sealed
    measures: Sealed
    review_on: date
    clause: str


@event("improvement.Checked.v1")
class ImprovementChecked(Event):
    """A plan was looked at on a day."""

    improvement: ImprovementId
    round: RoundId
    person: PersonId
    on: date
    progress: Sealed


@event("improvement.Closed.v1")
class ImprovementClosed(Event):
    """A plan ended with an outcome on a day."""

    improvement: ImprovementId
    round: RoundId
    person: PersonId
    on: date
    outcome: Outcome
    branch_opinion: Sealed
    superior_opinion: Sealed | None


ImprovementEvent = ImprovementOpened | ImprovementChecked | ImprovementClosed


# state


@dataclass(slots=True)
class Improvements(State):
    """Every plan of the ledger, its days of checking, and how it ended."""

    EVENTS = members_of(ImprovementEvent)
    opened: dict[ImprovementId, ImprovementOpened] = field(default_factory=dict)
    checked: dict[ImprovementId, set[date]] = field(default_factory=dict)
    closed: dict[ImprovementId, ImprovementClosed] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more fact about a plan into account."""
        happened = typing.cast("ImprovementEvent", fact.event)
        match happened:
            case ImprovementOpened():
                self.opened[happened.improvement] = happened
            case ImprovementChecked():
                self.checked.setdefault(happened.improvement, set()).add(happened.on)
            case ImprovementClosed():
                self.closed[happened.improvement] = happened
            case _:
                assert_never(happened)

    def require_opened(self, improvement: ImprovementId) -> ImprovementOpened:
        """Return how a plan was opened; `NotFound` where none was."""
        if improvement not in self.opened:
            raise NotFound("unknown-improvement", _unknown(improvement))
        return self.opened[improvement]

    def open_plans(self) -> list[ImprovementOpened]:
        """Return the plans that have not been closed, in the order of opening."""
        return [plan for key, plan in self.opened.items() if key not in self.closed]


def _unknown(key: str) -> Text:
    return Text(f"没有帮扶整改 {key}；请核对编号。", f"There is no plan {key}; check the id.")
