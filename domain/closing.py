"""Closing a meeting, with what it left undone as part of the fact (B-27 to B-33, B-36)."""

from collections.abc import Container, Iterable

from domain.appointments import Offices
from domain.comments import Comments
from domain.decision import Command, Conflict, Context, Event, command, deciders
from domain.ids import Evidence, MeetingId, PersonId
from domain.meetings import Meeting, MeetingAttended, MeetingClosed
from domain.refusals import unless_same
from domain.reports import Reports
from domain.roles import RECORDERS
from domain.text import Text


@command("close-meeting", roles=RECORDERS, at="meetings/{meeting}/closing", changes=True)
class CloseMeeting(Command):
    """Close a meeting: nothing more is reported or commented on, and what is missing is on record."""

    meeting: MeetingId
    minutes: Evidence | None = None


def close_meeting(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: CloseMeeting, context: Context, this: Meeting, reports: Reports, comments: Comments, offices: Offices
) -> list[Event]:
    """Close a meeting that was attended; what is missing does not keep it open."""
    convened = this.require_convened()
    offices.require(asked, context, convened.branch)
    if this.closed is not None:
        return unless_same(this.closed.minutes == asked.minutes, Conflict("already-closed", _closed(asked.meeting)))
    attended = this.require_attended(context)
    reporting = this.session is not None
    members = _members(attended) if reporting else ()
    staff = attended.attending_staff if reporting else ()
    return [
        MeetingClosed(
            meeting=asked.meeting,
            branch=convened.branch,
            on=convened.on,
            without_report=_left_out(members, reports.given),
            without_comment=_left_out(members, comments.made),
            staff_without_report=_left_out(staff, reports.given),
            staff_without_comment=_left_out(staff, comments.made),
            representatives_lacking=_lacking(this, attended),
            staff_lacking=_invites_staff(this) and not attended.attending_staff,
            minutes=asked.minutes,
        )
    ]


DECIDERS = deciders(close_meeting)


def _members(attended: MeetingAttended) -> tuple[PersonId, ...]:
    """Return everybody who should have come: who was not there may have written (AMB-B25)."""
    return attended.present + attended.excused + attended.absent


def _left_out(people: Iterable[PersonId], done: Container[PersonId]) -> tuple[PersonId, ...]:
    return tuple(person for person in people if person not in done)


def _lacking(this: Meeting, attended: MeetingAttended) -> int:
    least = 0 if this.session is None else this.session.representatives_at_least
    return max(0, least - len(attended.representatives))


def _invites_staff(this: Meeting) -> bool:
    return this.session is not None and "staff" in this.session.invited


def _closed(key: str) -> Text:
    return Text(
        f"会议 {key} 已结束并存有另一份会议记录；请核对编号。",
        f"The meeting {key} was closed with other minutes; check the id.",
    )
