"""Controls for meetings: a branch's monthly and quarterly sessions, and one example of every event of theirs.

The people are those of `tests.controls`, whose story this goes on with.
"""

from datetime import date
from hashlib import sha256

from domain.adoption import AdoptRulebook
from domain.appointments import Appoint
from domain.attendance import Apology, RecordAttendance
from domain.closing import CloseMeeting
from domain.comments import CommentMade, CommentOn, PeerComment, PeerCommentMade
from domain.convening import CallOffMeeting, ConveneMeeting, ReplaceMeeting
from domain.decision import Command, Event, replace
from domain.ids import BranchId, Document, Evidence, MeetingId, NoticeId, PersonId, RulebookId
from domain.meetings import (
    ApologySent,
    MeetingAttended,
    MeetingCalledOff,
    MeetingClosed,
    MeetingConvened,
    ReplacementDeclared,
    RepresentativesInvited,
)
from domain.organisation import RegisterPerson
from domain.reports import GiveReport, GiveStaffReport, ReportGiven, StaffReportGiven
from domain.representatives import InviteRepresentatives
from domain.roles import ADMINISTRATIVE_LEADER
from domain.sealed import Sealed
from domain.staff_appraisal import AppraiseStaff, PostStaffResults, SendStaffResults
from domain.staff_results import (
    StaffAppraised,
    StaffAppraisedV1,
    StaffLinePosted,
    StaffLinePostedV1,
    StaffResultsPosted,
    StaffResultsSent,
)
from rulebooks import shipped

_REGISTRAR, _CHAIR, _BRANCH = PersonId("registrar"), PersonId("committee-secretary"), BranchId("workshop-1")
_LI, _WANG, _ZHANG, _CHEN = PersonId("li"), PersonId("wang"), PersonId("zhang"), PersonId("chen")
_ZHAO, _SUN, _ZHOU, _WU, _STAFF = (PersonId(name) for name in ("zhao", "sun", "zhou", "wu", "staff"))
DIRECTOR, GAO, HAN = PersonId("director"), PersonId("gao"), PersonId("han")
"""The administrative leader of the branch, and two of the masses who are in no branch."""

MONTHLY, QUARTERLY, OFF = MeetingId("workshop-1.10"), MeetingId("workshop-1.q4"), MeetingId("workshop-1.11")
STAFF_NOTICE = NoticeId("notice-staff")
SESSIONS = RulebookId("sessions")
SESSION_RULES = (
    shipped("annual-360").replace(b'id = "annual-360"', b'id = "sessions"', 1)
    + """
[[sessions]]
code = "monthly"
title = { zh = "组织生活会", en = "The meeting of organisation life" }
months = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
judges = "previous_month"
invited = ["staff"]
clause = "A-18"
window = { of = "last_days", days = 7, clause = "A-18" }

[[sessions]]
code = "quarterly"
title = { zh = "季度支部生活会", en = "The quarterly session" }
months = [1, 4, 7, 10]
judges = "previous_month"
invited = ["staff", "representatives"]
clause = "A-18"
window = { of = "first_days", days = 7, clause = "A-18" }
representatives = { at_least = 3, clause = "A-18" }
""".encode()
)
"""A scheme with the two sessions of seed B, so that nothing depends on the rest of that scheme."""
SESSIONS_DOCUMENT = Document(sha256(SESSION_RULES).hexdigest())

CONVENED_ON, HELD_ON, SESSION_ON = date(2026, 11, 20), date(2026, 11, 26), date(2027, 1, 5)
PRESENT = (_LI, _WANG, _ZHANG, _CHEN, _ZHAO, _ZHOU, _WU)
"""All members but Sun, who is ill and has written."""
_THREE = (_STAFF, GAO, HAN)
_MINUTES = Evidence(sha256(b"a paper").hexdigest())

