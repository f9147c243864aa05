"""Controls: one example of every event, as it is stored for ever. Add to these; never change one that is there."""

from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256

from domain.activities import ActivityRecorded, ActivityReversed, ActivityVerified
from domain.adoption import RulebookAdopted
from domain.appointments import Appointed, LedgerOpened, RelationDeclared, Relieved
from domain.assistance import ImprovementChecked, ImprovementClosed, ImprovementOpened
from domain.ballots import (
    BallotsCounted,
    BoxClosed,
    BoxOpened,
    BoxVoided,
    GradeCap,
    GradeCount,
    GroupReturn,
    NamedMark,
    OpenlyAppraised,
    SlipIssued,
    SlipReturned,
    Slips,
    SlipsIssued,
    Voter,
)
from domain.calendars import CalendarPublished
from domain.confirmation import ConfirmationRefused, CorrectionDecided, CorrectionOpened, StarConfirmed
from domain.dates import CHINA
from domain.decision import Event
from domain.drawn import ComponentPoints
from domain.feedback import FeedbackDelivered
from domain.honours import AwardGranted, MemberRecommended
from domain.ids import Document, MeetingId
from domain.keeping import ClockAccepted, SealedErased
from domain.lists import ListProposed, VoteHeld
from domain.membership import GroupAssigned, MemberJoined, MemberLeft, MemberMadeFormal, MemberTransferred
from domain.notice_prints import NoticePrinted
from domain.notices import (
    LinePosted,
    NoticeCorrected,
    NoticeInterrupted,
    NoticePosted,
    NoticeResumed,
    NoticeTakenDown,
)
from domain.objections import (
    ObjectionAccepted,
    ObjectionExtended,
    ObjectionFiled,
    ObjectionFiledLate,
    ObjectionRejected,
    ObjectionReplied,
    ObjectionRuled,
    ObjectionWithdrawn,
)
from domain.organisation import BranchFounded, GroupFormed, PersonRegistered, PersonRenamed, UnitKindEntered
from domain.places import CapUse, FloorUse, Undecided
from domain.posts import GoalSet, PostAssigned
from domain.raters import RatersInvited
from domain.reviews import ReviewDecided, ReviewRequested
from domain.roles import RECORDER, SECRETARY
from domain.roster_import import RosterImported
from domain.rounds import MemberEnrolled, MemberExempted, RoundOpened
from domain.scores import ComponentNotApplicable, ScoreCorrected, ScoreRecorded, SheetImported
from domain.sealed import Sealed
from domain.separation import SeparationRelaxed, SeparationRestored
from domain.tally import ResultComputed, RoundTallied
from domain.tasks import TaskAssigned, TaskCompleted
from domain.verdicts import ProbationEnd, Verdict
from tests.control_anchoring import ANCHORING_EVENTS
from tests.control_beside import BESIDE_EVENTS
from tests.control_duties import DUTY_EVENTS
from tests.control_meetings import MEETING_EVENTS
from tests.control_months import MONTH_EVENTS
from tests.control_readers import READER_EVENTS
from tests.controls import (
    ACTIVITY,
    BOX,
    BRANCH,
    CHAIR,
    CHEN,
    CORRECTION,
    GROUP,
    LATE,
    LI,
    MOVER,
    NOTICE,
    OPERATOR,
    OTHER_BRANCH,
    PAPER,
    PLAN,
    REGISTRAR,
    REJECTED,
    REVIEW,
    ROUND,
    RULEBOOK,
    SECOND_NOTICE,
    STAFF,
    SUN,
    TASK,
    UPHELD,
    WANG,
    WITHDRAWN,
    WU,
    ZHANG,
    ZHAO,
    ZHOU,
)

VERDICT = Verdict(
    label="two stars, star of study",
    named=("study",),
    probation=ProbationEnd(outcome="extended", zh="延长预备期", en="probation extended"),
)
RULES = Document(sha256(b"a rulebook").hexdigest())

