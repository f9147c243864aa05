"""Opening a ledger, offices with their terms, and declared relations."""

from datetime import date

import pytest

from domain.appointments import (
    Appoint,
    Appointed,
    DeclareRelation,
    LedgerOpened,
    Offices,
    OpenLedger,
    RelationDeclared,
    Relieve,
    Relieved,
)
from domain.decision import Conflict, NotFound, NotPermitted, replace
from domain.roles import AUDITOR, OPERATOR, RECORDER, REGISTRAR, SECRETARY
from tests import controls
from tests.controls import BRANCH, CHAIR, LI, OTHER_BRANCH, STRANGER, SUN, WANG, ZHANG, ZHOU, noon
from tests.domain.conftest import World

OPEN = OpenLedger(committee="党委", registrar=controls.REGISTRAR, operator=controls.OPERATOR)
SPRING, AUTUMN = date(2025, 3, 1), date(2025, 9, 1)
SUN_RECORDS = Appoint(person=SUN, role=RECORDER, branch=BRANCH, since=SPRING, decided_by="支委会")
ZHANG_STOPS = Relieve(person=ZHANG, role=RECORDER, branch=BRANCH, on=AUTUMN, decided_by="支委会")
CLOSE = DeclareRelation(person=SUN, other=ZHOU, relation="spouse")


def offices(world: World) -> Offices:
    folded = world.fold(Offices)
    assert isinstance(folded, Offices)
    return folded


def test_the_operator_opens_an_empty_ledger(nothing: World) -> None:
    opened = LedgerOpened(
        committee="党委", registrar=controls.REGISTRAR, operator=controls.OPERATOR, simulated_clock=False
    )
    nothing.when(OPEN, actor=controls.OPERATOR).then(opened)
    nothing.after(opened).when(OPEN, actor=controls.OPERATOR).then_nothing()


def test_nobody_but_the_operator_named_opens_a_ledger(nothing: World) -> None:
    nothing.when(OPEN, actor=controls.REGISTRAR).refused("wrong-office", NotPermitted)


def test_a_ledger_is_opened_once(branch: World) -> None:
    branch.when(OPEN, actor=controls.OPERATOR).refused("already-open", Conflict)


def test_the_first_registrar_and_operator_hold_office_from_the_day_of_opening(branch: World) -> None:
    held = offices(branch)
    assert held.holds(controls.REGISTRAR, (REGISTRAR,), None, controls.FOUNDED)
    assert held.holds(controls.OPERATOR, (OPERATOR,), None, controls.FOUNDED)
    assert not held.holds(controls.REGISTRAR, (REGISTRAR,), None, date(2025, 1, 5))


def test_an_office_is_held_from_its_first_day_until_before_its_last(branch: World) -> None:
    appointed = Appointed(person=SUN, role=RECORDER, branch=BRANCH, since=SPRING, until=AUTUMN, decided_by="支委会")
    branch.when(replace(SUN_RECORDS, until=AUTUMN), actor=LI).then(appointed)
    held = offices(branch.after(appointed))
    days = (date(2025, 2, 28), SPRING, date(2025, 8, 31), AUTUMN)
    assert [held.holds(SUN, (RECORDER,), BRANCH, day) for day in days] == [False, True, True, False]


def test_appointing_again_from_the_same_day_changes_nothing(branch: World) -> None:
    done = branch.when(SUN_RECORDS, actor=LI)
    branch.after(*done.events).when(SUN_RECORDS, actor=LI).then_nothing()


def test_a_secretary_appoints_in_his_own_branch_only(branch: World) -> None:
    branch.when(replace(SUN_RECORDS, branch=OTHER_BRANCH), actor=LI).refused("wrong-office", NotPermitted)
    branch.when(replace(SUN_RECORDS, branch=None), actor=LI).refused("wrong-office", NotPermitted)


def test_the_registrar_appoints_in_every_branch(branch: World) -> None:
    assert branch.when(replace(SUN_RECORDS, branch=OTHER_BRANCH), actor=controls.REGISTRAR).events


def test_a_registrar_of_one_branch_has_no_say_in_another(branch: World) -> None:
    world = branch.after(
        Appointed(person=SUN, role=REGISTRAR, branch=BRANCH, since=SPRING, until=None, decided_by="支委会")
    )
    asked = replace(SUN_RECORDS, person=ZHOU, branch=OTHER_BRANCH)
    world.when(asked, actor=SUN).refused("wrong-office", NotPermitted)


