"""Convening meetings, calling them off, and declaring that one takes the place of another (B-27, B-36).

AMB-B5: which month a session judges. AMB-B6: outside its week it is valid, flagged, and somebody says why. AMB-B12: the
quarterly session stands beside the monthly ones, unless it is declared to replace a neighbouring one.
"""

import re
from datetime import date

from domain.adoption import RulebookAdopted
from domain.appointments import Offices
from domain.catalogues import Catalogues
from domain.dates import Days, Timing
from domain.decision import Command, Conflict, Context, Event, NotFound, Refused, command, deciders
from domain.ids import BranchId, MeetingId, PersonId, RulebookId
from domain.meeting_days import due_days, month_held
from domain.meetings import (
    MEMBERS_MEETING,
    BranchMeetings,
    Meeting,
    MeetingCalledOff,
    MeetingConvened,
    ReplacementDeclared,
)
from domain.organisation import Organisation
from domain.period_days import days_of
from domain.refusals import taken, unless_same
from domain.roles import RECORDERS
from domain.rulebook.conduct import Session
from domain.rulebook.model import Rulebook
from domain.text import Text

EVERY_MONTH = 12
_HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")

# commands


@command("convene-meeting", roles=RECORDERS, at="meetings")
class ConveneMeeting(Command):
    """Convene a meeting: a session of the rulebook (`monthly`, `quarterly`) or a members' meeting (`members`).

    It may be entered before its day or after it. Outside the days that the rulebook gives, somebody says why.
    """

    meeting: MeetingId
    branch: BranchId
    rulebook: RulebookId
    kind: str
    judges: str
    on: date
    place: str
    chair: PersonId
    begins: str | None = None
    reason_outside: str | None = None


@command("call-off-meeting", roles=RECORDERS, at="meetings/{meeting}/calling-off", changes=True)
class CallOffMeeting(Command):
    """Enter that a meeting is not held; another one may then judge its month."""

    meeting: MeetingId
    reason: str


@command("replace-meeting", roles=RECORDERS, at="meetings/{meeting}/replacement", changes=True)
class ReplaceMeeting(Command):
    """Declare that a quarterly session takes the place of the neighbouring monthly one that would judge a month."""

    meeting: MeetingId
    branch: BranchId
    replaces: str


# deciders


def convene_meeting(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: ConveneMeeting,
    context: Context,
    this: Meeting,
    meetings: BranchMeetings,
    catalogues: Catalogues,
    organisation: Organisation,
    offices: Offices,
) -> list[Event]:
    """Convene one meeting of a kind for each month."""
    organisation.require_branch(asked.branch)
    offices.require(asked, context, asked.branch)
    organisation.require_person(asked.chair)
    if this.convened is not None:
        return unless_same(_says(this.convened) == _says(asked), taken(asked.meeting))
    if not asked.place.strip():
        raise Refused("place-missing", _PLACE_MISSING)
    if asked.begins is not None and not _HOUR.fullmatch(asked.begins):
        raise Refused("malformed-hour", _malformed_hour(asked.begins))
    rules = catalogues.rules_on(asked.rulebook, asked.on)
    timing = _timing(asked, rules)
    if timing not in ("in_time", None) and not (asked.reason_outside or "").strip():
        raise Refused("reason-missing", _reason_missing(asked, rules))
    if asked.kind != MEMBERS_MEETING:
        _require_first(asked, meetings)
    return [_convened(asked, catalogues.in_force(asked.rulebook, asked.on), timing)]


def call_off_meeting(asked: CallOffMeeting, context: Context, this: Meeting, offices: Offices) -> list[Event]:
    """Call off a meeting that nobody has attended yet."""
    convened = this.require_convened()
    offices.require(asked, context, convened.branch)
    if this.called_off is not None:
        return []
    this.require_open()
    if this.attended is not None:
        raise Conflict("already-held", _held(asked.meeting))
    if not asked.reason.strip():
        raise Refused("reason-missing", _WHY_OFF)
    return [MeetingCalledOff(meeting=asked.meeting, branch=convened.branch, reason=asked.reason)]