CONVENE = ConveneMeeting(
    meeting=MONTHLY,
    branch=_BRANCH,
    rulebook=SESSIONS,
    kind="monthly",
    judges="2026-10",
    on=HELD_ON,
    begins="14:30",
    place="党员活动室",
    chair=_LI,
)
"""The session of November, which judges October."""
CONVENE_NEXT = replace(CONVENE, meeting=OFF, judges="2026-11", on=date(2026, 12, 28), begins=None)
CALL_OFF = CallOffMeeting(meeting=OFF, reason="停产检修，全员在岗")
CONVENE_QUARTERLY = replace(CONVENE, meeting=QUARTERLY, kind="quarterly", judges="2026-12", on=SESSION_ON, begins=None)
REPLACE = ReplaceMeeting(meeting=QUARTERLY, branch=_BRANCH, replaces="2026-11")
INVITE = InviteRepresentatives(meeting=QUARTERLY, branch=_BRANCH, people=_THREE, how="班组推荐，轮流担任")
ATTEND = RecordAttendance(
    meeting=MONTHLY,
    present=PRESENT,
    apologies=(Apology(person=_SUN, health=Sealed("住院")),),
    attending_staff=(_STAFF,),
)
STAFF_REPORT = GiveStaffReport(meeting=MONTHLY, person=_STAFF, duties=Sealed("台账按时完成"))
REMARK = PeerComment(meeting=MONTHLY, person=_WU, remark=Sealed("乐于助人"))
APPRAISE = AppraiseStaff(meeting=MONTHLY, person=_STAFF, attitude="优秀", duties="合格", tasks="优秀", overall="优秀")
CLOSE = CloseMeeting(meeting=MONTHLY, minutes=_MINUTES)
POST = PostStaffResults(
    branch=_BRANCH, notice=STAFF_NOTICE, period="2026-10", places=("厂务公开栏",), contact="张，分机 8"
)
SEND = SendStaffResults(branch=_BRANCH, period="2026", to_body="厂部人事科")


def report(person: PersonId) -> GiveReport:
    """Return a member's report to the session of November; only Sun's is a written one."""
    return GiveReport(
        meeting=MONTHLY,
        person=person,
        duties=Sealed("完成检修计划"),
        commitments=Sealed("两项承诺已兑现"),
        style=Sealed("下班组更勤"),
        written=person == _SUN,
    )


def comment(person: PersonId) -> CommentOn:
    """Return the comment on somebody's report to that session."""
    return CommentOn(
        meeting=MONTHLY,
        person=person,
        shortcomings=Sealed("学习不够"),
        causes=Sealed("时间安排不当"),
        demands=Sealed("每周学习一次"),
    )


MEETING_PARTS: tuple[tuple[PersonId, date, tuple[Command, ...]], ...] = (
    (
        _CHAIR,
        date(2026, 11, 2),
        (
            AdoptRulebook(
                rulebook=SESSIONS,
                document=SESSIONS_DOCUMENT,
                meeting="党委会 2026 年第 5 次会议",
                adopted_on=date(2026, 11, 2),
                effective_from=date(2025, 1, 1),
            ),
        ),
    ),
    (
        _REGISTRAR,
        date(2026, 11, 2),
        (
            *(RegisterPerson(person=person, full_name=Sealed(person.title())) for person in (DIRECTOR, GAO, HAN)),
            Appoint(
                person=DIRECTOR,
                role=ADMINISTRATIVE_LEADER,
                branch=_BRANCH,
                since=date(2026, 11, 2),
                decided_by="厂部",
            ),
        ),
    ),
    (_ZHANG, CONVENED_ON, (CONVENE,)),
    (_SUN, date(2026, 11, 25), (report(_SUN),)),
    (_ZHANG, HELD_ON, (ATTEND, report(_LI), report(_WU))),
    (_STAFF, HELD_ON, (STAFF_REPORT,)),
    (_LI, HELD_ON, (comment(_WU), comment(_SUN))),
    (_WANG, HELD_ON, (comment(_LI),)),
    (DIRECTOR, HELD_ON, (comment(_STAFF),)),
    (_ZHOU, HELD_ON, (REMARK,)),
    (_ZHANG, HELD_ON, (APPRAISE, CLOSE)),
    (_ZHANG, date(2026, 11, 27), (POST, SEND)),
    (_ZHANG, date(2026, 12, 21), (CONVENE_NEXT, CALL_OFF, CONVENE_QUARTERLY, REPLACE, INVITE)),
)
"""Who asks for what on which day: the session of November, and what is prepared for that of January."""

