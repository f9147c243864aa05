"""Commands that nobody needs: asked by anybody at any time, mostly refused, and never against the rules."""

from collections.abc import Callable
from decimal import Decimal

from domain.confirming import ConfirmStars
from domain.exempting import ExemptMember
from domain.ids import NoticeId, ObjectionId, PersonId, RoundId, TaskId
from domain.inquiries import RejectObjection, RuleOnObjection
from domain.keeping import AcceptClock
from domain.months import SettleMonth
from domain.notices import InterruptNotice, PostNotice, ResumeNotice
from domain.objections import FileObjection
from domain.organisation import RegisterPerson, RenamePerson
from domain.proposing import ProposeList
from domain.rulings import Amendment
from domain.scores import CorrectScore
from domain.tally import Tally
from domain.tasks import AssignTask
from tests.controls import BRANCH, CHAIR, CHEN, LI, OPERATOR, REGISTRAR, STAFF, WANG, ZHANG, ZHAO
from tests.simulator.desk import BODY, DAY, Ask, Desk

ANYBODY = (LI, WANG, ZHANG, CHEN, ZHAO, STAFF, CHAIR, REGISTRAR, OPERATOR)
Drawing = Callable[[Desk, RoundId, PersonId], Ask]


def stray(desk: Desk) -> Ask:
    """Return a command drawn by lot, about the newest round mostly."""
    rounds = list(desk.believed.rounds) or [RoundId("nowhere")]
    which = rounds[-1] if desk.chance(0.7) else desk.dice.choice(rounds)
    return desk.dice.choice(DRAWN)(desk, which, desk.dice.choice(ANYBODY))


def _correct(desk: Desk, which: RoundId, actor: PersonId) -> Ask:
    code, points = desk.dice.choice(("work", "masses", "appraisal", "self")), Decimal(desk.dice.choice((77, 90, 101)))
    person = desk.somebody()
    asked = CorrectScore(round=which, person=person, component=code, points=points, reason=desk.pen.sealed(), ballots=7)
    return Ask(actor, asked)


def _post(desk: Desk, which: RoundId, actor: PersonId) -> Ask:
    notice = NoticeId(f"{which}.s{desk.dice.randrange(2)}")
    return Ask(actor, PostNotice(round=which, notice=notice, places=("公开栏",), contact="赵"))


def _hang(desk: Desk, which: RoundId, actor: PersonId) -> Ask:
    notice = NoticeId(f"{which}.n0")
    if desk.chance(0.2):
        return Ask(actor, InterruptNotice(round=which, notice=notice, why="检修"))
    return Ask(actor, ResumeNotice(round=which, notice=notice))


def _object(desk: Desk, which: RoundId, actor: PersonId) -> Ask:
    case = ObjectionId(f"{which}.s{desk.dice.randrange(3)}")
    asked = FileObjection(
        round=which, objection=case, about=desk.somebody(), statement=desk.pen.sealed(), objector=actor
    )
    return Ask(actor, asked)


def _settle(desk: Desk, which: RoundId, actor: PersonId) -> Ask:
    case = ObjectionId(desk.dice.choice(sorted(desk.believed.open) or ["none"]))
    reason = desk.pen.sealed()
    if desk.chance(0.5):
        return Ask(actor, RejectObjection(round=which, objection=case, reason=reason))
    amendments = (Amendment(person=desk.somebody(), component="work", points=Decimal(90)),)
    ruling = RuleOnObjection(round=which, objection=case, verdict="upheld", findings=reason, amendments=amendments)
    return Ask(actor, ruling)


def _exempt(desk: Desk, which: RoundId, actor: PersonId) -> Ask:
    reason = desk.pen.sealed()
    return Ask(actor, ExemptMember(round=which, person=desk.somebody(), decided_by="大会", reason=reason))


def _confirm(desk: Desk, which: RoundId, actor: PersonId) -> Ask:
    people = (desk.somebody(),) if desk.chance(0.5) else ()
    return Ask(actor, ConfirmStars(round=which, body=BODY, people=people))


def _rename(desk: Desk, _which: RoundId, actor: PersonId) -> Ask:
    return Ask(actor, RenamePerson(person=desk.somebody(), full_name=desk.pen.sealed()))


def _register(desk: Desk, _which: RoundId, actor: PersonId) -> Ask:
    person = PersonId(f"guest-{desk.dice.randrange(4)}")
    return Ask(actor, RegisterPerson(person=person, full_name=desk.pen.sealed()))


def _task(desk: Desk, _which: RoundId, actor: PersonId) -> Ask:
    task, due = TaskId(f"t{desk.dice.randrange(6)}"), desk.today + 30 * DAY
    what = desk.pen.sealed()
    return Ask(actor, AssignTask(task=task, person=desk.somebody(), what=what, due=due, resolution="支委会"))


DRAWN: tuple[Drawing, ...] = (
    _correct,
    _post,
    _hang,
    _object,
    _settle,
    _exempt,
    _confirm,
    _confirm,
    _rename,
    _register,
    _task,
    lambda _desk, which, actor: Ask(actor, Tally(round=which)),
    lambda _desk, which, actor: Ask(actor, ProposeList(round=which, body=BODY)),
    lambda _desk, which, actor: Ask(actor, SettleMonth(round=which, branch=BRANCH)),
    lambda _desk, _which, _actor: Ask(OPERATOR, AcceptClock(why="复核")),
)
