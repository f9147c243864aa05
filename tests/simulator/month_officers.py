"""A year of months as its officers go through it: records, the ballot, the settled month, and a year made of them."""

from datetime import date, timedelta
from decimal import Decimal

from domain.ballot_opening import OpenBox
from domain.ballots import Voter
from domain.boards import PostBoard
from domain.drawing import DeclareNoAppraisal, DrawMonths, DrawRecords
from domain.ids import BoxId, EntryId, Evidence, PersonId, RoundId
from domain.months import SettleMonth
from domain.proposing import ProposeList
from domain.record_verifying import RejectEntry, ReverseEntry, VerifyEntry
from domain.recording import ProposeEntry
from domain.rounds import OpenRound
from domain.scores import RecordScore
from domain.tally import Tally
from tests.controls import BRANCH, CHEN, LI, SUN, WANG, ZHANG
from tests.domain.procedure.month_machine import ITEMS
from tests.simulator.annual_officers import vote
from tests.simulator.beliefs import WORTH
from tests.simulator.desk import BODY, Ask, Cast, Desk, Lay, Script, Wait
from tests.simulator.founding import MONTHLY, PAPER, REPRESENTATIVES
from tests.simulator.publishing import publish

GRADES = tuple(WORTH)


def month_year(desk: Desk, year: int) -> Script:
    """Go through the last months of a year, and in February make a year of them."""
    for month in range(13 - desk.plan.months, 13):
        yield from one_month(desk, year, month)
    which = RoundId(f"months-{year}")
    yield desk.until(date(year + 1, 2, 2))
    yield Ask(ZHANG, OpenRound(round=which, branch=BRANCH, period=str(year), rulebook=MONTHLY))
    if which not in desk.believed.rounds:
        return
    desk.believed.check_roster(which)
    yield Ask(ZHANG, DrawMonths(round=which))
    if desk.chance(0.5):
        yield Ask(ZHANG, DeclareNoAppraisal(round=which, component="appraisal", why="并入月度评议"))
    else:
        yield from appraise(desk, which)
    yield from adopt(desk, which)
    yield from publish(desk, which)


def one_month(desk: Desk, year: int, month: int) -> Script:
    """Go through one month: its records, and its judging in the last week of the next one."""
    period, which = f"{year}-{month:02}", RoundId(f"month-{year}-{month:02}")
    yield desk.until(date(year, month, 15))
    yield from record(desk, period)
    following = date(year + month // 12, month % 12 + 1, 25)
    yield desk.until(following)
    yield Ask(ZHANG, OpenRound(round=which, branch=BRANCH, period=period, rulebook=MONTHLY))
    if which not in desk.believed.rounds:
        return
    desk.believed.check_roster(which)
    yield from appraise(desk, which)
    yield Ask(ZHANG, DrawRecords(round=which, branch=BRANCH, component="records"))
    yield from adopt(desk, which)
    if desk.believed.rounds[which].adopted:
        yield Ask(ZHANG, SettleMonth(round=which, branch=BRANCH))
        yield Ask(ZHANG, PostBoard(round=which, board="indoor", places=("活动室",)))


def record(desk: Desk, period: str) -> Script:
    """Propose some entries and have others verify, reject or reverse them."""
    day = date.fromisoformat(f"{period}-10")
    for number in range(desk.dice.randint(2, 5)):
        entry, person = EntryId(f"e-{period}-{number}"), desk.somebody()
        item = desk.dice.choice(sorted(ITEMS))
        what = {"entry": entry, "branch": BRANCH, "person": person, "rulebook": MONTHLY, "item": item}
        said = {"occurred_on": day, "statement": desk.pen.sealed(), "evidence": (Evidence(PAPER.sha256),)}
        worth = Decimal(desk.dice.choice(ITEMS[item][1]))
        hand = WANG if person != WANG else ZHANG
        yield Ask(hand, ProposeEntry(**what, **said, points=worth))  # type: ignore[arg-type]
        checker = SUN if person != SUN else LI
        reason = desk.pen.sealed()
        if desk.chance(0.8):
            yield Ask(checker, VerifyEntry(entry=entry, branch=BRANCH))
        else:
            yield Ask(checker, RejectEntry(entry=entry, branch=BRANCH, reason=reason))
        if desk.chance(0.1):
            reverser = LI if person != LI else ZHANG
            yield Ask(reverser, ReverseEntry(entry=entry, branch=BRANCH, reason=desk.pen.sealed()))


def appraise(desk: Desk, which: RoundId) -> Script:
    """Hold a secret ballot, or enter what one on paper came to."""
    if desk.chance(0.5):
        for person in desk.evaluated(which):
            points = Decimal(desk.dice.choice((60, 76, 88, 90, 97)))
            hand = WANG if person == ZHANG else ZHANG
            yield Ask(hand, RecordScore(round=which, person=person, component="appraisal", points=points, ballots=6))
        return
    people, box = desk.evaluated(which), BoxId(f"box-{which}")
    voters = (
        *(Voter(person=person, group="members") for person in people),
        *(Voter(person=person, group="representatives") for person in REPRESENTATIVES),
    )
    opening = OpenBox(box=box, round=which, component="appraisal", keeper="", voters=voters, tellers=(ZHANG, LI))
    yield Lay(box, ZHANG, opening)
    if box not in desk.believed.boxes:
        return
    for voter in (*people, *REPRESENTATIVES):
        yield Cast(box, voter, marks(desk, people, voter))
        if desk.chance(0.1):
            yield Cast(box, voter, marks(desk, people, voter))
    yield Lay(box, ZHANG)


def marks(desk: Desk, people: list[PersonId], voter: PersonId) -> dict[str, str]:
    """Return a filled-in sheet: at most one of the best grade, which is capped."""
    sheet = {str(person): desk.dice.choice(GRADES[1:]) for person in people if person != voter}
    if desk.chance(0.7):
        sheet[desk.dice.choice(sorted(sheet))] = GRADES[0]
    return sheet


def adopt(desk: Desk, which: RoundId) -> Script:
    """Tally, propose and vote, until a list is adopted or nobody tries any more."""
    for _ in range(3):
        yield Ask(ZHANG, Tally(round=which))
        yield Ask(CHEN, ProposeList(round=which, body=BODY))
        if not desk.believed.rounds[which].newest:
            return
        yield vote(desk, which)
        if desk.believed.rounds[which].adopted:
            return
        yield Wait(timedelta(hours=desk.dice.randint(1, 5)))
