"""一讲: each member's report under three heads, and that of each of the staff under one (B-28, B-30).

AMB-B25: who cannot come may send a written report, from the convening of the meeting until it is closed. AMB-B21:
nobody chairs the item that is his own.
"""

import typing
from dataclasses import dataclass, field
from datetime import date

from domain.appointments import Offices
from domain.dates import civil_date
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
from domain.forms import require_filled
from domain.ids import BranchId, MeetingId, PersonId
from domain.meetings import Meeting, MeetingAttended, MeetingConvened
from domain.membership import Membership
from domain.roles import DEPUTY_SECRETARY, RECORDERS
from domain.sealed import Sealed
from domain.text import Text

# commands


@command("give-report", roles=RECORDERS, at="meetings/{meeting}/reports")
class GiveReport(Command):
    """Enter a member's report on his duties, his commitments and his style of work; he may do so himself.

    A spoken one needs him to be there; a written one may come earlier. `chair` presides over this item where the
    meeting's chair himself reports (else the deputy secretary does).
    """

    meeting: MeetingId
    person: PersonId
    duties: Sealed
    commitments: Sealed
    style: Sealed
    written: bool = False
    chair: PersonId | None = None


@command("give-staff-report", roles=RECORDERS, at="meetings/{meeting}/staff-reports")
class GiveStaffReport(Command):
    """Enter the report of somebody on the staff on how he did his duty; he may do so himself."""

    meeting: MeetingId
    person: PersonId
    duties: Sealed
    written: bool = False


# events


@event("report.Given.v1")
class ReportGiven(Event):
    """A member reported 履行岗位职责、完成承诺事项、转变工作作风, in words spoken on a day or in writing by then."""

    meeting: MeetingId
    branch: BranchId
    person: PersonId
    on: date
    written: bool
    chair: PersonId | None
    duties: Sealed
    commitments: Sealed
    style: Sealed


@event("report.StaffGiven.v1")
class StaffReportGiven(Event):
    """Somebody on the staff reported on his duties 履职尽责."""

    meeting: MeetingId
    branch: BranchId
    person: PersonId
    on: date
    written: bool
    duties: Sealed


ReportEvent = ReportGiven | StaffReportGiven


# state


@dataclass(slots=True)
class Reports(State):
    """Who reported to a meeting; what was spoken takes the place of what was written."""

    KIND = MeetingId
    EVENTS = members_of(ReportEvent)
    given: dict[PersonId, ReportEvent] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more report into account."""
        happened = typing.cast("ReportEvent", fact.event)
        self.given[happened.person] = happened

    @property
    def speakers(self) -> set[PersonId]:
        """Return who spoke at the meeting."""
        return {person for person, report in self.given.items() if not report.written}

    def require_given(self, person: PersonId) -> ReportEvent:
        """Return a person's report; `Refused` where he has neither spoken nor written."""
        if person not in self.given:
            raise Refused("not-reported-yet", _not_reported(person))
        return self.given[person]


# deciders


def give_report(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: GiveReport,
    context: Context,
    this: Meeting,
    reports: Reports,
    membership: Membership,
    offices: Offices,
) -> list[Event]:
    """Enter the report of a member of the branch."""
    convened = _may_report(asked, context, this, offices)
    stay = membership.require_member(asked.person, convened.on)
    if stay.branch != convened.branch:
        raise Refused("not-of-this-branch", _elsewhere(asked.person, convened))
    if _is_told_already(asked, reports):
        return []
    said = {"duties": asked.duties, "commitments": asked.commitments, "style": asked.style}
    require_filled(this.rulebook.conduct.forms.report_heads, said)
    return [
        ReportGiven(
            meeting=asked.meeting,
            branch=convened.branch,
            person=asked.person,
            on=_told_on(asked, context, this),
            written=asked.written,
            chair=None if asked.written else _chair_of_item(asked, convened, this.require_attended(context), offices),
            duties=asked.duties,
            commitments=asked.commitments,
            style=asked.style,
        )
    ]


def give_staff_report(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: GiveStaffReport,
    context: Context,
    this: Meeting,
    reports: Reports,
    membership: Membership,
    offices: Offices,
) -> list[Event]:
    """Enter the report of somebody on the staff of the branch."""
    convened = _may_report(asked, context, this, offices)
    require_staff(asked.person, convened, membership)
    if _is_told_already(asked, reports):
        return []
    require_filled(this.rulebook.conduct.forms.staff_report_heads, {"duties": asked.duties})
    return [
        StaffReportGiven(
            meeting=asked.meeting,
            branch=convened.branch,
            person=asked.person,
            on=_told_on(asked, context, this),
            written=asked.written,
            duties=asked.duties,
        )
    ]