def replace_meeting(
    asked: ReplaceMeeting, context: Context, this: Meeting, meetings: BranchMeetings, offices: Offices
) -> list[Event]:
    """Let a session replace a session of every month that is not convened and lies next to it."""
    convened = this.require_open()
    offices.require(asked, context, convened.branch)
    require_branch(convened, asked.branch)
    monthly = _replaceable(this)
    if this.replaces is not None:
        return unless_same(this.replaces.replaces == asked.replaces, Conflict("replaces-another", _replaces(this)))
    year = this.rulebook.year
    if not _adjoin(month_held(monthly, asked.replaces, year), month_held(_own_session(this), convened.judges, year)):
        raise Refused("not-a-neighbour", _not_neighbour(asked.replaces, convened))
    if (known := meetings.judging(monthly.code, asked.replaces)) is not None:
        raise Conflict("already-convened", _already_convened(known))
    if meetings.replacing(monthly.code, asked.replaces) is not None:
        raise Conflict("already-replaced", _already_replaced(asked.replaces))
    return [
        ReplacementDeclared(meeting=asked.meeting, branch=convened.branch, kind=monthly.code, replaces=asked.replaces)
    ]


DECIDERS = deciders(convene_meeting, call_off_meeting, replace_meeting)


def require_branch(convened: MeetingConvened, branch: BranchId) -> None:
    """Raise `Refused` where the meeting is another branch's."""
    if convened.branch != branch:
        raise Refused("other-branch", _other_branch(convened, branch))


def _timing(asked: ConveneMeeting, rules: Rulebook) -> Timing | None:
    """Return whether the day is the rulebook's; None for a members' meeting, which has no day of its own."""
    if asked.kind == MEMBERS_MEETING:
        days_of(asked.judges, rules.year)
        return None
    session = _session(asked, rules)
    held = month_held(session, asked.judges, rules.year)
    if held.first.month not in session.months:
        raise Refused("not-its-month", _not_its_month(session, held))
    if asked.on < held.first:
        raise Refused("month-not-over", _not_over(asked.judges, held.first))
    return due_days(session, asked.judges, rules.year).timing(asked.on)


def _session(asked: ConveneMeeting, rules: Rulebook) -> Session:
    session = rules.conduct.session(asked.kind)
    if session is None:
        raise NotFound("unknown-kind", _unknown_kind(asked.kind, rules))
    return session


def _own_session(this: Meeting) -> Session:
    session = this.session
    if session is None:
        raise Refused("replaces-nothing", _REPLACES_NOTHING)
    return session


def _replaceable(this: Meeting) -> Session:
    """Return the session of every month, where this meeting is another one."""
    own = _own_session(this)
    monthly = [one for one in this.rulebook.conduct.sessions if len(one.months) == EVERY_MONTH]
    if not monthly or own in monthly:
        raise Refused("replaces-nothing", _REPLACES_NOTHING)
    return monthly[0]


def _adjoin(other: Days, held: Days) -> bool:
    """Return whether the month `other` is the month `held` or the one before it."""
    return other == held or (held.first - other.last).days == 1


def _require_first(asked: ConveneMeeting, meetings: BranchMeetings) -> None:
    if (known := meetings.judging(asked.kind, asked.judges)) is not None:
        raise Conflict("already-convened", _already_convened(known))
    if (other := meetings.replacing(asked.kind, asked.judges)) is not None:
        raise Conflict("already-replaced", _replaced_by(asked.judges, other))


def _convened(asked: ConveneMeeting, adopted: RulebookAdopted, timing: Timing | None) -> MeetingConvened:
    return MeetingConvened(
        meeting=asked.meeting,
        branch=asked.branch,
        rulebook=asked.rulebook,
        version=adopted.version,
        document=adopted.document,
        kind=asked.kind,
        judges=asked.judges,
        on=asked.on,
        begins=asked.begins,
        place=asked.place,
        chair=asked.chair,
        timing=timing,
        reason_outside=asked.reason_outside if timing in ("early", "late") else None,
    )


def _says(record: ConveneMeeting | MeetingConvened) -> tuple[object, ...]:
    what = (record.branch, record.rulebook, record.kind, record.judges)
    return (*what, record.on, record.begins, record.place, record.chair)


