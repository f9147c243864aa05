"""Ledgers of real facts: branches under the shipped annual scheme, each with its rounds from the roster to the stars.

Every fact is recorded by the product's own commands, on a simulated clock. About nine facts come of each person in each
year: a place on the roster, five scores, a result, a line of the notice, a confirmed star.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from random import Random

from sqlalchemy import Engine

import rulebooks
from bench.ours import KEY, LEDGER
from bench.workshop import url_of_file
from domain.adoption import AdoptRulebook
from domain.appointments import Appoint, OpenLedger
from domain.calendars import PublishCalendar
from domain.catalogue import CATALOGUE
from domain.confirming import ConfirmStars
from domain.dates import CHINA
from domain.decision import Command
from domain.ids import BranchId, Document, Evidence, NoticeId, PersonId, RoundId, RulebookId
from domain.lists import HoldVote
from domain.notices import PostNotice
from domain.organisation import FoundBranch, RegisterPerson
from domain.proposing import ProposeList
from domain.roles import LEADING_GROUP_HEAD, RECORDER, SECRETARY
from domain.roster_import import ImportRoster, RosterLine
from domain.rounds import OpenRound
from domain.score_import import ImportScores, ScoreLine
from domain.sealed import Sealed
from domain.tally import Tally
from ledger.clock import Clock, SimulatedClock
from ledger.engine import open_database
from ledger.ledger import Ledger
from ledger.store import Attachment

COMPONENTS = ("work", "group", "branch", "masses", "self")
RULEBOOK = RulebookId("annual-360")
OPERATOR, REGISTRAR, CHAIR = PersonId("operator"), PersonId("registrar"), PersonId("chair")
RECORDS, HEADS = PersonId("recorder"), PersonId("head")
FIRST_YEAR = 2025
FOUNDED = date(2024, 1, 8)
FACTS_EACH = 9
"""About how many facts come of one person in one year."""

_PAPER = Attachment(sha256(b"a paper").hexdigest(), "text/plain", b"a paper")
_SCHEME = rulebooks.shipped(RULEBOOK)
_DOCUMENT = Attachment(sha256(_SCHEME).hexdigest(), "application/toml", _SCHEME)


@dataclass(frozen=True, slots=True)
class Shape:
    """How many branches of how many people were evaluated in how many years."""

    branches: int
    people: int
    years: int

    @classmethod
    def of(cls, facts: int, people: int = 100, most_years: int = 10) -> "Shape":
        """Return the shape that comes to about so many facts."""
        rounds = max(1, round(facts / (people * FACTS_EACH)))
        years = min(most_years, max(1, round(rounds**0.5)))
        return cls(max(1, round(rounds / years)), people, years)

    def rounds(self) -> list[RoundId]:
        """Return every round there is, in the order in which they were opened."""
        return [round_id(branch, year) for year in self.all_years for branch in range(self.branches)]

    @property
    def all_years(self) -> range:
        """Return the years evaluated."""
        return range(FIRST_YEAR, FIRST_YEAR + self.years)


def round_id(branch: int, year: int) -> RoundId:
    """Return the id of a branch's round of a year."""
    return RoundId(f"B{branch:04}.{year}")


def people_of(branch: int, number: int) -> list[PersonId]:
    """Return the members of a branch."""
    return [PersonId(f"P{branch:04}-{each:03}") for each in range(number)]


@contextmanager
def evaluated(path: Path, shape: Shape) -> Iterator[Ledger]:
    """Lend a ledger of this shape in a new file."""
    clock = SimulatedClock(_noon(FOUNDED))
    ledger = _opened(open_database(url_of_file(path)), clock)
    try:
        for actor, at, command in _steps(shape):
            clock.set(max(at, clock.now()))
            ledger.execute(command, actor=actor, attachments=(_PAPER, _DOCUMENT))
        yield ledger
    finally:
        ledger.engine.dispose()


def same_ledger(ledger: Ledger) -> Ledger:
    """Return a ledger as a program that has just begun has it: nothing of it is known yet."""
    return _opened(ledger.engine, ledger.clock)


def _opened(engine: Engine, clock: Clock) -> Ledger:
    return Ledger(engine, LEDGER, catalogue=CATALOGUE, clock=clock, fingerprint_key=KEY)


