"""The record of a meeting 会议记录: time, place, chair, who came, what each reported and was told, in which order.

The columns are those of the form 组织生活会记录 (B-27 to B-33, B-36). Words about people are digests, which the ledger
resolves under the reader's rights.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, select

from domain.comments import CommentMade, PeerCommentMade
from domain.lists import VoteHeld
from domain.meetings import (
    ApologySent,
    MeetingAttended,
    MeetingCalledOff,
    MeetingClosed,
    MeetingConvened,
    ReplacementDeclared,
    RepresentativesInvited,
)
from domain.reports import ReportGiven, StaffReportGiven
from domain.rounds import RoundOpened
from domain.staff_results import StaffAppraised, StaffAppraisedV1
from projections import meeting_facts, meeting_votes
from projections.engine import Reading
from projections.meeting_facts import (
    MEMBER,
    REPRESENTATIVE,
    STAFF,
    meeting_people,
    meeting_remarks,
    meeting_steps,
    meetings,
)
from projections.meeting_votes import MeetingVote, voted_rounds, votes, votes_at
from projections.view import View

MEETING_RECORD = View(
    "meeting_record",
    3,
    (meetings, meeting_people, meeting_remarks, meeting_steps, voted_rounds, votes),
    {
        RoundOpened: meeting_votes.round_opened,
        VoteHeld: meeting_votes.vote_held,
        MeetingConvened: meeting_facts.convened,
        MeetingCalledOff: meeting_facts.called_off,
        ReplacementDeclared: meeting_facts.replacement_declared,
        RepresentativesInvited: meeting_facts.representatives_invited,
        ApologySent: meeting_facts.apology_sent,
        MeetingAttended: meeting_facts.attended,
        ReportGiven: meeting_facts.report_given,
        StaffReportGiven: meeting_facts.staff_report_given,
        CommentMade: meeting_facts.comment_made,
        PeerCommentMade: meeting_facts.peer_comment_made,
        StaffAppraised: meeting_facts.staff_appraised,
        StaffAppraisedV1: meeting_facts.staff_appraised,
        MeetingClosed: meeting_facts.closed,
    },
)


@dataclass(frozen=True, slots=True)
class Remark:
    """What one member remarked on another: a digest."""

    peer: str
    remark: str


@dataclass(frozen=True, slots=True)
class Attender:
    """One person of a meeting, in one role: member, staff or representative.

    `presence` is present, excused, absent, or invited (a representative who did not come); `report` is spoken, written
    or None. Who is excused without a `reason` has personal ones (AMB-B17).
    """

    role: str
    person: str
    presence: str | None
    reason: str | None
    report: str | None
    report_chair: str | None
    duties: str | None
    commitments: str | None
    style: str | None
    commentator: str | None
    shortcomings: str | None
    causes: str | None
    demands: str | None
    attitude_grade: str | None
    duties_grade: str | None
    tasks_grade: str | None
    overall_grade: str | None
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was recorded of a meeting, about a person where it was about one."""

    position: int
    step: str
    person: str | None
    actor: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class MeetingHead:
    """A meeting as it was convened, and how it ended.

    `timing` says early, in_time or late (None: it has no days of its own, AMB-B24); `replaces` is the month that
    another meeting would have judged (AMB-B12); `again` are representatives who were so on `last_on` as well (AMB-B11).
    """

    meeting: str
    branch: str
    kind: str
    judges: str
    on: date
    begins: str | None
    place: str
    chair: str
    timing: str | None
    reason_outside: str | None
    rulebook: str
    version: int
    called_off: str | None
    replaces: str | None
    chosen: str | None
    again: tuple[str, ...] | None
    last_on: date | None
    should_attend: int | None
    closed_at: datetime | None
    minutes: str | None
    without_report: tuple[str, ...] | None
    without_comment: tuple[str, ...] | None
    representatives_lacking: int | None
    staff_lacking: bool | None


@dataclass(frozen=True, slots=True)
class MeetingRecord:
    """Everything of one meeting; people by role in the order of their ids, steps in the order of recording."""

    head: MeetingHead
    members: tuple[Attender, ...]
    staff: tuple[Attender, ...]
    representatives: tuple[Attender, ...]
    steps: tuple[Step, ...]
    votes: tuple[MeetingVote, ...] = ()

    @property
    def present(self) -> tuple[str, ...]:
        """The members who were there."""
        return tuple(one.person for one in self.members if one.presence == "present")


def meeting_record(reading: Reading, meeting: str) -> MeetingRecord | None:
    """Return the record of a meeting, None where there is none of that id."""
    found = _rows(reading, meetings, meeting=meeting)
    if not found:
        return None
    remarks: dict[str, list[Remark]] = {}
    for row in _rows(reading, meeting_remarks, meeting=meeting):
        remarks.setdefault(row["person"], []).append(Remark(row["peer"], row["remark"]))
    people: dict[str, list[Attender]] = {MEMBER: [], STAFF: [], REPRESENTATIVE: []}
    for row in _rows(reading, meeting_people, meeting=meeting):
        said = remarks.get(row["person"], []) if row["role"] == MEMBER else []
        told = {name: value for name, value in row.items() if name != "meeting"}
        if row["presence"] is not None or row["report"] is not None or row["role"] == MEMBER:
            people[row["role"]].append(Attender(**told, remarks=tuple(said)))
    steps = [{k: v for k, v in row.items() if k != "meeting"} for row in _rows(reading, meeting_steps, meeting=meeting)]
    head = MeetingHead(**found[0])
    return MeetingRecord(
        head,
        tuple(people[MEMBER]),
        tuple(people[STAFF]),
        tuple(people[REPRESENTATIVE]),
        tuple(Step(**step) for step in steps),
        votes_at(reading, meeting, head.branch, head.on),
    )


def meetings_of(reading: Reading, branch: str) -> list[MeetingHead]:
    """Return the meetings of a branch by day, those called off included."""
    found = [MeetingHead(**row) for row in _rows(reading, meetings, branch=branch)]
    return sorted(found, key=lambda head: (head.on, head.meeting))


def _rows(reading: Reading, table: Table, **equal: object) -> list[dict[str, Any]]:
    """Return the rows without the ledger's id, in the order of their keys whatever the engine."""
    conditions = [table.c[name] == value for name, value in equal.items()]
    query = select(table).where(table.c.ledger_id == reading.ledger_id, *conditions)
    found = [dict(row) for row in reading.connection.execute(query).mappings()]
    keys = [column.name for column in table.primary_key.columns]
    found.sort(key=lambda row: tuple(row[name] for name in keys))
    return [{name: value for name, value in row.items() if name != "ledger_id"} for row in found]
