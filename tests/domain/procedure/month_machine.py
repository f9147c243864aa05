"""The machine of a month and its year: rules that anybody may follow in any order, and what is believed of them.

Six members and one of the staff under the scheme of months. Five months are settled, so that the year needs the sixth,
which is the machine's. What is believed here is kept in plain dicts and computed with the seed's own numbers, without
the states, clamps and bands that the decisions are made from.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.adoption import AdoptRulebook
from domain.attendance import RecordAttendance
from domain.boards import BoardPosted, Kind, PostBoard
from domain.catalogue import CATALOGUE
from domain.closing import CloseMeeting
from domain.comments import CommentMade, CommentOn, PeerComment, PeerCommentMade
from domain.confirmation import StarConfirmed
from domain.confirming import ConfirmStars
from domain.convening import ConveneMeeting
from domain.dates import civil_date
from domain.decision import Command, Context, Event, Refused, State, replace
from domain.drawing import DeclareNoAppraisal, DrawMonths, DrawRecords
from domain.drawn import MonthDrawn, RecordsDrawn
from domain.ids import EntryId, MeetingId, NoticeId, PersonId, RoundId
from domain.lists import HoldVote, ListProposed, VoteHeld
from domain.meetings import MeetingAttended, MeetingClosed
from domain.membership import MemberLeft
from domain.months import MonthSettled, SettleMonth
from domain.notices import InterruptNotice, LinePosted, NoticePosted, PostNotice, ResumeNotice
from domain.proposing import ProposeList
from domain.record_verifying import RejectEntry, ReverseEntry, VerifyEntry
from domain.recording import ProposeEntry
from domain.records import EntryProposed, RecordEvent
from domain.reports import GiveReport, GiveStaffReport, ReportGiven, StaffReportGiven
from domain.rounds import OpenRound
from domain.scores import CorrectScore, RecordScore, ScoreCorrected, ScoreRecorded
from domain.sealed import Sealed
from domain.tally import ResultComputed, Tally
from tests.control_months import MONTHLY, MONTHLY_DOCUMENT
from tests.controls import BRANCH, CHAIR, CHEN, DOCUMENTS, LI, PAPER, STAFF, STORY, SUN, WANG, WU, ZHANG, ZHAO, ZHOU
from tests.domain.conftest import World, selected
from tests.domain.procedure.conftest import BODY, on, take
from tests.domain.procedure.test_procedure_machine import whole_days

SIX = (LI, WANG, ZHANG, CHEN, ZHAO, SUN)
MONTH, YEAR = RoundId("workshop-1.2025-12"), RoundId("workshop-1.2025")
SESSION, ASSEMBLY = MeetingId("session-12"), MeetingId("assembly")
EARLIER = {
    RoundId(f"2025-{month:02}"): {person: Decimal(66 + 4 * place + month) for place, person in enumerate(SIX)}
    for month in range(7, 12)
}
START, HELD_ON, DAY, WORDS = on(1, 24), date(2026, 1, 26), timedelta(days=1), Sealed("理由")
VALID, EDGES = 5, (75, 80, 85, 90, 95)
InMeeting = MeetingClosed | MeetingAttended | ReportGiven | StaffReportGiven | CommentMade | PeerCommentMade

ITEMS: dict[str, tuple[str, tuple[int, ...], int]] = {
    "study-taught": ("study", (2,), 99),
    "study-task-missed": ("study", (-2,), 99),
    "serve-solved": ("serve", (1, 3), 6),
    "serve-refused": ("serve", (-3,), 99),
    "law-sanction": ("law", (-20,), 99),
    "bonus-urgent": ("bonus", (2, 5), 99),
}
"""Items of the scheme: the group, what an entry may be worth, and how much of the item counts in a month."""

people, actors = st.sampled_from(SIX), st.sampled_from((*SIX, STAFF))
officers = st.sampled_from((ZHANG, WANG, LI))
rounds, meetings = st.sampled_from((MONTH, YEAR)), st.sampled_from((SESSION, SESSION, SESSION, ASSEMBLY))
notices = st.integers(0, 1).map(lambda n: NoticeId(f"n{n}"))
values = st.sampled_from(sorted(ITEMS)).flatmap(lambda item: st.tuples(st.just(item), st.sampled_from(ITEMS[item][1])))
days = st.sampled_from((date(2025, 11, 30), date(2025, 12, 1), date(2025, 12, 31), date(2026, 1, 1)))
points = st.sampled_from([60, 76, 90, 99]).map(Decimal)
waits = st.sampled_from([timedelta(hours=5), DAY, 3 * DAY, 8 * DAY])


@dataclass
class Believed:
    """What the facts so far come to, kept in the simplest way."""

    entries: dict[str, dict[str, object]] = field(default_factory=dict)
    drawn: dict[PersonId, dict[str, tuple[str, int]]] = field(default_factory=dict)
    appraised: dict[tuple[RoundId, PersonId], tuple[Decimal, int]] = field(default_factory=dict)
    newest: dict[RoundId, int] = field(default_factory=dict)
    adopted: set[RoundId] = field(default_factory=set)
    fixed: set[RoundId] = field(default_factory=set)
    months: dict[PersonId, dict[str, tuple[Fraction, Fraction]]] = field(default_factory=dict)
    year: dict[PersonId, dict[str, tuple[Fraction, Fraction]]] = field(default_factory=dict)
    not_held: bool = False
    present: dict[MeetingId, tuple[PersonId, ...]] = field(default_factory=dict)
    reported: set[tuple[MeetingId, PersonId]] = field(default_factory=set)
    closed: set[MeetingId] = field(default_factory=set)

    def counting(self, person: PersonId) -> dict[str, tuple[str, int]]:
        return {
            key: (str(one["item"]), int(str(one["points"])))
            for key, one in self.entries.items()
            if one["person"] == person and one["status"] == "verified" and str(one["day"]).startswith("2025-12-")
        }


def records_of(drawn: dict[str, tuple[str, int]]) -> Fraction:
    """Return the points of a month's record: five leads that begin full at 20, and a bonus of at most 5."""
    sums = dict.fromkeys(("study", "merit", "serve", "law", "spirit"), Fraction(20)) | {"bonus": Fraction(0)}
    for item, (group, _, cap) in ITEMS.items():
        sums[group] += min(cap, sum(worth for code, worth in drawn.values() if code == item))
    total = sum(max(Fraction(0), min(Fraction(5 if group == "bonus" else 20), n)) for group, n in sums.items())
    return min(Fraction(100), Fraction(total))


