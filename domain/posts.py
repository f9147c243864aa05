"""What a person's work is and what he sets out to do: post, goals and target star (A-6, A-7, A-16)."""

import typing
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from domain.appointments import Offices
from domain.decision import Command, Context, Event, Fact, State, command, deciders, event, members_of
from domain.ids import PersonId
from domain.membership import Membership
from domain.refusals import not_in_future
from domain.roles import REGISTER_KEEPERS
from domain.sealed import Sealed

# commands


@command("assign-post", roles=REGISTER_KEEPERS, at="people/{person}/posts")
class AssignPost(Command):
    """Enter a person's post 岗位 (A-7)."""

    person: PersonId
    post: str
    on: date


@command("set-goal", roles=REGISTER_KEEPERS, at="people/{person}/goals")
class SetGoal(Command):
    """Enter a member's goals and target star for a period (A-6, A-16); the member may do so himself."""

    person: PersonId
    period: str
    goals: Sealed
    target_star: int | None = None


# events


@event("member.PostAssigned.v1")
class PostAssigned(Event):
    """A person holds a post since a day."""

    person: PersonId
    post: str
    on: date


@event("member.GoalSet.v1")
class GoalSet(Event):
    """A member's goals and target star for a period."""

    person: PersonId
    period: str
    goals: Sealed
    target_star: int | None


PostEvent = PostAssigned | GoalSet


# state


@dataclass(slots=True)
class Posts(State):
    """The posts of one person by the day since which they are held, and his goals by period."""

    KIND = PersonId
    EVENTS = members_of(PostEvent)
    since: dict[date, str] = field(default_factory=dict)
    goals: dict[str, GoalSet] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more post or goal into account."""
        happened = typing.cast("PostEvent", fact.event)
        match happened:
            case PostAssigned():
                self.since[happened.on] = happened.post
            case GoalSet():
                self.goals[happened.period] = happened
            case _:
                assert_never(happened)

    def post_on(self, day: date) -> str | None:
        """Return the post held at the end of `day`."""
        begun = [since for since in self.since if since <= day]
        return self.since[max(begun)] if begun else None


@dataclass(slots=True)
class EverybodysPosts(State):
    """The posts that anybody held, by person and day."""

    EVENTS = (PostAssigned,)
    held: dict[PersonId, dict[date, str]] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more post into account."""
        assigned = typing.cast("PostAssigned", fact.event)
        self.held.setdefault(assigned.person, {})[assigned.on] = assigned.post

    def posts_on(self, person: PersonId, day: date) -> frozenset[str]:
        """Return the post that a person held at the end of `day`, as a set of one or none."""
        begun = [since for since in self.held.get(person, {}) if since <= day]
        return frozenset({self.held[person][max(begun)]}) if begun else frozenset()


# deciders


def assign_post(
    asked: AssignPost, context: Context, posts: Posts, membership: Membership, offices: Offices
) -> list[Event]:
    """Enter the post of somebody who belongs to a branch."""
    stay = membership.current(asked.person)
    offices.require(asked, context, stay.branch)
    not_in_future(asked.on, context)
    if posts.post_on(asked.on) == asked.post:
        return []
    return [PostAssigned(person=asked.person, post=asked.post, on=asked.on)]


def set_goal(asked: SetGoal, context: Context, membership: Membership, offices: Offices) -> list[Event]:
    """Enter goals: by the member himself or by those who keep his branch's register; the newest entry counts."""
    stay = membership.current(asked.person)
    if context.actor != asked.person:
        offices.require(asked, context, stay.branch)
    return [GoalSet(person=asked.person, period=asked.period, goals=asked.goals, target_star=asked.target_star)]


DECIDERS = deciders(assign_post, set_goal)
