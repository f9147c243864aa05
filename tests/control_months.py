"""Controls for what is drawn, settled and posted, and one example of every event of theirs.

The story goes on with the other branch, whose only member has one month judged and then a year made of it.
"""

from datetime import date
from decimal import Decimal
from hashlib import sha256

from domain.adoption import AdoptRulebook
from domain.attendance import RecordAttendance
from domain.boards import BoardLinePosted, BoardPosted, PostBoard
from domain.convening import ConveneMeeting
from domain.decision import Command, Event
from domain.drawing import DeclareNoAppraisal, DrawMonths, DrawRecords, TakeBackNoAppraisal
from domain.drawn import AppraisalNotHeld, ComponentPoints, DrawnEntry, MonthDrawn, NoAppraisalTakenBack, RecordsDrawn
from domain.ids import BranchId, Document, EntryId, MeetingId, PersonId, RoundId, RulebookId
from domain.lists import HoldVote
from domain.meetings import MEMBERS_MEETING
from domain.months import MonthSettled, SettleMonth
from domain.organisation import EnterUnitKind
from domain.proposing import ProposeList
from domain.rounds import OpenRound
from domain.scores import RecordScore
from domain.small_branch import DeclareSmallBranchMode, TakeBackSmallBranchMode
from domain.tally import Tally
from rulebooks import shipped

MONTHLY_RULES = shipped("monthly-points")
MONTHLY_DOCUMENT = Document(sha256(MONTHLY_RULES).hexdigest())
MONTHLY, MONTH_ROUND, YEAR_ROUND = RulebookId("monthly-points"), RoundId("month-2025-09"), RoundId("year-of-months")
VOTING = MeetingId("workshop-2.members")
_BRANCH, _CHAIR = BranchId("workshop-2"), PersonId("committee-secretary")
_ZHANG, _LI, _CHEN, _QIAN = PersonId("zhang"), PersonId("li"), PersonId("chen"), PersonId("qian")

Part = tuple[PersonId, date, tuple[Command, ...]]
"""Who asks for these commands, and on what day."""

MONTH_PARTS: tuple[Part, ...] = (
    (
        _CHAIR,
        date(2027, 2, 2),
        (
            AdoptRulebook(
                rulebook=MONTHLY,
                document=MONTHLY_DOCUMENT,
                meeting="党委会 2027 年第 1 次会议",
                adopted_on=date(2027, 2, 2),
                effective_from=date(2025, 1, 1),
            ),
        ),
    ),
    (
        _ZHANG,
        date(2027, 2, 3),
        (
            OpenRound(round=MONTH_ROUND, branch=_BRANCH, period="2025-09", rulebook=MONTHLY),
            DrawRecords(round=MONTH_ROUND, branch=_BRANCH, component="records"),
            RecordScore(round=MONTH_ROUND, person=_QIAN, component="appraisal", points=Decimal(90), ballots=7),
            Tally(round=MONTH_ROUND),
        ),
    ),
    (_CHEN, date(2027, 2, 3), (ProposeList(round=MONTH_ROUND, body="考核工作领导小组"),)),
    (
        _ZHANG,
        date(2027, 2, 4),
        (
            ConveneMeeting(
                meeting=VOTING,
                branch=_BRANCH,
                rulebook=MONTHLY,
                kind=MEMBERS_MEETING,
                judges="2025-09",
                on=date(2027, 2, 4),
                place="会议室",
                chair=_LI,
            ),
            RecordAttendance(meeting=VOTING, present=(_QIAN,)),
            HoldVote(
                round=MONTH_ROUND,
                list=1,
                on=date(2027, 2, 4),
                chair=_LI,
                present=(_QIAN,),
                yes=1,
                no=0,
                abstain=0,
                meeting=VOTING,
            ),
            SettleMonth(round=MONTH_ROUND, branch=_BRANCH),
            PostBoard(round=MONTH_ROUND, board="indoor", places=("党员活动室",)),
            OpenRound(round=YEAR_ROUND, branch=_BRANCH, period="2025", rulebook=MONTHLY),
            DrawMonths(round=YEAR_ROUND),
            DeclareNoAppraisal(round=YEAR_ROUND, component="appraisal", why="并入月度民主评议"),
            TakeBackNoAppraisal(round=YEAR_ROUND, component="appraisal", why="民主评议改期举行"),
            DeclareNoAppraisal(round=YEAR_ROUND, component="appraisal", why="改期未果，并入月度民主评议"),
        ),
    ),
    (
        PersonId("registrar"),
        date(2027, 2, 5),
        (
            EnterUnitKind(branch=_BRANCH, kind="enterprise"),
            DeclareSmallBranchMode(decided_by="党委", reason="支部人少，一时选不出监督员"),
            TakeBackSmallBranchMode(decided_by="党委", reason="监督员已选出"),
        ),
    ),
)

MONTH_EVENTS: tuple[Event, ...] = (
    RecordsDrawn(
        round=MONTH_ROUND,
        person=_QIAN,
        component="records",
        entries=(
            DrawnEntry(
                entry=EntryId("entry-9"),
                item="study-taught",
                points=Decimal(2),
                occurred_on=date(2025, 9, 10),
                position=200,
                amount=Decimal("4.5"),
            ),
        ),
    ),
    MonthSettled(
        round=MONTH_ROUND,
        branch=_BRANCH,
        person=_QIAN,
        period="2025-09",
        components=(
            ComponentPoints(component="appraisal", points="90"),
            ComponentPoints(component="records", points="100"),
        ),
        total=Decimal("97.00"),
        star=5,
        label="五星级",
    ),
    MonthDrawn(round=YEAR_ROUND, person=_QIAN, period="2025-09", records="100", appraisal="90", source=210),
    AppraisalNotHeld(round=YEAR_ROUND, component="appraisal", why="并入月度民主评议"),
    NoAppraisalTakenBack(round=YEAR_ROUND, component="appraisal", why="民主评议改期举行"),
    BoardPosted(round=MONTH_ROUND, board="indoor", places=("党员活动室",), shown=1),
    BoardLinePosted(round=MONTH_ROUND, board="indoor", person=_QIAN, appraisal="90", star=5, label="五星级"),
)
