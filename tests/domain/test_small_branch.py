"""The three administrators are three people, except where small-branch mode is declared as a fact."""

from datetime import date, timedelta

import pytest

from domain.appointments import Appoint, OpenLedger, Relieve
from domain.decision import Conflict, NotPermitted, Refused
from domain.ids import PersonId
from domain.roles import AUDITOR, OPERATOR, REGISTRAR
from domain.separation import SeparationRelaxed, SeparationRestored
from domain.small_branch import DeclareSmallBranchMode, TakeBackSmallBranchMode
from tests import controls
from tests.controls import CHAIR, FOUNDED, LI, SUN
from tests.domain.conftest import World

DECLARE = DeclareSmallBranchMode(decided_by="党委", reason="人少")
TAKE_BACK = TakeBackSmallBranchMode(decided_by="党委", reason="已选出监督员")
RELAXED = SeparationRelaxed(decided_by="党委", reason="人少")
SPRING, AUTUMN = date(2025, 3, 1), date(2025, 9, 1)


def office(person: PersonId, role: str, since: date = SPRING, until: date | None = None) -> Appoint:
    return Appoint(person=person, role=role, since=since, until=until, decided_by="党委")


@pytest.mark.parametrize(
    ("person", "role"),
    [(controls.OPERATOR, AUDITOR), (controls.OPERATOR, REGISTRAR)],
)
def test_nobody_is_two_of_the_administrators(branch: World, person: PersonId, role: str) -> None:
    branch.when(office(person, role), actor=controls.REGISTRAR).refused("administrators-apart", Refused)


def test_a_ledger_is_not_opened_with_one_person_for_both(nothing: World) -> None:
    asked = OpenLedger(committee="党委", registrar=LI, operator=LI)
    nothing.when(asked, actor=LI).refused("administrators-apart", Refused)


def test_an_administrators_other_office_is_no_matter_of_separation(branch: World) -> None:
    assert branch.when(office(SUN, AUDITOR), actor=controls.REGISTRAR).refusal is None


def test_one_office_after_the_other_is_not_both_at_once(branch: World) -> None:
    first = branch.when(office(SUN, AUDITOR, SPRING, AUTUMN), actor=controls.REGISTRAR)
    after = branch.after(*first.events)
    assert after.when(office(SUN, OPERATOR, AUTUMN), actor=controls.REGISTRAR).refusal is None
    early = office(SUN, OPERATOR, AUTUMN - timedelta(days=1))
    after.when(early, actor=controls.REGISTRAR).refused("administrators-apart", Refused)
    before = office(SUN, OPERATOR, FOUNDED, SPRING)
    assert after.when(before, actor=controls.REGISTRAR).refusal is None


def test_in_small_branch_mode_one_person_may_be_both(branch: World) -> None:
    asked = office(controls.OPERATOR, AUDITOR)
    assert branch.after(RELAXED).when(asked, actor=controls.REGISTRAR).refusal is None


@pytest.mark.parametrize("actor", [controls.REGISTRAR, CHAIR])
def test_small_branch_mode_is_declared_once_by_registrar_or_secretary(branch: World, actor: PersonId) -> None:
    branch.when(DECLARE, actor=actor).then(RELAXED)
    branch.after(RELAXED).when(DECLARE, actor=actor).then_nothing()


@pytest.mark.parametrize("asked", [DECLARE, TAKE_BACK])
def test_nobody_else_declares_it_or_takes_it_back(
    branch: World, asked: DeclareSmallBranchMode | TakeBackSmallBranchMode
) -> None:
    branch.after(RELAXED).when(asked, actor=controls.OPERATOR).refused("wrong-office", NotPermitted)


@pytest.mark.parametrize("kind", [DeclareSmallBranchMode, TakeBackSmallBranchMode])
def test_who_decided_it_and_why_must_be_said(
    branch: World, kind: type[DeclareSmallBranchMode | TakeBackSmallBranchMode]
) -> None:
    for asked in (kind(decided_by=" ", reason="人少"), kind(decided_by="党委", reason="")):
        branch.when(asked, actor=controls.REGISTRAR).refused("reason-missing", Refused)


def test_small_branch_mode_is_taken_back_once(branch: World) -> None:
    restored = SeparationRestored(decided_by="党委", reason="已选出监督员")
    branch.after(RELAXED).when(TAKE_BACK, actor=controls.REGISTRAR).then(restored)
    branch.after(RELAXED, restored).when(TAKE_BACK, actor=controls.REGISTRAR).then_nothing()


def test_it_is_taken_back_only_when_the_offices_are_apart_again(branch: World) -> None:
    relaxed = branch.after(RELAXED)
    both = relaxed.after(*relaxed.when(office(controls.OPERATOR, AUDITOR), actor=controls.REGISTRAR).events)
    both.when(TAKE_BACK, actor=controls.REGISTRAR).refused("administrators-not-apart", Conflict)
    given_up = Relieve(person=controls.OPERATOR, role=AUDITOR, on=SPRING, decided_by="党委")
    apart = both.after(*both.when(given_up, actor=controls.REGISTRAR).events)
    assert apart.when(TAKE_BACK, actor=controls.REGISTRAR).refusal is None
