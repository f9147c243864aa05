"""Two persons for grants and confirmations: the second one could have asked for the same, and is not concerned."""

import pytest

from domain.appointments import Appoint, Appointed, DeclareRelation, Relieve
from domain.decision import NotPermitted
from domain.ids import PersonId
from domain.roles import RECORDER
from tests import controls
from tests.controls import BRANCH, CHAIR, LI, SUN, WANG, ZHANG
from tests.domain.conftest import World
from tests.domain.test_appointments import AUTUMN, SPRING


def sun_records(second: PersonId | None) -> Appoint:
    return Appoint(person=SUN, role=RECORDER, branch=BRANCH, since=SPRING, decided_by="支委会", seconded_by=second)


@pytest.mark.parametrize("second", [None, WANG, controls.REGISTRAR])
def test_who_seconded_stands_in_the_fact(branch: World, second: PersonId | None) -> None:
    (appointed,) = branch.when(sun_records(second), actor=LI).events
    assert isinstance(appointed, Appointed)
    assert appointed.seconded_by == second


def test_nobody_seconds_himself(branch: World) -> None:
    branch.when(sun_records(LI), actor=LI).refused("second-is-concerned", NotPermitted)


def test_nobody_seconds_in_his_own_case(branch: World) -> None:
    branch.when(sun_records(SUN), actor=LI).refused("second-is-concerned", NotPermitted)


@pytest.mark.parametrize("second", [ZHANG, CHAIR, controls.OPERATOR])
def test_who_could_not_ask_for_it_does_not_second_it(branch: World, second: PersonId) -> None:
    branch.when(sun_records(second), actor=LI).refused("second-without-office", NotPermitted)


@pytest.mark.parametrize("other", [LI, SUN])
def test_who_is_close_to_one_of_them_does_not_second(branch: World, other: PersonId) -> None:
    close = DeclareRelation(person=WANG, other=other, relation="spouse")
    declared = branch.when(close, actor=controls.REGISTRAR).events
    branch.after(*declared).when(sun_records(WANG), actor=LI).refused("second-recused", NotPermitted)


def test_an_end_of_office_is_seconded_likewise(branch: World) -> None:
    asked = Relieve(person=ZHANG, role=RECORDER, branch=BRANCH, on=AUTUMN, decided_by="支委会", seconded_by=ZHANG)
    branch.when(asked, actor=LI).refused("second-is-concerned", NotPermitted)
