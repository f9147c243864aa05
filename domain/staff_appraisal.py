"""The staff outside the Party: three aspects, a comment, a grade, no star (B-35, AMB-B22).

The results of a period are posted on a notice of their own (B-39) and handed to the administration, where they are a
ground for the year's individual assessment (B-46). They count once the meeting that gave them is closed.
"""

import typing
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from domain.appointments import Offices
from domain.comments import Comments
from domain.decision import (
    Command,
    Context,
    Event,
    Fact,
    NotFound,
    Refused,
    State,
    command,
    deciders,
    event,
)
from domain.ids import BranchId, MeetingId, NoticeId, PersonId
from domain.meetings import Meeting, MeetingClosed, MeetingConvened
from domain.membership import Membership
from domain.organisation import Organisation
from domain.refusals import taken, unless_same
from domain.reports import require_staff
from domain.roles import RECORDERS
from domain.rounds import days_of
from domain.rulebook.model import Rulebook
from domain.text import Text

# commands


@command("appraise-staff", roles=RECORDERS)
class AppraiseStaff(Command):
    """Enter the grades that a meeting gave somebody on the staff: 思想表现、履职尽责、完成任务, and overall."""

    meeting: MeetingId
    person: PersonId
    thought: str
    duties: str
    tasks: str
    overall: str


@command("post-staff-results", roles=RECORDERS)
class PostStaffResults(Command):
    """Post the staff's results of a month or a year on a notice of their own."""

    branch: BranchId
    notice: NoticeId
    period: str
    places: tuple[str, ...]
    contact: str


@command("send-staff-results", roles=RECORDERS)
class SendStaffResults(Command):
    """Hand the staff's results of a month or a year to the administration."""

    branch: BranchId
    period: str
    to_body: str


# events


@event("staff.Appraised.v1")
class StaffAppraised(Event):
    """A meeting graded somebody on the staff for a period."""

    meeting: MeetingId
    branch: BranchId
    person: PersonId
    period: str
    on: date
    thought: str
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


@event("staff.LinePosted.v1")
class StaffLinePosted(Event):
    """One person's line of that notice: what one meeting found."""

    branch: BranchId
    notice: NoticeId
    person: PersonId
    period: str
    thought: str
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


StaffEvent = StaffAppraised | StaffResultsPosted | StaffLinePosted | StaffResultsSent


# state