Step = tuple[PersonId, datetime, Command]


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=CHINA)


def _steps(shape: Shape) -> Iterator[Step]:
    yield from ((actor, _noon(FOUNDED), command) for actor, command in _organisation(shape))
    for year in shape.all_years:
        rounds = (step for branch in range(shape.branches) for step in _round(branch, year, shape.people))
        yield from sorted(rounds, key=lambda step: step[1])


def _organisation(shape: Shape) -> Iterator[tuple[PersonId, Command]]:
    opening = OpenLedger(committee="厂党委", registrar=REGISTRAR, operator=OPERATOR, simulated_clock=True)
    yield OPERATOR, opening
    for person in (CHAIR, RECORDS, HEADS):
        yield REGISTRAR, RegisterPerson(person=person, full_name=Sealed(person))
    yield REGISTRAR, _office(CHAIR, SECRETARY, None)
    for year in range(FIRST_YEAR, FIRST_YEAR + shape.years + 2):
        rest = (date(year, 1, 1),)
        yield REGISTRAR, PublishCalendar(year=year, rest_days=rest, worked_weekends=(), source="国办发明电")
    adopting = AdoptRulebook(
        rulebook=RULEBOOK,
        document=Document(_DOCUMENT.sha256),
        meeting="党委会",
        adopted_on=FOUNDED,
        effective_from=FOUNDED,
    )
    yield CHAIR, adopting
    for branch in range(shape.branches):
        yield from ((REGISTRAR, each) for each in _branch(branch, shape.people))


def _branch(branch: int, people: int) -> Iterator[Command]:
    key = BranchId(f"B{branch:04}")
    yield FoundBranch(branch=key, title=f"第{branch}党支部", on=FOUNDED)
    yield from (_office(person, role, key) for person, role in ((RECORDS, RECORDER), (HEADS, LEADING_GROUP_HEAD)))
    lines = (
        RosterLine(person=person, full_name=Sealed(f"党员{person}"), kind="formal", joined=FOUNDED, cell=f"B{row}")
        for row, person in enumerate(people_of(branch, people), 3)
    )
    yield ImportRoster(branch=key, workbook=Evidence(_PAPER.sha256), lines=tuple(lines))


def _office(person: PersonId, role: str, branch: BranchId | None) -> Appoint:
    return Appoint(person=person, role=role, branch=branch, since=FOUNDED, decided_by="党员大会")


def _round(branch: int, year: int, number: int) -> Iterator[Step]:
    """Yield a round from its opening to the stars; totals differ, so nothing has to be decided by a body."""
    key, people, begin = round_id(branch, year), people_of(branch, number), _noon(date(year + 1, 1, 5))
    drawn = Random(f"{branch} {year}")  # noqa: S311 - the same scores in every run
    lines = tuple(line for rank, person in enumerate(people) for line in _scored(drawn, person, rank / number))
    entering = ImportScores(round=key, workbook=Evidence(_PAPER.sha256), lines=lines, ballots=9)
    vote = HoldVote(
        round=key, list=1, on=begin.date() + timedelta(days=1), chair=people[0], present=tuple(people),
        yes=number, no=0, abstain=0,
    )  # fmt: skip
    posting = PostNotice(round=key, notice=NoticeId(f"{key}.N1"), places=("公开栏",), contact="纪检委员")
    opening = OpenRound(round=key, branch=BranchId(f"B{branch:04}"), period=str(year), rulebook=RULEBOOK)
    yield from ((RECORDS, begin, each) for each in (opening, entering, Tally(round=key)))
    yield HEADS, begin, ProposeList(round=key, body="考核工作领导小组")
    yield from ((RECORDS, begin + timedelta(days=2), each) for each in (vote, posting))
    yield HEADS, begin + timedelta(days=20), ConfirmStars(round=key, body="考核工作领导小组")


def _scored(drawn: Random, person: PersonId, place: float) -> Iterator[ScoreLine]:
    """Yield one person's scores: the later on the roster, the lower; the last digits differ from everybody's."""
    least = Decimal(round(9_800 - 3_000 * place)).scaleb(-2)
    for component in COMPONENTS:
        points = None if component == "group" else least + Decimal(drawn.randrange(100)).scaleb(-2)
        yield ScoreLine(person=person, component=component, points=points, cell=f"{person}.{component}")
