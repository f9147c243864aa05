"""Facts about what a member did, which count as items once a rulebook lists them (A-8, A-11, A-12, A-17, A-47 to A-49).

A recorder of the branch records an activity, or the member reports it himself; then it is `reported` until somebody
else verifies it. A wrong one is reversed with a reason and stays visible.
"""

import typing
from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from domain.activity_kinds import ACTIVITY_KINDS
from domain.appointments import Offices
from domain.decision import (
    Command,
    Context,
    Event,
    Fact,
    NotFound,
    NotPermitted,
    Refused,
    State,
    command,
    deciders,
    event,
    members_of,
)
from domain.ids import ActivityId, BranchId, Evidence, PersonId
from domain.membership import Membership
from domain.refusals import not_in_future, taken, unless_same
from domain.roles import RECORDERS
from domain.sealed import Sealed
from domain.text import Text

Dimension = Literal["daily", "job", "party"]
"""日常表现, 岗位工作 and 党内活动 (A-40)."""


# commands


@command("record-activity", roles=RECORDERS, at="activities")
class RecordActivity(Command):
    """Record what a member did on a day, however small (A-4); what he reports himself, somebody else then verifies."""

    activity: ActivityId
    person: PersonId
    kind: str
    dimension: Dimension
    occurred_on: date
    statement: Sealed
    item: str | None = None
    evidence: tuple[Evidence, ...] = ()


@command("verify-activity", roles=RECORDERS, at="activities/{activity}/verification", changes=True)
class VerifyActivity(Command):
    """Verify an activity that the member reported himself."""

    activity: ActivityId


@command("reverse-activity", roles=RECORDERS, at="activities/{activity}/reversal", changes=True)
class ReverseActivity(Command):
    """Take an activity back, with the reason; a member may take back what he reported until it is verified."""

    activity: ActivityId
    reason: Sealed


# events


@event("activity.Recorded.v1")
class ActivityRecorded(Event):
    """A member of a branch did something on a day; `reported` by himself it waits for somebody else."""

    activity: ActivityId
    person: PersonId
    branch: BranchId
    kind: str
    dimension: Dimension
    occurred_on: date
    statement: Sealed
    item: str | None
    evidence: tuple[Evidence, ...]
    reported: bool


@event("activity.Verified.v1")
class ActivityVerified(Event):
    """Somebody else found a reported activity to be so."""

    activity: ActivityId
    person: PersonId


@event("activity.Reversed.v1")
class ActivityReversed(Event):
    """An activity no longer counts; the fact of its being recorded stays."""

    activity: ActivityId
    person: PersonId
    reason: Sealed


ActivityEvent = ActivityRecorded | ActivityVerified | ActivityReversed


# state


@dataclass(slots=True)
class Activity(State):
    """One activity: what was recorded, and whether it was verified or taken back."""

    KIND = ActivityId
    EVENTS = members_of(ActivityEvent)
    recorded: ActivityRecorded | None = None
    verified: bool = False
    reversed: bool = False

    def evolve(self, fact: Fact) -> None:
        """Take one more fact about the activity into account."""
        happened = typing.cast("ActivityEvent", fact.event)
        match happened:
            case ActivityRecorded():
                self.recorded = happened
                self.verified = not happened.reported
            case ActivityVerified():
                self.verified = True
            case ActivityReversed():
                self.reversed = True
            case _:
                assert_never(happened)

    def require_recorded(self) -> ActivityRecorded:
        """Return what was recorded; `NotFound` where nothing was."""
        if self.recorded is None:
            raise NotFound("unknown-activity", _unknown(self.key))
        return self.recorded


# deciders


def record_activity(
    asked: RecordActivity, context: Context, this: Activity, membership: Membership, offices: Offices
) -> list[Event]:
    """Record an activity of a day on which the person was a member."""
    if asked.kind not in ACTIVITY_KINDS:
        raise NotFound("unknown-kind", _unknown_kind(asked.kind))
    not_in_future(asked.occurred_on, context)
    stay = membership.require_member(asked.person, asked.occurred_on)
    reported = context.actor == asked.person
    if not reported:
        offices.require(asked, context, stay.branch)
        offices.require_stranger(context, asked.person)
    if this.recorded is not None:
        return unless_same(_says(this.recorded) == _says(asked), taken(asked.activity))
    return [
        ActivityRecorded(
            activity=asked.activity,
            person=asked.person,
            branch=stay.branch,
            kind=asked.kind,
            dimension=asked.dimension,
            occurred_on=asked.occurred_on,
            statement=asked.statement,
            item=asked.item,
            evidence=asked.evidence,
            reported=reported,
        )
    ]


def verify_activity(asked: VerifyActivity, context: Context, this: Activity, offices: Offices) -> list[Event]:
    """Verify what a member reported; never he himself, nor somebody close to him."""
    recorded = this.require_recorded()
    offices.require_stranger(context, recorded.person)
    offices.require(asked, context, recorded.branch)
    if this.reversed:
        raise Refused("activity-reversed", _reversed(asked.activity))
    if this.verified:
        return []
    return [ActivityVerified(activity=asked.activity, person=recorded.person)]


def reverse_activity(asked: ReverseActivity, context: Context, this: Activity, offices: Offices) -> list[Event]:
    """Take an activity back."""
    recorded = this.require_recorded()
    if context.actor != recorded.person:
        offices.require(asked, context, recorded.branch)
        offices.require_stranger(context, recorded.person)
    elif this.verified:
        raise NotPermitted("own-case", _verified_already(asked.activity))
    if this.reversed:
        return []
    return [ActivityReversed(activity=asked.activity, person=recorded.person, reason=asked.reason)]


DECIDERS = deciders(record_activity, verify_activity, reverse_activity)


def _says(record: RecordActivity | ActivityRecorded) -> tuple[object, ...]:
    return (record.person, record.kind, record.dimension, record.occurred_on, record.item, record.evidence)


def _unknown(key: str) -> Text:
    return Text(f"没有记实 {key}；请核对编号。", f"There is no activity {key}; check the id.")


def _unknown_kind(kind: str) -> Text:
    zh = "、".join(f"{known.code}（{known.title.zh}）" for known in ACTIVITY_KINDS.values())
    return Text(
        f"没有活动类别「{kind}」；可用：{zh}。",
        f"There is no kind of activity '{kind}'; known: {', '.join(ACTIVITY_KINDS)}.",
    )


def _reversed(key: str) -> Text:
    return Text(
        f"记实 {key} 已经撤回，不能再审核；确有其事的请另行记录。",
        f"Activity {key} was taken back and cannot be verified; record it anew if it did happen.",
    )


def _verified_already(key: str) -> Text:
    return Text(
        f"记实 {key} 已经审核，本人不能撤回；请向记录员提出更正。",
        f"Activity {key} is verified, so you cannot take it back yourself; ask the recorder to correct it.",
    )
