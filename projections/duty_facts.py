"""What of a person's record comes from seed B: commitments with their fulfilment, entries with points, talks (B-25).

The digest of what somebody keeps private about a commitment is not in these rows (AMB-B17).
"""

from domain.commitments import (
    CommitmentAppraised,
    CommitmentApproved,
    CommitmentMade,
    CommitmentReturned,
    CommitmentRevoked,
    FulfilmentReported,
)
from domain.decision import Fact
from domain.records import EntryCorrected, EntryProposed, EntryRejected, EntryReversed, EntryVerified
from domain.talks import RectificationChecked, RectificationOrdered, TalkHeld
from projections.person_facts import change, enter, openings
from projections.rows import Rows


def commitment_made(rows: Rows, fact: Fact, happened: CommitmentMade) -> None:
    """Enter a commitment, or what a returned one says now."""
    if rows.get(openings, "commitment", happened.commitment) is None:
        enter(rows, fact, happened.person, "commitment", thing=happened.commitment)
    change(
        rows,
        "commitment",
        happened.commitment,
        on=happened.on,
        what=f"{happened.virtue}/{happened.area}",
        state="made",
        until=happened.due,
        other=happened.branch,
        sealed=happened.statement.digest,
    )


def commitment_approved(rows: Rows, _fact: Fact, happened: CommitmentApproved) -> None:
    """Note that a commitment stands."""
    change(rows, "commitment", happened.commitment, state="approved")


def commitment_returned(rows: Rows, _fact: Fact, happened: CommitmentReturned) -> None:
    """Note that a commitment was given back."""
    change(rows, "commitment", happened.commitment, state="returned")


def commitment_revoked(rows: Rows, _fact: Fact, happened: CommitmentRevoked) -> None:
    """Note that a commitment stands no longer."""
    change(rows, "commitment", happened.commitment, state="revoked")


def fulfilment_reported(rows: Rows, fact: Fact, happened: FulfilmentReported) -> None:
    """Enter a report about a commitment."""
    key, words = happened.commitment, happened.report.digest
    enter(rows, fact, happened.person, "fulfilment", thing=key, on=happened.on, sealed=words)


def commitment_appraised(rows: Rows, fact: Fact, happened: CommitmentAppraised) -> None:
    """Enter how one side found a commitment kept."""
    enter(
        rows,
        fact,
        happened.person,
        "appraisal",
        thing=happened.commitment,
        on=happened.on,
        what=happened.side,
        state=happened.outcome,
        sealed=happened.remark.digest,
    )


def entry_proposed(rows: Rows, fact: Fact, happened: EntryProposed) -> None:
    """Enter what an item is worth to somebody, once it is verified."""
    enter(
        rows,
        fact,
        happened.person,
        "entry",
        thing=happened.entry,
        on=happened.occurred_on,
        what=happened.item,
        state="proposed",
        other=happened.branch,
        sealed=happened.statement.digest,
        points=str(happened.points),
        counts=_counts(happened),
    )


def entry_verified(rows: Rows, _fact: Fact, happened: EntryVerified) -> None:
    """Note that an entry counts."""
    change(rows, "entry", happened.entry, state="verified")


def entry_rejected(rows: Rows, _fact: Fact, happened: EntryRejected) -> None:
    """Note that an entry was found not to be so."""
    change(rows, "entry", happened.entry, state="rejected")


def entry_corrected(rows: Rows, _fact: Fact, happened: EntryCorrected) -> None:
    """Note what an entry says now, and that it waits again."""
    points = str(happened.points)
    counts, on = _counts(happened), happened.occurred_on
    change(rows, "entry", happened.entry, on=on, what=happened.item, points=points, counts=counts, state="proposed")


def _counts(happened: EntryProposed | EntryCorrected) -> str | None:
    return None if happened.counts is None else str(happened.counts)


def entry_reversed(rows: Rows, _fact: Fact, happened: EntryReversed) -> None:
    """Note that an entry no longer counts."""
    change(rows, "entry", happened.entry, state="reversed")


def talk_held(rows: Rows, fact: Fact, happened: TalkHeld) -> None:
    """Enter a talk."""
    enter(
        rows,
        fact,
        happened.person,
        "talk",
        thing=happened.talk,
        on=happened.on,
        what=happened.kind,
        state="held",
        other=happened.by,
        sealed=happened.content.digest,
    )


def rectification_ordered(rows: Rows, _fact: Fact, happened: RectificationOrdered) -> None:
    """Note by when the person is to rectify."""
    change(rows, "talk", happened.talk, until=happened.due)


def rectification_checked(rows: Rows, _fact: Fact, happened: RectificationChecked) -> None:
    """Note what the newest check found."""
    change(rows, "talk", happened.talk, state=happened.outcome)
