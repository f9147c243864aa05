"""Assistance and rectification: who gets a plan, who helps, who looks, who closes."""

from datetime import date, timedelta

import pytest

from domain.appointments import Appointed, RelationDeclared
from domain.assistance import ImprovementChecked, ImprovementClosed, ImprovementOpened
from domain.confirmation import CorrectionOpened
from domain.decision import Conflict, NotFound, NotPermitted, replace
from domain.ids import CorrectionId, ImprovementId, PersonId, RoundId
from domain.improvement import (
    CheckImprovement,
    CloseImprovement,
    OpenImprovement,
)
from domain.roles import SECRETARY
from domain.sealed import Sealed
from tests.controls import BRANCH, FOUNDED, LI, ROUND, SUN, WANG, WU, ZHANG, ZHAO, ZHOU, noon
from tests.domain.conftest import World

PLAN, DAY, REVIEW_ON = ImprovementId("plan-7"), date(2026, 2, 3), date(2026, 6, 30)
AT = noon(DAY)
CHECK_DAY, CLOSE_DAY = date(2026, 4, 1), date(2026, 7, 1)
OPEN = OpenImprovement(
    improvement=PLAN,
    round=ROUND,
    person=WU,
    helper=SUN,
    lost_points=Sealed("返工"),
    goal=Sealed("三星级"),
    measures=Sealed("结对"),
    review_on=REVIEW_ON,
)
OPENED = ImprovementOpened(
    improvement=PLAN,
    round=ROUND,
    person=WU,
    branch=BRANCH,
    helper=SUN,
    lost_points=Sealed("返工"),
    goal=Sealed("三星级"),
    measures=Sealed("结对"),
    review_on=REVIEW_ON,
    clause="A-37",
)
CHECK = CheckImprovement(improvement=PLAN, on=CHECK_DAY, progress=Sealed("减半"))
CHECKED = ImprovementChecked(improvement=PLAN, round=ROUND, person=WU, on=CHECK_DAY, progress=Sealed("减半"))
CLOSE = CloseImprovement(
    improvement=PLAN, on=CLOSE_DAY, outcome="reached", branch_opinion=Sealed("同意"), superior_opinion=Sealed("同意")
)
CLOSED = ImprovementClosed(
    improvement=PLAN,
    round=ROUND,
    person=WU,
    on=CLOSE_DAY,
    outcome="reached",
    branch_opinion=Sealed("同意"),
    superior_opinion=Sealed("同意"),
)


def close(one: PersonId, other: PersonId) -> RelationDeclared:
    return RelationDeclared(person=one, other=other, relation="spouse")


def secretary(person: PersonId) -> Appointed:
    return Appointed(person=person, role=SECRETARY, branch=BRANCH, since=FOUNDED, until=None, decided_by="党委")


# opening


def test_a_person_of_two_stars_gets_a_plan_and_a_helper_under_the_rulebooks_clause(confirmed: World) -> None:
    confirmed.when(OPEN, actor=LI, at=AT).then(OPENED)
    confirmed.after(OPENED).when(OPEN, actor=LI, at=AT).then_nothing()


def test_a_plan_that_is_entered_again_after_its_review_day_is_still_the_same(confirmed: World) -> None:
    confirmed.after(OPENED).when(OPEN, actor=LI, at=noon(REVIEW_ON)).then_nothing()


@pytest.mark.parametrize("person", [WANG, SUN, ZHOU, ZHANG])
def test_a_star_that_calls_for_no_plan_is_refused_with_the_clause(confirmed: World, person: PersonId) -> None:
    asked = replace(OPEN, person=person, helper=ZHAO)
    refusal = confirmed.when(asked, actor=LI, at=AT).refused("star-without-this-consequence")
    assert "A-37" in refusal.why.en


def test_a_plan_keeps_its_id_to_itself(confirmed: World) -> None:
    confirmed.after(OPENED).when(replace(OPEN, helper=ZHAO), actor=LI, at=AT).refused("id-taken", Conflict)


def test_a_person_has_one_open_plan_in_a_round(confirmed: World) -> None:
    second = replace(OPEN, improvement=ImprovementId("plan-8"))
    confirmed.after(OPENED).when(second, actor=LI, at=AT).refused("plan-open", Conflict)
    after = confirmed.after(OPENED, replace(CLOSED, on=DAY))
    assert after.when(second, actor=LI, at=AT).events


def test_the_helper_is_another_person_who_is_not_close(confirmed: World) -> None:
    confirmed.when(replace(OPEN, helper=WU), actor=LI, at=AT).refused("unfit-helper")
    confirmed.after(close(SUN, WU)).when(OPEN, actor=LI, at=AT).refused("unfit-helper")
    confirmed.when(replace(OPEN, helper=PersonId("nobody")), actor=LI, at=AT).refused("unknown-person", NotFound)


@pytest.mark.parametrize("day", [DAY, DAY - timedelta(days=1)])
def test_a_plan_is_reviewed_on_a_later_day(confirmed: World, day: date) -> None:
    confirmed.when(replace(OPEN, review_on=day), actor=LI, at=AT).refused("review-day-past")