def total_of(records: Fraction, appraisal: Fraction) -> Decimal:
    """Return 70 % and 30 %, rounded half up to two places."""
    hundredths = (records * 70 + appraisal * 30) + Fraction(1, 2)
    return Decimal(hundredths.numerator // hundredths.denominator) / 100


def scoring(which: RoundId, person: PersonId, worth: Decimal) -> tuple[PersonId, RecordScore]:
    """Return who enters the appraisal of a person, and the entering: nobody enters his own."""
    asked = RecordScore(round=which, person=person, component="appraisal", points=worth, ballots=6)
    return (WANG if person == ZHANG else ZHANG), asked


def voting(which: RoundId, number: int, day: date, yes: int, present: int = 6) -> HoldVote:
    held = HoldVote(round=which, list=number, on=day, chair=LI, present=SIX[:present], yes=yes, no=0, abstain=0)
    return replace(held, reasons="议")


@cache
def begun() -> World:
    """Return the branch under the scheme of months, with five months of 2025 settled."""
    opened = next(n for n, step in enumerate(STORY) if isinstance(step.asked, OpenRound))
    gone = MemberLeft(person=ZHOU, branch=BRANCH, on=date(2025, 6, 30), cause="died", reason=None)
    adopt = AdoptRulebook(
        rulebook=MONTHLY,
        document=MONTHLY_DOCUMENT,
        meeting="会",
        adopted_on=date(2025, 1, 6),
        effective_from=date(2025, 1, 1),
    )
    world = take(World().play(STORY[:opened]).after(gone, replace(gone, person=WU)), CHAIR, on(1, 6, year=2025), adopt)
    for which, given in EARLIER.items():
        at = on(1 + int(which[-2:]), 28, year=2025)
        world = take(world, ZHANG, at, OpenRound(round=which, branch=BRANCH, period=which, rulebook=MONTHLY))
        world = take(world, ZHANG, at, DrawRecords(round=which, branch=BRANCH, component="records"))
        for actor, asked in (scoring(which, person, worth) for person, worth in given.items()):
            world = take(world, actor, at, asked)
        world = take(world, ZHANG, at, Tally(round=which))
        world = take(world, CHEN, at, ProposeList(round=which, body=BODY))
        world = take(world, ZHANG, at, voting(which, 1, at.date(), 6), SettleMonth(round=which, branch=BRANCH))
    return world


class MonthAndYear(RuleBasedStateMachine):
    """December and its year, of which anybody may ask anything."""

    def __init__(self) -> None:
        """Begin after five settled months, believing what was entered in them."""
        super().__init__()
        self.world, self.now, self.seen = begun(), START, begun().facts
        self.kept: dict[tuple[type[State], str], State] = {}
        self.model = Believed()
        for person in SIX:
            given = {str(period): Fraction(worth[person]) for period, worth in EARLIER.items()}
            self.model.months[person] = {period: (Fraction(100), worth) for period, worth in given.items()}

    def decide(self, asked: Command, actor: PersonId) -> tuple[tuple[Event, ...], Refused | None]:
        """Return what comes of a command, decided over states that grow with the facts."""
        decider = CATALOGUE.deciders[type(asked)]
        try:
            states = [self.state(kind, kind.key_for(asked)) for kind in decider.states]
            return tuple(decider.decide(asked, Context(self.now, actor, None, DOCUMENTS), *states)), None
        except Refused as refused:
            return (), refused

    def state(self, kind: type[State], key: str) -> State:
        if (kind, key) not in self.kept:
            self.kept[kind, key] = self.world.fold(kind, key)
        return self.kept[kind, key]

    def ask(self, actor: PersonId, asked: Command) -> None:
        """Ask for something; what comes of it is checked against what is believed, and does not come of it again."""
        events, refusal = self.decide(asked, actor)
        happened = (refusal.record,) if refusal is not None and refusal.record is not None else events
        if refusal is None:
            self.accept(asked)
        self.record(happened, actor)
        if events:
            assert self.decide(asked, actor)[0] == ()

    def record(self, happened: tuple[Event, ...], actor: PersonId) -> None:
        """Check what happened, and record it."""
        for each in happened:
            self.check(each, actor)
        self.world = self.world.after(*happened, actor=actor, at=self.now)
        for (kind, key), state in self.kept.items():
            for fact in selected(self.world.facts[-len(happened) :] if happened else (), kind.selector(key)):
                state.evolve(fact)

    def accept(self, asked: Command) -> None:
        """Believe what a command that was not refused says, whether or not it changed anything."""
        match asked:
            case DrawRecords():
                self.model.drawn = {person: self.model.counting(person) for person in SIX}
            case DrawMonths():
                self.model.year = {person: dict(months) for person, months in self.model.months.items()}
            case RecordScore(ballots=int(ballots)) | CorrectScore(ballots=int(ballots)):
                self.model.appraised[asked.round, asked.person] = (asked.points, ballots)
            case DeclareNoAppraisal():
                self.model.not_held = True
            case _:
                pass

    def check(self, happened: Event, actor: PersonId) -> None:
        """Assert that something may happen now, and believe it from now on."""
        if isinstance(happened, RecordsDrawn | MonthDrawn | ScoreRecorded | ScoreCorrected | ResultComputed):
            assert happened.round not in self.model.fixed, "the list is proposed"
        match happened:
            case _ if isinstance(happened, RecordEvent):
                self.check_entry(happened, actor)
            case _ if isinstance(happened, InMeeting):
                self.check_meeting(happened)
            case RecordsDrawn(person=person):
                assert {one.entry for one in happened.entries} == self.model.drawn[person].keys()
            case ListProposed(round=which, list=number):
                self.model.newest[which] = number
                self.model.adopted.discard(which)
                self.model.fixed.add(which)
            case VoteHeld(round=which, list=number):
                assert number == self.model.newest[which]
                adopts = len(happened.present) >= 3 and happened.yes >= 4
                assert (happened.outcome == "adopted") == adopts
                self.model.adopted |= {which} if adopts else set()
                self.model.fixed -= {which} if len(happened.present) >= 3 and not adopts else set()
            case MonthSettled():
                self.check_month(happened)
            case BoardPosted(round=which):
                assert which in self.model.adopted
            case NoticePosted(round=which) | LinePosted(round=which) | StarConfirmed(round=which):
                assert which == YEAR, "a month's star is only proposed"
                self.check_year(happened, actor)
            case _:
                pass

    def check_entry(self, happened: RecordEvent, actor: PersonId) -> None:
        if isinstance(happened, EntryProposed):
            assert happened.entry not in self.model.entries
            said = {"item": happened.item, "points": happened.points, "day": happened.occurred_on}
            self.model.entries[happened.entry] = {"person": happened.person, "status": "proposed", "by": actor, **said}
            return
        entry = self.model.entries[happened.entry]
        status = happened.NAME.split(".")[1].lower()
        if status == "reversed":
            assert entry["status"] in ("proposed", "verified")
            assert actor != entry["person"] or (entry["status"], entry["by"]) == ("proposed", actor)
        else:
            assert entry["status"] == "proposed"
            assert actor not in (entry["person"], entry["by"])
        entry["status"] = status

    def check_meeting(self, happened: InMeeting) -> None:
        assert happened.meeting not in self.model.closed, "the meeting is over"
        match happened:
            case MeetingClosed():
                self.model.closed.add(happened.meeting)
            case MeetingAttended():
                assert civil_date(self.now) >= HELD_ON
                self.model.present[happened.meeting] = happened.present + happened.attending_staff
            case ReportGiven() | StaffReportGiven():
                assert happened.meeting == SESSION
                assert happened.written or happened.person in self.model.present[SESSION]
                self.model.reported.add((happened.meeting, happened.person))
            case CommentMade(commentator=other) | PeerCommentMade(peer=other):
                assert (happened.meeting, happened.person) in self.model.reported, "there is no report"
                assert happened.person != other

    def check_month(self, month: MonthSettled) -> None:
        assert month.round in self.model.adopted, "the newest list is not adopted"
        given, ballots = self.model.appraised[month.round, month.person]
        records, appraisal = records_of(self.model.drawn[month.person]), Fraction(given)
        assert ballots >= VALID
        parts = {each.component: Fraction(each.points or -1) for each in month.components}
        assert parts == {"records": records, "appraisal": appraisal}
        assert month.total == total_of(records, appraisal)
        assert month.star == sum(month.total >= edge for edge in EDGES)
        self.model.months[month.person][month.period] = (records, appraisal)

    def check_year(self, happened: NoticePosted | LinePosted | StarConfirmed, actor: PersonId) -> None:
        assert YEAR in self.model.adopted, "the newest list is not adopted"
        if isinstance(happened, NoticePosted):
            return
        total = self.year_of(happened.person)
        assert (happened.total, happened.star) == (total, sum(total >= edge for edge in EDGES))
        if isinstance(happened, StarConfirmed):
            assert actor != happened.person, "his own case"
            assert whole_days(happened.notice, self.now, self.world.facts) >= 7

    def year_of(self, person: PersonId) -> Decimal:
        """Return the year's total: the months' mean record, and the year's appraisal or, without one, the months'."""
        months = list(self.model.year[person].values())
        assert len(months) >= 6
        records, appraisals = (sum(column, Fraction(0)) / len(months) for column in zip(*months, strict=True))
        if (YEAR, person) not in self.model.appraised:
            assert self.model.not_held
            return total_of(records, appraisals)
        given, ballots = self.model.appraised[YEAR, person]
        assert ballots >= VALID
        return total_of(records, Fraction(given))

    @initialize(stage=st.integers(0, 3), record=st.lists(st.tuples(people, values, days), max_size=8))
    def begin(self, stage: int, record: list[tuple[PersonId, tuple[str, int], date]]) -> None:
        """Begin with some verified entries, and with nothing else, the month rejected, settled, or its year posted."""
        for person, value, day in record:
            self.propose(WANG if person != WANG else LI, person, value, day)
            self.handle(CHEN if person == ZHANG else ZHANG, len(self.model.entries) - 1, "verify")
        self.convene_or_close(ZHANG, SESSION, closing=False)
        for which, yes in ((), ((MONTH, 3),), ((MONTH, 5),), ((MONTH, 5), (YEAR, 5)))[stage]:
            self.go_on(which, Decimal(87), yes)

    @rule(wait=waits)
    def wait(self, wait: timedelta) -> None:
        self.now += wait

    @rule(actor=actors, person=people, value=values, day=days)
    def propose(self, actor: PersonId, person: PersonId, value: tuple[str, int], day: date) -> None:
        entry = EntryId(f"e{len(self.model.entries)}")
        what = {"entry": entry, "branch": BRANCH, "person": person, "rulebook": MONTHLY, "item": value[0]}
        said = {"occurred_on": day, "statement": WORDS, "points": Decimal(value[1]), "evidence": (PAPER,)}
        self.ask(actor, ProposeEntry(**what, **said))  # type: ignore[arg-type]

    @rule(actor=officers, number=st.integers(0, 5), step=st.sampled_from(("verify", "reject", "reverse")))
    def handle(self, actor: PersonId, number: int, step: str) -> None:
        entry = EntryId(f"e{number % max(1, len(self.model.entries))}")
        asked: dict[str, Command] = {
            "verify": VerifyEntry(entry=entry, branch=BRANCH),
            "reject": RejectEntry(entry=entry, branch=BRANCH, reason=WORDS),
            "reverse": ReverseEntry(entry=entry, branch=BRANCH, reason=WORDS),
        }
        self.ask(actor, asked[step])

    @rule(actor=actors, meeting=meetings, closing=st.booleans())
    def convene_or_close(self, actor: PersonId, meeting: MeetingId, *, closing: bool) -> None:
        kind = "monthly" if meeting == SESSION else "members"
        what = {"meeting": meeting, "branch": BRANCH, "rulebook": MONTHLY, "kind": kind, "judges": "2025-12"}
        convene = ConveneMeeting(**what, on=HELD_ON, place="活动室", chair=LI)  # type: ignore[arg-type]
        self.ask(actor, CloseMeeting(meeting=meeting) if closing else convene)

    @rule(actor=officers, meeting=meetings, count=st.integers(0, 6))
    def attend(self, actor: PersonId, meeting: MeetingId, count: int) -> None:
        self.ask(actor, RecordAttendance(meeting=meeting, present=SIX[:count], attending_staff=(STAFF,)[: count % 2]))

    @rule(actor=actors, meeting=meetings, person=actors, step=st.sampled_from(("told", "written", "comment", "remark")))
    def speak(self, actor: PersonId, meeting: MeetingId, person: PersonId, step: str) -> None:
        about, report = {"meeting": meeting, "person": person}, {"duties": WORDS, "written": step == "written"}
        asked: dict[str, Command] = {
            "comment": CommentOn(**about, shortcomings=WORDS, causes=WORDS, demands=WORDS),  # type: ignore[arg-type]
            "remark": PeerComment(**about, remark=WORDS),  # type: ignore[arg-type]
        }
        if person == STAFF:
            given: Command = GiveStaffReport(**about, **report)  # type: ignore[arg-type]
        else:
            given = GiveReport(**about, **report, commitments=WORDS, style=WORDS)  # type: ignore[arg-type]
        self.ask(actor, asked.get(step, given))

    @rule(person=people)
    def meet(self, person: PersonId) -> None:
        """Hold the session as the officers would, with one report and one comment."""
        self.now = max(self.now, on(1, 26))
        self.attend(ZHANG, SESSION, 6)
        self.speak(person, SESSION, person, "told")
        self.speak(WANG if person == LI else LI, SESSION, person, "comment")

    @rule(actor=actors, which=rounds)
    def draw(self, actor: PersonId, which: RoundId) -> None:
        period = which.removeprefix(f"{BRANCH}.")
        self.ask(actor, OpenRound(round=which, branch=BRANCH, period=period, rulebook=MONTHLY))
        draw = DrawRecords(round=MONTH, branch=BRANCH, component="records")
        self.ask(actor, draw if which == MONTH else DrawMonths(round=YEAR))
        if which == YEAR:
            self.ask(actor, DeclareNoAppraisal(round=YEAR, component="appraisal", why="并入月度评议"))

    @rule(actor=officers, which=rounds, person=people, worth=points, ballots=st.sampled_from((4, 5, 6)))
    def appraise(self, actor: PersonId, which: RoundId, person: PersonId, worth: Decimal, ballots: int) -> None:
        cell = {"round": which, "person": person, "component": "appraisal", "points": worth, "ballots": ballots}
        self.ask(actor, RecordScore(**cell))  # type: ignore[arg-type]
        self.ask(actor, CorrectScore(**cell | {"points": worth - 1}, reason=WORDS))  # type: ignore[arg-type]

    @rule(actor=actors, which=rounds)
    def tally(self, actor: PersonId, which: RoundId) -> None:
        self.ask(actor, Tally(round=which))
        self.ask(actor, ProposeList(round=which, body=BODY))

    @rule(which=rounds, number=st.integers(1, 3), yes=st.integers(1, 6), present=st.integers(2, 6))
    def vote(self, which: RoundId, number: int, yes: int, present: int) -> None:
        self.ask(ZHANG, voting(which, number, civil_date(self.now), yes, present))

    @rule(actor=actors, which=rounds, kind=st.sampled_from(("indoor", "outside")))
    def show(self, actor: PersonId, which: RoundId, kind: Kind) -> None:
        self.ask(actor, SettleMonth(round=which, branch=BRANCH))
        self.ask(actor, PostBoard(round=which, board=kind, places=("党员活动室",)))

    @rule(actor=officers, which=rounds, notice=notices, step=st.sampled_from(("post", "down", "up")))
    def hang(self, actor: PersonId, which: RoundId, notice: NoticeId, step: str) -> None:
        asked: dict[str, Command] = {
            "post": PostNotice(round=which, notice=notice, places=("公开栏",), contact="赵"),
            "down": InterruptNotice(round=which, notice=notice, why="检修"),
            "up": ResumeNotice(round=which, notice=notice),
        }
        self.ask(actor, asked[step])

    @rule(actor=actors, which=rounds, named=st.lists(people, max_size=2).map(tuple))
    def confirm(self, actor: PersonId, which: RoundId, named: tuple[PersonId, ...]) -> None:
        self.ask(actor, ConfirmStars(round=which, body=BODY, people=named))

    @rule(length=st.integers(6, 11), named=people, down=st.booleans())
    def wait_and_confirm(self, length: int, named: PersonId, *, down: bool) -> None:
        for step in ("down", "up") if down else ():
            self.hang(ZHANG, YEAR, NoticeId("n0"), step)
            self.now += DAY
        self.now += length * DAY
        for actor in (CHEN, LI):
            self.confirm(actor, YEAR, (named,))
            self.confirm(actor, YEAR, ())

    @rule(which=rounds, worth=points, yes=st.sampled_from((5, 5, 3)))
    def go_on(self, which: RoundId, worth: Decimal, yes: int) -> None:
        """Take a round's next steps as the officers would: up to the settled month, or up to the notice."""
        self.draw(ZHANG, which)
        for actor, asked in (scoring(MONTH, person, worth) for person in SIX if which == MONTH):
            self.ask(actor, asked)
        self.ask(ZHANG, Tally(round=which))
        self.ask(CHEN, ProposeList(round=which, body=BODY))
        self.vote(which, self.model.newest.get(which, 1), yes, 6)
        self.show(ZHANG, which, "indoor")
        self.hang(ZHANG, which, NoticeId("n0"), "post")

    @invariant()
    def no_fact_disappears(self) -> None:
        assert self.world.facts[: len(self.seen)] == self.seen
        self.seen = self.world.facts

    def teardown(self) -> None:
        """Fold everything again from its first fact: the states that grew with the facts are the same."""
        for (kind, key), state in self.kept.items():
            assert self.world.fold(kind, key) == state