MEETING_EVENTS: tuple[Event, ...] = (
    MeetingConvened(
        meeting=MONTHLY,
        branch=_BRANCH,
        rulebook=SESSIONS,
        version=1,
        document=Document(sha256(b"a rulebook").hexdigest()),
        kind="monthly",
        judges="2026-10",
        on=date(2026, 12, 1),
        begins="14:30",
        place="党员活动室",
        chair=_LI,
        timing="late",
        reason_outside="设备抢修",
    ),
    MeetingCalledOff(meeting=OFF, branch=_BRANCH, reason="停产检修，全员在岗"),
    ReplacementDeclared(meeting=QUARTERLY, branch=_BRANCH, kind="monthly", replaces="2026-11"),
    RepresentativesInvited(
        meeting=QUARTERLY,
        branch=_BRANCH,
        on=SESSION_ON,
        people=_THREE,
        how="班组推荐，轮流担任",
        again=(GAO,),
        last_on=date(2026, 10, 3),
    ),
    ApologySent(meeting=MONTHLY, person=_SUN, on=HELD_ON, reason=Sealed("外出培训"), health=None),
    MeetingAttended(
        meeting=MONTHLY,
        branch=_BRANCH,
        on=HELD_ON,
        should_attend=8,
        present=PRESENT,
        excused=(_SUN,),
        absent=(),
        attending_staff=(_STAFF,),
        representatives=(),
    ),
    MeetingClosed(
        meeting=MONTHLY,
        branch=_BRANCH,
        on=HELD_ON,
        without_report=(_CHEN, _ZHAO),
        without_comment=(_CHEN, _ZHAO, _ZHOU),
        staff_without_report=(),
        staff_without_comment=(_STAFF,),
        representatives_lacking=1,
        staff_lacking=True,
        minutes=_MINUTES,
    ),
    ReportGiven(
        meeting=MONTHLY,
        branch=_BRANCH,
        person=_LI,
        on=HELD_ON,
        written=False,
        chair=_WANG,
        duties=Sealed("完成检修计划"),
        commitments=Sealed("两项承诺已兑现"),
        style=Sealed("下班组更勤"),
    ),
    StaffReportGiven(
        meeting=MONTHLY, branch=_BRANCH, person=_STAFF, on=HELD_ON, written=True, duties=Sealed("台账按时完成")
    ),
    CommentMade(
        meeting=MONTHLY,
        branch=_BRANCH,
        person=_WU,
        on=HELD_ON,
        commentator=_LI,
        shortcomings=Sealed("学习不够"),
        causes=Sealed("时间安排不当"),
        demands=Sealed("每周学习一次"),
    ),
    PeerCommentMade(meeting=MONTHLY, branch=_BRANCH, person=_WU, on=HELD_ON, peer=_ZHOU, remark=Sealed("乐于助人")),
    StaffAppraised(
        meeting=MONTHLY,
        branch=_BRANCH,
        person=_STAFF,
        period="2026-10",
        on=HELD_ON,
        attitude="优秀",
        duties="合格",
        tasks="优秀",
        overall="优秀",
    ),
    StaffResultsPosted(
        branch=_BRANCH, notice=STAFF_NOTICE, period="2026-10", places=("厂务公开栏",), contact="张，分机 8"
    ),
    StaffLinePosted(
        branch=_BRANCH,
        notice=STAFF_NOTICE,
        person=_STAFF,
        period="2026-10",
        attitude="优秀",
        duties="合格",
        tasks="优秀",
        overall="优秀",
    ),
    StaffAppraisedV1(
        meeting=MONTHLY,
        branch=_BRANCH,
        person=_STAFF,
        period="2026-10",
        on=HELD_ON,
        thought="优秀",
        duties="合格",
        tasks="优秀",
        overall="优秀",
    ),
    StaffLinePostedV1(
        branch=_BRANCH,
        notice=STAFF_NOTICE,
        person=_STAFF,
        period="2026-10",
        thought="优秀",
        duties="合格",
        tasks="优秀",
        overall="优秀",
    ),
    StaffResultsSent(branch=_BRANCH, period="2026", to_body="厂部人事科", people=(_STAFF,), appraisals=1),
)
