"""Proposing and correcting entries of the record, by the member or the appointed recorder (B-8, B-26, A-5, A-22).

Each is checked against the item catalogue in force on the day it happened, and then waits for somebody else.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.activities import Activity
from domain.appointments import Offices
from domain.catalogues import (
    Catalogues,
    item_in,
    points_for,
    require_activity_kind,
    require_evidence,
    require_for,
    require_said,
    require_times,
)
from domain.decision import (
    Command,
    Conflict,
    Context,
    Event,
    NotFound,
    NotPermitted,
    Refused,
    command,
    deciders,
    replace,
)
from domain.ids import ActivityId, BranchId, EntryId, Evidence, PersonId, RulebookId
from domain.membership import Membership
from domain.posts import Posts
from domain.records import Entries, Entry, EntryCorrected, EntryNamed, EntryProposed, EntryValue
from domain.refusals import not_in_future, taken, unless_same
from domain.roles import RECORDERS
from domain.rulebook import Rulebook
from domain.rulebook.items import Item
from domain.scoring import written
from domain.scoring.worth import worth_of
from domain.sealed import Sealed
from domain.sheet.occurrences import entry_of
from domain.text import Text

# commands


@command("propose-entry", roles=RECORDERS, at="branches/{branch}/entries")
class ProposeEntry(Command):
    """Propose an entry of a member's record under an item; without points it is worth the item's fixed number.

    The member may propose his own. `branch` is the one he was in on the day; it names whose record this is. `amount`,
    `level` and `matter` are what the item may ask for: how much, at which level, and about what.
    """

    entry: EntryId
    branch: BranchId
    person: PersonId
    rulebook: RulebookId
    item: str
    occurred_on: date
    statement: Sealed
    points: Decimal | None = None
    evidence: tuple[Evidence, ...] = ()
    activity: ActivityId | None = None
    amount: Decimal | None = None
    level: str | None = None
    matter: str | None = None


@command("correct-entry", roles=RECORDERS, at="branches/{branch}/entries/{entry}/correction", changes=True)
class CorrectEntry(Command):
    """Say what an entry should have been, with the reason; the old one stays, the new one waits for verification.

    `evidence` is added to what there is. A member may correct what he proposed himself until it is verified.
    """

    entry: EntryId
    branch: BranchId
    person: PersonId
    item: str
    occurred_on: date
    reason: Sealed
    points: Decimal | None = None
    evidence: tuple[Evidence, ...] = ()
    amount: Decimal | None = None
    level: str | None = None
    matter: str | None = None


# state


@dataclass(slots=True)
class Linked(Activity):
    """The activity that an entry stands for."""

    @classmethod
    def key_for(cls, asked: Command) -> str:
        """Return the id of the activity, empty where the command names none."""
        return getattr(asked, "activity", None) or ""


# deciders


def propose_entry(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: ProposeEntry,
    context: Context,
    this: EntryNamed,
    entries: Entries,
    linked: Linked,
    catalogues: Catalogues,
    posts: Posts,
    membership: Membership,
    offices: Offices,
) -> list[Event]:
    """Propose an entry that fits its item; nobody proposes one for somebody close to him."""
    _require_day(asked, asked.person, context, membership)
    if context.actor != asked.person:
        offices.require(asked, context, asked.branch, _recorders(catalogues, asked.rulebook, asked))
        offices.require_stranger(context, asked.person)
    if this.proposed is not None:
        return unless_same(_says(this.proposed) == _says(asked, this.proposed.points), taken(asked.entry))
    rules = catalogues.rules_on(asked.rulebook, asked.occurred_on)
    item, points = _worth(asked, rules, posts)
    require_evidence(rules, item, asked.evidence)
    _require_times(asked, asked.rulebook, rules, item, entries)
    if asked.activity is not None:
        _require_activity(asked.activity, asked.person, rules, item, linked, entries)
    return [_proposed(asked, rules, item, points, reported=context.actor == asked.person)]


def correct_entry(  # noqa: PLR0913
    asked: CorrectEntry,
    context: Context,
    entries: Entries,
    catalogues: Catalogues,
    posts: Posts,
    membership: Membership,
    offices: Offices,
) -> list[Event]:
    """Correct an entry that was neither rejected nor reversed."""
    entry = entries.require_known(asked.entry)
    if entry.proposed.person != asked.person:
        raise NotFound("unknown-entry", _of_another(asked.entry, asked.person))
    _require_corrector(asked, context, entry, offices, _recorders(catalogues, entry.proposed.rulebook, asked))
    entries.require_not_taken_back(asked.entry)
    if entry.status == "rejected":
        raise Refused("entry-rejected", _rejected(asked.entry))
    _require_day(asked, asked.person, context, membership)
    rules = catalogues.rules_on(entry.proposed.rulebook, asked.occurred_on)
    item, points = _worth(asked, rules, posts)
    value = EntryValue(
        item=asked.item,
        points=points,
        occurred_on=asked.occurred_on,
        amount=asked.amount,
        level=asked.level,
        matter=asked.matter,
    )
    evidence = tuple(dict.fromkeys((*entry.evidence, *asked.evidence)))
    if (value, evidence) == (replace(entry.value, counts=None), entry.evidence):
        return []
    require_evidence(rules, item, evidence)
    _require_times(asked, entry.proposed.rulebook, rules, item, entries)
    return [_corrected(asked, rules, item, value, entry, evidence)]


DECIDERS = deciders(propose_entry, correct_entry)


def _require_day(
    asked: ProposeEntry | CorrectEntry, person: PersonId, context: Context, membership: Membership
) -> None:
    """Raise `Refused` where the day has not come, or the person was no member of the branch on it."""
    not_in_future(asked.occurred_on, context)
    stay = membership.require_member(person, asked.occurred_on)
    if stay.branch != asked.branch:
        raise Refused("other-branch", _other_branch(person, asked.occurred_on, stay.branch, asked.branch))


def _worth(asked: ProposeEntry | CorrectEntry, rules: Rulebook, posts: Posts) -> tuple[Item, Decimal]:
    """Return the item in its version for the day and the points of the entry; `Refused` where it does not fit."""
    item, held = item_in(rules, asked.item, asked.occurred_on), _held_on(posts, asked.occurred_on)
    require_for(rules, item, held)
    points = points_for(rules, item, asked.points, held, asked.amount)
    require_said(rules, item, asked.level, asked.matter)
    return item, points


def _recorders(catalogues: Catalogues, rulebook: RulebookId, asked: ProposeEntry | CorrectEntry) -> tuple[str, ...]:
    """Return the offices that the item names for recording it; none where the command's own decide."""
    item = catalogues.listed(rulebook, asked.item, asked.occurred_on)
    return () if item is None else item.recorded_by


