"""A list in public: the notice, objections and what becomes of them, the confirmation, and late corrections."""

from datetime import timedelta
from decimal import Decimal
from typing import Literal

from domain.confirming import ConfirmStars
from domain.corrections import DecideCorrection, OpenCorrection
from domain.feedback import DeliverFeedback
from domain.ids import CorrectionId, Evidence, NoticeId, ObjectionId, PersonId, RoundId
from domain.inquiries import AcceptObjection, ExtendObjection, RejectObjection, ReplyToObjection, RuleOnObjection
from domain.notices import InterruptNotice, PostNotice, ResumeNotice
from domain.objections import FileObjection, WithdrawObjection
from domain.rulings import Amendment
from domain.tally import Tally
from tests.controls import CHEN, LI, STAFF, WANG, ZHANG, ZHAO
from tests.simulator.desk import BODY, DAY, HOUR, Ask, Desk, Script, Wait
from tests.simulator.founding import PAPER, QUIET

CYCLES = 3
Verdict = Literal["upheld", "dismissed"]


def publish(desk: Desk, which: RoundId) -> Script:
    """Post the list and confirm its stars; where something changed on the way, post again."""
    if which not in desk.believed.rounds or not desk.believed.rounds[which].adopted:
        return
    for cycle in range(CYCLES):
        yield post(which, cycle)
        if cycle == 0:
            yield from dispute(desk, which)
        if desk.chance(0.2):
            yield from take_down(which, cycle)
        yield Ask(CHEN, ConfirmStars(round=which, body=BODY))
        yield Wait(timedelta(days=desk.dice.randint(7, 12)))
        yield from confirm(desk, which)
        this = desk.believed.rounds[which]
        if all(person in this.confirmed for person in this.evaluated):
            break
        yield Ask(ZHANG, Tally(round=which))
    yield from follow_up(desk, which)


def post(which: RoundId, cycle: int) -> Ask:
    """Return the posting of the list as it stands."""
    notice = NoticeId(f"{which}.n{cycle}")
    return Ask(ZHANG, PostNotice(round=which, notice=notice, places=("公开栏",), contact="赵"))


def confirm(desk: Desk, which: RoundId) -> Script:
    """Confirm everybody else's stars, each of two officers."""
    for officer in (CHEN, LI):
        yield Ask(officer, ConfirmStars(round=which, body=BODY))
    if desk.chance(0.2):
        yield Ask(CHEN, ConfirmStars(round=which, body=BODY, people=(desk.somebody(),)))


def take_down(which: RoundId, cycle: int) -> Script:
    """Take the notice down for a day."""
    notice = NoticeId(f"{which}.n{cycle}")
    yield Ask(ZHANG, InterruptNotice(round=which, notice=notice, why="检修"))
    yield Wait(DAY)
    yield Ask(ZHANG, ResumeNotice(round=which, notice=notice))


def dispute(desk: Desk, which: RoundId) -> Script:
    """Let some people object, and settle each objection in one of the ways there are."""
    for number in range(desk.dice.randint(0, 2)):
        case = ObjectionId(f"{which}.o{number}")
        yield Wait(desk.dice.randint(1, 30) * HOUR)
        filed = file(desk, which, case)
        yield filed
        if case not in desk.believed.open:
            continue
        yield Ask(CHEN, ConfirmStars(round=which, body=BODY))
        yield from settle(desk, which, case, filed.actor)


def file(desk: Desk, which: RoundId, case: ObjectionId) -> Ask:
    """Return an objection: open, in confidence, or brought by the officer who keeps the name to himself."""
    about, words = desk.somebody(ZHAO), desk.pen.sealed()
    said = {"round": which, "objection": case, "about": about, "statement": words}
    way = desk.dice.randrange(4)
    if way == 0:
        return Ask(QUIET, FileObjection(**said, confidential=True, confidential_name=desk.pen.sealed()))  # type: ignore[arg-type]
    if way == 1:
        return Ask(ZHAO, FileObjection(**said, confidential_name=desk.pen.sealed()))  # type: ignore[arg-type]
    objector = STAFF if way == 2 else about
    return Ask(objector, FileObjection(**said, objector=objector, evidence=Evidence(PAPER.sha256)))  # type: ignore[arg-type]


def settle(desk: Desk, which: RoundId, case: ObjectionId, objector: PersonId) -> Script:
    """Withdraw, reject or accept and rule."""
    about = desk.believed.open.get(case)
    if about is None:
        return  # somebody else has settled it
    way = desk.dice.randrange(5)
    if way == 0:
        yield Ask(objector, WithdrawObjection(round=which, objection=case))
        return
    if way == 1:
        yield Ask(ZHAO, RejectObjection(round=which, objection=case, reason=desk.pen.sealed()))
        return
    pair = tuple([person for person in (WANG, CHEN, LI) if person != about][:2])
    yield Ask(ZHAO, AcceptObjection(round=which, objection=case, investigators=pair))
    if desk.chance(0.3):
        yield Ask(ZHAO, ExtendObjection(round=which, objection=case, days=5, reason=desk.pen.sealed()))
    yield Wait(desk.dice.randint(1, 3) * DAY)
    if way == 2:
        return  # left open: it holds the stars that it could touch
    amendments = amended(desk, which, about) if way == 3 else ()
    verdict: Verdict = "upheld" if amendments else "dismissed"
    findings = desk.pen.sealed()
    ruling = RuleOnObjection(
        round=which,
        objection=case,
        verdict=verdict,
        findings=findings,
        amendments=amendments,
    )
    yield Ask(ZHAO, ruling)
    yield Ask(ZHAO, ReplyToObjection(round=which, objection=case, reply=desk.pen.sealed()))


def amended(desk: Desk, which: RoundId, person: PersonId) -> tuple[Amendment, ...]:
    """Return a score as it should have been: a component, or in a year of months a month's record."""
    this = desk.believed.rounds[which]
    points = Decimal(desk.dice.choice((80, 91, 97)))
    if this.annual:
        return (Amendment(person=person, component="work", points=points),)
    period = desk.dice.choice(sorted(this.months.get(person, {"": None})))
    return (Amendment(person=person, component="records", points=points, period=period),) if period else ()


def follow_up(desk: Desk, which: RoundId) -> Script:
    """Tell people their results; now and then a star is questioned afterwards."""
    this = desk.believed.rounds[which]
    for person in sorted(this.confirmed)[:3]:
        teller = WANG if person == LI else LI
        yield Ask(teller, DeliverFeedback(round=which, person=person, on=desk.today, signed=True))
    if not this.confirmed or not desk.chance(0.35):
        return
    person, case = desk.dice.choice(sorted(this.confirmed)), CorrectionId(f"{which}.c")
    opening = OpenCorrection(round=which, correction=case, person=person, cause=desk.pen.sealed())
    yield Ask(WANG if person == ZHAO else ZHAO, opening)
    amendments = amended(desk, which, person) if desk.chance(0.7) else ()
    verdict: Verdict = "upheld" if amendments else "dismissed"
    findings = desk.pen.sealed()
    decide = DecideCorrection(
        round=which,
        correction=case,
        verdict=verdict,
        findings=findings,
        body=BODY,
        amendments=amendments,
    )
    yield Ask(CHEN if person != CHEN else ZHAO, decide)
    yield post(which, CYCLES)
    yield Wait(9 * DAY)
    yield from confirm(desk, which)
