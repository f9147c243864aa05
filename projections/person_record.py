"""One person's record over the years: where he belonged, his offices and posts, his stars, and what he did (A-44)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, Date, Table, select

from domain.activities import ActivityRecorded, ActivityReversed, ActivityVerified
from domain.appointments import Appointed, LedgerOpened, Relieved
from domain.assistance import ImprovementChecked, ImprovementClosed, ImprovementOpened
from domain.comments import CommentMade, PeerCommentMade
from domain.commitments import (
    CommitmentAppraised,
    CommitmentApproved,
    CommitmentMade,
    CommitmentReturned,
    CommitmentRevoked,
    FulfilmentReported,
)
from domain.dates import civil_date
from domain.decision import Fact
from domain.feedback import FeedbackDelivered
from domain.following_up import ConsequenceNoted
from domain.honours import AwardGranted, MemberRecommended
from domain.membership import GroupAssigned, MemberJoined, MemberLeft, MemberMadeFormal, MemberTransferred
from domain.posts import GoalSet, PostAssigned
from domain.private_reading import SealedRead, SealedReadingRefused
from domain.records import EntryCorrected, EntryProposed, EntryRejected, EntryReversed, EntryVerified
from domain.reports import ReportGiven, StaffReportGiven
from domain.reviews import ReviewDecided, ReviewRequested
from domain.roles import OPERATOR, REGISTRAR
from domain.staff_results import StaffAppraised, StaffAppraisedV1
from domain.talks import RectificationChecked, RectificationOrdered, TalkHeld
from domain.tasks import TaskAssigned, TaskCompleted
from projections import duty_facts, meeting_entries, person_facts, reading_entries
from projections.columns import Words, key, ledger_id, metadata
from projections.engine import Reading
from projections.person_facts import entries, openings, stay_counts, stays
from projections.rows import Rows
from projections.stars import CurrentStar, current_stars
from projections.view import View

COMMITTEE = ""
"""Stands for the branch of an office that belongs to the committee itself."""

offices = Table(
    "person_offices",
    metadata,
    ledger_id(),
    key("person"),
    key("role"),
    key("branch"),
    Column("since", Date, primary_key=True),
    Column("until", Date),
    Column("decided_by", Words),
)


def _ledger_opened(rows: Rows, fact: Fact, happened: LedgerOpened) -> None:
    day = civil_date(fact.recorded_at)
    rows.put(offices, happened.registrar, REGISTRAR, COMMITTEE, day, decided_by=happened.committee)
    rows.put(offices, happened.operator, OPERATOR, COMMITTEE, day, decided_by=happened.committee)


def _appointed(rows: Rows, _fact: Fact, happened: Appointed) -> None:
    rows.put(
        offices,
        happened.person,
        happened.role,
        happened.branch or COMMITTEE,
        happened.since,
        until=happened.until,
        decided_by=happened.decided_by,
    )


def _relieved(rows: Rows, _fact: Fact, happened: Relieved) -> None:
    which = {"person": happened.person, "role": happened.role, "branch": happened.branch or COMMITTEE}
    for term in rows.where(offices, **which):
        if term["since"] <= happened.on and (term["until"] is None or term["until"] > happened.on):
            rows.put(offices, *which.values(), term["since"], until=happened.on)


PERSON_RECORD = View(
    "person_record",
    5,
    (stays, stay_counts, offices, entries, openings),
    {
        LedgerOpened: _ledger_opened,
        Appointed: _appointed,
        Relieved: _relieved,
        MemberJoined: person_facts.joined,
        MemberMadeFormal: person_facts.made_formal,
        MemberTransferred: person_facts.transferred,
        MemberLeft: person_facts.left,
        GroupAssigned: person_facts.group_assigned,
        PostAssigned: person_facts.post_assigned,
        GoalSet: person_facts.goal_set,
        ActivityRecorded: person_facts.activity_recorded,
        ActivityVerified: person_facts.activity_verified,
        ActivityReversed: person_facts.activity_reversed,
        TaskAssigned: person_facts.task_assigned,
        TaskCompleted: person_facts.task_completed,
        MemberRecommended: person_facts.recommended,
        AwardGranted: person_facts.awarded,
        ConsequenceNoted: person_facts.consequence_noted,
        ImprovementOpened: person_facts.improvement_opened,
        ImprovementChecked: person_facts.improvement_checked,
        ImprovementClosed: person_facts.improvement_closed,
        FeedbackDelivered: person_facts.feedback_delivered,
        ReviewRequested: person_facts.review_requested,
        ReviewDecided: person_facts.review_decided,
        CommitmentMade: duty_facts.commitment_made,
        CommitmentApproved: duty_facts.commitment_approved,
        CommitmentReturned: duty_facts.commitment_returned,
        FulfilmentReported: duty_facts.fulfilment_reported,
        CommitmentAppraised: duty_facts.commitment_appraised,
        CommitmentRevoked: duty_facts.commitment_revoked,
        EntryProposed: duty_facts.entry_proposed,
        EntryVerified: duty_facts.entry_verified,
        EntryRejected: duty_facts.entry_rejected,
        EntryCorrected: duty_facts.entry_corrected,
        EntryReversed: duty_facts.entry_reversed,
        TalkHeld: duty_facts.talk_held,
        RectificationOrdered: duty_facts.rectification_ordered,
        RectificationChecked: duty_facts.rectification_checked,
        ReportGiven: meeting_entries.report_given,
        StaffReportGiven: meeting_entries.report_given,
        CommentMade: meeting_entries.comment_made,
        PeerCommentMade: meeting_entries.peer_comment_made,
        StaffAppraised: meeting_entries.staff_appraised,
        StaffAppraisedV1: meeting_entries.staff_appraised,
        SealedRead: reading_entries.sealed_read,
        SealedReadingRefused: reading_entries.reading_refused,
    },
)
VIEWS_OF_A_RECORD = ("person_record", "stars")
"""The views that must be kept up before a record is read."""


@dataclass(frozen=True, slots=True)
class Stay:
    """One interval of belonging: [since, until)."""

    branch: str
    kind: str
    since: date
    until: date | None
    formal_since: date | None
    left_as: str | None


@dataclass(frozen=True, slots=True)
class Office:
    """One term of office; without a branch it is one of the committee."""

    role: str
    branch: str | None
    since: date
    until: date | None
    decided_by: str


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """One thing in a person's record: `kind` says what; `sealed` is the digest of the words about it.

    Kinds: post, group, goal, activity, task, recommendation, award, consequence, improvement, feedback, review;
    commitment, fulfilment and appraisal (of a commitment), talk, entry (`points`, `counts` by its level) (B-25, B-53);
    report, comment, remark (of a peer), staff_appraisal: what meetings leave (B-28, B-31, B-32, B-35);
    reading: `other` read what is kept private about him, or was refused (`state`), for a purpose (`what`).
    """

    position: int
    kind: str
    thing: str | None
    on: date | None
    what: str | None
    state: str | None
    until: date | None
    other: str | None
    sealed: str | None
    points: str | None
    counts: str | None


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A person's record. Each of `stars` names its rulebook: stars of two rulebooks are never compared (AMB-A2)."""

    person: str
    stays: tuple[Stay, ...]
    offices: tuple[Office, ...]
    stars: tuple[CurrentStar, ...]
    entries: tuple[RecordEntry, ...]

    def of_kind(self, kind: str) -> tuple[RecordEntry, ...]:
        """Return the entries of one kind, oldest first."""
        return tuple(entry for entry in self.entries if entry.kind == kind)


def person_record(reading: Reading, person: str) -> PersonRecord:
    """Return what the ledger knows of a person; empty where it knows nothing."""
    return PersonRecord(
        person=person,
        stays=tuple(Stay(**row) for row in _rows(reading, stays, person, "number")),
        offices=tuple(
            Office(**(row | {"branch": row["branch"] or None})) for row in _rows(reading, offices, person, "since")
        ),
        stars=tuple(current_stars(reading, person=person)),
        entries=tuple(RecordEntry(**row) for row in _rows(reading, entries, person, "position")),
    )


def _rows(reading: Reading, table: Table, person: str, order: str) -> list[dict[str, Any]]:
    query = select(table).where(table.c.ledger_id == reading.ledger_id, table.c.person == person)
    hidden = {"ledger_id", "person", "number"}
    found = [dict(row) for row in reading.connection.execute(query).mappings()]
    by = [column.name for column in table.primary_key.columns if column.name not in {order, "ledger_id"}]
    found.sort(key=lambda row: (row[order], *(row[name] for name in by)))
    return [{name: value for name, value in row.items() if name not in hidden} for row in found]
