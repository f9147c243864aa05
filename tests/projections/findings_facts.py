"""Facts made by hand for the checks of an auditor: a round, what was scored, voted, posted and confirmed in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

from domain.adoption import RulebookAdopted
from domain.appointments import Appointed
from domain.ballots import BallotsCounted, GradeCount
from domain.confirmation import StarConfirmed
from domain.dates import start_of_day
from domain.decision import Event, Fact
from domain.ids import BoxId, BranchId, Document, EntryId, NoticeId, PersonId, RoundId, RulebookId
from domain.notices import LinePosted
from domain.records import EntryProposed, EntryVerified
from domain.roles import SECRETARY
from domain.rounds import RoundOpened
from domain.scores import ScoreCorrected, ScoreRecorded
from domain.sealed import Sealed
from domain.tally import ResultComputed
from rulebooks import shipped

RULES = shipped("annual-360")
DOCUMENT = Document(sha256(RULES).hexdigest())
ANNUAL = RulebookId("annual-360")
ROUND, OTHER, BRANCH = RoundId("R"), RoundId("S"), BranchId("B")
NOTICE, BOX = NoticeId("N"), BoxId("X")
CLERK, HEAD = PersonId("clerk"), PersonId("head")
BEGIN = start_of_day(date(2026, 1, 10)) + timedelta(hours=9)
DAY = date(2025, 6, 2)


def people(number: int) -> list[PersonId]:
    """Return so many people."""
    return [PersonId(f"P{n:02}") for n in range(1, number + 1)]


@dataclass(slots=True)
class Told:
    """Facts in order; the clock moves by a minute from one to the next. Stories tell something else if `sinned`."""

    sinned: bool = False
    now: datetime = BEGIN
    facts: list[Fact] = field(default_factory=list)

    def add(self, *events: Event, actor: str = CLERK) -> int:
        """Record events, one after another; return the position of the last."""
        for event in events:
            self.now += timedelta(minutes=1)
            documents: dict[str, bytes] = {DOCUMENT: RULES} if hasattr(event, "document") else {}
            self.facts.append(Fact(len(self.facts) + 1, self.now, actor, None, event, f"c{len(self.facts)}", documents))
        return len(self.facts)

    def wait(self, *, days: float = 0, hours: float = 0) -> None:
        """Let time pass."""
        self.now += timedelta(days=days, hours=hours)

    def __iter__(self) -> Iterator[Fact]:
        """Go through the facts."""
        return iter(self.facts)


def adopted(version: int = 1) -> RulebookAdopted:
    """Return that the annual scheme was adopted."""
    day = date(2024, 12, 1)
    return RulebookAdopted(
        rulebook=ANNUAL,
        version=version,
        document=DOCUMENT,
        meeting="m",
        adopted_on=day,
        effective_from=date(2025, 1, 1),
        effective_to=None,
    )


def opened(key: RoundId = ROUND) -> RoundOpened:
    """Return that a round of 2025 was opened."""
    return RoundOpened(
        round=key,
        branch=BRANCH,
        period="2025",
        rulebook=ANNUAL,
        version=1,
        document=DOCUMENT,
        roster_as_of=date(2025, 12, 31),
    )


def scored(person: PersonId, component: str, points: str, key: RoundId = ROUND) -> ScoreRecorded:
    """Return a score."""
    return ScoreRecorded(
        round=key,
        person=person,
        component=component,
        level="",
        points=Decimal(points),
        rater=None,
        ballots=None,
        occurred_on=None,
        evidence=None,
        cell=None,
    )


def corrected(person: PersonId, was: str, points: str) -> ScoreCorrected:
    """Return a corrected score."""
    return ScoreCorrected(
        round=ROUND,
        person=person,
        component="self",
        was=Decimal(was),
        points=Decimal(points),
        rater=None,
        ballots=None,
        corrects=None,
        ground="correction",
        reason=Sealed("typed wrongly"),
        objection=None,
        correction=None,
    )


def result(person: PersonId, total: str, key: RoundId = ROUND) -> ResultComputed:
    """Return a result."""
    return ResultComputed(
        round=key,
        tally=1,
        person=person,
        status="complete",
        total=Decimal(total),
        total_exact=total,
        score_star=3,
        star=3,
        label="三星级",
        components=(),
    )


def line(person: PersonId) -> LinePosted:
    """Return a line of the notice."""
    return LinePosted(
        round=ROUND, notice=NOTICE, person=person, total=Decimal(85), star=3, label="三星级", restarts=False
    )


def confirmed(person: PersonId, star: int = 3) -> StarConfirmed:
    """Return a confirmed star."""
    return StarConfirmed(
        round=ROUND,
        person=person,
        star=star,
        label="",
        total=Decimal(85),
        notice=NOTICE,
        tally=1,
        body="支委会",
        supersedes=None,
    )


def entry(name: str, person: PersonId, day: date = DAY, points: str = "2", *, reported: bool = False) -> EntryProposed:
    """Return an entry of the record."""
    return EntryProposed(
        entry=EntryId(name),
        branch=BRANCH,
        person=person,
        rulebook=ANNUAL,
        version=1,
        clause="",
        item="i",
        points=Decimal(points),
        occurred_on=day,
        statement=Sealed("s"),
        evidence=(),
        activity=None,
        reported=reported,
    )


def verified(name: str, person: PersonId) -> EntryVerified:
    """Return that an entry was verified."""
    return EntryVerified(entry=EntryId(name), branch=BRANCH, person=person)


def counted(person: PersonId, voices: dict[str, int], *, withheld: bool = False) -> BallotsCounted:
    """Return counted ballots."""
    return BallotsCounted(
        round=ROUND,
        box=BOX,
        person=person,
        component="masses",
        group="members",
        pooled=(),
        counts=tuple(GradeCount(grade=grade, points=None, voices=number) for grade, number in voices.items()),
        valid=sum(voices.values()),
        abstained=0,
        void=0,
        withheld=withheld,
        aspect="",
    )


def appointed(person: PersonId, since: date = date(2025, 1, 1)) -> Appointed:
    """Return that somebody is the branch's secretary."""
    return Appointed(person=person, role=SECRETARY, branch=BRANCH, since=since, until=None, decided_by="党委")