_PLACE_MISSING = Text("请填写会议地点。", "Say where the meeting is held.")
_WHY_OFF = Text("取消会议须写明原因。", "A meeting is called off with a reason; give it.")
_REPLACES_NOTHING = Text(
    "只有每季度的支部生活会可以代替当月或上月的组织生活会；请核对会议编号。",
    "Only a session that is not held every month can take the place of a monthly one; check the meeting's id.",
)


def _reason_missing(asked: ConveneMeeting, rules: Rulebook) -> Text:
    session = _session(asked, rules)
    first, last = due_days(session, asked.judges, rules.year)
    return Text(
        f"{session.title.zh}应在 {first} 至 {last} 召开，{asked.on} 不在其内；会议仍然有效，请写明提前或推迟的原因。",
        f"{session.title.en} is due from {first} to {last}, not on {asked.on}; it is valid all the same: say why.",
    )


def _malformed_hour(begins: str) -> Text:
    return Text(f"时刻「{begins}」应写成 14:30 的样子。", f"The hour '{begins}' is to be written such as 14:30.")


def _unknown_kind(kind: str, rules: Rulebook) -> Text:
    known = [session.code for session in rules.conduct.sessions] + [MEMBERS_MEETING]
    return Text(
        f"办法中没有会议类别「{kind}」；可用：{'、'.join(known)}。",
        f"The rulebook has no kind of meeting '{kind}'; known: {', '.join(known)}.",
    )


def _not_its_month(session: Session, held: Days) -> Text:
    months = [str(month) for month in session.months]
    return Text(
        f"{session.title.zh}在 {'、'.join(months)} 月召开，评议该月的会在 {held.first:%Y-%m}；请核对所评月份。",
        f"{session.title.en} is held in months {', '.join(months)}, not in {held.first:%Y-%m}; check the month judged.",
    )


def _not_over(judged: str, begins: date) -> Text:
    return Text(
        f"评议 {judged} 的会议不能早于 {begins}；请核对日期和所评月份。",
        f"What judges {judged} is not held before {begins}; check the day and the month judged.",
    )


def _already_convened(known: MeetingConvened) -> Text:
    return Text(
        f"评议 {known.judges} 的会议 {known.meeting} 已召集（{known.on}）；如改期，请先取消该会议。",
        f"The meeting {known.meeting} of {known.on} judges {known.judges} already; call it off to hold another.",
    )


def _replaced_by(judged: str, other: ReplacementDeclared) -> Text:
    return Text(
        f"评议 {judged} 的会议已由 {other.meeting} 代替；不再另行召集。",
        f"The meeting {other.meeting} takes the place of the one that would judge {judged}; none is held beside it.",
    )


def _already_replaced(judged: str) -> Text:
    return Text(
        f"评议 {judged} 的会议已由另一次会议代替；请核对月份。",
        f"Another session takes the place of the one that would judge {judged}; check the month.",
    )


def _replaces(this: Meeting) -> Text:
    known = this.replaces.replaces if this.replaces is not None else ""
    return Text(
        f"会议 {this.key} 已声明代替评议 {known} 的会议；一次会议只代替一次。",
        f"The meeting {this.key} takes the place of the one that would judge {known}; it replaces one only.",
    )


def _not_neighbour(replaced: str, convened: MeetingConvened) -> Text:
    return Text(
        f"评议 {replaced} 的组织生活会与 {convened.on} 的会议不相邻；只能代替当月或上月的那一次。",
        f"The session that judges {replaced} is no neighbour of the one on {convened.on}; only that of the same "
        "month or of the month before can be replaced.",
    )


def _other_branch(convened: MeetingConvened, branch: str) -> Text:
    return Text(
        f"会议 {convened.meeting} 是支部 {convened.branch} 的，不是 {branch} 的；请核对。",
        f"The meeting {convened.meeting} is one of branch {convened.branch}, not of {branch}; check.",
    )


def _held(key: str) -> Text:
    return Text(
        f"会议 {key} 已登记到会情况，不能取消。", f"It is on record who came to the meeting {key}; it was held."
    )
