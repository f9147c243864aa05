"""A year under the annual scheme as its officers go through it: the round, its scores, the list and the vote."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from domain.exempting import ExemptMember
from domain.ids import Evidence, PersonId, RoundId
from domain.lists import HoldVote
from domain.membership import JoinBranch, LeaveBranch
from domain.posts import SetGoal
from domain.proposing import ProposeList
from domain.rounds import OpenRound
from domain.score_import import ImportScores, ScoreLine
from domain.scores import CorrectScore, MarkNotApplicable, RecordScore
from domain.tally import DecideTie, Tally
from tests.controls import BRANCH, CHEN, LI, REGISTRAR, WANG, WU, ZHANG, ZHOU
from tests.simulator.annual_sums import undecided, worlds
from tests.simulator.desk import BODY, Ask, Desk, Script
from tests.simulator.founding import ANNUAL, NEWCOMER, PAPER
from tests.simulator.publishing import publish

COMPONENTS = ("work", "group", "branch", "masses", "self")
FLATS = (70, 76, 82, 84, 88, 89, 90, 90, 94, 96)


def annual_year(desk: Desk, year: int) -> Script:
    """Go through a year: people come and go, and in January the branch is evaluated."""
    which = RoundId(f"annual-{year}")
    yield from register(desk, year)
    yield desk.until(date(year + 1, 1, 5))
    yield Ask(ZHANG, OpenRound(round=which, branch=BRANCH, period=str(year), rulebook=ANNUAL))
    if which not in desk.believed.rounds:
        return
    desk.believed.check_roster(which)
    exempted = [person for person in (ZHOU, WU) if person in desk.evaluated(which) and desk.chance(0.15)]
    for person in exempted:
        yield Ask(LI, ExemptMember(round=which, person=person, decided_by="大会", reason=desk.pen.sealed()))
    yield from score(desk, which)
    yield from adopt(desk, which)
    yield from publish(desk, which)


def register(desk: Desk, year: int) -> Script:
    """Let people come and go while the year lasts."""
    yield desk.until(date(year, 3, 3))
    goal = SetGoal(person=CHEN, period=str(year), goals=desk.pen.sealed(), target_star=4)
    yield Ask(CHEN, goal)
    if NEWCOMER not in desk.believed.joined and desk.chance(0.4):
        day = date(year, *desk.dice.choice(((3, 1), (10, 8))))
        yield desk.until(day, 12)
        yield Ask(REGISTRAR, JoinBranch(person=NEWCOMER, branch=BRANCH, kind="formal", on=day))
    if WU in desk.plan.members and WU not in desk.believed.left and desk.chance(0.2):
        yield desk.until(date(year, 11, 3))
        leaving = LeaveBranch(person=WU, on=date(year, 11, 3), cause="transferred_out", reason=desk.pen.sealed())
        yield Ask(REGISTRAR, leaving)


def score(desk: Desk, which: RoundId) -> Script:
    """Enter everybody's scores: most by a table, some by hand; nobody enters his own but for the self-evaluation."""
    left = {(person, code) for person in desk.evaluated(which) for code in COMPONENTS}
    for person, code in sorted(left):
        if code == "group" and desk.chance(0.08):
            absent = MarkNotApplicable(round=which, person=person, component=code, why="未编入党小组")
            yield Ask(WANG if person == ZHANG else ZHANG, absent)
            left.discard((person, code))
        if code == "self" and desk.chance(0.25):
            own = RecordScore(round=which, person=person, component=code, points=Decimal(90), rater=person)
            yield Ask(person, own)
            left.discard((person, code))
    for hand in (ZHANG, WANG):
        lines = tuple(line for line in drawn(desk, sorted(left)) if (line.person == ZHANG) == (hand == WANG))
        workbook = Evidence(PAPER.sha256)
        table = ImportScores(round=which, workbook=workbook, lines=lines, ballots=desk.dice.choice((5, 6, 9)))
        yield Ask(hand, table)
    for _ in range(desk.dice.randint(0, 2)):
        yield correction(desk, which)


def drawn(desk: Desk, cells: list[tuple[PersonId, str]]) -> Iterator[ScoreLine]:
    """Yield a line for each cell: everybody about one level, so that ties at a cut are common."""
    levels = {person: desk.dice.choice(FLATS) for person, _ in cells}
    for person, code in cells:
        more = desk.dice.choice((0, 0, 0, 1, -2)) if desk.chance(0.3) else 0
        yield ScoreLine(person=person, component=code, points=Decimal(levels[person] + more), cell=f"{person}.{code}")


def correction(desk: Desk, which: RoundId) -> Ask:
    """Return the correction of some score, by somebody else."""
    person, code = desk.dice.choice(desk.evaluated(which) or [LI]), desk.dice.choice(("work", "branch", "masses"))
    points, ballots = Decimal(desk.dice.choice(FLATS)), 6 if code == "masses" else None
    asked = CorrectScore(
        round=which, person=person, component=code, points=points, reason=desk.pen.sealed(), ballots=ballots
    )
    return Ask(WANG if person == ZHANG else ZHANG, asked)


def adopt(desk: Desk, which: RoundId) -> Script:
    """Tally, decide ties, propose and vote, until a list is adopted or nobody tries any more."""
    for _ in range(3):
        yield Ask(ZHANG, Tally(round=which))
        yield from settle_ties(desk, which)
        yield Ask(CHEN, ProposeList(round=which, body=BODY))
        if which not in desk.believed.rounds or not desk.believed.rounds[which].newest:
            return
        yield vote(desk, which)
        if desk.believed.rounds[which].adopted:
            return
        yield correction(desk, which)


def vote(desk: Desk, which: RoundId) -> Ask:
    """Return a vote on the newest list: mostly adopted, sometimes rejected, sometimes with too few there."""
    members = tuple(sorted(desk.believed.on_the_list(desk.today)))
    few = desk.chance(0.08)
    present = members[:2] if few else members
    yes = len(present) if desk.chance(0.8) else 1
    number = desk.believed.rounds[which].newest
    no = len(present) - yes
    held = HoldVote(
        round=which, list=number, on=desk.today, chair=LI, present=present, yes=yes, no=no, abstain=0, reasons="议"
    )
    return Ask(ZHANG, held)


def settle_ties(desk: Desk, which: RoundId) -> Script:
    """Let the leading group choose among people who are equal in everything, as often as that is needed."""
    for _ in range(2):
        this = desk.believed.rounds.get(which)
        if this is None or len(this.lines()) < len(this.evaluated):
            return
        results = [person for person in this.evaluated if this.results[person].status == "complete"]
        lines = [line for line in this.lines() if line.person in results]
        found = worlds(lines, len(this.enrolled))
        tied = sorted(undecided(found))
        free = [person for person in (CHEN, LI, WANG) if person not in tied]
        if not tied or not free or this.results[tied[0]].star is not None:
            return
        star = max(world[person] for world in found for person in tied)
        places = sum(found[0][person] == star for person in tied)
        winners = tuple(desk.dice.sample(tied, places))
        decide = DecideTie(round=which, star=star, winners=winners, body=BODY, reason=desk.pen.sealed())
        yield Ask(desk.dice.choice(free), decide)