def test_no_plan_on_a_star_that_is_in_question_or_not_confirmed(confirmed: World) -> None:
    questioned = CorrectionOpened(
        round=ROUND,
        correction=CorrectionId("c-1"),
        person=WU,
        cause=None,
        objection=None,
        review=None,
        decided=False,
    )
    confirmed.after(questioned).when(OPEN, actor=LI, at=AT).refused("star-in-question")
    stranger = replace(OPEN, person=PersonId("staff"))
    confirmed.when(stranger, actor=LI, at=AT).refused("not-confirmed", NotFound)


def test_a_plan_is_opened_by_an_uninvolved_secretary(confirmed: World) -> None:
    confirmed.when(OPEN, actor=ZHANG, at=AT).refused("wrong-office", NotPermitted)
    confirmed.after(secretary(WU)).when(OPEN, actor=WU, at=AT).refused("own-case", NotPermitted)
    confirmed.after(close(LI, WU)).when(OPEN, actor=LI, at=AT).refused("recused", NotPermitted)


# checking


@pytest.mark.parametrize("actor", [SUN, ZHANG, LI])
def test_the_helper_or_a_recorder_enters_how_a_plan_stands(confirmed: World, actor: PersonId) -> None:
    confirmed.after(OPENED).when(CHECK, actor=actor, at=noon(CHECK_DAY)).then(CHECKED)


def test_a_plan_is_checked_once_a_day(confirmed: World) -> None:
    world = confirmed.after(OPENED, CHECKED)
    world.when(CHECK, actor=SUN, at=noon(CLOSE_DAY)).refused("already-checked", Conflict)
    assert world.when(replace(CHECK, on=CHECK_DAY + timedelta(days=1)), actor=SUN, at=noon(CLOSE_DAY)).events


def test_the_person_and_those_close_to_him_do_not_check(confirmed: World) -> None:
    confirmed.after(OPENED, secretary(WU)).when(CHECK, actor=WU, at=noon(CHECK_DAY)).refused("own-case", NotPermitted)
    confirmed.after(OPENED).when(CHECK, actor=ZHOU, at=noon(CHECK_DAY)).refused("wrong-office", NotPermitted)
    related = confirmed.after(OPENED, close(ZHANG, WU))
    related.when(CHECK, actor=ZHANG, at=noon(CHECK_DAY)).refused("recused", NotPermitted)


def test_only_an_open_plan_is_checked_and_not_in_advance(confirmed: World) -> None:
    confirmed.when(CHECK, actor=ZHANG, at=noon(CHECK_DAY)).refused("unknown-improvement", NotFound)
    confirmed.after(OPENED, CLOSED).when(CHECK, actor=ZHANG, at=noon(CLOSE_DAY)).refused("already-closed")
    confirmed.after(OPENED).when(CHECK, actor=ZHANG, at=AT).refused("in-the-future")


# closing


def test_a_plan_is_closed_with_outcome_and_opinions(confirmed: World) -> None:
    world = confirmed.after(OPENED)
    world.when(CLOSE, actor=LI, at=noon(CLOSE_DAY)).then(CLOSED)
    world.after(CLOSED).when(CLOSE, actor=LI, at=noon(CLOSE_DAY)).then_nothing()


def test_a_plan_is_closed_once(confirmed: World) -> None:
    world = confirmed.after(OPENED, CLOSED)
    other = replace(CLOSE, outcome="not_reached")
    world.when(other, actor=LI, at=noon(CLOSE_DAY)).refused("already-closed", Conflict)


def test_neither_the_person_nor_his_helper_judges_the_outcome(confirmed: World) -> None:
    world = confirmed.after(OPENED, secretary(WU), secretary(SUN), close(LI, WU))
    world.when(CLOSE, actor=WU, at=noon(CLOSE_DAY)).refused("own-case", NotPermitted)
    world.when(CLOSE, actor=SUN, at=noon(CLOSE_DAY)).refused("recused", NotPermitted)
    world.when(CLOSE, actor=LI, at=noon(CLOSE_DAY)).refused("recused", NotPermitted)


def test_a_plan_is_closed_by_a_secretary_and_not_in_advance(confirmed: World) -> None:
    world = confirmed.after(OPENED)
    world.when(CLOSE, actor=ZHANG, at=noon(CLOSE_DAY)).refused("wrong-office", NotPermitted)
    world.when(CLOSE, actor=LI, at=AT).refused("in-the-future")
    confirmed.when(CLOSE, actor=LI, at=noon(CLOSE_DAY)).refused("unknown-improvement", NotFound)


def test_who_helps_somebody_under_another_plan_may_help_him_under_this_one(confirmed: World) -> None:
    elsewhere = replace(OPENED, improvement=ImprovementId("plan-6"), round=RoundId("a-year-ago"))
    assert confirmed.after(elsewhere).when(OPEN, actor=LI, at=AT).events
