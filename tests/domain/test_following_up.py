"""Consequences of a scheme's own codes: what was decided about them is noted, once, under the rulebook's clause."""

from datetime import timedelta

import pytest

from domain.appointments import RelationDeclared
from domain.confirmation import CorrectionOpened
from domain.consequences import IMPROVEMENT, RECOMMENDATION, TALK
from domain.decision import Conflict, NotFound, NotPermitted, replace
from domain.following_up import CARRIED_OUT_BY
from domain.ids import CorrectionId
from tests.control_consequences import CONSEQUENCE_EVENTS, NOTE
from tests.control_duties import TRIAL_ROUND
from tests.controls import LI, QIAN, STRANGER, SUN, noon
from tests.domain.conftest import World

(NOTED,) = CONSEQUENCE_EVENTS
AT = noon(NOTE.on)


@pytest.fixture
def fallen_short(up_to: object) -> World:
    """Return the world in which Qian is confirmed without a star and nothing is noted."""
    world = up_to(NOTE)  # type: ignore[operator]
    assert isinstance(world, World)
    return world


def test_what_a_body_decided_is_noted_once_under_the_rulebooks_clause(fallen_short: World) -> None:
    fallen_short.when(NOTE, actor=LI, at=AT).then(NOTED)
    fallen_short.after(NOTED).when(NOTE, actor=LI, at=AT).then_nothing()


def test_another_decision_on_the_same_consequence_is_a_conflict(fallen_short: World) -> None:
    world = fallen_short.after(NOTED)
    world.when(replace(NOTE, decided_by="党委"), actor=LI, at=AT).refused("already-noted", Conflict)


@pytest.mark.parametrize("code", [RECOMMENDATION, IMPROVEMENT, TALK])
def test_what_a_command_of_its_own_carries_out_is_not_noted(fallen_short: World, code: str) -> None:
    refusal = fallen_short.when(replace(NOTE, code=code), actor=LI, at=AT).refused("consequence-has-its-command")
    assert CARRIED_OUT_BY[code] in refusal.why.zh
    assert CARRIED_OUT_BY[code] in refusal.why.en


def test_a_consequence_that_the_result_does_not_have_is_not_noted(fallen_short: World) -> None:
    asked = replace(NOTE, code="another")
    fallen_short.when(asked, actor=LI, at=AT).refused("star-without-this-consequence")


def test_whose_star_is_not_confirmed_has_nothing_to_note(fallen_short: World) -> None:
    fallen_short.when(replace(NOTE, person=SUN), actor=LI, at=AT).refused("not-confirmed", NotFound)


def test_whose_star_is_in_question_waits_with_what_follows(fallen_short: World) -> None:
    questioned = CorrectionOpened(
        round=TRIAL_ROUND,
        correction=CorrectionId("c-9"),
        person=QIAN,
        cause=None,
        objection=None,
        review=None,
        decided=False,
    )
    fallen_short.after(questioned).when(NOTE, actor=LI, at=AT).refused("star-in-question")


def test_what_was_decided_lies_in_the_past(fallen_short: World) -> None:
    asked = replace(NOTE, on=NOTE.on + timedelta(days=1))
    fallen_short.when(asked, actor=LI, at=AT).refused("in-the-future")


def test_noting_is_for_those_who_keep_the_record_and_stand_apart(fallen_short: World) -> None:
    fallen_short.when(NOTE, actor=STRANGER, at=AT).refused("wrong-office", NotPermitted)
    close = fallen_short.after(RelationDeclared(person=LI, other=QIAN, relation="spouse"))
    close.when(NOTE, actor=LI, at=AT).refused("recused", NotPermitted)
