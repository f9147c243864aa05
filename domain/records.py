"""The record 记实 of a branch as facts: entries with items and points, and which of them count (B-8, B-26, A-22, A-42).

`domain.recording` decides what is proposed and corrected, `domain.record_verifying` what is verified or taken back.
B-1: what a member does day by day is recorded as it happens. An entry counts when somebody else has verified it, and
while nobody has reversed it; what it was before stays here.
"""

import typing
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, assert_never

from domain.decision import Event, Fact, NotFound, Refused, State, event, members_of
from domain.ids import ActivityId, BranchId, EntryId, Evidence, PersonId, RulebookId
from domain.sealed import Sealed
from domain.text import Text

Status = Literal["proposed", "verified", "rejected", "reversed"]


# values and events


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryValue:
    """What an entry says: which item, how many points, on which day; and what its item may ask for besides.

    An `amount` that the points were measured by, a `level` whose multiplier is not in them, the `matter` it is about.
    `counts` is what the points come to alone at that level; nothing where the item has no levels.
    """

    item: str
    points: Decimal
    occurred_on: date
    amount: Decimal | None = None
    level: str | None = None
    matter: str | None = None
    counts: Decimal | None = None


@event("entry.Proposed.v1")
class EntryProposed(Event):
    """A member did something that an item of the catalogue in force that day lists; `reported` by himself."""

    entry: EntryId
    branch: BranchId
    person: PersonId
    rulebook: RulebookId
    version: int
    clause: str
    item: str
    points: Decimal
    occurred_on: date
    statement: Sealed
    evidence: tuple[Evidence, ...]
    activity: ActivityId | None
    reported: bool
    amount: Decimal | None = None
    level: str | None = None
    matter: str | None = None
    counts: Decimal | None = None


@event("entry.Verified.v1")
class EntryVerified(Event):
    """Somebody else found an entry to be so."""

    entry: EntryId
    branch: BranchId
    person: PersonId


@event("entry.Rejected.v1")
class EntryRejected(Event):
    """Somebody else found an entry not to be so."""

    entry: EntryId
    branch: BranchId
    person: PersonId
    reason: Sealed


@event("entry.Corrected.v1")
class EntryCorrected(Event):
    """An entry says something else and waits for verification; `corrects` is the fact that no longer counts."""

    entry: EntryId
    branch: BranchId
    person: PersonId
    version: int
    clause: str
    item: str
    points: Decimal
    occurred_on: date
    was: EntryValue
    corrects: int
    evidence: tuple[Evidence, ...]
    reason: Sealed
    amount: Decimal | None = None
    level: str | None = None
    matter: str | None = None
    counts: Decimal | None = None


@event("entry.Reversed.v1")
class EntryReversed(Event):
    """An entry no longer counts; the fact of its being recorded stays."""

    entry: EntryId
    branch: BranchId
    person: PersonId
    reason: Sealed


RecordEvent = EntryProposed | EntryVerified | EntryRejected | EntryCorrected | EntryReversed


# state


@dataclass(slots=True)
class Entry:
    """One entry as it stands: what it says, in which fact, from whose hand, and what became of it."""

    proposed: EntryProposed
    value: EntryValue
    position: int
    hand: str
    evidence: tuple[Evidence, ...]
    status: Status = "proposed"

    @property
    def stands(self) -> bool:
        """Return whether the entry counts or may yet count."""
        return self.status in ("proposed", "verified")


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingEntry:
    """An entry that counts, with the position of the fact that says what it is worth."""

    entry: EntryId
    item: str
    points: Decimal
    occurred_on: date
    position: int
    amount: Decimal | None = None
    level: str | None = None
    matter: str | None = None


@dataclass(slots=True)
class Entries(State):
    """The entries of a branch: of things that happened while the person was in it."""

    KIND = BranchId
    EVENTS = members_of(RecordEvent)
    known: dict[EntryId, Entry] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more fact about an entry into account."""
        happened = typing.cast("RecordEvent", fact.event)
        match happened:
            case EntryProposed():
                self.known[happened.entry] = Entry(
                    happened, _value(happened), fact.position, fact.actor, happened.evidence
                )
            case EntryCorrected():
                entry = self.known[happened.entry]
                entry.value, entry.position, entry.hand = _value(happened), fact.position, fact.actor
                entry.evidence, entry.status = happened.evidence, "proposed"
            case EntryVerified():
                self.known[happened.entry].status = "verified"
            case EntryRejected():
                self.known[happened.entry].status = "rejected"
            case EntryReversed():
                self.known[happened.entry].status = "reversed"
            case _:
                assert_never(happened)

    def require_known(self, entry: EntryId) -> Entry:
        """Return an entry of the branch; `NotFound` where there is none of that id."""
        if entry not in self.known:
            raise NotFound("unknown-entry", _unknown(entry, self.key))
        return self.known[entry]

    def require_not_taken_back(self, entry: EntryId) -> Entry:
        """Return an entry that was not reversed; `Refused` where it was."""
        found = self.require_known(entry)
        if found.status == "reversed":
            raise Refused("entry-reversed", _reversed(entry))
        return found

    def of(self, person: PersonId, rulebook: RulebookId, first: date, last: date) -> list[Entry]:
        """Return a person's entries under a rulebook that stand and happened from `first` to `last`."""
        return [
            entry
            for entry in self.known.values()
            if entry.stands
            and (entry.proposed.person, entry.proposed.rulebook) == (person, rulebook)
            and first <= entry.value.occurred_on <= last
        ]

    def linked(self, activity: ActivityId) -> Entry | None:
        """Return the entry that stands for an activity, None where there is none."""
        return next((e for e in self.known.values() if e.stands and e.proposed.activity == activity), None)

    def counting(
        self, person: PersonId, first: date, last: date, rulebook: RulebookId | None = None
    ) -> list[CountingEntry]:
        """Return what counts of a person from `first` to `last` (under a rulebook), by day and id."""
        found = [
            CountingEntry(
                entry=key,
                item=entry.value.item,
                points=entry.value.points,
                occurred_on=entry.value.occurred_on,
                position=entry.position,
                amount=entry.value.amount,
                level=entry.value.level,
                matter=entry.value.matter,
            )
            for key, entry in self.known.items()
            if entry.status == "verified"
            and entry.proposed.person == person
            and rulebook in (None, entry.proposed.rulebook)
            and first <= entry.value.occurred_on <= last
        ]
        return sorted(found, key=lambda one: (one.occurred_on, one.entry))


@dataclass(slots=True)
class EntryNamed(State):
    """Whether an id stands for an entry, of whichever branch."""

    KIND = EntryId
    EVENTS = (EntryProposed,)
    proposed: EntryProposed | None = None

    def evolve(self, fact: Fact) -> None:
        """Take into account that the entry was proposed."""
        self.proposed = typing.cast("EntryProposed", fact.event)


def _value(happened: EntryProposed | EntryCorrected) -> EntryValue:
    return EntryValue(
        item=happened.item,
        points=happened.points,
        occurred_on=happened.occurred_on,
        amount=happened.amount,
        level=happened.level,
        matter=happened.matter,
        counts=happened.counts,
    )


def _unknown(entry: str, branch: str) -> Text:
    return Text(
        f"支部 {branch} 没有记实条目 {entry}；请核对编号和支部。",
        f"Branch {branch} has no entry {entry}; check the id and the branch.",
    )


def _reversed(entry: str) -> Text:
    return Text(
        f"记实条目 {entry} 已经冲销；确有其事的请另行提出。",
        f"The entry {entry} was reversed; propose it anew if it did happen.",
    )
