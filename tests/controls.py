"""Controls: one named, plausible example of every command and of every event, for every test that needs one.

The commands are a story: a committee, its branch of eight members, and the year 2025 from the founding of the branch to
the review of a star. Each step can be taken when its turn comes, by the person named, on the day named.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256

from domain.activities import RecordActivity, ReverseActivity, VerifyActivity
from domain.adoption import AdoptRulebook
from domain.appointments import Appoint, DeclareRelation, OpenLedger, Relieve
from domain.ballot_boxes import keeper_digest
from domain.ballot_closing import CloseBox, Found, VoidBox
from domain.ballot_opening import OpenBox
from domain.ballot_returns import HandOutSheets, PrintSlips, RecordReturns, ReturnSheet
from domain.ballot_sheets import Cell
from domain.ballots import GradeCount, Slips, Voter
from domain.calendars import PublishCalendar
from domain.confirming import ConfirmStars
from domain.corrections import DecideCorrection, OpenCorrection
from domain.dates import CHINA
from domain.decision import Command
from domain.exempting import ExemptMember
from domain.feedback import DeliverFeedback
from domain.honours import GrantAward, RecommendMember
from domain.ids import (
    ActivityId,
    BoxId,
    BranchId,
    CorrectionId,
    Document,
    Evidence,
    GroupId,
    ImprovementId,
    NoticeId,
    ObjectionId,
    PersonId,
    ReviewId,
    RoundId,
    RulebookId,
    TaskId,
)
from domain.improvement import CheckImprovement, CloseImprovement, OpenImprovement
from domain.inquiries import AcceptObjection, ExtendObjection, RejectObjection, ReplyToObjection, RuleOnObjection
from domain.keeping import AcceptClock, EraseSealed
from domain.lists import HoldVote
from domain.membership import AssignGroup, JoinBranch, LeaveBranch, MakeFormal, TransferMember
from domain.notice_keeping import CorrectNotice, TakeDownNotice
from domain.notices import InterruptNotice, PostNotice, ResumeNotice
from domain.objections import FileObjection, WithdrawObjection
from domain.organisation import FormGroup, FoundBranch, RegisterPerson, RenamePerson
from domain.posts import AssignPost, SetGoal
from domain.proposing import ProposeList
from domain.raters import InviteRaters
from domain.reviews import DecideReview, RequestReview
from domain.roles import DEPUTY_SECRETARY, DISCIPLINE, LEADING_GROUP_HEAD, RECORDER, SECRETARY
from domain.roster_import import ImportRoster, RosterLine
from domain.rounds import OpenRound
from domain.rulings import Amendment
from domain.score_import import ImportScores, ScoreLine
from domain.scores import CorrectScore, MarkNotApplicable, RecordScore
from domain.sealed import Sealed
from domain.tally import DecideTie, Tally
from domain.tasks import AssignTask, CompleteTask
from rulebooks import shipped
from tests.control_anchoring import ANCHORING_PARTS, HANDOVER, HANDOVER_DOCUMENT
from tests.control_beside import BESIDE_DOCUMENT, BESIDE_PARTS, BESIDE_RULES
from tests.control_consequences import CONSEQUENCE_PARTS
from tests.control_duties import DUTY_PARTS, TRIAL_DOCUMENT, TRIAL_RULES
from tests.control_meetings import MEETING_PARTS, SESSION_RULES, SESSIONS_DOCUMENT
from tests.control_months import MONTH_PARTS, MONTHLY_DOCUMENT, MONTHLY_RULES
from tests.control_prints import PRINT_PARTS
from tests.control_readers import READER_PARTS

OPERATOR, REGISTRAR = PersonId("operator"), PersonId("registrar")
CHAIR, INSPECTOR = PersonId("committee-secretary"), PersonId("committee-discipline")
LI, WANG, ZHANG, CHEN = PersonId("li"), PersonId("wang"), PersonId("zhang"), PersonId("chen")
ZHAO, SUN, ZHOU, WU = PersonId("zhao"), PersonId("sun"), PersonId("zhou"), PersonId("wu")
STAFF, STRANGER, MOVER, QIAN = PersonId("staff"), PersonId("stranger"), PersonId("mover"), PersonId("qian")
"""Li is secretary, Wang deputy, Zhang recorder, Chen heads the leading group, Zhao is discipline commissioner."""

BRANCH, OTHER_BRANCH, GROUP = BranchId("workshop-1"), BranchId("workshop-2"), GroupId("workshop-1.g1")
ROUND, RULEBOOK = RoundId("workshop-1.2025"), RulebookId("annual-360")
NOTICE, SECOND_NOTICE = NoticeId("notice-1"), NoticeId("notice-2")
UPHELD, REJECTED, WITHDRAWN, LATE = (ObjectionId(f"objection-{n}") for n in range(1, 5))
CORRECTION, REVIEW = CorrectionId("correction-1"), ReviewId("review-1")
TASK, PLAN, ACTIVITY = TaskId("task-1"), ImprovementId("plan-1"), ActivityId("activity-1")
LOST_BOX, BOX, KEEPER_PASS = BoxId("box-1"), BoxId("box-2"), "known to the keeper alone"
PAPER = Evidence(sha256(b"a paper").hexdigest())
ANNUAL_360 = shipped("annual-360")
DOCUMENT = Document(sha256(ANNUAL_360).hexdigest())
DOCUMENTS: dict[str, bytes] = {
    DOCUMENT: ANNUAL_360,
    TRIAL_DOCUMENT: TRIAL_RULES,
    SESSIONS_DOCUMENT: SESSION_RULES,
    MONTHLY_DOCUMENT: MONTHLY_RULES,
    BESIDE_DOCUMENT: BESIDE_RULES,
    HANDOVER_DOCUMENT: HANDOVER,
}
"""The documents that decisions read, by their SHA-256."""

FOUNDED, YEAR_END = date(2025, 1, 6), date(2025, 12, 31)
MEMBERS = (LI, WANG, ZHANG, CHEN, ZHAO, SUN, ZHOU, WU)


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the story: who asks for it, and at what instant."""

    asked: Command
    actor: PersonId
    at: datetime


