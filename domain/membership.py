"""Who belonged where, as what, from when to when.

A-9: each member is at any time in exactly one branch and at most one group. A-20: formal and probationary members.
"""

import typing
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
    Refused,
    State,
    command,
    deciders,
    event,
    members_of,
)
from domain.ids import BranchId, Evidence, GroupId, PersonId
from domain.organisation import Organisation
from domain.refusals import not_in_future, unless_same
from domain.roles import REGISTER_KEEPERS
from domain.sealed import Sealed
from domain.stays import MEMBER_KINDS, Kind, Stay
from domain.text import Text

__all__ = ["DECIDERS", "MEMBER_KINDS", "Kind", "Membership", "MembershipEvent", "Stay"]

Leaving = Literal["transferred_out", "died", "expelled", "withdrew", "removed"]


# commands


@command("join-branch", roles=REGISTER_KEEPERS, at="branches/{branch}/members")
class JoinBranch(Command):
    """Enter that a person belongs to a branch from a day on, and as what."""

    person: PersonId
    branch: BranchId
    kind: Kind
    on: date
    group: GroupId | None = None


@command("make-formal", roles=REGISTER_KEEPERS, at="people/{person}/formal-membership")
class MakeFormal(Command):
    """Enter that a probationary member became a formal one."""

    person: PersonId
    on: date


@command("transfer-member", roles=REGISTER_KEEPERS, at="people/{person}/transfers")
class TransferMember(Command):
    """Move a member to another branch, with the certified extract of his record (AMB-A15)."""

    person: PersonId
    to_branch: BranchId
    on: date
    extract: Evidence


@command("leave-branch", roles=REGISTER_KEEPERS, at="people/{person}/departures")
class LeaveBranch(Command):
    """Enter that a person's belonging ended."""

    person: PersonId
    on: date
    cause: Leaving
    reason: Sealed | None = None


@command("assign-group", roles=REGISTER_KEEPERS, at="people/{person}/groups")
class AssignGroup(Command):
    """Put a member into a group of his branch."""

    person: PersonId
    group: GroupId
    on: date


# events


@event("member.Joined.v1")
class MemberJoined(Event):
    """A person belongs to a branch since a day."""

    person: PersonId
    branch: BranchId
    kind: Kind
    on: date
    group: GroupId | None


@event("member.MadeFormal.v1")
class MemberMadeFormal(Event):
    """A probationary member is a formal one since a day."""

    person: PersonId
    branch: BranchId
    on: date


@event("member.Transferred.v1")
class MemberTransferred(Event):
    """A member changed branch; the extract certifies his record so far."""

    person: PersonId
    from_branch: BranchId
    to_branch: BranchId
    on: date
    extract: Evidence


@event("member.Left.v1")
class MemberLeft(Event):
    """A person belongs to the branch no longer since a day."""

    person: PersonId
    branch: BranchId
    on: date
    cause: Leaving
    reason: Sealed | None


@event("member.GroupAssigned.v1")
class GroupAssigned(Event):
    """A member belongs to a group since a day."""

    person: PersonId
    group: GroupId
    on: date


MembershipEvent = MemberJoined | MemberMadeFormal | MemberTransferred | MemberLeft | GroupAssigned


# state


