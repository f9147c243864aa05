"""One round step by step: the branch of the controls with the scores of its eight members, nobody exempt.

Four stars have two places (30 % of eight), five stars none: Wang and Sun hold them, Zhou with 89 is the next.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from domain.confirming import ConfirmStars
from domain.dates import CHINA
from domain.decision import Command
from domain.ids import NoticeId, ObjectionId, PersonId
from domain.inquiries import AcceptObjection, RuleOnObjection
from domain.lists import HoldVote
from domain.notices import InterruptNotice, PostNotice, ResumeNotice
from domain.objections import FileObjection
from domain.proposing import ProposeList
from domain.rounds import OpenRound
from domain.rulings import Amendment
from domain.score_import import ImportScores, ScoreLine
from domain.sealed import Sealed
from domain.tally import Tally
from tests.controls import (
    BRANCH,
    CHEN,
    LI,
    MEMBERS,
    NOTICE,
    PAPER,
    ROUND,
    RULEBOOK,
    STAFF,
    SUN,
    WANG,
    WU,
    ZHANG,
    ZHAO,
    ZHOU,
    Step,
)
from tests.domain.conftest import World

COMPONENTS = ("work", "group", "branch", "masses", "self")
TOTALS = {LI: 85, WANG: 94, ZHANG: 82, CHEN: 84, ZHAO: 83, SUN: 90, ZHOU: 89, WU: 77}
BODY = "考核工作领导小组"
OBJECTION = ObjectionId("objection")


def on(month: int, day: int, hour: int = 12, year: int = 2026) -> datetime:
    """Return a full hour in China; 24 is midnight at the end of the day."""
    return datetime(year, month, day, tzinfo=CHINA) + timedelta(hours=hour)


OPENING, SCORING, PROPOSING, VOTING, POSTING = on(1, 5), on(1, 6), on(1, 7), on(1, 8), on(1, 8, 13)
WINDOW_ENDS = on(1, 15, 24)
INSTANT = timedelta(microseconds=1)

OPEN = OpenRound(round=ROUND, branch=BRANCH, period="2025", rulebook=RULEBOOK)
TALLY = Tally(round=ROUND)
PROPOSE = ProposeList(round=ROUND, body=BODY)
VOTE = HoldVote(round=ROUND, list=1, on=VOTING.date(), chair=LI, present=MEMBERS, yes=7, no=1, abstain=0)
POST = PostNotice(round=ROUND, notice=NOTICE, places=("厂务公开栏",), contact="赵，电话分机 12")
DOWN = InterruptNotice(round=ROUND, notice=NOTICE, why="公示栏检修")
UP = ResumeNotice(round=ROUND, notice=NOTICE)
OBJECT = FileObjection(round=ROUND, objection=OBJECTION, about=ZHOU, statement=Sealed("漏计工时"), objector=STAFF)

ACCEPT = AcceptObjection(round=ROUND, objection=OBJECTION, investigators=(LI, WU))
CONFIRM = ConfirmStars(round=ROUND, body=BODY)


def take(world: World, actor: PersonId, at: datetime, *commands: Command) -> World:
    """Return the world after these commands, none of which may be refused."""
    return world.play([Step(asked, actor, at) for asked in commands])


def under(world: World, *changes: tuple[str, str]) -> World:
    """Return the world as it is under other rulebooks: the same facts, whose documents say something else."""
    found = {name: text for fact in world.facts for name, text in fact.documents.items()}
    for old, new in changes:
        assert any(old.encode() in text for text in found.values()), old
        found = {name: text.replace(old.encode(), new.encode(), 1) for name, text in found.items()}
    return World(tuple(f._replace(documents={n: found[n] for n in f.documents}) for f in world.facts))


def table(totals: Mapping[PersonId, int | str], *, without: tuple[tuple[PersonId, str], ...] = ()) -> ImportScores:
    """Return the import of a table in which each line has one value throughout."""
    lines = tuple(
        ScoreLine(person=person, component=component, points=Decimal(total), cell=f"{person}.{component}")
        for person, total in totals.items()
        for component in COMPONENTS
        if (person, component) not in without
    )
    return ImportScores(round=ROUND, workbook=PAPER, ballots=9, lines=lines)


def enter(world: World, totals: Mapping[PersonId, int | str]) -> World:
    """Return the world with these totals: Zhang enters all but his own, which Wang enters."""
    others = {person: total for person, total in totals.items() if person != ZHANG}
    world = take(world, ZHANG, SCORING, table(others))
    return take(world, WANG, SCORING, table({ZHANG: totals[ZHANG]})) if ZHANG in totals else world


def publish(world: World) -> World:
    """Return the world with its scores tallied, proposed, adopted and posted."""
    world = take(world, ZHANG, SCORING, TALLY)
    world = take(world, CHEN, PROPOSING, PROPOSE)
    world = take(world, ZHANG, VOTING, VOTE)
    return take(world, ZHANG, POSTING, POST)


def raised(person: PersonId, points: int, *components: str) -> tuple[Amendment, ...]:
    """Return the amendment of some (by default all) components of a person to the same points."""
    return tuple(Amendment(person=person, component=code, points=Decimal(points)) for code in components or COMPONENTS)


def uphold(*amendments: Amendment) -> RuleOnObjection:
    """Return the ruling that upholds the objection with these amendments."""
    return RuleOnObjection(
        round=ROUND, objection=OBJECTION, verdict="upheld", findings=Sealed("属实"), amendments=amendments
    )


def notice(number: int) -> PostNotice:
    """Return the posting of another notice."""
    return PostNotice(round=ROUND, notice=NoticeId(f"notice-{number}"), places=("厂务公开栏",), contact="赵")


@pytest.fixture(scope="session")
def ready(before: Callable[[type[Command]], World]) -> World:
    """Return the world at the end of the year, before the round is opened."""
    return before(OpenRound)


@pytest.fixture(scope="session")
def opened(ready: World) -> World:
    """Return the world in which the round is open and nobody has been scored."""
    return take(ready, ZHANG, OPENING, OPEN)


@pytest.fixture(scope="session")
def scored(opened: World) -> World:
    """Return the world in which everybody has his scores."""
    return enter(opened, TOTALS)


@pytest.fixture(scope="session")
def tallied(scored: World) -> World:
    """Return the world with its first tally."""
    return take(scored, ZHANG, SCORING, TALLY)


@pytest.fixture(scope="session")
def proposed(tallied: World) -> World:
    """Return the world in which the list waits for the vote."""
    return take(tallied, CHEN, PROPOSING, PROPOSE)


@pytest.fixture(scope="session")
def adopted(proposed: World) -> World:
    """Return the world in which the meeting has adopted the list."""
    return take(proposed, ZHANG, VOTING, VOTE)


@pytest.fixture(scope="session")
def posted(adopted: World) -> World:
    """Return the world in which the notice hangs, until 24:00 of 15 January."""
    return take(adopted, ZHANG, POSTING, POST)


@pytest.fixture(scope="session")
def objected(posted: World) -> World:
    """Return the world in which one of the staff has objected about Zhou, on 9 January."""
    return take(posted, STAFF, on(1, 9), OBJECT)


@pytest.fixture(scope="session")
def accepted(objected: World) -> World:
    """Return the world in which Li and Wu inquire into the objection."""
    return take(objected, ZHAO, on(1, 9, 13), ACCEPT)


@pytest.fixture(scope="session")
def ruled(accepted: World) -> World:
    """Return the world in which Zhou, with 93 instead of 89, has taken Sun's place by a ruling of 12 January."""
    return take(accepted, ZHAO, on(1, 12), uphold(*raised(ZHOU, 93)))