@dataclass(slots=True)
class Appraisals(State):
    """The newest grades that a meeting gave each person."""

    KIND = MeetingId
    EVENTS = (StaffAppraised,)
    given: dict[PersonId, StaffAppraised] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more appraisal into account."""
        appraised = typing.cast("StaffAppraised", fact.event)
        self.given[appraised.person] = appraised


@dataclass(slots=True)
class StaffResults(State):
    """The staff's results in a branch: found in which meetings, which of those are closed, what was posted and sent."""

    KIND = BranchId
    EVENTS = (MeetingClosed, StaffAppraised, StaffResultsPosted, StaffResultsSent)
    found: dict[tuple[MeetingId, PersonId], StaffAppraised] = field(default_factory=dict)
    closed: set[MeetingId] = field(default_factory=set)
    posted: dict[NoticeId, StaffResultsPosted] = field(default_factory=dict)
    sent: dict[tuple[str, str], StaffResultsSent] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more result, notice or hand-over into account."""
        happened = typing.cast("MeetingClosed | StaffAppraised | StaffResultsPosted | StaffResultsSent", fact.event)
        match happened:
            case MeetingClosed():
                self.closed.add(happened.meeting)
            case StaffAppraised():
                self.found[happened.meeting, happened.person] = happened
            case StaffResultsPosted():
                self.posted[happened.notice] = happened
            case StaffResultsSent():
                self.sent[happened.period, happened.to_body] = happened
            case _:
                assert_never(happened)

    def of(self, period: str) -> list[StaffAppraised]:
        """Return what closed meetings found for a month, or for the months of a year."""
        days_of(period)
        found = self.found.values()
        return [one for one in found if one.meeting in self.closed and one.period.startswith(period)]

    def require_some(self, period: str) -> list[StaffAppraised]:
        """Return what was found for a period; `Refused` where no closed meeting found anything."""
        found = self.of(period)
        if not found:
            raise Refused("no-staff-results", _no_results(period))
        return found


# deciders


def appraise_staff(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: AppraiseStaff,
    context: Context,
    this: Meeting,
    comments: Comments,
    appraisals: Appraisals,
    membership: Membership,
    offices: Offices,
) -> list[Event]:
    """Enter the grades of somebody who was commented on, on grades that the rulebook has; the newest ones count."""
    convened = this.require_convened()
    offices.require(asked, context, convened.branch)
    offices.require_stranger(context, asked.person)
    this.require_attended(context)
    require_staff(asked.person, convened, membership)
    comments.require_made(asked.person)
    _require_grades(asked, this.rulebook)
    appraised = _appraised(asked, convened)
    return [] if appraisals.given.get(asked.person) == appraised else [appraised]


def post_staff_results(
    asked: PostStaffResults, context: Context, results: StaffResults, organisation: Organisation, offices: Offices
) -> list[Event]:
    """Post every result of the period, each on a line of its own."""
    organisation.require_branch(asked.branch)
    offices.require(asked, context, asked.branch)
    posted = StaffResultsPosted(
        branch=asked.branch, notice=asked.notice, period=asked.period, places=asked.places, contact=asked.contact
    )
    if asked.notice in results.posted:
        return unless_same(results.posted[asked.notice] == posted, taken(asked.notice))
    if not asked.places or not all(words.strip() for words in (*asked.places, asked.contact)):
        raise Refused("notice-incomplete", _NOTICE_INCOMPLETE)
    lines = [_line(asked, found) for found in results.require_some(asked.period)]
    return [posted, *lines]


def send_staff_results(
    asked: SendStaffResults, context: Context, results: StaffResults, organisation: Organisation, offices: Offices
) -> list[Event]:
    """Hand over what was found in the period, again only where something came to it."""
    organisation.require_branch(asked.branch)
    offices.require(asked, context, asked.branch)
    if not asked.to_body.strip():
        raise Refused("body-missing", _BODY_MISSING)
    found = results.require_some(asked.period)
    sent = StaffResultsSent(
        branch=asked.branch,
        period=asked.period,
        to_body=asked.to_body,
        people=tuple(dict.fromkeys(one.person for one in found)),
        appraisals=len(found),
    )
    return [] if results.sent.get((asked.period, asked.to_body)) == sent else [sent]


DECIDERS = deciders(appraise_staff, post_staff_results, send_staff_results)


def _require_grades(asked: AppraiseStaff, rules: Rulebook) -> None:
    known = {grade: None for node in rules.nodes().values() if node.grades is not None for grade in node.grades.points}
    given = (asked.thought, asked.duties, asked.tasks, asked.overall)
    if unknown := [grade for grade in given if grade not in known]:
        raise NotFound("unknown-grade", _unknown_grade(unknown, list(known)))


def _appraised(asked: AppraiseStaff, convened: MeetingConvened) -> StaffAppraised:
    return StaffAppraised(
        meeting=asked.meeting,
        branch=convened.branch,
        person=asked.person,
        period=convened.judges,
        on=convened.on,
        thought=asked.thought,
        duties=asked.duties,
        tasks=asked.tasks,
        overall=asked.overall,
    )


def _line(asked: PostStaffResults, found: StaffAppraised) -> StaffLinePosted:
    return StaffLinePosted(
        branch=asked.branch,
        notice=asked.notice,
        person=found.person,
        period=found.period,
        thought=found.thought,
        duties=found.duties,
        tasks=found.tasks,
        overall=found.overall,
    )


_NOTICE_INCOMPLETE = Text(
    "公示须写明张贴地点和意见受理人；请补全。", "A notice says where it hangs and who is told of doubts; add both."
)
_BODY_MISSING = Text("请写明报送给哪个行政部门。", "Say which body of the administration is given the results.")


def _no_results(period: str) -> Text:
    return Text(
        f"{period} 没有已结束的会议作出的党外干部职工评比结果；请先评定并结束会议。",
        f"No closed meeting has graded the staff for {period}; appraise them and close the meeting first.",
    )


def _unknown_grade(unknown: list[str], known: list[str]) -> Text:
    return Text(
        f"办法中没有等次 {'、'.join(unknown)}；可用：{'、'.join(known)}。",
        f"What was given is none of the rulebook's {len(known)} grades; use its own words for them.",
    )
