"""What was found of the staff outside the Party, as facts: three aspects and a grade, posted, handed on (B-35, B-39).

`domain.staff_appraisal` decides where they are graded openly, `domain.ballot_closing` where it is by ballot.
"""

import typing
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from domain.catalogues import parsed
from domain.decision import Event, Fact, Refused, State, event, members_of
from domain.ids import BranchId, MeetingId, NoticeId, PersonId
from domain.meetings import MeetingClosed, MeetingConvened
from domain.period_days import days_of
from domain.rulebook.periods import CIVIL
from domain.text import Text

# events


@event("staff.Appraised.v2")
class StaffAppraised(Event):
    """A meeting graded somebody on the staff for a period."""

    meeting: MeetingId
    branch: BranchId
    person: PersonId
    period: str
    on: date
    attitude: str
    duties: str
    tasks: str
    overall: str


@event("staff.ResultsPosted.v1")
class StaffResultsPosted(Event):
    """A notice with the staff's results of a period hangs since it was recorded."""

    branch: BranchId
    notice: NoticeId
    period: str
    places: tuple[str, ...]
    contact: str


@event("staff.LinePosted.v2")
class StaffLinePosted(Event):
    """One person's line of that notice: what one meeting found."""

    branch: BranchId
    notice: NoticeId
    person: PersonId
    period: str
    attitude: str
    duties: str
    tasks: str
    overall: str


@event("staff.ResultsSent.v1")
class StaffResultsSent(Event):
    """The administration was given the staff's results of a period: how many appraisals, of whom."""

    branch: BranchId
    period: str
    to_body: str
    people: tuple[PersonId, ...]
    appraisals: int


@event("staff.Appraised.v1")
class StaffAppraisedV1(Event):
    """What a meeting found, as it was stored while 思想表现 was called thought; read as `StaffAppraised`."""

    meeting: MeetingId
    branch: BranchId
    person: PersonId
    period: str
    on: date
    thought: str
    duties: str
    tasks: str
    overall: str


@event("staff.LinePosted.v1")
class StaffLinePostedV1(Event):
    """A line of the notice, as it was stored while 思想表现 was called thought; read as `StaffLinePosted`."""

    branch: BranchId
    notice: NoticeId
    person: PersonId
    period: str
    thought: str
    duties: str
    tasks: str
    overall: str


def appraised_as_now(found: StaffAppraised | StaffAppraisedV1) -> StaffAppraised:
    """Return what a meeting found in the words of today, however it was stored."""
    if isinstance(found, StaffAppraised):
        return found
    return StaffAppraised(
        meeting=found.meeting,
        branch=found.branch,
        person=found.person,
        period=found.period,
        on=found.on,
        attitude=found.thought,
        duties=found.duties,
        tasks=found.tasks,
        overall=found.overall,
    )


def line_as_now(line: StaffLinePosted | StaffLinePostedV1) -> StaffLinePosted:
    """Return a line of the notice in the words of today, however it was stored."""
    if isinstance(line, StaffLinePosted):
        return line
    return StaffLinePosted(
        branch=line.branch,
        notice=line.notice,
        person=line.person,
        period=line.period,
        attitude=line.thought,
        duties=line.duties,
        tasks=line.tasks,
        overall=line.overall,
    )


StaffEvent = (
    StaffAppraised | StaffResultsPosted | StaffLinePosted | StaffResultsSent | StaffAppraisedV1 | StaffLinePostedV1
)


_Result = MeetingConvened | MeetingClosed | StaffAppraised | StaffAppraisedV1 | StaffResultsPosted | StaffResultsSent


# state


@dataclass(slots=True)
class Appraisals(State):
    """The newest grades that a meeting gave each person."""

    KIND = MeetingId
    EVENTS = (StaffAppraised, StaffAppraisedV1)
    given: dict[PersonId, StaffAppraised] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more appraisal into account."""
        appraised = appraised_as_now(typing.cast("StaffAppraised | StaffAppraisedV1", fact.event))
        self.given[appraised.person] = appraised


@dataclass(slots=True)
class StaffResults(State):
    """The staff's results in a branch: found in which meetings, which of those are closed, what was posted and sent."""

    KIND = BranchId
    EVENTS = members_of(_Result)
    found: dict[tuple[MeetingId, PersonId], StaffAppraised] = field(default_factory=dict)
    rules: dict[MeetingId, bytes] = field(default_factory=dict)
    closed: set[MeetingId] = field(default_factory=set)
    posted: dict[NoticeId, StaffResultsPosted] = field(default_factory=dict)
    sent: dict[tuple[str, str], StaffResultsSent] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more result, notice or hand-over into account."""
        happened = typing.cast("_Result", fact.event)
        match happened:
            case MeetingConvened():
                self.rules[happened.meeting] = fact.document(happened.document)
            case MeetingClosed():
                self.closed.add(happened.meeting)
            case StaffAppraised() | StaffAppraisedV1():
                self.found[happened.meeting, happened.person] = appraised_as_now(happened)
            case StaffResultsPosted():
                self.posted[happened.notice] = happened
            case StaffResultsSent():
                self.sent[happened.period, happened.to_body] = happened
            case _:
                assert_never(happened)

    def of(self, period: str) -> list[StaffAppraised]:
        """Return what closed meetings found for a month, or for the months of a quarter, half-year or year."""
        days_of(period)
        found = self.found.values()
        return [one for one in found if one.meeting in self.closed and self._lies_in(one, period)]

    def _lies_in(self, one: StaffAppraised, period: str) -> bool:
        """Return whether what a meeting judged lies in `period`, as the year of the meeting's rulebook has it."""
        if one.period == period:
            return True
        year = parsed(self.rules[one.meeting]).year if one.meeting in self.rules else CIVIL
        inner, outer = year.days(one.period), year.days(period)
        return inner is not None and outer is not None and outer.holds(inner.first) and outer.holds(inner.last)

    def require_some(self, period: str) -> list[StaffAppraised]:
        """Return what was found for a period; `Refused` where no closed meeting found anything."""
        found = self.of(period)
        if not found:
            raise Refused("no-staff-results", _no_results(period))
        return found


def _no_results(period: str) -> Text:
    return Text(
        f"{period} 没有已结束的会议作出的党外干部职工评比结果；请先评定并结束会议。",
        f"No closed meeting has graded the staff for {period}; appraise them and close the meeting first.",
    )