def _require_corrector(
    asked: CorrectEntry, context: Context, entry: Entry, offices: Offices, recorders: tuple[str, ...]
) -> None:
    if context.actor != asked.person:
        offices.require(asked, context, asked.branch, recorders)
        offices.require_stranger(context, asked.person)
    elif entry.status == "verified" or not entry.proposed.reported:
        raise NotPermitted("own-case", _not_his_to_correct(asked.entry))


def _held_on(posts: Posts, day: date) -> frozenset[str]:
    post = posts.post_on(day)
    return frozenset() if post is None else frozenset({post})


def _require_times(
    asked: ProposeEntry | CorrectEntry, rulebook: RulebookId, rules: Rulebook, item: Item, entries: Entries
) -> None:
    first, last = rules.year.around(asked.occurred_on, rules.period)
    standing = entries.of(asked.person, rulebook, first, last)
    others = [
        other
        for other in standing
        if other.value.item == item.code
        and other.proposed.entry != asked.entry
        and item.covers(other.value.occurred_on)
    ]
    require_times(rules, item, len(others))


def _require_activity(  # noqa: PLR0913
    activity: ActivityId, person: PersonId, rules: Rulebook, item: Item, linked: Linked, entries: Entries
) -> None:
    recorded = linked.require_recorded()
    if recorded.person != person or linked.reversed:
        raise Refused("activity-does-not-count", _activity_does_not_count(activity, person))
    require_activity_kind(rules, item, recorded.kind)
    if (other := entries.linked(activity)) is not None:
        raise Conflict("activity-counted", _activity_counted(activity, other.proposed.entry))