EVENTS: dict[type[Event], Event] = {
    type(example): example
    for example in (
        LedgerOpened(committee="第一机械厂党委", registrar=REGISTRAR, operator=OPERATOR, simulated_clock=True),
        Appointed(
            person=LI,
            role=SECRETARY,
            branch=BRANCH,
            since=date(2025, 1, 6),
            until=None,
            decided_by="党员大会",
            seconded_by=CHAIR,
        ),
        Relieved(
            person=MOVER, role=RECORDER, branch=BRANCH, on=date(2025, 6, 1), decided_by="支部委员会", seconded_by=CHAIR
        ),
        SeparationRelaxed(decided_by="党委", reason="支部人少"),
        SeparationRestored(decided_by="党委", reason="监督员已选出"),
        RelationDeclared(person=SUN, other=ZHOU, relation="sibling"),
        BranchFounded(branch=BRANCH, title="一车间党支部", on=date(2025, 1, 6)),
        UnitKindEntered(branch=BRANCH, kind="enterprise"),
        GroupFormed(group=GROUP, branch=BRANCH, title="第一党小组", on=date(2025, 1, 6)),
        PersonRegistered(person=LI, full_name=Sealed("Li")),
        PersonRenamed(person=STAFF, full_name=Sealed("新名")),
        MemberJoined(person=WU, branch=BRANCH, kind="probationary", on=date(2025, 1, 6), group=None),
        MemberMadeFormal(person=WU, branch=BRANCH, on=date(2025, 7, 1)),
        MemberTransferred(
            person=MOVER, from_branch=BRANCH, to_branch=OTHER_BRANCH, on=date(2025, 6, 30), extract=PAPER
        ),
        MemberLeft(person=MOVER, branch=OTHER_BRANCH, on=date(2025, 8, 1), cause="transferred_out", reason=None),
        GroupAssigned(person=LI, group=GROUP, on=date(2025, 3, 1)),
        PostAssigned(person=SUN, post="质检班长", on=date(2025, 3, 1)),
        GoalSet(person=SUN, period="2025", goals=Sealed("零返工"), target_star=4),
        RosterImported(branch=OTHER_BRANCH, workbook=PAPER, new=1, unchanged=0),
        ActivityRecorded(
            activity=ACTIVITY,
            person=SUN,
            branch=BRANCH,
            kind="public_welfare",
            dimension="daily",
            occurred_on=date(2025, 8, 30),
            statement=Sealed("社区义务维修"),
            item=None,
            evidence=(PAPER,),
            reported=True,
        ),
        ActivityVerified(activity=ACTIVITY, person=SUN),
        ActivityReversed(activity=ACTIVITY, person=SUN, reason=Sealed("重复登记")),
        TaskAssigned(
            task=TASK,
            person=ZHOU,
            branch=BRANCH,
            what=Sealed("整理设备台账"),
            due=date(2025, 10, 31),
            resolution="2025-7",
        ),
        TaskCompleted(task=TASK, person=ZHOU, on=date(2025, 10, 30), outcome="done", statement=Sealed("按期完成")),
        SealedErased(
            erased=("dba36bffa5cab0f922d087a3aeb179f9d4e745df40b323e1b1471402848c8a3e",),
            ordered_by="厂党委",
            ground="本人申请",
        ),
        ClockAccepted(why="夏时制误设，已改正"),
        CalendarPublished(
            year=2026,
            rest_days=(date(2026, 1, 1),),
            worked_weekends=(date(2026, 1, 4),),
            source="国办发明电〔2025〕7号",
        ),
        RulebookAdopted(
            rulebook=RULEBOOK,
            version=1,
            document=RULES,
            meeting="党委会 2025 年第 1 次会议",
            adopted_on=date(2025, 1, 6),
            effective_from=date(2025, 1, 1),
            effective_to=None,
        ),
        RoundOpened(
            round=ROUND,
            branch=BRANCH,
            period="2025",
            rulebook=RULEBOOK,
            version=1,
            document=RULES,
            roster_as_of=date(2025, 12, 31),
        ),
        MemberEnrolled(round=ROUND, person=LI, kind="formal", group=GROUP, joined=date(2025, 1, 6), category="core"),
        MemberExempted(round=ROUND, person=ZHANG, decided_by="党员大会", reason=Sealed("长期借调"), ground="seconded"),
        RatersInvited(round=ROUND, component="masses", raters=(STAFF,)),
        ScoreRecorded(
            round=ROUND,
            person=LI,
            component="masses",
            level="masses",
            points=Decimal(85),
            rater=None,
            ballots=9,
            occurred_on=None,
            evidence=PAPER,
            cell="li.masses",
        ),
        ScoreCorrected(
            round=ROUND,
            person=ZHOU,
            component="self",
            was=Decimal(90),
            points=Decimal(95),
            rater=None,
            ballots=None,
            corrects=101,
            ground="correction",
            reason=Sealed("录入错误"),
            objection=None,
            correction=None,
        ),
        ComponentNotApplicable(round=ROUND, person=WU, component="group", why="未编入党小组"),
        SheetImported(round=ROUND, workbook=PAPER, new=33, changed=0, unchanged=0),
        RoundTallied(
            round=ROUND,
            tally=1,
            engine=1,
            roster_size=8,
            caps=(CapUse(star=5, cap=0, used=0), CapUse(star=4, cap=2, used=1)),
            incomplete=(),
            undecided=(Undecided(star=4, places=1, people=(SUN, ZHOU)),),
            floors=(FloorUse(star=2, least=1, held=1),),
        ),
        ResultComputed(
            round=ROUND,
            tally=1,
            person=WU,
            status="complete",
            total=Decimal("77.00"),
            total_exact="77",
            score_star=2,
            star=2,
            label="二星级",
            components=(
                ComponentPoints(component="work", points="77"),
                ComponentPoints(component="group", points=None),
                ComponentPoints(component="branch", points="77"),
                ComponentPoints(component="masses", points="77"),
                ComponentPoints(component="self", points="77"),
            ),
            verdict=VERDICT,
        ),
        ListProposed(round=ROUND, list=1, tally=2, body="考核工作领导小组"),
        VoteHeld(
            round=ROUND,
            list=1,
            on=date(2026, 1, 8),
            chair=LI,
            present=(LI, WANG, ZHANG, CHEN, ZHAO, SUN, ZHOU, WU),
            should_attend=8,
            voters_present=8,
            yes=7,
            no=1,
            abstain=0,
            outcome="adopted",
            reasons="",
            minutes=None,
            meeting=MeetingId("members-meeting-1"),
        ),
        NoticePosted(
            round=ROUND,
            notice=NOTICE,
            number=1,
            tally=2,
            places=("厂务公开栏",),
            contact="赵，电话分机 12",
            days=7,
            ends_at=datetime(2026, 1, 16, 0, 0, tzinfo=CHINA),
            provisional=False,
        ),
        LinePosted(
            round=ROUND,
            notice=NOTICE,
            person=WU,
            total=Decimal("77.00"),
            star=2,
            label="二星级",
            restarts=False,
            verdict=Verdict(label="two stars, star of study", named=("study",)),
        ),
        NoticeInterrupted(round=ROUND, notice=NOTICE, why="公示栏检修"),
        NoticeResumed(round=ROUND, notice=NOTICE, ends_at=datetime(2026, 1, 20, 0, 0, tzinfo=CHINA), provisional=False),
        NoticeCorrected(
            round=ROUND,
            notice=NOTICE,
            why="分机号有误",
            material=True,
            contact="赵，电话分机 21",
            places=("厂务公开栏",),
            ends_at=datetime(2026, 1, 20, 0, 0, tzinfo=CHINA),
            provisional=False,
        ),
        NoticeTakenDown(round=ROUND, notice=NOTICE, witness=WANG, note="公示七天无缺损"),
        NoticePrinted(
            round=ROUND, notice=NOTICE, edition=1, template="v1", typesetter="typst 0.15.0", sha256="5f" * 32
        ),
        ObjectionFiled(
            round=ROUND,
            objection=WITHDRAWN,
            about=ZHOU,
            statement=Sealed("数据有误"),
            objector=STAFF,
            confidential_name=None,
            evidence=None,
            accept_by=datetime(2026, 1, 15, 0, 0, tzinfo=CHINA),
            rule_by=datetime(2026, 1, 24, 0, 0, tzinfo=CHINA),
        ),
        ObjectionFiledLate(
            round=ROUND,
            objection=LATE,
            about=WU,
            statement=Sealed("漏计工时"),
            objector=None,
            confidential_name=Sealed("匿名来信"),
        ),
        ObjectionAccepted(round=ROUND, objection=UPHELD, about=WU, investigators=(SUN, ZHOU), late=False),
        ObjectionRejected(round=ROUND, objection=REJECTED, about=LI, reason=Sealed("没有提供事实"), late=False),
        ObjectionWithdrawn(round=ROUND, objection=WITHDRAWN, about=ZHOU),
        ObjectionExtended(
            round=ROUND,
            objection=UPHELD,
            about=WU,
            days=5,
            rule_by=datetime(2026, 1, 31, 0, 0, tzinfo=CHINA),
            reason=Sealed("须核对考勤"),
        ),
        ObjectionRuled(
            round=ROUND,
            objection=UPHELD,
            about=WU,
            verdict="upheld",
            findings=Sealed("确有漏计"),
            touched=(WU,),
            late=False,
        ),
        ObjectionReplied(round=ROUND, objection=UPHELD, about=WU, reply=Sealed("已更正")),
        StarConfirmed(
            round=ROUND,
            person=WU,
            star=2,
            label="二星级",
            total=Decimal("77.70"),
            notice=SECOND_NOTICE,
            tally=3,
            body="考核工作领导小组",
            supersedes=None,
            verdict=VERDICT,
            seconded_by=CHEN,
        ),
        ConfirmationRefused(round=ROUND, people=(WU, ZHOU), code="window-open"),
        CorrectionOpened(
            round=ROUND,
            correction=CORRECTION,
            person=WU,
            cause=Sealed("上级复核"),
            objection=None,
            review=REVIEW,
            decided=False,
        ),
        CorrectionDecided(
            round=ROUND,
            correction=CORRECTION,
            person=WU,
            verdict="upheld",
            findings=Sealed("再补两个工时"),
            body="考核工作领导小组",
            touched=(WU,),
        ),
        FeedbackDelivered(
            round=ROUND,
            person=WU,
            star=2,
            total=Decimal("77.70"),
            on=date(2026, 2, 3),
            signed=False,
            witness=WANG,
            statement=None,
        ),
        MemberRecommended(
            round=ROUND, person=SUN, honour="优秀共产党员", to_body="市国资委党委", star=4, clause="A-36"
        ),
        AwardGranted(round=ROUND, person=SUN, honour="优秀共产党员", awarded_by="市国资委党委", on=date(2026, 2, 3)),
        ImprovementOpened(
            improvement=PLAN,
            round=ROUND,
            person=WU,
            branch=BRANCH,
            helper=SUN,
            lost_points=Sealed("工作业绩：返工"),
            goal=Sealed("三星级"),
            measures=Sealed("每月结对一次"),
            review_on=date(2026, 6, 30),
            clause="A-37",
        ),
        ImprovementChecked(improvement=PLAN, round=ROUND, person=WU, on=date(2026, 4, 1), progress=Sealed("返工减半")),
        ImprovementClosed(
            improvement=PLAN,
            round=ROUND,
            person=WU,
            on=date(2026, 6, 30),
            outcome="reached",
            branch_opinion=Sealed("同意"),
            superior_opinion=None,
        ),
        ReviewRequested(review=REVIEW, round=ROUND, person=WU, ground=Sealed("仍有漏计")),
        ReviewDecided(
            review=REVIEW, round=ROUND, person=WU, upheld=True, opinion=Sealed("应予更正"), on=date(2026, 7, 8)
        ),
        *DUTY_EVENTS,
        *MEETING_EVENTS,
        *READER_EVENTS,
        *ANCHORING_EVENTS,
        *MONTH_EVENTS,
        *BESIDE_EVENTS,
        BoxOpened(
            box=BOX,
            round=ROUND,
            branch=BRANCH,
            component="appraisal",
            meeting=MeetingId("meeting-1"),
            subjects=(LI, SUN, WU),
            voters=(Voter(person=LI, group="members"), Voter(person=STAFF, group="representatives")),
            slips=(Slips(group="representatives", count=4),),
            kind="grades",
            marks=("优秀", "合格", "基本合格", "不合格"),
            abstentions=("弃权",),
            caps=(GradeCap(grade="优秀", at_most=1),),
            shown_from=5,
            pooled=True,
            clause="B-34",
            closes_by=datetime(2026, 1, 5, 18, tzinfo=CHINA),
            tellers=(WANG, ZHANG),
            keeper=sha256(b"a pass").hexdigest(),
        ),
        SlipIssued(box=BOX, round=ROUND, person=STAFF, group="representatives"),
        SlipsIssued(box=BOX, round=ROUND, group="representatives", count=4, paper=False),
        SlipReturned(box=BOX, round=ROUND, person=STAFF, group="representatives", paper=True),
        BallotsCounted(
            round=ROUND,
            box=BOX,
            person=WU,
            component="appraisal",
            group="members+representatives",
            pooled=("members", "representatives"),
            counts=(GradeCount(grade="优秀", points=None, voices=2), GradeCount(grade="合格", points=None, voices=3)),
            valid=5,
            abstained=1,
            void=0,
            withheld=False,
        ),
        BoxClosed(
            box=BOX,
            round=ROUND,
            component="appraisal",
            meeting=MeetingId("meeting-1"),
            issued=6,
            returned=6,
            valid=5,
            void=1,
            paper=1,
            groups=(
                GroupReturn(group="members", issued=1, returned=1),
                GroupReturn(group="representatives", issued=5, returned=5),
            ),
            tellers=(WANG, ZHANG),
        ),
        BoxVoided(
            box=BOX,
            round=ROUND,
            component="appraisal",
            meeting=None,
            cause="declared",
            why="票箱受潮",
            issued=6,
            returned=None,
        ),
        OpenlyAppraised(
            round=ROUND,
            branch=BRANCH,
            component="appraisal",
            meeting=None,
            person=WU,
            marks=(
                NamedMark(rater=LI, group="members", grade="合格"),
                NamedMark(rater=SUN, group="members", points=Decimal(85)),
            ),
            shown_from=5,
        ),
    )
}
