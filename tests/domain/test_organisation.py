"""The register: branches, groups, people."""

from domain.decision import Conflict, NotFound, NotPermitted, replace
from domain.ids import BranchId, GroupId, PersonId
from domain.organisation import (
    BranchFounded,
    EnterUnitKind,
    FormGroup,
    FoundBranch,
    GroupFormed,
    PersonRegistered,
    PersonRenamed,
    RegisterPerson,
    RenamePerson,
    UnitKindEntered,
)
from domain.sealed import Sealed
from tests.controls import BRANCH, FOUNDED, GROUP, LI, OTHER_BRANCH, REGISTRAR, SUN, ZHANG
from tests.domain.conftest import World

NEW_BRANCH = FoundBranch(branch=BranchId("workshop-3"), title="三车间党支部", on=FOUNDED)
NEW_GROUP = FormGroup(group=GroupId("workshop-1.g2"), branch=BRANCH, title="第二党小组", on=FOUNDED)
NEW_PERSON = RegisterPerson(person=PersonId("zheng"), full_name=Sealed("郑"))
UNIT = EnterUnitKind(branch=BRANCH, kind="enterprise")
NEW_NAME = RenamePerson(person=SUN, full_name=Sealed("孙某某"))


def test_the_registrar_founds_a_branch(branch: World) -> None:
    founded = BranchFounded(branch=BranchId("workshop-3"), title="三车间党支部", on=FOUNDED)
    branch.when(NEW_BRANCH, actor=REGISTRAR).then(founded)
    branch.after(founded).when(NEW_BRANCH, actor=REGISTRAR).then_nothing()


def test_a_branch_keeps_its_id_to_itself(branch: World) -> None:
    branch.when(replace(NEW_BRANCH, branch=BRANCH), actor=REGISTRAR).refused("id-taken", Conflict)


def test_a_secretary_founds_no_branch(branch: World) -> None:
    branch.when(NEW_BRANCH, actor=LI).refused("wrong-office", NotPermitted)


def test_the_registrar_enters_the_kind_of_a_branch_s_unit(branch: World) -> None:
    entered = UnitKindEntered(branch=BRANCH, kind="enterprise")
    branch.when(UNIT, actor=REGISTRAR).then(entered)
    branch.after(entered).when(UNIT, actor=REGISTRAR).then_nothing()
    other = replace(UNIT, kind="institution")
    branch.after(entered).when(other, actor=REGISTRAR).then(UnitKindEntered(branch=BRANCH, kind="institution"))


def test_a_kind_is_entered_of_a_branch_that_exists_and_by_the_registrar(branch: World) -> None:
    branch.when(replace(UNIT, branch=BranchId("nowhere")), actor=REGISTRAR).refused("unknown-branch", NotFound)
    branch.when(UNIT, actor=LI).refused("wrong-office", NotPermitted)


def test_a_secretary_forms_a_group_in_his_branch(branch: World) -> None:
    formed = GroupFormed(group=GroupId("workshop-1.g2"), branch=BRANCH, title="第二党小组", on=FOUNDED)
    branch.when(NEW_GROUP, actor=LI).then(formed)
    branch.after(formed).when(NEW_GROUP, actor=LI).then_nothing()


def test_a_group_keeps_its_id_its_branch_and_its_title(branch: World) -> None:
    branch.when(replace(NEW_GROUP, group=GROUP), actor=LI).refused("id-taken", Conflict)
    branch.when(replace(NEW_GROUP, group=GROUP, branch=OTHER_BRANCH), actor=REGISTRAR).refused("id-taken", Conflict)


def test_a_group_is_formed_in_a_branch_that_exists(branch: World) -> None:
    branch.when(replace(NEW_GROUP, branch=BranchId("nowhere")), actor=REGISTRAR).refused("unknown-branch", NotFound)


def test_a_group_of_another_branch_is_none_of_a_secretarys_business(branch: World) -> None:
    branch.when(replace(NEW_GROUP, branch=OTHER_BRANCH), actor=LI).refused("wrong-office", NotPermitted)


def test_a_person_is_registered_under_a_sealed_name(branch: World) -> None:
    registered = PersonRegistered(person=PersonId("zheng"), full_name=Sealed("郑"))
    branch.when(NEW_PERSON, actor=LI).then(registered)
    branch.after(registered).when(NEW_PERSON, actor=LI).refused("id-taken", Conflict)


def test_two_people_do_not_share_an_id(branch: World) -> None:
    branch.when(replace(NEW_PERSON, person=SUN), actor=LI).refused("id-taken", Conflict)


def test_a_recorder_registers_nobody(branch: World) -> None:
    branch.when(NEW_PERSON, actor=ZHANG).refused("wrong-office", NotPermitted)


def test_a_registered_person_may_bear_another_name(branch: World) -> None:
    branch.when(NEW_NAME, actor=LI).then(PersonRenamed(person=SUN, full_name=Sealed("孙某某")))


def test_nobody_unknown_bears_another_name(branch: World) -> None:
    branch.when(replace(NEW_NAME, person=PersonId("nobody")), actor=LI).refused("unknown-person", NotFound)


def test_a_member_does_not_rename_another(branch: World) -> None:
    branch.when(NEW_NAME, actor=ZHANG).refused("wrong-office", NotPermitted)
