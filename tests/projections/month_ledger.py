"""A real ledger in which a branch of nine lives through six months and their year under seed B, for tests of its views.

March has everything: an entry, a meeting, a ballot, both boards and the staff's results. The others have what a month
needs to be settled. In the year nothing is confirmed: that is what seed A's story is for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import takewhile
from pathlib import Path

from domain.adoption import AdoptRulebook
from domain.appointments import Appoint
from domain.attendance import RecordAttendance
from domain.ballot_boxes import keeper_digest
from domain.ballot_closing import CloseBox, Found, VoidBox
from domain.ballot_opening import OpenBox
from domain.ballot_returns import HandOutSheets, PrintSlips, RecordReturns, ReturnSheet
from domain.ballot_sheets import Cell
from domain.ballots import GradeCount, Slips, Voter
from domain.boards import Kind, PostBoard
from domain.closing import CloseMeeting
from domain.comments import CommentOn
from domain.convening import ConveneMeeting
from domain.decision import Command
from domain.drawing import DeclareNoAppraisal, DrawMonths, DrawRecords
from domain.ids import BoxId, Document, EntryId, MeetingId, NoticeId, PersonId, RoundId, RulebookId
from domain.lists import HoldVote
from domain.membership import MakeFormal
from domain.months import SettleMonth
from domain.organisation import RegisterPerson
from domain.proposing import ProposeList
from domain.record_verifying import VerifyEntry
from domain.recording import ProposeEntry
from domain.reports import GiveReport, GiveStaffReport
from domain.roles import ADMINISTRATIVE_LEADER
from domain.rounds import OpenRound
from domain.sealed import Sealed
from domain.staff_appraisal import AppraiseStaff, PostStaffResults
from domain.tally import Tally
from ledger.store import Attachment
from rulebooks import shipped
from tests.controls import ANNUAL, BRANCH, CHAIR, CHEN, LI, MEMBERS, MOVER, REGISTRAR, STAFF, SUN, WU, ZHANG, noon
from tests.projections.year_ledger import ATTACHED, Year, open_year

SCHEME = RulebookId("monthly-points")
RULES = shipped("monthly-points")
EVERYBODY = (*MEMBERS, MOVER)
MARCH, YEAR_ROUND = RoundId("workshop-1.2025-03"), RoundId("workshop-1.points-2025")
MONTHS = tuple(f"2025-{month:02}" for month in range(3, 9))
MEETING, BOX, STAFF_NOTICE = MeetingId("meeting-2025-03"), BoxId("box-2025-03"), NoticeId("staff-2025-03")
DISTURBED = BoxId("box-2025-03.disturbed")
COUNTED, WAITING = EntryId("entry-counted"), EntryId("entry-waiting")
DIRECTOR = PersonId("director")
PASS, BODY = "of the keeper", "考核工作领导小组"
MEETING_DAY, VOTE_DAY = date(2025, 4, 25), date(2025, 4, 28)
BEST = frozenset({LI, SUN})
"""Whom most voices call 优秀 in every month."""
WITHHELD_MONTH = "2025-09"
"""A month whose only box withholds what was given to Wu."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One command of the story, by whom and when; `mark` names the moment before it."""

    actor: PersonId
    at: datetime
    asked: Command
    mark: str = ""


@dataclass(frozen=True, slots=True)
class LivedMonths:
    """The ledger, and its size just before each marked command."""

    year: Year
    marks: dict[str, int]


def story() -> Iterator[Asked]:
    """Yield everything from the adoption of the scheme to the annual tally."""
    yield from _adoption()
    for number, period in enumerate(MONTHS, start=4):
        yield from _month(period, date(2025, number, 1))
    yield from _withheld(date(2025, 10, 1))
    yield from _year(date(2026, 1, 5))


def _adoption() -> Iterator[Asked]:
    day = noon(date(2025, 1, 7))
    adopt = AdoptRulebook(
        rulebook=SCHEME,
        document=Document(sha256(RULES).hexdigest()),
        meeting="党员大会",
        adopted_on=date(2025, 1, 7),
        effective_from=date(2025, 1, 1),
    )
    yield Asked(CHAIR, day, adopt)
    yield Asked(REGISTRAR, day, RegisterPerson(person=DIRECTOR, full_name=Sealed("厂长")))
    leads = Appoint(
        person=DIRECTOR, role=ADMINISTRATIVE_LEADER, branch=BRANCH, since=date(2025, 1, 7), decided_by="厂部"
    )
    yield Asked(REGISTRAR, day, leads)