def noon(day: date) -> datetime:
    """Return 12:00 in China on `day`."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=CHINA)


def _steps(actor: PersonId, day: date, *commands: Command) -> tuple[Step, ...]:
    return tuple(Step(asked, actor, noon(day)) for asked in commands)


def _line(person: PersonId, component: str, points: str | None) -> ScoreLine:
    return ScoreLine(
        person=person,
        component=component,
        points=None if points is None else Decimal(points),
        cell=f"{person}.{component}",
    )


def _office(person: PersonId, role: str, branch: BranchId | None) -> Appoint:
    return Appoint(person=person, role=role, branch=branch, since=FOUNDED, decided_by="党员大会")


def _box(box: BoxId) -> OpenBox:
    return OpenBox(
        box=box,
        round=ROUND,
        component="masses",
        keeper=keeper_digest(KEEPER_PASS),
        voters=(Voter(person=STAFF, group="masses"), Voter(person=STRANGER, group="masses")),
        slips=(Slips(group="masses", count=5),),
        tellers=(LI, WANG),
    )


_OPENING = (
    *_steps(
        OPERATOR,
        FOUNDED,
        OpenLedger(committee="第一机械厂党委", registrar=REGISTRAR, operator=OPERATOR, simulated_clock=True),
    ),
    *_steps(
        REGISTRAR,
        FOUNDED,
        FoundBranch(branch=BRANCH, title="一车间党支部", on=FOUNDED),
        FoundBranch(branch=OTHER_BRANCH, title="二车间党支部", on=FOUNDED),
        *(
            RegisterPerson(person=person, full_name=Sealed(person.title()))
            for person in (*MEMBERS, STAFF, STRANGER, MOVER)
        ),
        FormGroup(group=GROUP, branch=BRANCH, title="第一党小组", on=FOUNDED),
        JoinBranch(person=WU, branch=BRANCH, kind="probationary", on=FOUNDED),
        *(JoinBranch(person=person, branch=BRANCH, kind="formal", on=FOUNDED) for person in MEMBERS[:-1]),
        JoinBranch(person=MOVER, branch=BRANCH, kind="formal", on=FOUNDED),
        JoinBranch(person=STAFF, branch=BRANCH, kind="staff", on=FOUNDED),
        ImportRoster(
            branch=OTHER_BRANCH,
            workbook=PAPER,
            lines=(
                RosterLine(person=QIAN, full_name=Sealed("钱"), kind="formal", joined=FOUNDED, cell="B3", post="钳工"),
            ),
        ),
        _office(LI, SECRETARY, BRANCH),
        _office(WANG, DEPUTY_SECRETARY, BRANCH),
        _office(ZHANG, RECORDER, BRANCH),
        _office(CHEN, LEADING_GROUP_HEAD, BRANCH),
        _office(ZHAO, DISCIPLINE, BRANCH),
        _office(CHAIR, SECRETARY, None),
        _office(INSPECTOR, DISCIPLINE, None),
        _office(MOVER, RECORDER, BRANCH),
        PublishCalendar(
            year=2026,
            rest_days=(date(2026, 1, 1),),
            worked_weekends=(date(2026, 1, 4),),
            source="国办发明电〔2025〕7号",
        ),
        PublishCalendar(year=2025, rest_days=(date(2025, 1, 1),), worked_weekends=(), source="国办发明电〔2024〕12号"),
    ),
    *_steps(
        CHAIR,
        FOUNDED,
        AdoptRulebook(
            rulebook=RULEBOOK,
            document=DOCUMENT,
            meeting="党委会 2025 年第 1 次会议",
            adopted_on=FOUNDED,
            effective_from=date(2025, 1, 1),
        ),
    ),
)

_YEAR = (
    *_steps(
        LI,
        date(2025, 7, 1),
        MakeFormal(person=WU, on=date(2025, 7, 1)),
        *(AssignGroup(person=person, group=GROUP, on=date(2025, 3, 1)) for person in MEMBERS[:-1]),
        AssignPost(person=SUN, post="质检班长", on=date(2025, 3, 1)),
        RenamePerson(person=STAFF, full_name=Sealed("新名")),
        Relieve(person=MOVER, role=RECORDER, branch=BRANCH, on=date(2025, 6, 1), decided_by="支部委员会"),
        TransferMember(person=MOVER, to_branch=OTHER_BRANCH, on=date(2025, 6, 30), extract=PAPER),
    ),
    *_steps(
        REGISTRAR,
        date(2025, 8, 1),
        LeaveBranch(person=MOVER, on=date(2025, 8, 1), cause="transferred_out", reason=None),
    ),
    *_steps(
        SUN,
        date(2025, 9, 1),
        SetGoal(person=SUN, period="2025", goals=Sealed("零返工"), target_star=4),
        RecordActivity(
            activity=ACTIVITY,
            person=SUN,
            kind="public_welfare",
            dimension="daily",
            occurred_on=date(2025, 8, 30),
            statement=Sealed("社区义务维修"),
            evidence=(PAPER,),
        ),
        DeclareRelation(person=SUN, other=ZHOU, relation="sibling"),
    ),
    *_steps(
        ZHANG,
        date(2025, 9, 2),
        VerifyActivity(activity=ACTIVITY),
        ReverseActivity(activity=ACTIVITY, reason=Sealed("重复登记")),
        AssignTask(task=TASK, person=ZHOU, what=Sealed("整理设备台账"), due=date(2025, 10, 31), resolution="2025-7"),
    ),
    *_steps(
        ZHANG,
        date(2025, 11, 3),
        CompleteTask(task=TASK, on=date(2025, 10, 30), outcome="done", statement=Sealed("按期完成")),
    ),
    *_steps(
        OPERATOR,
        date(2025, 11, 3),
        EraseSealed(digests=(sha256(b"words").hexdigest(),), ordered_by="厂党委", ground="本人申请"),
        AcceptClock(why="夏时制误设，已改正"),
    ),
)

_EVALUATION = (
    *_steps(ZHANG, date(2026, 1, 5), OpenRound(round=ROUND, branch=BRANCH, period="2025", rulebook=RULEBOOK)),
    *_steps(
        LI,
        date(2026, 1, 5),
        ExemptMember(round=ROUND, person=ZHANG, decided_by="党员大会", reason=Sealed("长期借调")),
        InviteRaters(round=ROUND, component="masses", raters=(STAFF,)),
    ),
    *_steps(ZHANG, date(2026, 1, 5), _box(LOST_BOX), VoidBox(box=LOST_BOX, why="票箱受潮"), _box(BOX)),
    *_steps(
        ZHANG,
        date(2026, 1, 5),
        PrintSlips(box=BOX, group="masses", count=4, keeper_pass=KEEPER_PASS),
        HandOutSheets(box=BOX, people=(STRANGER,)),
        HandOutSheets(box=BOX, group="masses", count=1),
    ),
    *_steps(STAFF, date(2026, 1, 5), ReturnSheet(box=BOX, person=STAFF, keeper_pass=KEEPER_PASS)),
    *_steps(
        ZHANG,
        date(2026, 1, 5),
        RecordReturns(box=BOX, people=(STRANGER,)),
        CloseBox(
            box=BOX,
            keeper_pass=KEEPER_PASS,
            found=(Found(group="masses", on_screen=1, by_slip=4, on_paper=1),),
            valid=6,
            void=0,
            cells=tuple(
                Cell(
                    person=person,
                    groups=("masses",),
                    counts=(
                        GradeCount(grade=None, points=Decimal(80), voices=2),
                        GradeCount(grade=None, points=Decimal(90), voices=3),
                    ),
                    valid=5,
                    abstained=1,
                    void=0,
                )
                for person in MEMBERS
                if person != ZHANG
            ),
            tellers=(LI, WANG),
        ),
    ),
    *_steps(
        SUN, date(2026, 1, 5), RecordScore(round=ROUND, person=SUN, component="self", points=Decimal(95), rater=SUN)
    ),
    *_steps(ZHANG, date(2026, 1, 5), MarkNotApplicable(round=ROUND, person=WU, component="group", why="未编入党小组")),
    *_steps(
        ZHANG,
        date(2026, 1, 6),
        ImportScores(
            round=ROUND,
            workbook=PAPER,
            ballots=9,
            lines=tuple(
                _line(person, component, points)
                for person, points in (
                    (LI, "85"),
                    (WANG, "94"),
                    (CHEN, "84"),
                    (ZHAO, "83"),
                    (SUN, "90"),
                    (ZHOU, "90"),
                    (WU, "77"),
                )
                for component in ("work", "group", "branch", "masses", "self")
                if (person, component) not in {(SUN, "self"), (WU, "group")}
            ),
        ),
        CorrectScore(round=ROUND, person=ZHOU, component="self", points=Decimal(95), reason=Sealed("录入错误")),
        Tally(round=ROUND),
    ),
    *_steps(
        CHEN,
        date(2026, 1, 7),
        DecideTie(round=ROUND, star=4, winners=(SUN,), body="考核工作领导小组", reason=Sealed("实绩突出")),
        ProposeList(round=ROUND, body="考核工作领导小组"),
    ),
    *_steps(
        ZHANG,
        date(2026, 1, 8),
        HoldVote(round=ROUND, list=1, on=date(2026, 1, 8), chair=LI, present=MEMBERS, yes=7, no=1, abstain=0),
        PostNotice(round=ROUND, notice=NOTICE, places=("厂务公开栏",), contact="赵，电话分机 12"),
    ),
    *_steps(
        STAFF,
        date(2026, 1, 9),
        FileObjection(round=ROUND, objection=WITHDRAWN, about=ZHOU, statement=Sealed("数据有误"), objector=STAFF),
        WithdrawObjection(round=ROUND, objection=WITHDRAWN),
    ),
    *_steps(
        ZHAO,
        date(2026, 1, 9),
        FileObjection(round=ROUND, objection=UPHELD, about=WU, statement=Sealed("漏计工时"), evidence=PAPER),
        FileObjection(
            round=ROUND,
            objection=REJECTED,
            about=LI,
            statement=Sealed("没有事实"),
            confidential_name=Sealed("匿名来信人"),
        ),
        AcceptObjection(round=ROUND, objection=UPHELD, investigators=(SUN, ZHOU)),
        RejectObjection(round=ROUND, objection=REJECTED, reason=Sealed("没有提供事实")),
        ExtendObjection(round=ROUND, objection=UPHELD, days=5, reason=Sealed("须核对考勤")),
    ),
    *_steps(ZHANG, date(2026, 1, 10), InterruptNotice(round=ROUND, notice=NOTICE, why="公示栏检修")),
    *_steps(ZHANG, date(2026, 1, 11), ResumeNotice(round=ROUND, notice=NOTICE)),
    *_steps(
        ZHANG,
        date(2026, 1, 12),
        CorrectNotice(round=ROUND, notice=NOTICE, why="分机号有误", contact="赵，电话分机 21"),
    ),
    *_steps(
        ZHAO,
        date(2026, 1, 13),
        RuleOnObjection(
            round=ROUND,
            objection=UPHELD,
            verdict="upheld",
            findings=Sealed("确有漏计"),
            amendments=(Amendment(person=WU, component="work", points=Decimal(79)),),
        ),
        ReplyToObjection(round=ROUND, objection=UPHELD, reply=Sealed("已更正")),
    ),
    *_steps(
        ZHANG,
        date(2026, 1, 14),
        PostNotice(round=ROUND, notice=SECOND_NOTICE, places=("厂务公开栏",), contact="赵，电话分机 12"),
    ),
    *_steps(
        ZHANG,
        date(2026, 2, 2),
        TakeDownNotice(round=ROUND, notice=NOTICE, witness=WANG, note="公示七天无缺损"),
    ),
    *_steps(CHEN, date(2026, 2, 2), ConfirmStars(round=ROUND, body="考核工作领导小组")),
    *_steps(LI, date(2026, 2, 2), ConfirmStars(round=ROUND, body="考核工作领导小组", people=(CHEN,))),
)

_USE = (
    *_steps(
        LI,
        date(2026, 2, 3),
        DeliverFeedback(round=ROUND, person=WU, on=date(2026, 2, 3), signed=False, witness=WANG),
        RecommendMember(round=ROUND, person=SUN, honour="优秀共产党员", to_body="市国资委党委"),
        GrantAward(round=ROUND, person=SUN, honour="优秀共产党员", awarded_by="市国资委党委", on=date(2026, 2, 3)),
        OpenImprovement(
            improvement=PLAN,
            round=ROUND,
            person=WU,
            helper=SUN,
            lost_points=Sealed("工作业绩：返工"),
            goal=Sealed("三星级"),
            measures=Sealed("每月结对一次"),
            review_on=date(2026, 6, 30),
        ),
    ),
    *_steps(
        SUN, date(2026, 4, 1), CheckImprovement(improvement=PLAN, on=date(2026, 4, 1), progress=Sealed("返工减半"))
    ),
    *_steps(
        LI,
        date(2026, 6, 30),
        CloseImprovement(improvement=PLAN, on=date(2026, 6, 30), outcome="reached", branch_opinion=Sealed("同意")),
    ),
    *_steps(WU, date(2026, 7, 1), RequestReview(review=REVIEW, round=ROUND, person=WU, ground=Sealed("仍有漏计"))),
    *_steps(
        INSPECTOR,
        date(2026, 7, 8),
        DecideReview(review=REVIEW, round=ROUND, upheld=True, opinion=Sealed("应予更正"), on=date(2026, 7, 8)),
    ),
    *_steps(
        ZHAO,
        date(2026, 7, 9),
        OpenCorrection(round=ROUND, correction=CORRECTION, person=WU, cause=Sealed("上级复核"), review=REVIEW),
    ),
    *_steps(
        CHEN,
        date(2026, 7, 10),
        DecideCorrection(
            round=ROUND,
            correction=CORRECTION,
            verdict="upheld",
            findings=Sealed("再补两个工时"),
            body="考核工作领导小组",
            amendments=(Amendment(person=WU, component="work", points=Decimal(80)),),
        ),
    ),
)

_DUTIES = tuple(step for actor, day, asked in DUTY_PARTS for step in _steps(actor, day, *asked))

_MEETINGS = tuple(step for actor, day, asked in MEETING_PARTS for step in _steps(actor, day, *asked))

_MONTHS = tuple(step for actor, day, asked in MONTH_PARTS for step in _steps(actor, day, *asked))

_BESIDE = tuple(step for actor, day, asked in BESIDE_PARTS for step in _steps(actor, day, *asked))

ANNUAL = _OPENING + _YEAR + _EVALUATION + _USE
"""The year of seed A alone."""
_ANCHORING = tuple(step for actor, day, asked in ANCHORING_PARTS for step in _steps(actor, day, *asked))

_READINGS = tuple(step for actor, day, asked in READER_PARTS for step in _steps(actor, day, *asked))

_PRINTS = tuple(step for actor, day, asked in PRINT_PARTS for step in _steps(actor, day, *asked))

_CONSEQUENCES = tuple(step for actor, day, asked in CONSEQUENCE_PARTS for step in _steps(actor, day, *asked))

STORY = ANNUAL + _DUTIES + _MEETINGS + _MONTHS + _BESIDE + _READINGS + _ANCHORING + _PRINTS + _CONSEQUENCES
COMMANDS: dict[type[Command], Command] = {}
for _step in STORY:
    COMMANDS.setdefault(type(_step.asked), _step.asked)
