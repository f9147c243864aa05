"""Sentences about meetings: convened, attended, closed; what was reported, commented on, and found of the staff.

Reasons of health are never said, whatever words the reader may see: others hear of personal reasons (AMB-B17).
"""

from typing import assert_never

from domain.comments import CommentEvent, CommentMade, PeerCommentMade
from domain.meetings import (
    MEMBERS_MEETING,
    ApologySent,
    MeetingAttended,
    MeetingCalledOff,
    MeetingClosed,
    MeetingConvened,
    MeetingEvent,
    ReplacementDeclared,
    RepresentativesInvited,
)
from domain.reports import ReportEvent, ReportGiven, StaffReportGiven
from domain.staff_results import (
    StaffAppraised,
    StaffAppraisedV1,
    StaffEvent,
    StaffLinePosted,
    StaffLinePostedV1,
    StaffResultsPosted,
    StaffResultsSent,
    appraised_as_now,
    line_as_now,
)
from domain.text import Text
from projections.sentences.telling import NOTHING, Telling, counted, optional

SessionEvent = MeetingEvent | ReportEvent | CommentEvent | StaffEvent

PERSONAL = Text("个人原因", "personal reasons")
KINDS = {
    "monthly": Text("组织生活会", "meeting of organisation life"),
    "quarterly": Text("季度支部生活会", "quarterly session"),
    MEMBERS_MEETING: Text("党员大会", "members' meeting"),
}
TIMINGS = {
    "early": Text("（提前召开", " (before its days"),
    "late": Text("（推迟召开", " (after its days"),
}


def tell_meetings(event: SessionEvent, telling: Telling) -> Text:
    """Return the sentence of a fact about a meeting."""
    match event:
        case MeetingConvened() | MeetingCalledOff() | ReplacementDeclared() | RepresentativesInvited():
            return _tell_convening(event, telling)
        case ApologySent() | MeetingAttended() | MeetingClosed():
            return _tell_course(event, telling)
        case ReportGiven() | StaffReportGiven() | CommentMade() | PeerCommentMade():
            return _tell_speech(event, telling)
        case StaffAppraised() | StaffResultsPosted() | StaffLinePosted() | StaffResultsSent():
            return _tell_staff(event, telling)
        case StaffAppraisedV1():
            return _tell_staff(appraised_as_now(event), telling)
        case StaffLinePostedV1():
            return _tell_staff(line_as_now(event), telling)
        case _:
            assert_never(event)


def kind_words(kind: str) -> Text:
    """Return a kind of meeting in words."""
    return KINDS.get(kind, Text(kind, kind))


def _tell_convening(
    event: MeetingConvened | MeetingCalledOff | ReplacementDeclared | RepresentativesInvited, telling: Telling
) -> Text:
    where = telling.where(event.branch)
    match event:
        case MeetingConvened(meeting=key, judges=judged, on=on):
            kind, chair, flag = kind_words(event.kind), telling.person(event.chair), _flag(event)
            begins = "" if event.begins is None else f" {event.begins}"
            return Text(
                f"{where.zh}召集{kind.zh}（{key}）：{on}{begins}，{event.place}，{chair}主持，评议{judged}{flag.zh}。",
                f"{where.en} convenes a {kind.en} ({key}) on {on}{begins} at {event.place}, chaired by {chair}, to "
                f"judge {judged}{flag.en}.",
            )
        case MeetingCalledOff(meeting=key, reason=reason):
            return Text(f"{where.zh}的会议{key}取消：{reason}。", f"The meeting {key} is called off: {reason}.")
        case ReplacementDeclared(meeting=key, replaces=judged):
            kind = kind_words(event.kind)
            return Text(
                f"{where.zh}声明以会议{key}代替评议{judged}的{kind.zh}。",
                f"The meeting {key} is declared to take the place of the {kind.en} that would judge {judged}.",
            )
        case RepresentativesInvited(meeting=key, people=people, how=how):
            invited, again = telling.people(people), telling.people(event.again)
            turns = optional(
                event.again,
                f"；其中上次（{event.last_on}）也担任代表的：{again.zh}",
                f"; of them also on {event.last_on}: {again.en}",
            )
            return Text(
                f"邀请群众代表参加会议{key}：{invited.zh}（{how}）{turns.zh}。",
                f"Invited to speak for the masses at the meeting {key}: {invited.en} ({how}){turns.en}.",
            )
        case _:
            assert_never(event)


def _flag(event: MeetingConvened) -> Text:
    flag = TIMINGS.get(event.timing or "", NOTHING)
    return optional(flag.zh, f"{flag.zh}：{event.reason_outside}）", f"{flag.en}: {event.reason_outside})")


def _tell_course(event: ApologySent | MeetingAttended | MeetingClosed, telling: Telling) -> Text:
    match event:
        case ApologySent(meeting=key, person=person, reason=reason):
            why = PERSONAL if reason is None else telling.sealed(reason)
            return Text(
                f"{telling.person(person)}向会议{key}请假，原因：{why.zh}。",
                f"{telling.person(person)} sends apologies to the meeting {key}; reason: {why.en}.",
            )
        case MeetingAttended(meeting=key):
            return _tell_attendance(event, key, telling)
        case MeetingClosed(meeting=key):
            left = _left_undone(event, telling)
            return Text(
                f"会议{key}（{event.on}）结束{left.zh}。", f"The meeting {key} of {event.on} is closed{left.en}."
            )
        case _:
            assert_never(event)


