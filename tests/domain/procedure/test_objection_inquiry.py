"""What officers do with an objection: accept, reject, extend, rule, reply; by nobody in his own case (AMB-B16)."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest

from domain.appointments import Appointed, RelationDeclared
from domain.decision import Command, NotFound, NotPermitted, replace
from domain.ids import ObjectionId, PersonId
from domain.inquiries import AcceptObjection, ExtendObjection, RejectObjection, ReplyToObjection, RuleOnObjection
from domain.objections import (
    ObjectionAccepted,
    ObjectionExtended,
    ObjectionRejected,
    ObjectionReplied,
    ObjectionRuled,
)
from domain.roles import DISCIPLINE
from domain.rounds import MemberExempted
from domain.rulings import Amendment
from domain.scores import ScoreRecorded
from domain.sealed import Sealed
from tests.controls import (
    BRANCH,
    CHEN,
    FOUNDED,
    LI,
    MOVER,
    QIAN,
    ROUND,
    STAFF,
    STRANGER,
    SUN,
    WANG,
    WU,
    ZHANG,
    ZHAO,
    ZHOU,
)
from tests.domain.conftest import World
from tests.domain.procedure.conftest import (
    ACCEPT,
    COMPONENTS,
    INSTANT,
    OBJECT,
    OBJECTION,
    enter,
    on,
    publish,
    raised,
    take,
    uphold,
)

REJECT = RejectObjection(round=ROUND, objection=OBJECTION, reason=Sealed("没有事实"))
EXTEND = ExtendObjection(round=ROUND, objection=OBJECTION, days=5, reason=Sealed("须核对考勤"))
REPLY = ReplyToObjection(round=ROUND, objection=OBJECTION, reply=Sealed("已更正"))
UPHOLD = uphold(*raised(ZHOU, 93))
DISMISS = RuleOnObjection(round=ROUND, objection=OBJECTION, verdict="dismissed", findings=Sealed("不实"))
ACCEPT_BY, RULE_BY = on(1, 14, 24), on(1, 23, 24)
NOW = on(1, 9, 13)


def officer(person: PersonId) -> Appointed:
    return Appointed(person=person, role=DISCIPLINE, branch=BRANCH, since=FOUNDED, until=None, decided_by="党员大会")


def related(person: PersonId, other: PersonId) -> RelationDeclared:
    return RelationDeclared(person=person, other=other, relation="close_relative")


def investigated_by(*people: PersonId) -> AcceptObjection:
    return replace(ACCEPT, investigators=people)


# who may

Stages = Callable[[str], World]


@pytest.fixture(scope="module")
def stage(objected: World, accepted: World, ruled: World) -> Stages:
    """Return how to get the world at a stage of the objection."""
    return {"objected": objected, "accepted": accepted, "ruled": ruled}.__getitem__


STEPS = [
    pytest.param(ACCEPT, "objected", id="accept"),
    pytest.param(REJECT, "objected", id="reject"),
    pytest.param(EXTEND, "accepted", id="extend"),
    pytest.param(DISMISS, "accepted", id="dismiss"),
    pytest.param(UPHOLD, "accepted", id="uphold"),
]


@pytest.mark.parametrize(("asked", "at"), [*STEPS, pytest.param(REPLY, "ruled", id="reply")])
def test_the_officers_who_receive_objections_deal_with_them(asked: Command, at: str, stage: Stages) -> None:
    for actor in (CHEN, SUN, STAFF, QIAN):
        stage(at).when(asked, actor=actor, at=on(1, 12)).refused("wrong-office", NotPermitted)
    for actor in (LI, WANG, ZHAO):
        assert stage(at).when(asked, actor=actor, at=on(1, 12)).refusal is None


@pytest.mark.parametrize(("asked", "at"), STEPS)
def test_nobody_deals_with_an_objection_about_himself_or_somebody_close(asked: Command, at: str, stage: Stages) -> None:
    own = stage(at).after(officer(ZHOU), officer(SUN))
    own.when(asked, actor=ZHOU, at=on(1, 12)).refused("own-case", NotPermitted)
    own.when(asked, actor=SUN, at=on(1, 12)).refused("recused", NotPermitted)


@pytest.mark.parametrize(("asked", "at"), STEPS)
def test_nobody_deals_with_an_objection_of_his_own_or_of_somebody_close(asked: Command, at: str, stage: Stages) -> None:
    own = stage(at).after(officer(STAFF), related(LI, STAFF))
    own.when(asked, actor=STAFF, at=on(1, 12)).refused("own-case", NotPermitted)
    own.when(asked, actor=LI, at=on(1, 12)).refused("recused", NotPermitted)


@pytest.mark.parametrize(("asked", "at"), [*STEPS, pytest.param(REPLY, "ruled", id="reply")])
def test_an_unknown_objection_is_not_found(asked: Command, at: str, stage: Stages) -> None:
    unknown = replace(asked, objection=ObjectionId("nowhere"))
    stage(at).when(unknown, actor=ZHAO, at=on(1, 12)).refused("unknown-objection", NotFound)


# accepting and rejecting


def test_an_objection_is_taken_up_by_two_investigators(objected: World) -> None:
    objected.when(ACCEPT, actor=ZHAO, at=NOW).then(
        ObjectionAccepted(round=ROUND, objection=OBJECTION, about=ZHOU, investigators=(LI, WU), late=False)
    )


def test_an_objection_taken_up_again_by_the_same_people_changes_nothing(accepted: World) -> None:
    accepted.when(ACCEPT, actor=ZHAO, at=NOW).then_nothing()
    accepted.when(investigated_by(WU, LI), actor=ZHAO, at=NOW).then_nothing()
    accepted.when(investigated_by(LI, CHEN), actor=ZHAO, at=NOW).refused("wrong-stage")


@pytest.mark.parametrize("people", [(), (LI,), (LI, LI)])
def test_fewer_than_two_people_are_too_few(objected: World, people: tuple[PersonId, ...]) -> None:
    objected.when(investigated_by(*people), actor=ZHAO, at=NOW).refused("too-few-investigators")


@pytest.mark.parametrize(
    "involved",
    [
        pytest.param(ZHOU, id="the person concerned"),
        pytest.param(STAFF, id="the objector"),
        pytest.param(ZHANG, id="who recorded the scores"),
        pytest.param(SUN, id="somebody close"),
    ],
)
def test_who_is_involved_does_not_inquire(objected: World, involved: PersonId) -> None:
    asked = investigated_by(LI, involved)
    objected.when(asked, actor=ZHAO, at=NOW).refused("investigator-involved", NotPermitted)


def test_who_rated_the_person_does_not_inquire(opened: World) -> None:
    rated = ScoreRecorded(
        round=ROUND,
        person=ZHOU,
        component="branch",
        level="branch",
        points=Decimal(89),
        rater=WU,
        ballots=None,
        occurred_on=None,
        evidence=None,
        cell=None,
    )
    world = enter(opened, {SUN: 90}).after(rated)
    others = take(publishable(world), STAFF, on(1, 9), OBJECT)
    others.when(ACCEPT, actor=ZHAO, at=NOW).refused("investigator-involved", NotPermitted)


def publishable(world: World) -> World:
    """Return the world in which nobody else is evaluated, with the list posted."""
    exempt = [
        MemberExempted(round=ROUND, person=person, decided_by="党员大会", reason=Sealed("借调"))
        for person in (LI, WANG, ZHANG, CHEN, ZHAO, WU)
    ]
    rest = [Amendment(person=ZHOU, component=code, points=Decimal(89)) for code in COMPONENTS if code != "branch"]
    entered = [
        ScoreRecorded(
            round=ROUND,
            person=each.person,
            component=each.component,
            level="",
            points=each.points,
            rater=None,
            ballots=9 if each.component == "masses" else None,
            occurred_on=None,
            evidence=None,
            cell=None,
        )
        for each in rest
    ]
    return publish(world.after(*exempt, *entered))


@pytest.mark.parametrize(("person", "code"), [(MOVER, "already-left"), (STRANGER, "no-membership")])
def test_investigators_belong_to_the_organisation(objected: World, person: PersonId, code: str) -> None:
    objected.when(investigated_by(LI, person), actor=ZHAO, at=NOW).refused(code)
    assert objected.when(investigated_by(LI, QIAN), actor=ZHAO, at=NOW).events


def test_an_objection_is_turned_down_with_a_reason(objected: World) -> None:
    rejected = ObjectionRejected(round=ROUND, objection=OBJECTION, about=ZHOU, reason=Sealed("没有事实"), late=False)
    objected.when(REJECT, actor=ZHAO, at=NOW).then(rejected)
    after = objected.after(rejected)
    after.when(REJECT, actor=ZHAO, at=NOW).then_nothing()
    for asked in (ACCEPT, DISMISS, UPHOLD, EXTEND):
        after.when(asked, actor=ZHAO, at=NOW).refused("wrong-stage")


def test_an_objection_taken_up_is_not_turned_down_without_a_ruling(accepted: World) -> None:
    accepted.when(REJECT, actor=ZHAO, at=NOW).refused("wrong-stage")


@pytest.mark.parametrize(("at", "late"), [(ACCEPT_BY - INSTANT, False), (ACCEPT_BY, True), (on(2, 2), True)])
def test_an_answer_after_its_term_is_given_and_says_so(objected: World, at: datetime, *, late: bool) -> None:
    accepted = objected.when(ACCEPT, actor=ZHAO, at=at).events[0]
    rejected = objected.when(REJECT, actor=ZHAO, at=at).events[0]
    assert isinstance(accepted, ObjectionAccepted)
    assert isinstance(rejected, ObjectionRejected)
    assert (accepted.late, rejected.late) == (late, late)


# extending


def test_an_extension_counts_working_days_from_the_end_of_the_term(accepted: World) -> None:
    accepted.when(EXTEND, actor=ZHAO, at=NOW).then(
        ObjectionExtended(
            round=ROUND, objection=OBJECTION, about=ZHOU, days=5, rule_by=on(1, 30, 24), reason=Sealed("须核对考勤")
        )
    )


def test_the_day_after_the_term_is_the_first_day_of_its_extension(posted: World) -> None:
    world = take(posted, STAFF, on(1, 12), OBJECT)
    for days, end in ((1, on(1, 27, 24)), (5, on(2, 2, 24))):
        extended = world.when(replace(EXTEND, days=days), actor=ZHAO, at=on(1, 12)).events[0]
        assert isinstance(extended, ObjectionExtended)
        assert extended.rule_by == end


@pytest.mark.parametrize("days", [1, 20])
def test_a_term_can_be_lengthened_by_one_to_twenty_working_days(accepted: World, days: int) -> None:
    assert accepted.when(replace(EXTEND, days=days), actor=ZHAO, at=NOW).events


@pytest.mark.parametrize("days", [-1, 0, 21])
def test_no_other_extension_is_possible(accepted: World, days: int) -> None:
    accepted.when(replace(EXTEND, days=days), actor=ZHAO, at=NOW).refused("extension-too-long")


def test_a_term_is_lengthened_once(accepted: World) -> None:
    world = take(accepted, ZHAO, NOW, EXTEND)
    world.when(EXTEND, actor=ZHAO, at=NOW).then_nothing()
    world.when(replace(EXTEND, days=6), actor=ZHAO, at=NOW).refused("already-extended")


def test_a_term_that_is_over_is_not_lengthened(accepted: World) -> None:
    assert accepted.when(EXTEND, actor=ZHAO, at=RULE_BY - INSTANT).events
    accepted.when(EXTEND, actor=ZHAO, at=RULE_BY).refused("term-over")


@pytest.mark.parametrize(("at", "late"), [(RULE_BY - INSTANT, False), (RULE_BY, True)])
def test_a_ruling_after_its_term_says_that_it_is_late(accepted: World, at: datetime, *, late: bool) -> None:
    ruled = accepted.when(DISMISS, actor=ZHAO, at=at).events[0]
    assert isinstance(ruled, ObjectionRuled)
    assert ruled.late == late


def test_a_ruling_within_the_longer_term_is_in_time(accepted: World) -> None:
    world = take(accepted, ZHAO, NOW, EXTEND)
    for at, late in ((on(1, 30, 24) - INSTANT, False), (on(1, 30, 24), True)):
        ruled = world.when(DISMISS, actor=ZHAO, at=at).events[0]
        assert isinstance(ruled, ObjectionRuled)
        assert ruled.late == late


# replying


def test_the_objector_is_told_once(ruled: World) -> None:
    replied = ObjectionReplied(round=ROUND, objection=OBJECTION, about=ZHOU, reply=Sealed("已更正"))
    ruled.when(REPLY, actor=ZHAO, at=on(1, 12)).then(replied)
    ruled.after(replied).when(REPLY, actor=ZHAO, at=on(1, 12)).then_nothing()


def test_whose_objection_was_turned_down_is_told_too(objected: World) -> None:
    assert take(objected, ZHAO, NOW, REJECT).when(REPLY, actor=ZHAO, at=NOW).events


def test_there_is_nothing_to_tell_before_an_outcome(objected: World, accepted: World) -> None:
    for world in (objected, accepted):
        world.when(REPLY, actor=ZHAO, at=NOW).refused("wrong-stage")