def _month(period: str, first: date) -> Iterator[Asked]:
    """Yield a month, judged in the month that begins on `first`."""
    key, march = RoundId(f"workshop-1.{period}"), period == MONTHS[0]
    day, held, voted = noon(first), noon(first + timedelta(24)), noon(first + timedelta(27))
    if march:
        yield from _entries(noon(date(2025, 3, 20)))
    opened = OpenRound(round=key, branch=BRANCH, period=period, rulebook=SCHEME)
    yield Asked(ZHANG, day, opened)
    if march:
        yield from _meeting(day, held)
        yield from _disturbed(held)
    box = BoxId(f"box-{period}")
    yield from _ballot(key, box, held, marks=march)
    yield Asked(ZHANG, voted, DrawRecords(round=key, branch=BRANCH, component="records"), "drawn" if march else "")
    yield Asked(ZHANG, voted, Tally(round=key))
    yield Asked(CHEN, voted, ProposeList(round=key, body=BODY))
    yield Asked(ZHANG, voted, _vote(key, first + timedelta(27)))
    yield Asked(ZHANG, voted, SettleMonth(round=key, branch=BRANCH), "settled" if march else "")
    if march:
        yield from _boards(voted)


def _entries(at: datetime) -> Iterator[Asked]:
    for entry, person in ((COUNTED, SUN), (WAITING, WU)):
        proposed = ProposeEntry(
            entry=entry,
            branch=BRANCH,
            person=person,
            rulebook=SCHEME,
            item="study-task-missed",
            occurred_on=date(2025, 3, 10),
            statement=Sealed("学习笔记未交"),
        )
        yield Asked(ZHANG, at, proposed)
    yield Asked(LI, at, VerifyEntry(entry=COUNTED, branch=BRANCH))


def _meeting(day: datetime, held: datetime) -> Iterator[Asked]:
    convene = ConveneMeeting(
        meeting=MEETING,
        branch=BRANCH,
        rulebook=SCHEME,
        kind="monthly",
        judges="2025-03",
        on=MEETING_DAY,
        place="党员活动室",
        chair=LI,
    )
    yield Asked(ZHANG, day, convene, "before the meeting")
    yield Asked(ZHANG, held, RecordAttendance(meeting=MEETING, present=EVERYBODY, attending_staff=(STAFF,)))
    for person in (SUN, WU):
        yield Asked(ZHANG, held, _report(person))
    yield Asked(STAFF, held, GiveStaffReport(meeting=MEETING, person=STAFF, duties=Sealed("台账完成")))
    yield Asked(LI, held, _comment(SUN))
    yield Asked(DIRECTOR, held, _comment(STAFF))
    graded = AppraiseStaff(meeting=MEETING, person=STAFF, attitude="优秀", duties="合格", tasks="合格", overall="合格")
    yield Asked(ZHANG, held, graded)


def _report(person: PersonId) -> GiveReport:
    said = Sealed("如实汇报")
    return GiveReport(meeting=MEETING, person=person, duties=said, commitments=said, style=said)


def _comment(person: PersonId) -> CommentOn:
    said = Sealed("仍需努力")
    return CommentOn(meeting=MEETING, person=person, shortcomings=said, causes=said, demands=said)


def _open_box(key: RoundId, box: BoxId) -> OpenBox:
    voters = tuple(Voter(person=person, group="members") for person in MEMBERS)
    slips = (Slips(group="representatives", count=5),)
    return OpenBox(
        box=box, round=key, component="appraisal", keeper=keeper_digest(PASS), voters=voters, slips=slips, tellers=(LI,)
    )


def _disturbed(at: datetime) -> Iterator[Asked]:
    yield Asked(ZHANG, at, _open_box(MARCH, DISTURBED))
    yield Asked(SUN, at, ReturnSheet(box=DISTURBED, person=SUN, keeper_pass=PASS))
    yield Asked(ZHANG, at, VoidBox(box=DISTURBED, why="票箱受潮"))


