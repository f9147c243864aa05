"""The organisation's register: its branches, their groups, and the people that facts speak of."""

import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, assert_never

from domain.appointments import Offices
from domain.decision import (
    Command,
    Context,
    Event,
    Fact,
    NotFound,
    State,
    command,
    deciders,
    event,
    members_of,
)
from domain.ids import BranchId, GroupId, PersonId
from domain.refusals import taken, unless_same
from domain.roles import REGISTER_KEEPERS, REGISTRAR
from domain.sealed import Sealed
from domain.text import Text

UnitKind = Literal["enterprise", "government", "institution", "village", "community", "social", "other"]
"""What a branch's unit is, as the superior's returns sort them."""
UNIT_KINDS: Mapping[UnitKind, Text] = {
    "enterprise": Text("企业", "an enterprise"),
    "government": Text("机关", "a government body"),
    "institution": Text("事业单位", "a public institution"),
    "village": Text("农村", "a village"),
    "community": Text("社区", "a community"),
    "social": Text("社会组织", "a social organisation"),
    "other": Text("其他", "of another kind"),
}

# commands


@command("found-branch", roles=(REGISTRAR,), at="branches")
class FoundBranch(Command):
    """Enter a branch 党支部 into the register."""

    branch: BranchId
    title: str
    on: date


@command("enter-unit-kind", roles=(REGISTRAR,), at="branches/{branch}/unit-kind")
class EnterUnitKind(Command):
    """Enter of what kind a branch's unit is, for returns that sort by it; the newest one counts (B-48)."""

    branch: BranchId
    kind: UnitKind


@command("form-group", roles=REGISTER_KEEPERS, at="branches/{branch}/groups")
class FormGroup(Command):
    """Enter a Party group 党小组 of a branch into the register."""

    group: GroupId
    branch: BranchId
    title: str
    on: date


@command("register-person", roles=REGISTER_KEEPERS, at="people")
class RegisterPerson(Command):
    """Enter a person; the name is kept sealed beside the fact."""

    person: PersonId
    full_name: Sealed


@command("rename-person", roles=REGISTER_KEEPERS, at="people/{person}/name", changes=True)
class RenamePerson(Command):
    """Enter a person's new name."""

    person: PersonId
    full_name: Sealed


# events


@event("organisation.BranchFounded.v1")
class BranchFounded(Event):
    """A branch exists since a day."""

    branch: BranchId
    title: str
    on: date


@event("organisation.UnitKindEntered.v1")
class UnitKindEntered(Event):
    """A branch's unit is of a kind."""

    branch: BranchId
    kind: UnitKind


@event("organisation.GroupFormed.v1")
class GroupFormed(Event):
    """A group exists in a branch since a day."""

    group: GroupId
    branch: BranchId
    title: str
    on: date


@event("person.Registered.v1")
class PersonRegistered(Event):
    """A person is known to the register."""

    person: PersonId
    full_name: Sealed


@event("person.Renamed.v1")
class PersonRenamed(Event):
    """A person bears another name."""

    person: PersonId
    full_name: Sealed


OrganisationEvent = BranchFounded | UnitKindEntered | GroupFormed | PersonRegistered | PersonRenamed


# state


@dataclass(slots=True)
class Organisation(State):
    """Which branches, groups and people there are."""

    EVENTS = members_of(OrganisationEvent)
    branches: dict[BranchId, str] = field(default_factory=dict)
    unit_kinds: dict[BranchId, UnitKind] = field(default_factory=dict)
    groups: dict[GroupId, BranchId] = field(default_factory=dict)
    group_titles: dict[GroupId, str] = field(default_factory=dict)
    people: set[PersonId] = field(default_factory=set)

    def evolve(self, fact: Fact) -> None:
        """Take one more entry of the register into account."""
        happened = typing.cast("OrganisationEvent", fact.event)
        match happened:
            case BranchFounded():
                self.branches[happened.branch] = happened.title
            case UnitKindEntered():
                self.unit_kinds[happened.branch] = happened.kind
            case GroupFormed():
                self.groups[happened.group] = happened.branch
                self.group_titles[happened.group] = happened.title
            case PersonRegistered():
                self.people.add(happened.person)
            case PersonRenamed():
                pass
            case _:
                assert_never(happened)

    def require_person(self, person: PersonId) -> None:
        """Raise `NotFound` where nobody of that id is registered."""
        if person not in self.people:
            raise NotFound("unknown-person", _unknown("人员", "person", person))

    def require_branch(self, branch: BranchId) -> None:
        """Raise `NotFound` where no branch of that id is registered."""
        if branch not in self.branches:
            raise NotFound("unknown-branch", _unknown("支部", "branch", branch))

    def require_group(self, group: GroupId, branch: BranchId) -> None:
        """Raise `NotFound` where the branch has no such group."""
        if self.groups.get(group) != branch:
            raise NotFound("unknown-group", _unknown("党小组", "group", group))


# deciders


def found_branch(asked: FoundBranch, context: Context, organisation: Organisation, offices: Offices) -> list[Event]:
    """Enter a branch once."""
    offices.require(asked, context)
    if asked.branch in organisation.branches:
        return unless_same(organisation.branches[asked.branch] == asked.title, taken(asked.branch))
    return [BranchFounded(branch=asked.branch, title=asked.title, on=asked.on)]


def enter_unit_kind(
    asked: EnterUnitKind, context: Context, organisation: Organisation, offices: Offices
) -> list[Event]:
    """Enter the kind of a known branch's unit; a unit may become another."""
    offices.require(asked, context)
    organisation.require_branch(asked.branch)
    if organisation.unit_kinds.get(asked.branch) == asked.kind:
        return []
    return [UnitKindEntered(branch=asked.branch, kind=asked.kind)]


def form_group(asked: FormGroup, context: Context, organisation: Organisation, offices: Offices) -> list[Event]:
    """Enter a group of a known branch once."""
    organisation.require_branch(asked.branch)
    offices.require(asked, context, asked.branch)
    if asked.group in organisation.groups:
        known = (organisation.groups[asked.group], organisation.group_titles[asked.group])
        return unless_same(known == (asked.branch, asked.title), taken(asked.group))
    return [GroupFormed(group=asked.group, branch=asked.branch, title=asked.title, on=asked.on)]


def register_person(
    asked: RegisterPerson, context: Context, organisation: Organisation, offices: Offices
) -> list[Event]:
    """Enter a person under an id that nobody bears yet; whether it is the same one, sealed names cannot tell."""
    offices.require_anywhere(asked, context)
    if asked.person in organisation.people:
        raise taken(asked.person)
    return [PersonRegistered(person=asked.person, full_name=asked.full_name)]


def rename_person(asked: RenamePerson, context: Context, organisation: Organisation, offices: Offices) -> list[Event]:
    """Enter a known person's new name."""
    organisation.require_person(asked.person)
    offices.require_anywhere(asked, context)
    return [PersonRenamed(person=asked.person, full_name=asked.full_name)]


DECIDERS = deciders(found_branch, enter_unit_kind, form_group, register_person, rename_person)


def _unknown(zh: str, en: str, value: str) -> Text:
    return Text(
        f"登记册中没有{zh} {value}；请先登记，或核对编号。", f"No {en} {value} is registered; register it, or check."
    )
