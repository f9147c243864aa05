"""Conditions beside the score: who enters them, what fits, and that nothing unknown is taken for failed (§3.15)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import cast

import pytest

from domain.decision import Command, Conflict, NotFound, NotPermitted, replace
from domain.exempting import ExemptMember
from domain.ids import PersonId
from domain.measured import MeasureCorrected
from domain.proposing import ProposeList
from domain.sealed import Sealed
from domain.tally import Results, Tally
from tests.control_beside import BESIDE_ROUND, CORRECT, ENTER
from tests.controls import CHEN, LI, QIAN, ZHANG, Step, noon
from tests.domain.conftest import World

AT = noon(date(2027, 3, 2))


@pytest.fixture(scope="session")
def asked(up_to: Callable[[Command], World]) -> World:
    """Return the world in which two of the four conditions are known, and attendance is not."""
    return up_to(ENTER)


@pytest.fixture(scope="session")
def entered(asked: World) -> World:
    """Return the world in which the attendance is entered too."""
    return asked.play([Step(ENTER, ZHANG, AT)])


def test_a_condition_is_entered_once_and_another_value_is_a_correction(entered: World) -> None:
    entered.when(ENTER, actor=ZHANG, at=AT).then_nothing()
    entered.when(replace(ENTER, value=Decimal(95)), actor=ZHANG, at=AT).refused("measure-exists", Conflict)


def test_a_correction_says_what_it_replaces(entered: World) -> None:
    entered.when(CORRECT, actor=ZHANG, at=AT).then(
        MeasureCorrected(
            round=BESIDE_ROUND,
            person=QIAN,
            measure="attendance",
            value=Decimal("90.5"),
            met=None,
            corrects=len(entered.facts),
            ground="correction",
            reason=CORRECT.reason,
            objection=None,
            correction=None,
        )
    )


def test_what_is_not_entered_cannot_be_corrected(asked: World) -> None:
    asked.when(CORRECT, actor=ZHANG, at=AT).refused("no-measure", NotFound)


def test_a_condition_that_no_gate_asks_for_is_refused_and_those_it_asks_for_are_named(asked: World) -> None:
    refusal = asked.when(replace(ENTER, measure="photographs"), actor=ZHANG, at=AT).refused("unknown-measure", NotFound)
    assert "tasks_done, tasks_exceeded, attendance, clean" in refusal.why.en


@pytest.mark.parametrize(
    ("measure", "value", "met"),
    [
        ("attendance", None, True),
        ("attendance", None, None),
        ("attendance", Decimal(1), True),
        ("attendance", Decimal("90.1234567"), None),
        ("clean", Decimal(1), None),
        ("clean", None, None),
    ],
)
def test_a_condition_of_another_kind_is_refused(
    asked: World,
    measure: str,
    value: Decimal | None,
    met: bool | None,  # noqa: FBT001 - a parameter of the test
) -> None:
    unfit = replace(ENTER, measure=measure, value=value, met=met)
    asked.when(unfit, actor=ZHANG, at=AT).refused("measure-unfit")


def test_conditions_are_entered_by_those_who_record_and_not_in_their_own_case(asked: World) -> None:
    asked.when(ENTER, actor=CHEN, at=AT).refused("wrong-office", NotPermitted)
    asked.when(replace(ENTER, person=PersonId("nobody")), actor=ZHANG, at=AT).refused("not-on-the-roster", NotFound)


def test_an_exempt_member_takes_no_conditions(asked: World) -> None:
    exempt = ExemptMember(
        round=BESIDE_ROUND, person=QIAN, decided_by="党员大会", reason=Sealed("长期借调"), ground="seconded"
    )
    asked.play([Step(exempt, LI, AT)]).when(ENTER, actor=ZHANG, at=AT).refused("exempt")


def test_a_condition_nobody_entered_leaves_the_result_open_and_the_list_unproposed(asked: World) -> None:
    """Tasks 95 × 80 % + appraisal 80 × 20 % = 92: four stars, for which the attendance has to be known."""
    world = asked.play([Step(Tally(round=BESIDE_ROUND), ZHANG, AT)])
    result = cast("Results", world.fold(Results, BESIDE_ROUND)).latest[QIAN]
    assert (result.status, result.total, result.star) == ("incomplete", Decimal("92.00"), None)
    world.when(ProposeList(round=BESIDE_ROUND, body="小组"), actor=CHEN, at=AT).refused("incomplete")


def test_a_condition_entered_after_the_tally_makes_it_stale(entered: World) -> None:
    tallied = entered.play([Step(Tally(round=BESIDE_ROUND), ZHANG, AT), Step(CORRECT, ZHANG, AT)])
    tallied.when(ProposeList(round=BESIDE_ROUND, body="小组"), actor=CHEN, at=AT).refused("tally-outdated")


def test_once_the_list_is_proposed_conditions_change_only_by_ruling(in_the_end: World) -> None:
    in_the_end.when(ENTER, actor=ZHANG, at=AT).refused("list-proposed")
    in_the_end.when(replace(CORRECT, value=Decimal(1)), actor=ZHANG, at=AT).refused("list-proposed")
