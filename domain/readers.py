"""Named readers: who may read which kind of private matter of a branch, named by whom, since when and until when.

AMB-B17: circumstances are for the leading group alone, so only its members can be named for them. Nobody names himself.
"""

import typing
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from domain.appointments import Offices
from domain.dates import civil_date
from domain.decision import (
    Command,
    Conflict,
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
from domain.ids import BranchId, PersonId
from domain.organisation import Organisation
from domain.private_matter import MATTERS, Matter
from domain.refusals import unless_same
from domain.roles import LEADING_GROUP, LEADING_GROUP_HEAD, SECRETARIES
from domain.seconding import require_second
from domain.text import Text

# commands


@command(
    "name-reader", roles=(*SECRETARIES, LEADING_GROUP_HEAD), at="branches/{branch}/readers", reach="decide", grave=True
)
class NameReader(Command):
    """Name somebody who may read a kind of private matter of a branch, with dates; nobody names himself."""

    branch: BranchId
    person: PersonId
    matter: Matter
    since: date
    decided_by: str
    until: date | None = None
    seconded_by: PersonId | None = None


@command(
    "withdraw-reader",
    roles=(*SECRETARIES, LEADING_GROUP_HEAD),
    at="branches/{branch}/readers/{person}/withdrawal",
    changes=True,
    reach="decide",
    grave=True,
)
class WithdrawReader(Command):
    """End the naming of a reader on a day, today or later."""

    branch: BranchId
    person: PersonId
    matter: Matter
    on: date
    decided_by: str


# events


@event("reader.Named.v1")
class ReaderNamed(Event):
    """A person may read a kind of private matter of a branch: [since, until)."""

    branch: BranchId
    person: PersonId
    matter: Matter
    since: date
    until: date | None
    decided_by: str
    seconded_by: PersonId | None = None


@event("reader.Withdrawn.v1")
class ReaderWithdrawn(Event):
    """A person may no longer read it from a day on."""

    branch: BranchId
    person: PersonId
    matter: Matter
    on: date
    decided_by: str


ReaderEvent = ReaderNamed | ReaderWithdrawn


# state


@dataclass(slots=True)
class Naming:
    """One person's time as a reader: [since, until)."""

    branch: BranchId
    person: PersonId
    matter: Matter
    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        """Return whether he was a named reader on `day`."""
        return self.since <= day and (self.until is None or self.until > day)


@dataclass(slots=True)
class Readers(State):
    """Every naming of a reader."""

    EVENTS = members_of(ReaderEvent)
    namings: list[Naming] = field(default_factory=list)

    def evolve(self, fact: Fact) -> None:
        """Take one more naming or its end into account."""
        happened = typing.cast("ReaderEvent", fact.event)
        match happened:
            case ReaderNamed():
                self.namings.append(
                    Naming(happened.branch, happened.person, happened.matter, happened.since, happened.until)
                )
            case ReaderWithdrawn():
                for naming in self.of(happened):
                    if naming.covers(happened.on):
                        naming.until = happened.on
            case _:
                assert_never(happened)

    def of(self, asked: NameReader | WithdrawReader | ReaderWithdrawn) -> list[Naming]:
        """Return every naming of this person for this matter of this branch."""
        wanted = (asked.branch, asked.person, asked.matter)
        return [each for each in self.namings if (each.branch, each.person, each.matter) == wanted]

    def may_read(self, person: PersonId, matter: Matter, branch: BranchId, day: date) -> bool:
        """Return whether the person was a named reader of this matter of the branch on a day."""
        wanted = (branch, person, matter)
        return any((each.branch, each.person, each.matter) == wanted and each.covers(day) for each in self.namings)


def in_the_leading_group(offices: Offices, person: PersonId, branch: BranchId, day: date) -> bool:
    """Return whether a person was in the leading group of the branch, or in that of the committee, on a day."""
    return any(offices.holds(person, LEADING_GROUP, where, day) for where in (branch, None))


# deciders


def name_reader(
    asked: NameReader, context: Context, organisation: Organisation, readers: Readers, offices: Offices
) -> list[Event]:
    """Name a reader; never oneself, never backwards, and for circumstances only from the leading group."""
    offices.require(asked, context, asked.branch)
    require_second(offices, asked, context, asked.branch, (asked.person,))
    organisation.require_branch(asked.branch)
    organisation.require_person(asked.person)
    if context.actor == asked.person:
        raise NotPermitted("own-case", _NOT_ONESELF)
    if asked.until is not None and asked.until <= asked.since:
        raise Refused("ends-before-it-begins", _ends_early(asked.since, asked.until))
    overlapping = [each for each in readers.of(asked) if each.covers(asked.since)]
    if overlapping:
        same = any((each.since, each.until) == (asked.since, asked.until) for each in overlapping)
        return unless_same(same, Conflict("already-named", _already_named(asked)))
    _not_backwards(asked.since, context)
    if asked.matter == "circumstances" and not in_the_leading_group(offices, asked.person, asked.branch, asked.since):
        raise Refused("not-in-the-leading-group", _outside(asked.person))
    return [
        ReaderNamed(
            branch=asked.branch,
            person=asked.person,
            matter=asked.matter,
            since=asked.since,
            until=asked.until,
            decided_by=asked.decided_by,
            seconded_by=asked.seconded_by,
        )
    ]


def withdraw_reader(asked: WithdrawReader, context: Context, readers: Readers, offices: Offices) -> list[Event]:
    """End a naming that covers the day; what was read before stays on record."""
    offices.require(asked, context, asked.branch)
    if not any(each.covers(asked.on) for each in readers.of(asked)):
        ended_then = any(each.until == asked.on for each in readers.of(asked))
        return unless_same(ended_then, NotFound("not-a-reader", _no_naming(asked)))
    _not_backwards(asked.on, context)
    return [
        ReaderWithdrawn(
            branch=asked.branch, person=asked.person, matter=asked.matter, on=asked.on, decided_by=asked.decided_by
        )
    ]


DECIDERS = deciders(name_reader, withdraw_reader)


def _not_backwards(day: date, context: Context) -> None:
    today = civil_date(context.now)
    if day < today:
        raise Refused("backdated", _backdated(day, today))


_NOT_ONESELF = Text(
    "不能指定自己为阅看人；请由他人指定。", "Nobody names himself a reader; somebody else must do this."
)


def _ends_early(since: date, until: date) -> Text:
    return Text(f"止日 {until} 不晚于起日 {since}；请核对。", f"It would end on {until}, not after {since}; check.")


def _already_named(asked: NameReader) -> Text:
    what = MATTERS[asked.matter]
    return Text(
        f"{asked.person} 在 {asked.since} 已是{what.zh}的指定阅看人；如须更改期限，请先撤销。",
        f"{asked.person} is a named reader of {what.en} on {asked.since} already; to change the dates, withdraw first.",
    )


def _outside(person: str) -> Text:
    return Text(
        f"{person} 届时不在领导小组；个人情况只供领导小组掌握，请指定其成员。",
        f"{person} is not in the leading group then; circumstances are for the group alone, name one of its members.",
    )


def _backdated(day: date, today: date) -> Text:
    return Text(
        f"{day} 已过（今天是 {today}）；阅看权限只能自今天起指定或撤销。",
        f"{day} is over (today is {today}); who may read is named or withdrawn from today on.",
    )


def _no_naming(asked: WithdrawReader) -> Text:
    what = MATTERS[asked.matter]
    return Text(
        f"{asked.person} 在 {asked.on} 不是{what.zh}的指定阅看人；请核对。",
        f"{asked.person} is no named reader of {what.en} on {asked.on}; check person, matter and day.",
    )