def _proposed(asked: ProposeEntry, rules: Rulebook, item: Item, points: Decimal, *, reported: bool) -> EntryProposed:
    return EntryProposed(
        entry=asked.entry,
        branch=asked.branch,
        person=asked.person,
        rulebook=asked.rulebook,
        version=rules.version,
        clause=item.clause,
        item=asked.item,
        points=points,
        occurred_on=asked.occurred_on,
        statement=asked.statement,
        evidence=asked.evidence,
        activity=asked.activity,
        reported=reported,
        amount=asked.amount,
        level=asked.level,
        matter=asked.matter,
        counts=_at_level(item, points, asked.level),
    )


def _at_level(item: Item, points: Decimal, level: str | None) -> Decimal | None:
    """Return what points come to alone at a level of the item, before what else there is; None without levels."""
    if not level:
        return None
    alone = worth_of(item, entry_of(item.code, points, level=level, judged=True), frozenset())
    return Decimal(written(alone.value))


def _corrected(  # noqa: PLR0913
    asked: CorrectEntry, rules: Rulebook, item: Item, value: EntryValue, entry: Entry, evidence: tuple[Evidence, ...]
) -> EntryCorrected:
    return EntryCorrected(
        entry=asked.entry,
        branch=asked.branch,
        person=asked.person,
        version=rules.version,
        clause=item.clause,
        item=value.item,
        points=value.points,
        occurred_on=value.occurred_on,
        was=entry.value,
        corrects=entry.position,
        evidence=evidence,
        reason=asked.reason,
        amount=value.amount,
        level=value.level,
        matter=value.matter,
        counts=_at_level(item, value.points, value.level),
    )


def _says(record: ProposeEntry | EntryProposed, fixed: Decimal | None = None) -> tuple[object, ...]:
    points = fixed if record.points is None else record.points
    what = (record.branch, record.person, record.rulebook, record.item, points, record.occurred_on)
    return (*what, record.evidence, record.activity, record.amount, record.level, record.matter)


def _of_another(entry: str, person: str) -> Text:
    return Text(
        f"记实条目 {entry} 不是 {person} 的；请核对编号。", f"The entry {entry} is not one of {person}; check the id."
    )


def _rejected(entry: str) -> Text:
    return Text(
        f"记实条目 {entry} 审核未通过；请另行提出。", f"The entry {entry} was rejected; propose another instead."
    )


def _other_branch(person: str, day: date, real: str, asked: str) -> Text:
    return Text(
        f"{person} 在 {day} 属于支部 {real}，不是 {asked}；请记入当日所在支部。",
        f"{person} belonged to branch {real} on {day}, not to {asked}; enter it in the branch of that day.",
    )


def _not_his_to_correct(entry: str) -> Text:
    return Text(
        f"记实条目 {entry} 已经审核或由记录员提出，本人不能更正；请向记录员提出。",
        f"The entry {entry} is verified or was proposed by a recorder, not yours to correct; ask the recorder.",
    )


def _activity_does_not_count(activity: str, person: str) -> Text:
    return Text(
        f"活动 {activity} 不是 {person} 的或已撤回；请核对编号。",
        f"The activity {activity} is not one of {person}, or was taken back; check the id.",
    )


def _activity_counted(activity: str, entry: str) -> Text:
    return Text(
        f"活动 {activity} 已记入条目 {entry}；同一事项不重复计分。",
        f"The activity {activity} stands in the entry {entry} already; the same thing does not count twice.",
    )