def _ballot(key: RoundId, box: BoxId, at: datetime, *, marks: bool, hidden: PersonId | None = None) -> Iterator[Asked]:
    """Yield a box: seven members vote on a screen, Wu on paper, and five representatives with slips."""
    yield Asked(ZHANG, at, _open_box(key, box))
    yield Asked(ZHANG, at, PrintSlips(box=box, group="representatives", count=5, keeper_pass=PASS))
    yield Asked(ZHANG, at, HandOutSheets(box=box, people=(WU,)))
    yield Asked(SUN, at, ReturnSheet(box=box, person=SUN, keeper_pass=PASS))
    yield Asked(LI, at, ReturnSheet(box=box, person=LI, keeper_pass=PASS), "one vote" if marks else "")
    for person in MEMBERS:
        if person not in (SUN, WU, LI):
            yield Asked(person, at, ReturnSheet(box=box, person=person, keeper_pass=PASS))
    yield Asked(ZHANG, at, RecordReturns(box=box, people=(WU,)))
    close = CloseBox(
        box=box,
        keeper_pass=PASS,
        found=(
            Found(group="members", on_screen=7, on_paper=1),
            Found(group="representatives", by_slip=5),
        ),
        valid=13,
        void=0,
        cells=tuple(_cell(person, group, hidden) for person in EVERYBODY for group in ("members", "representatives")),
    )
    yield Asked(ZHANG, at, close, "closing" if marks else "")


def _cell(person: PersonId, group: str, hidden: PersonId | None) -> Cell:
    if person == hidden:
        return Cell(person=person, groups=(group,), counts=(), valid=None, abstained=None, void=None)
    voices = 5 if group == "representatives" else 7
    most, least = ("优秀", "合格") if person in BEST else ("合格", "优秀")
    counts = (
        GradeCount(grade=most, points=None, voices=voices - 1),
        GradeCount(grade=least, points=None, voices=1),
    )
    return Cell(person=person, groups=(group,), counts=counts, valid=voices, abstained=0, void=0)


def _vote(key: RoundId, on: date) -> HoldVote:
    return HoldVote(round=key, list=1, on=on, chair=LI, present=EVERYBODY, yes=8, no=0, abstain=0)


def _boards(at: datetime) -> Iterator[Asked]:
    kinds: tuple[Kind, ...] = ("indoor", "outside")
    for board in kinds:
        yield Asked(ZHANG, at, PostBoard(round=MARCH, board=board, places=(f"{board}栏",)), board)
    yield Asked(ZHANG, at, CloseMeeting(meeting=MEETING))
    notice = PostStaffResults(
        branch=BRANCH, notice=STAFF_NOTICE, period="2025-03", places=("厂务公开栏",), contact="张，分机 8"
    )
    yield Asked(ZHANG, at, notice, "staff")


def _withheld(first: date) -> Iterator[Asked]:
    key, at = RoundId(f"workshop-1.{WITHHELD_MONTH}"), noon(first)
    yield Asked(ZHANG, at, OpenRound(round=key, branch=BRANCH, period=WITHHELD_MONTH, rulebook=SCHEME))
    yield from _ballot(key, BoxId(f"box-{WITHHELD_MONTH}"), at, marks=False, hidden=WU)


def _year(first: date) -> Iterator[Asked]:
    at = noon(first)
    yield Asked(ZHANG, at, OpenRound(round=YEAR_ROUND, branch=BRANCH, period="2025", rulebook=SCHEME))
    yield Asked(ZHANG, at, DrawMonths(round=YEAR_ROUND), "undrawn")
    yield Asked(ZHANG, at, DeclareNoAppraisal(round=YEAR_ROUND, component="appraisal", why="以月度评议代替"))
    yield Asked(ZHANG, at, Tally(round=YEAR_ROUND))


def told_months(file: Path) -> dict[str, int]:
    """Carry the story out in an SQLite file; return the size of the ledger before each marked command."""
    year = open_year(f"sqlite:///{file}")
    year.play(takewhile(lambda step: not isinstance(step.asked, MakeFormal), ANNUAL))
    attached = (*ATTACHED, Attachment(sha256(RULES).hexdigest(), "application/toml", RULES))
    marks: dict[str, int] = {}
    for step in story():
        year.clock.set(max(step.at, year.clock.now()))
        if step.mark:
            marks[step.mark] = year.ledger.head().size
        year.ledger.execute(step.asked, actor=step.actor, attachments=attached)
    year.close()
    return marks