@dataclass(slots=True)
class Membership(State):
    """Every interval of belonging of everybody."""

    EVENTS = members_of(MembershipEvent)
    stays: dict[PersonId, list[Stay]] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more change of membership into account."""
        happened = typing.cast("MembershipEvent", fact.event)
        match happened:
            case MemberJoined():
                groups = [] if happened.group is None else [(happened.on, happened.group)]
                joined = Stay(happened.branch, happened.kind, happened.on, groups=groups)
                self.stays.setdefault(happened.person, []).append(joined)
            case MemberMadeFormal():
                self.stays[happened.person][-1].formal_since = happened.on
            case MemberTransferred():
                left = self.stays[happened.person][-1]
                left.until = happened.on
                moved = Stay(happened.to_branch, left.kind, happened.on, formal_since=left.formal_since)
                self.stays[happened.person].append(moved)
            case MemberLeft():
                self.stays[happened.person][-1].until = happened.on
            case GroupAssigned():
                self.stays[happened.person][-1].enter_group(happened.on, happened.group)
            case _:
                assert_never(happened)

    def stay_on(self, person: PersonId, day: date) -> Stay | None:
        """Return where the person belonged at the end of `day`."""
        return next((stay for stay in reversed(self.stays.get(person, [])) if stay.covers(day)), None)

    def members_on(self, branch: BranchId, day: date) -> list[tuple[PersonId, Stay]]:
        """Return the members (not staff) of a branch at the end of `day`, in the order they were entered."""
        found = ((person, self.stay_on(person, day)) for person in self.stays)
        return [
            (person, stay)
            for person, stay in found
            if stay is not None and stay.branch == branch and stay.kind_on(day) in MEMBER_KINDS
        ]

    def member_since(self, person: PersonId, day: date) -> date:
        """Return since when the person has been a member without a break, whichever branch it was (AMB-A15)."""
        since = day
        for stay in reversed(self.stays.get(person, [])):
            unbroken = stay.since <= since and (stay.until is None or stay.until >= since)
            if unbroken and stay.kind in MEMBER_KINDS:
                since = stay.since
        return since

    def require_member(self, person: PersonId, day: date) -> Stay:
        """Return where a person was a member at the end of `day`; `Refused` where he was none (A-9)."""
        self.last_stay(person)
        stay = self.stay_on(person, day)
        if stay is None or stay.kind_on(day) not in MEMBER_KINDS:
            zh, en = f"{person} 在 {day} 不是党员；请核对。", f"{person} was no member on {day}; check person and day."
            raise Refused("not-a-member-then", Text(zh, en))
        return stay

    def last_stay(self, person: PersonId) -> Stay:
        """Return the latest interval of a person; `NotFound` where he never belonged anywhere."""
        stays = self.stays.get(person)
        if not stays:
            raise NotFound(
                "no-membership", Text(f"{person} 尚未编入任何支部；请先登记。", f"{person} is in no branch yet.")
            )
        return stays[-1]

    def current(self, person: PersonId) -> Stay:
        """Return where a person belongs now; `Refused` where he has left."""
        stay = self.last_stay(person)
        if stay.until is not None:
            raise Refused("already-left", _has_left(person))
        return stay


# deciders


def join_branch(
    asked: JoinBranch, context: Context, organisation: Organisation, membership: Membership, offices: Offices
) -> list[Event]:
    """Let a person who belongs nowhere belong to a branch."""
    organisation.require_person(asked.person)
    return joined(asked, context, organisation, membership, offices)


def joined(
    asked: JoinBranch, context: Context, organisation: Organisation, membership: Membership, offices: Offices
) -> list[Event]:
    """Return the joining of somebody who is registered, or is just being so."""
    organisation.require_branch(asked.branch)
    offices.require(asked, context, asked.branch)
    not_in_future(asked.on, context)
    if asked.group is not None:
        organisation.require_group(asked.group, asked.branch)
    stays = membership.stays.get(asked.person, [])
    if stays and (stays[-1].until is None or stays[-1].until > asked.on):
        same = (stays[-1].branch, stays[-1].kind, stays[-1].since) == (asked.branch, asked.kind, asked.on)
        return unless_same(same, Refused("already-in-a-branch", _belongs(asked.person, stays[-1].branch)))
    return [MemberJoined(person=asked.person, branch=asked.branch, kind=asked.kind, on=asked.on, group=asked.group)]


def make_formal(asked: MakeFormal, context: Context, membership: Membership, offices: Offices) -> list[Event]:
    """Turn a probationary member into a formal one."""
    stay = membership.current(asked.person)
    offices.require(asked, context, stay.branch)
    not_in_future(asked.on, context)
    _not_before(asked.on, stay)
    if stay.formal_since == asked.on:
        return []
    if stay.kind != "probationary" or stay.formal_since is not None:
        raise Refused(
            "not-probationary", Text(f"{asked.person} 不是预备党员。", f"{asked.person} is not probationary.")
        )
    return [MemberMadeFormal(person=asked.person, branch=stay.branch, on=asked.on)]


def transfer_member(
    asked: TransferMember, context: Context, organisation: Organisation, membership: Membership, offices: Offices
) -> list[Event]:
    """Move a member from his branch to another one."""
    stay = membership.current(asked.person)
    organisation.require_branch(asked.to_branch)
    if stay.branch == asked.to_branch:
        offices.require(asked, context, membership.stays[asked.person][-2:][0].branch)
        return unless_same(stay.since == asked.on, Refused("already-in-a-branch", _belongs(asked.person, stay.branch)))
    offices.require(asked, context, stay.branch)
    not_in_future(asked.on, context)
    _not_before(asked.on, stay)
    return [
        MemberTransferred(
            person=asked.person, from_branch=stay.branch, to_branch=asked.to_branch, on=asked.on, extract=asked.extract
        )
    ]


def leave_branch(asked: LeaveBranch, context: Context, membership: Membership, offices: Offices) -> list[Event]:
    """End a person's belonging."""
    stay = membership.last_stay(asked.person)
    offices.require(asked, context, stay.branch)
    not_in_future(asked.on, context)
    if stay.until is not None:
        return unless_same(stay.until == asked.on, Refused("already-left", _has_left(asked.person)))
    _not_before(asked.on, stay)
    return [MemberLeft(person=asked.person, branch=stay.branch, on=asked.on, cause=asked.cause, reason=asked.reason)]


def assign_group(
    asked: AssignGroup, context: Context, organisation: Organisation, membership: Membership, offices: Offices
) -> list[Event]:
    """Put a member into a group of the branch he is in."""
    stay = membership.current(asked.person)
    offices.require(asked, context, stay.branch)
    organisation.require_group(asked.group, stay.branch)
    not_in_future(asked.on, context)
    _not_before(asked.on, stay)
    if stay.group_on(asked.on) == asked.group:
        return []
    return [GroupAssigned(person=asked.person, group=asked.group, on=asked.on)]


DECIDERS = deciders(join_branch, make_formal, transfer_member, leave_branch, assign_group)


def _not_before(on: date, stay: Stay) -> None:
    if on < stay.since:
        zh = f"{on} 早于其进入支部之日 {stay.since}；请核对日期。"
        raise Refused("before-joining", Text(zh, f"{on} lies before the day of joining, {stay.since}; check the date."))


def _belongs(person: PersonId, branch: BranchId) -> Text:
    return Text(
        f"{person} 已在支部 {branch}；每名党员同时只能在一个支部，请先办理转出。",
        f"{person} is in branch {branch}; nobody is in two branches at once: transfer first.",
    )


def _has_left(person: PersonId) -> Text:
    return Text(f"{person} 已经离开所在支部；请先重新登记。", f"{person} has left the branch; enter him again first.")
