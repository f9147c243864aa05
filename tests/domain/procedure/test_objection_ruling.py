"""Ruling on an objection: what it corrects, whom it touches through the places, and who may not rule (AMB-B16)."""

from decimal import Decimal

import pytest

from domain.appointments import Appointed, RelationDeclared
from domain.decision import NotPermitted, replace
from domain.ids import ObjectionId, PersonId
from domain.inquiries import RuleOnObjection
from domain.objections import ObjectionRuled
from domain.roles import DISCIPLINE
from domain.rounds import MemberExempted
from domain.rulings import Amendment
from domain.scores import ScoreCorrected
from domain.sealed import Sealed
from domain.tally import ResultComputed, RoundTallied
from tests.controls import (
    BRANCH,
    FOUNDED,
    LI,
    ROUND,
    STAFF,
    SUN,
    WANG,
    WU,
    ZHANG,
    ZHAO,
    ZHOU,
)
from tests.domain.conftest import Answer, World
from tests.domain.procedure.conftest import (
    ACCEPT,
    OBJECT,
    OBJECTION,
    on,
    raised,
    take,
    uphold,
)

UPHOLD = uphold(*raised(ZHOU, 93))
DISMISS = RuleOnObjection(round=ROUND, objection=OBJECTION, verdict="dismissed", findings=Sealed("不实"))


def officer(person: PersonId) -> Appointed:
    return Appointed(person=person, role=DISCIPLINE, branch=BRANCH, since=FOUNDED, until=None, decided_by="党员大会")


def related(person: PersonId, other: PersonId) -> RelationDeclared:
    return RelationDeclared(person=person, other=other, relation="close_relative")


def touched(answer: Answer) -> tuple[PersonId, ...]:
    assert answer.refusal is None
    ruled = answer.events[0]
    assert isinstance(ruled, ObjectionRuled)
    return ruled.touched


def test_a_dismissed_objection_changes_no_score(accepted: World) -> None:
    accepted.when(DISMISS, actor=ZHAO, at=on(1, 12)).then(
        ObjectionRuled(
            round=ROUND,
            objection=OBJECTION,
            about=ZHOU,
            verdict="dismissed",
            findings=Sealed("不实"),
            touched=(),
            late=False,
        )
    )


def test_an_upheld_objection_says_what_the_scores_should_be_and_a_dismissed_one_nothing(accepted: World) -> None:
    for wrong in (replace(UPHOLD, amendments=()), replace(DISMISS, amendments=UPHOLD.amendments)):
        accepted.when(wrong, actor=ZHAO, at=on(1, 12)).refused("ruling-contradicts-itself")


def test_a_ruling_corrects_scores_tallies_anew_and_names_whom_it_touches_through_the_places(accepted: World) -> None:
    answer = accepted.when(UPHOLD, actor=ZHAO, at=on(1, 12))
    assert set(touched(answer)) == {ZHOU, SUN}
    corrected = [each for each in answer.events if isinstance(each, ScoreCorrected)]
    assert {(each.was, each.points, each.ground, each.objection) for each in corrected} == {
        (Decimal(89), Decimal(93), "objection", OBJECTION)
    }
    assert [each.tally for each in answer.events if isinstance(each, RoundTallied)] == [2]
    stars = {each.person: each.star for each in answer.events if isinstance(each, ResultComputed)}
    assert stars == {ZHOU: 4, SUN: 3}


def test_a_ruling_that_moves_nobody_else_touches_the_person_alone(accepted: World) -> None:
    lower = uphold(*raised(ZHOU, 88, "work"))
    assert touched(accepted.when(lower, actor=ZHAO, at=on(1, 12))) == (ZHOU,)


def test_a_ruling_keeps_the_number_of_ballots_where_it_says_no_other(accepted: World) -> None:
    answer = accepted.when(uphold(*raised(ZHOU, 93, "masses")), actor=ZHAO, at=on(1, 12))
    corrected = next(each for each in answer.events if isinstance(each, ScoreCorrected))
    assert corrected.ballots == 9
    assert corrected.corrects is not None


def test_an_objection_is_ruled_on_once_and_only_after_it_was_taken_up(objected: World, ruled: World) -> None:
    for world in (objected, ruled):
        world.when(UPHOLD, actor=ZHAO, at=on(1, 12)).refused("wrong-stage")


def test_who_recorded_scores_of_the_person_does_not_rule(accepted: World) -> None:
    world = accepted.after(officer(ZHANG))
    for asked in (UPHOLD, DISMISS):
        world.when(asked, actor=ZHANG, at=on(1, 12)).refused("recorder-rules", NotPermitted)


def test_who_ruled_on_scores_before_has_recorded_them(ruled: World) -> None:
    second = replace(OBJECT, objection=ObjectionId("second"))
    world = take(ruled, STAFF, on(1, 13), second)
    world = take(world, ZHAO, on(1, 13), replace(ACCEPT, objection=ObjectionId("second")))
    asked = replace(DISMISS, objection=ObjectionId("second"))
    world.when(asked, actor=ZHAO, at=on(1, 13)).refused("recorder-rules", NotPermitted)
    assert world.when(asked, actor=LI, at=on(1, 13)).events


def test_nobody_amends_his_own_score_by_ruling_on_somebody_else(accepted: World) -> None:
    asked = replace(UPHOLD, amendments=(*UPHOLD.amendments, *raised(ZHAO, 95)))
    accepted.when(asked, actor=ZHAO, at=on(1, 12)).refused("own-case", NotPermitted)


def test_nobody_rules_where_the_ruling_would_move_his_own_star(accepted: World) -> None:
    world = accepted.after(officer(WANG))
    beyond = uphold(*raised(ZHOU, 70))
    assert set(touched(world.when(beyond, actor=WANG, at=on(1, 12)))) == {ZHOU}
    lift = uphold(*raised(WU, 93), *raised(ZHOU, 92))
    assert touched(world.when(lift, actor=ZHAO, at=on(1, 12)))
    fall = uphold(*raised(WU, 96), *raised(ZHOU, 95))
    world.when(fall, actor=WANG, at=on(1, 12)).refused("own-case", NotPermitted)
    close = world.after(related(LI, SUN))
    close.when(UPHOLD, actor=LI, at=on(1, 12)).refused("recused", NotPermitted)


@pytest.mark.parametrize(
    ("amendments", "code"),
    [
        pytest.param(raised(ZHOU, 89), "nothing-amended", id="as it was"),
        pytest.param((*raised(ZHOU, 93, "work"), *raised(ZHOU, 94, "work")), "amended-twice", id="twice"),
        pytest.param(raised(STAFF, 93), "not-on-the-roster", id="not on the roster"),
        pytest.param(raised(ZHOU, 101), "points-out-of-range", id="out of range"),
        pytest.param(raised(ZHOU, 93, "charm"), "unknown-component", id="unknown column"),
        pytest.param(
            (Amendment(person=ZHOU, component="work", points=Decimal(93), rater=LI),), "raters-mixed", id="other rater"
        ),
    ],
)
def test_a_ruling_that_cannot_be_carried_out_is_refused(
    accepted: World, amendments: tuple[Amendment, ...], code: str
) -> None:
    accepted.when(uphold(*amendments), actor=ZHAO, at=on(1, 12)).refused(code)


def test_a_ruling_gives_no_score_to_the_exempt(accepted: World) -> None:
    exempt = MemberExempted(round=ROUND, person=WU, decided_by="党员大会", reason=Sealed("借调"))
    accepted.after(exempt).when(uphold(*raised(WU, 93)), actor=ZHAO, at=on(1, 12)).refused("exempt")