def _tell_attendance(event: MeetingAttended, key: str, telling: Telling) -> Text:
    lists = (
        (event.excused, "请假", "excused"),
        (event.absent, "缺席", "absent"),
        (event.attending_staff, "列席党外干部职工", "attending staff"),
        (event.representatives, "群众代表", "representatives"),
    )
    more = [(telling.people(people), zh, en) for people, zh, en in lists if people]
    more_zh = "".join(f"，{zh}：{people.zh}" for people, zh, _ in more)
    more_en = "".join(f"; {en}: {people.en}" for people, _, en in more)
    present = len(event.present)
    return Text(
        f"会议{key}（{event.on}）应到{event.should_attend}人，实到{present}人{more_zh}。",
        f"{present} of {event.should_attend} members were at the meeting {key} of {event.on}{more_en}.",
    )


def _left_undone(event: MeetingClosed, telling: Telling) -> Text:
    lists = (
        (event.without_report + event.staff_without_report, "未讲述汇报", "no report from"),
        (event.without_comment + event.staff_without_comment, "未被点评", "no comment on"),
    )
    left = [(telling.people(people), zh, en) for people, zh, en in lists if people]
    zh = [f"{words}：{people.zh}" for people, words, _ in left]
    en = [f"{words} {people.en}" for people, _, words in left]
    if event.representatives_lacking:
        lacking = event.representatives_lacking
        zh.append(f"群众代表缺{lacking}名")
        en.append(f"{counted(lacking, 'representative', 'representatives')} too few")
    if event.staff_lacking:
        zh.append("无党外干部职工列席")
        en.append("no staff attended")
    papers = optional(event.minutes, "，附会议记录", ", with minutes")
    return Text(
        papers.zh + ("；" + "；".join(zh) if zh else "，无遗留事项"),
        papers.en + ("; " + "; ".join(en) if en else ", nothing left undone"),
    )


def _tell_speech(event: ReportGiven | StaffReportGiven | CommentMade | PeerCommentMade, telling: Telling) -> Text:
    who, key = telling.person(event.person), event.meeting
    match event:
        case ReportGiven(duties=duties, commitments=commitments, style=style):
            done, kept, manner = telling.sealed(duties), telling.sealed(commitments), telling.sealed(style)
            how, chair = _how(event), telling.person(event.chair)
            by = optional(chair, f"（{chair}主持）", f", {chair} presiding")
            return Text(
                f"{who}向会议{key}{how.zh}汇报{by.zh}：履行岗位职责{done.zh}，完成承诺事项{kept.zh}，"
                f"转变工作作风{manner.zh}。",
                f"{who} reports to the meeting {key} {how.en}{by.en}: duties {done.en}, commitments {kept.en}, "
                f"style of work {manner.en}.",
            )
        case StaffReportGiven(duties=duties):
            done, how = telling.sealed(duties), _how(event)
            return Text(
                f"党外干部职工{who}向会议{key}{how.zh}汇报履职尽责情况：{done.zh}。",
                f"{who}, of the staff, reports to the meeting {key} {how.en} on his duties: {done.en}.",
            )
        case CommentMade(shortcomings=shortcomings, causes=causes, demands=demands):
            faults, why, wanted = telling.sealed(shortcomings), telling.sealed(causes), telling.sealed(demands)
            by = Text(telling.person(event.commentator), telling.person(event.commentator))
            return Text(
                f"{by.zh}在会议{key}上点评{who}：不足{faults.zh}，原因{why.zh}，整改要求{wanted.zh}。",
                f"{by.en} comments on {who} at the meeting {key}: shortcomings {faults.en}, causes {why.en}, demands "
                f"{wanted.en}.",
            )
        case PeerCommentMade(remark=remark):
            peer, said = telling.person(event.peer), telling.sealed(remark)
            return Text(
                f"{peer}在会议{key}上与{who}互评：{said.zh}。",
                f"{peer} remarks on {who} at the meeting {key}: {said.en}.",
            )
        case _:
            assert_never(event)


def _how(event: ReportGiven | StaffReportGiven) -> Text:
    return Text("书面", "in writing") if event.written else Text("当场", "in person")


def _tell_staff(
    event: StaffAppraised | StaffResultsPosted | StaffLinePosted | StaffResultsSent, telling: Telling
) -> Text:
    where = telling.where(event.branch)
    match event:
        case StaffAppraised(person=person, meeting=key, period=period):
            grades, who = _grades(event), telling.person(person)
            return Text(
                f"会议{key}评定党外干部职工{who}（{period}）：{grades.zh}。",
                f"The meeting {key} appraises {who}, of the staff, for {period}: {grades.en}.",
            )
        case StaffResultsPosted(notice=notice, period=period):
            return Text(
                f"{where.zh}{period}党外干部职工评比结果公示（{notice}）张贴于{'、'.join(event.places)}；"
                f"意见受理：{event.contact}。",
                f"The staff's results of {where.en} for {period} hang ({notice}) at {', '.join(event.places)}; doubts "
                f"to {event.contact}.",
            )
        case StaffLinePosted(notice=notice, person=person, period=period):
            grades, who = _grades(event), telling.person(person)
            return Text(
                f"公示{notice}：{who}（{period}），{grades.zh}。",
                f"Notice {notice} says of {who}, {period}: {grades.en}.",
            )
        case StaffResultsSent(period=period, to_body=body):
            people, times = telling.people(event.people), counted(event.appraisals, "appraisal", "appraisals")
            return Text(
                f"{where.zh}将{period}党外干部职工评比结果（{event.appraisals}次评定）报送{body}：{people.zh}。",
                f"{where.en} hands the staff's results of {period} ({times}) to {body}: {people.en}.",
            )
        case _:
            assert_never(event)


def _grades(event: StaffAppraised | StaffLinePosted) -> Text:
    return Text(
        f"思想表现{event.attitude}，履职尽责{event.duties}，完成任务{event.tasks}，综合{event.overall}",
        f"attitude {event.attitude}, duties {event.duties}, tasks {event.tasks}, overall {event.overall}",
    )
