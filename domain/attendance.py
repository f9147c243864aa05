"""Who came to a meeting: members present, excused or absent, staff outside the Party, representatives (B-29, B-36).

AMB-B25: an absent member may still report in writing and be rated; absence is no score. AMB-B17: reasons of health are
a text of their own, for the leading group alone; others hear of personal reasons.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.appointments import Offices
from domain.decision import Command, Conflict, Context, Event, Refused, command, deciders
from domain.ids import MeetingId, PersonId
from domain.meetings import ApologySent, Meeting, MeetingAttended, MeetingConvened
from domain.membership import Membership
from domain.refusals import not_in_future
from domain.reports import Reports, require_staff
from domain.roles import RECORDERS
from domain.sealed import Sealed
from domain.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Apology:
    """A member who cannot come, and why: a reason that may be known, or one of `health`."""

    person: PersonId
    reason: Sealed | None = None
    health: Sealed | None = None


@command("record-attendance", roles=RECORDERS, at="meetings/{meeting}/attendance")
class RecordAttendance(Command):
    """Enter who came, who sent apologies and who else took part; the newest list counts until the meeting closes."""

    meeting: MeetingId
    present: tuple[PersonId, ...]
    apologies: tuple[Apology, ...] = ()
    attending_staff: tuple[PersonId, ...] = ()
    representatives: tuple[PersonId, ...] = ()


def record_attendance(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: RecordAttendance,
    context: Context,
    this: Meeting,
    reports: Reports,
    membership: Membership,
    offices: Offices,
) -> list[Event]:
    """Enter the attendance of a meeting whose day has come."""
    convened = this.require_open()
    offices.require(asked, context, convened.branch)
    not_in_future(convened.on, context)
    members = [person for person, _ in membership.members_on(convened.branch, convened.on)]
    _require_members(asked, convened, members)
    for person in asked.attending_staff:
        require_staff(person, convened, membership)
    invited = () if this.invited is None else this.invited.people
    if strangers := [person for person in asked.representatives if person not in invited]:
        raise Refused("not-invited", _not_invited(strangers))
    attended = _attended(asked, convened, members, this)
    if gone := reports.speakers - {*attended.present, *attended.attending_staff}:
        raise Conflict("spoke-at-the-meeting", _spoke(sorted(gone)))
    apologies = [_apology(one, convened) for one in asked.apologies if one.person not in this.apologies]
    return [*apologies, *([] if this.attended == attended else [attended])]


DECIDERS = deciders(record_attendance)


def _require_members(asked: RecordAttendance, convened: MeetingConvened, members: list[PersonId]) -> None:
    excused = [apology.person for apology in asked.apologies]
    if strangers := [person for person in (*asked.present, *excused) if person not in members]:
        raise Refused("not-a-member-here", _strangers(strangers, convened))
    if both := [person for person in excused if person in asked.present]:
        raise Refused("present-and-excused", _both(both))
    if silent := [one.person for one in asked.apologies if one.reason is None and one.health is None]:
        raise Refused("reason-missing", _no_reason(silent))


def _attended(
    asked: RecordAttendance, convened: MeetingConvened, members: list[PersonId], this: Meeting
) -> MeetingAttended:
    excuses = {*this.apologies, *(apology.person for apology in asked.apologies)}
    missing = [person for person in members if person not in asked.present]
    return MeetingAttended(
        meeting=asked.meeting,
        branch=convened.branch,
        on=convened.on,
        should_attend=len(members),
        present=_once(asked.present),
        excused=tuple(person for person in missing if person in excuses),
        absent=tuple(person for person in missing if person not in excuses),
        attending_staff=_once(asked.attending_staff),
        representatives=_once(asked.representatives),
    )


def _once(people: Iterable[PersonId]) -> tuple[PersonId, ...]:
    return tuple(dict.fromkeys(people))


def _apology(one: Apology, convened: MeetingConvened) -> ApologySent:
    return ApologySent(
        meeting=convened.meeting, person=one.person, on=convened.on, reason=one.reason, health=one.health
    )


def _strangers(people: list[PersonId], convened: MeetingConvened) -> Text:
    return Text(
        f"{'、'.join(people)} 在 {convened.on} 不是支部 {convened.branch} 的党员；党外人员请列入列席名单。",
        f"No member of branch {convened.branch} on {convened.on}: {', '.join(people)}; staff are entered as attending.",
    )


def _both(people: list[PersonId]) -> Text:
    return Text(
        f"{'、'.join(people)} 既列为到会又列为请假；请去掉其一。",
        f"Both present and excused: {', '.join(people)}; take out one of the two.",
    )


def _no_reason(people: list[PersonId]) -> Text:
    return Text(
        f"请写明请假原因：{'、'.join(people)}；健康原因单独填写，不对外公开。",
        f"Give the reason of {', '.join(people)}; one of health has a field of its own, which is not public.",
    )


def _not_invited(people: list[PersonId]) -> Text:
    return Text(
        f"{'、'.join(people)} 不在事先确定的群众代表名单上；请核对名单。",
        f"Not on the list of representatives drawn up beforehand: {', '.join(people)}; check the list.",
    )


def _spoke(people: list[PersonId]) -> Text:
    return Text(
        f"{'、'.join(people)} 已登记在会上讲述，不能列为未到会；请核对。",
        f"On record as having spoken at the meeting: {', '.join(people)}; they were there.",
    )