DECIDERS = deciders(give_report, give_staff_report)


def require_staff(person: PersonId, convened: MeetingConvened, membership: Membership) -> None:
    """Raise `Refused` where a person was not on the staff of the branch on the day of the meeting."""
    membership.last_stay(person)
    stay = membership.stay_on(person, convened.on)
    if stay is None or (stay.branch, stay.kind_on(convened.on)) != (convened.branch, "staff"):
        raise Refused("not-on-the-staff", _not_staff(person, convened))


def _may_report(
    asked: GiveReport | GiveStaffReport, context: Context, this: Meeting, offices: Offices
) -> MeetingConvened:
    convened = this.require_convened()
    if context.actor != asked.person:
        offices.require(asked, context, convened.branch)
    this.require_open()
    if this.session is None:
        raise Refused("no-reports-here", _no_reports(asked.meeting))
    return convened


def _is_told_already(asked: GiveReport | GiveStaffReport, reports: Reports) -> bool:
    """Return whether this is on record; who has written may still speak, but not the other way round."""
    known = reports.given.get(asked.person)
    if known is None or (known.written and not asked.written):
        return False
    if asked.written and not known.written:
        raise Conflict("already-spoken", _spoken(asked.person))
    return True


def _told_on(asked: GiveReport | GiveStaffReport, context: Context, this: Meeting) -> date:
    if asked.written:
        return min(civil_date(context.now), this.require_open().on)
    attended = this.require_attended(context)
    if asked.person not in _there(attended):
        raise Refused("not-present", _not_present(asked.person))
    return attended.on


def _there(attended: MeetingAttended) -> tuple[PersonId, ...]:
    return attended.present + attended.attending_staff


def _chair_of_item(
    asked: GiveReport, convened: MeetingConvened, attended: MeetingAttended, offices: Offices
) -> PersonId:
    """Return who presides while a member reports: never he himself (AMB-B21)."""
    deputies = offices.holders((DEPUTY_SECRETARY,), convened.branch, convened.on)
    present = [one for one in deputies if one in attended.present]
    able = [asked.chair] if asked.chair is not None else [convened.chair, *present]
    chair = next((one for one in able if one != asked.person), None)
    if chair is None or (asked.chair is not None and chair not in attended.present):
        raise Refused("chair-needed", _CHAIR_NEEDED)
    return chair


_CHAIR_NEEDED = Text(
    "主持人讲述时，由到会的副书记或其他到会党员主持；请写明本项由谁主持。",
    "While the chair reports, the deputy or another member who is there presides; name him.",
)


def _not_reported(person: str) -> Text:
    return Text(
        f"{person} 尚未讲述汇报，也没有书面汇报；请先登记其汇报。",
        f"{person} has neither reported nor sent a written report; that comes first.",
    )


def _elsewhere(person: str, convened: MeetingConvened) -> Text:
    return Text(
        f"{person} 在 {convened.on} 不属于支部 {convened.branch}；请核对会议和人员。",
        f"{person} was not in branch {convened.branch} on {convened.on}; check the meeting and the person.",
    )


def _not_staff(person: str, convened: MeetingConvened) -> Text:
    return Text(
        f"{person} 在 {convened.on} 不是支部 {convened.branch} 的党外干部职工；请核对。",
        f"{person} was not on the staff of branch {convened.branch} on {convened.on}; check person and meeting.",
    )


def _no_reports(key: str) -> Text:
    return Text(
        f"会议 {key} 是党员大会，不作讲述汇报；请在组织生活会上汇报。",
        f"The meeting {key} is a members' meeting; members report in the sessions of the rulebook.",
    )


def _spoken(person: str) -> Text:
    return Text(
        f"{person} 已在会上讲述；不再登记书面汇报。", f"{person} has spoken at the meeting; nothing written is needed."
    )


def _not_present(person: str) -> Text:
    return Text(
        f"{person} 未到会；请登记书面汇报，或先更正到会情况。",
        f"{person} was not there; enter a written report, or correct the attendance first.",
    )
