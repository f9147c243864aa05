"""Who reads: what the ledger says of a person today makes him an officer, a member, one of the masses, or nobody."""

from datetime import date

import pytest

from api.principal import Principal
from api.viewing import PUBLIC, Standing, standing_of, viewer_for
from domain.appointments import Term
from domain.decision import NotFound, NotPermitted
from domain.ids import BranchId, PersonId
from domain.roles import ADMINISTRATIVE_LEADER, AUDITOR, GROUP_LEADER, OPERATOR, SECRETARY
from domain.stays import Stay
from projections.withholding import Viewer
from tests.controls import BRANCH, CHAIR, LI, MOVER, OTHER_BRANCH, QIAN, ROUND, STAFF, SUN, WU
from tests.controls import OPERATOR as INSTALLER
from tests.projections.year_ledger import Year

SOMEBODY, RELATIVE = PersonId("somebody"), PersonId("relative")
HERE, THERE = BranchId("here"), BranchId("there")
BEGAN = date(2025, 1, 1)
MEMBER = Stay(HERE, "formal", BEGAN)


def signed_in(person: str) -> Principal:
    return Principal("account", PersonId(person), "password")


def standing(*offices: tuple[str, BranchId | None], stay: Stay | None = None) -> Standing:
    terms = tuple(Term(SOMEBODY, role, branch, BEGAN) for role, branch in offices)
    return Standing(SOMEBODY, terms, stay, frozenset({SOMEBODY, RELATIVE}))


OFFICER = Viewer(None, SOMEBODY, frozenset({SOMEBODY, RELATIVE}))
INSPECTOR = Viewer("auditor", SOMEBODY, frozenset({SOMEBODY, RELATIVE}))


@pytest.mark.parametrize(
    ("who", "here", "there", "whole"),
    [
        (standing((SECRETARY, HERE)), OFFICER, Viewer("masses", SOMEBODY), Viewer("masses", SOMEBODY)),
        (standing((SECRETARY, None)), OFFICER, OFFICER, OFFICER),
        (standing((GROUP_LEADER, HERE), stay=MEMBER), OFFICER, Viewer("masses", SOMEBODY), Viewer("masses", SOMEBODY)),
        (standing((AUDITOR, HERE)), INSPECTOR, Viewer("masses", SOMEBODY), Viewer("masses", SOMEBODY)),
        (standing((AUDITOR, None)), INSPECTOR, INSPECTOR, INSPECTOR),
        (
            standing((ADMINISTRATIVE_LEADER, HERE)),
            Viewer("administration", SOMEBODY),
            *[Viewer("masses", SOMEBODY)] * 2,
        ),
        (standing(stay=MEMBER), Viewer(None, SOMEBODY), Viewer("masses", SOMEBODY), Viewer("masses", SOMEBODY)),
        (standing((OPERATOR, None), stay=MEMBER), Viewer(None, SOMEBODY), *[Viewer("masses", SOMEBODY)] * 2),
        (standing(stay=Stay(HERE, "staff", BEGAN)), *[Viewer("masses", SOMEBODY)] * 3),
    ],
    ids=["secretary", "committee", "group-leader", "auditor", "inspector", "leader", "member", "operator", "staff"],
)
def test_an_office_a_membership_or_nothing_decides_who_reads(
    who: Standing, here: Viewer, there: Viewer, whole: Viewer
) -> None:
    assert (who.viewer(HERE), who.viewer(THERE), who.viewer()) == (here, there, whole)


def test_an_officer_reads_by_office_unless_the_case_is_his_or_that_of_somebody_close() -> None:
    assert OFFICER.reads_by_office({"stranger"})
    assert not OFFICER.reads_by_office({"stranger", RELATIVE})
    assert not OFFICER.reads_by_office({SOMEBODY})
    assert not Viewer(None, SOMEBODY).reads_by_office(())


@pytest.mark.parametrize(("person", "office"), [(LI, True), (CHAIR, True), (SUN, False), (WU, False), (STAFF, False)])
def test_offices_and_memberships_are_those_of_the_ledger(story: Year, person: str, office: bool) -> None:  # noqa: FBT001
    assert viewer_for(story.ledger, signed_in(person), round_id=ROUND).holds_office == office


def test_a_member_of_another_branch_and_staff_see_what_the_masses_see(story: Year) -> None:
    for person in (QIAN, STAFF, MOVER):
        assert viewer_for(story.ledger, signed_in(person), round_id=ROUND) == Viewer("masses", person)
    assert viewer_for(story.ledger, signed_in(QIAN), branch=OTHER_BRANCH) == Viewer(None, QIAN)
    assert viewer_for(story.ledger, signed_in(QIAN), person=QIAN) == Viewer(None, QIAN)


def test_an_office_that_has_ended_opens_nothing(story: Year) -> None:
    assert not viewer_for(story.ledger, signed_in(MOVER), branch=BRANCH).holds_office


def test_whoever_runs_the_installation_sees_no_business_data(story: Year) -> None:
    with pytest.raises(NotPermitted) as refused:
        standing_of(story.ledger, INSTALLER)
    assert refused.value.code == "no-business-data"


def test_somebody_whom_the_register_does_not_know_sees_nothing(story: Year) -> None:
    with pytest.raises(NotPermitted) as refused:
        standing_of(story.ledger, PersonId("nobody-here"))
    assert refused.value.code == "no-standing"


def test_nobody_is_the_public(story: Year) -> None:
    assert viewer_for(story.ledger, None, round_id=ROUND) == PUBLIC


def test_a_round_that_is_not_there_is_not_found(story: Year) -> None:
    with pytest.raises(NotFound):
        viewer_for(story.ledger, signed_in(LI), round_id="another")
