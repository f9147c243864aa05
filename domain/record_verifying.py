"""Verifying, rejecting and reversing entries of the record: never by the member, nor by whose hand they are (B-8)."""

from domain.appointments import Offices
from domain.catalogues import Catalogues
from domain.decision import Command, Conflict, Context, Event, NotPermitted, Refused, command, deciders
from domain.ids import BranchId, EntryId
from domain.records import Entries, Entry, EntryRejected, EntryReversed, EntryVerified
from domain.roles import COMMITTEE_MEMBER, RECORDERS
from domain.sealed import Sealed
from domain.text import Text

# commands


@command(
    "verify-entry",
    roles=(*RECORDERS, COMMITTEE_MEMBER),
    at="branches/{branch}/entries/{entry}/verification",
    changes=True,
)
class VerifyEntry(Command):
    """Verify an entry that somebody else proposed or corrected; from then on it counts."""

    entry: EntryId
    branch: BranchId


@command(
    "reject-entry", roles=(*RECORDERS, COMMITTEE_MEMBER), at="branches/{branch}/entries/{entry}/rejection", changes=True
)
class RejectEntry(Command):
    """Reject an entry that waits for verification, with the reason."""

    entry: EntryId
    branch: BranchId
    reason: Sealed


@command("reverse-entry", roles=RECORDERS, at="branches/{branch}/entries/{entry}/reversal", changes=True)
class ReverseEntry(Command):
    """Take an entry back, with the reason; a member may take back what he proposed until it is verified."""

    entry: EntryId
    branch: BranchId
    reason: Sealed


# deciders


def verify_entry(
    asked: VerifyEntry, context: Context, entries: Entries, catalogues: Catalogues, offices: Offices
) -> list[Event]:
    """Verify what waits for it."""
    entry = _require_other_hand(asked, context, entries, catalogues, offices)
    if entry.status == "verified":
        return []
    if entry.status == "rejected":
        raise Conflict("entry-rejected", _rejected(asked.entry))
    return [EntryVerified(entry=asked.entry, branch=asked.branch, person=entry.proposed.person)]


def reject_entry(
    asked: RejectEntry, context: Context, entries: Entries, catalogues: Catalogues, offices: Offices
) -> list[Event]:
    """Reject what waits for verification."""
    entry = _require_other_hand(asked, context, entries, catalogues, offices)
    if entry.status == "rejected":
        return []
    if entry.status == "verified":
        raise Conflict("entry-verified", _verified(asked.entry))
    return [EntryRejected(entry=asked.entry, branch=asked.branch, person=entry.proposed.person, reason=asked.reason)]


def reverse_entry(asked: ReverseEntry, context: Context, entries: Entries, offices: Offices) -> list[Event]:
    """Take back an entry that counts or waits."""
    entry = entries.require_known(asked.entry)
    person = entry.proposed.person
    if context.actor != person:
        offices.require(asked, context, asked.branch)
        offices.require_stranger(context, person)
    elif entry.status == "verified" or not entry.proposed.reported:
        raise NotPermitted("own-case", _not_his_to_reverse(asked.entry))
    if entry.status == "reversed":
        return []
    if entry.status == "rejected":
        raise Refused("entry-rejected", _rejected(asked.entry))
    return [EntryReversed(entry=asked.entry, branch=asked.branch, person=person, reason=asked.reason)]


DECIDERS = deciders(verify_entry, reject_entry, reverse_entry)


def _require_other_hand(
    asked: VerifyEntry | RejectEntry, context: Context, entries: Entries, catalogues: Catalogues, offices: Offices
) -> Entry:
    """Return the entry, where the actor is another and holds an office that verifies: the item's own, if named."""
    entry = entries.require_known(asked.entry)
    offices.require_stranger(context, entry.proposed.person)
    item = catalogues.listed(entry.proposed.rulebook, entry.value.item, entry.value.occurred_on)
    offices.require(asked, context, asked.branch, () if item is None else item.verified_by)
    if context.actor == entry.hand:
        raise NotPermitted("same-hand", _same_hand(asked.entry))
    return entries.require_not_taken_back(asked.entry)


def _same_hand(entry: str) -> Text:
    return Text(
        f"记实条目 {entry} 是您提出或更正的；请由他人审核。",
        f"You proposed or corrected the entry {entry}; somebody else must verify it.",
    )


def _rejected(entry: str) -> Text:
    return Text(
        f"记实条目 {entry} 审核未通过；请另行提出。", f"The entry {entry} was rejected; propose another instead."
    )


def _verified(entry: str) -> Text:
    return Text(
        f"记实条目 {entry} 已经审核通过；有误请更正或冲销。",
        f"The entry {entry} is verified; correct or reverse it if it is wrong.",
    )


def _not_his_to_reverse(entry: str) -> Text:
    return Text(
        f"记实条目 {entry} 已经审核或由记录员提出，本人不能冲销；请向记录员提出。",
        f"The entry {entry} is verified or was proposed by a recorder, not yours to reverse; ask the recorder.",
    )