def test_nobody_appoints_himself(branch: World) -> None:
    branch.when(replace(SUN_RECORDS, person=LI), actor=LI).refused("own-case", NotPermitted)


def test_only_known_offices_can_be_held(branch: World) -> None:
    branch.when(replace(SUN_RECORDS, role="king"), actor=LI).refused("unknown-role", NotFound)


@pytest.mark.parametrize("until", [SPRING, date(2025, 2, 28)])
def test_a_term_ends_after_it_begins(branch: World, until: date) -> None:
    branch.when(replace(SUN_RECORDS, until=until), actor=LI).refused("ends-before-it-begins")


def test_who_is_relieved_holds_the_office_until_the_day_before(branch: World) -> None:
    relieved = Relieved(person=ZHANG, role=RECORDER, branch=BRANCH, on=AUTUMN, decided_by="支委会")
    branch.when(ZHANG_STOPS, actor=LI).then(relieved)
    world = branch.after(relieved)
    assert offices(world).holds(ZHANG, (RECORDER,), BRANCH, date(2025, 8, 31))
    assert not offices(world).holds(ZHANG, (RECORDER,), BRANCH, AUTUMN)
    world.when(ZHANG_STOPS, actor=LI).then_nothing()


def test_nobody_is_relieved_of_what_he_does_not_hold(branch: World) -> None:
    branch.when(replace(ZHANG_STOPS, person=SUN), actor=LI).refused("holds-no-such-office", NotFound)
    asked = Relieve(person=controls.REGISTRAR, role=REGISTRAR, branch=BRANCH, on=AUTUMN, decided_by="支委会")
    branch.when(asked, actor=LI).refused("holds-no-such-office", NotFound)


def test_only_those_who_keep_the_register_relieve(branch: World) -> None:
    branch.when(ZHANG_STOPS, actor=SUN).refused("wrong-office", NotPermitted)
    branch.when(ZHANG_STOPS, actor=ZHANG).refused("wrong-office", NotPermitted)


def test_either_of_two_people_declares_that_they_are_close(branch: World) -> None:
    declared = RelationDeclared(person=SUN, other=ZHOU, relation="spouse")
    branch.when(CLOSE, actor=SUN).then(declared)
    branch.when(CLOSE, actor=ZHOU).then(declared)
    world = branch.after(declared)
    world.when(CLOSE, actor=SUN).then_nothing()
    world.when(replace(CLOSE, person=ZHOU, other=SUN), actor=SUN).then_nothing()


def test_those_who_keep_any_register_declare_a_relation(branch: World) -> None:
    assert branch.when(CLOSE, actor=CHAIR).events
    branch.when(CLOSE, actor=STRANGER).refused("wrong-office", NotPermitted)
    branch.when(CLOSE, actor=ZHANG).refused("wrong-office", NotPermitted)
    relieved = Relieved(person=CHAIR, role=SECRETARY, branch=None, on=SPRING, decided_by="党委")
    branch.after(relieved).when(CLOSE, actor=CHAIR).refused("wrong-office", NotPermitted)


def test_nobody_is_related_to_himself(branch: World) -> None:
    branch.when(replace(CLOSE, other=SUN), actor=SUN).refused("related-to-himself")


def test_a_relation_holds_both_ways(branch: World) -> None:
    held = offices(branch.after(RelationDeclared(person=SUN, other=ZHOU, relation="spouse")))
    assert held.related(SUN, ZHOU)
    assert held.related(ZHOU, SUN)
    assert not held.related(SUN, WANG)


def test_holders_are_those_of_the_branch_or_of_the_committee(branch: World) -> None:
    held = offices(branch)
    assert held.holders((SECRETARY,), BRANCH, AUTUMN) == [LI]
    assert held.holders((SECRETARY,), None, AUTUMN) == [CHAIR]
    assert held.holders((AUDITOR,), None, AUTUMN) == []
    assert held.holders((SECRETARY,), BRANCH, date(2025, 1, 5)) == []


def test_an_office_that_has_ended_gives_no_say(branch: World) -> None:
    world = branch.after(Relieved(person=LI, role=SECRETARY, branch=BRANCH, on=AUTUMN, decided_by="党委"))
    assert world.when(SUN_RECORDS, actor=LI, at=noon(date(2025, 8, 31))).events
    world.when(SUN_RECORDS, actor=LI, at=noon(AUTUMN)).refused("wrong-office", NotPermitted)
