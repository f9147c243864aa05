"""One row for each meeting, each of its people, each remark and each step: the tables and the fold of its record."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, Table

from domain.comments import CommentMade, PeerCommentMade
from domain.decision import Fact
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
from domain.staff_results import StaffAppraised, StaffAppraisedV1, appraised_as_now
from projections.columns import Instant, Listed, Words, key, ledger_id, metadata, reference
from projections.rows import Rows

MEMBER, STAFF, REPRESENTATIVE = "member", "staff", "representative"

meetings = Table(
    "meetings",
    metadata,
    ledger_id(),
    key("meeting"),
    reference("branch"),
    Column("kind", Words),
    Column("judges", Words),
    Column("on", Date),
    Column("begins", Words),
    Column("place", Words),
    reference("chair"),
    Column("timing", Words),
    Column("reason_outside", Words),
    reference("rulebook"),
    Column("version", Integer),
    Column("called_off", Words),
    Column("replaces", Words),
    Column("chosen", Words),
    Column("again", Listed),
    Column("last_on", Date),
    Column("should_attend", Integer),
    Column("closed_at", Instant),
    reference("minutes"),
    Column("without_report", Listed),
    Column("without_comment", Listed),
    Column("representatives_lacking", Integer),
    Column("staff_lacking", Boolean),
)

meeting_people = Table(
    "meeting_people",
    metadata,
    ledger_id(),
    key("meeting"),
    key("role"),
    key("person"),
    Column("presence", Words),
    Column("reason", Words),
    Column("report", Words),
    reference("report_chair"),
    Column("duties", Words),
    Column("commitments", Words),
    Column("style", Words),
    reference("commentator"),
    Column("shortcomings", Words),
    Column("causes", Words),
    Column("demands", Words),
    Column("attitude_grade", Words),
    Column("duties_grade", Words),
    Column("tasks_grade", Words),
    Column("overall_grade", Words),
)
"""Words about people are digests; that of a reason of health is not among them (AMB-B17)."""

meeting_remarks = Table(
    "meeting_remarks", metadata, ledger_id(), key("meeting"), key("person"), key("peer"), Column("remark", Words)
)

meeting_steps = Table(
    "meeting_steps",
    metadata,
    ledger_id(),
    key("meeting"),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("step", Words, nullable=False),
    reference("person"),
    Column("actor", Words, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)


def convened(rows: Rows, fact: Fact, happened: MeetingConvened) -> None:
    """Begin the record of a meeting."""
    where = ("branch", "on", "begins", "place", "chair", "timing", "reason_outside")
    told: dict[str, Any] = {name: getattr(happened, name) for name in ("kind", "judges", "rulebook", "version", *where)}
    rows.put(meetings, happened.meeting, **told)
    _step(rows, fact, happened.meeting, "convened")


def called_off(rows: Rows, fact: Fact, happened: MeetingCalledOff) -> None:
    """Note why a meeting is not held."""
    rows.put(meetings, happened.meeting, called_off=happened.reason)
    _step(rows, fact, happened.meeting, "called_off")


def replacement_declared(rows: Rows, fact: Fact, happened: ReplacementDeclared) -> None:
    """Note which other meeting is not held beside this one."""
    rows.put(meetings, happened.meeting, replaces=happened.replaces)
    _step(rows, fact, happened.meeting, "replacement_declared")


def representatives_invited(rows: Rows, fact: Fact, happened: RepresentativesInvited) -> None:
    """Enter the newest list of representatives."""
    _presence(rows, happened.meeting, REPRESENTATIVE, happened.people, "invited")
    rows.put(meetings, happened.meeting, chosen=happened.how, again=happened.again, last_on=happened.last_on)
    _step(rows, fact, happened.meeting, "representatives_invited")


def apology_sent(rows: Rows, fact: Fact, happened: ApologySent) -> None:
    """Enter why a member cannot come; a reason of health is a personal one here."""
    reason = None if happened.reason is None else happened.reason.digest
    rows.put(meeting_people, happened.meeting, MEMBER, happened.person, reason=reason)
    _step(rows, fact, happened.meeting, "apology", happened.person)


def attended(rows: Rows, fact: Fact, happened: MeetingAttended) -> None:
    """Enter who came; what an earlier list said no longer counts."""
    for known in rows.where(meeting_people, meeting=happened.meeting):
        invited = "invited" if known["role"] == REPRESENTATIVE and known["presence"] is not None else None
        rows.put(meeting_people, happened.meeting, known["role"], known["person"], presence=invited)
    for people, role, presence in (
        (happened.present, MEMBER, "present"),
        (happened.excused, MEMBER, "excused"),
        (happened.absent, MEMBER, "absent"),
        (happened.attending_staff, STAFF, "present"),
        (happened.representatives, REPRESENTATIVE, "present"),
    ):
        for person in people:
            rows.put(meeting_people, happened.meeting, role, person, presence=presence)
    rows.put(meetings, happened.meeting, should_attend=happened.should_attend)
    _step(rows, fact, happened.meeting, "attended")


def report_given(rows: Rows, fact: Fact, happened: ReportGiven) -> None:
    """Enter a member's report under its three heads."""
    rows.put(
        meeting_people,
        happened.meeting,
        MEMBER,
        happened.person,
        report=_how(happened),
        report_chair=happened.chair,
        duties=happened.duties.digest,
        commitments=happened.commitments.digest,
        style=happened.style.digest,
    )
    _step(rows, fact, happened.meeting, "report", happened.person)


def staff_report_given(rows: Rows, fact: Fact, happened: StaffReportGiven) -> None:
    """Enter the report of somebody on the staff."""
    how, duties = _how(happened), happened.duties.digest
    rows.put(meeting_people, happened.meeting, STAFF, happened.person, report=how, duties=duties)
    _step(rows, fact, happened.meeting, "report", happened.person)


def comment_made(rows: Rows, fact: Fact, happened: CommentMade) -> None:
    """Enter a comment with its three parts beside the report that it answers."""
    member = rows.get(meeting_people, happened.meeting, MEMBER, happened.person)
    rows.put(
        meeting_people,
        happened.meeting,
        STAFF if member is None else MEMBER,
        happened.person,
        commentator=happened.commentator,
        shortcomings=happened.shortcomings.digest,
        causes=happened.causes.digest,
        demands=happened.demands.digest,
    )
    _step(rows, fact, happened.meeting, "comment", happened.person)


def peer_comment_made(rows: Rows, fact: Fact, happened: PeerCommentMade) -> None:
    """Enter what one member remarked on another."""
    rows.put(meeting_remarks, happened.meeting, happened.person, happened.peer, remark=happened.remark.digest)
    _step(rows, fact, happened.meeting, "peer_comment", happened.person)


def staff_appraised(rows: Rows, fact: Fact, happened: StaffAppraised | StaffAppraisedV1) -> None:
    """Enter the newest grades of somebody on the staff."""
    found = appraised_as_now(happened)
    rows.put(
        meeting_people,
        happened.meeting,
        STAFF,
        happened.person,
        attitude_grade=found.attitude,
        duties_grade=happened.duties,
        tasks_grade=happened.tasks,
        overall_grade=happened.overall,
    )
    _step(rows, fact, happened.meeting, "appraisal", happened.person)


def closed(rows: Rows, fact: Fact, happened: MeetingClosed) -> None:
    """Note that a meeting is over, and what it left undone."""
    rows.put(
        meetings,
        happened.meeting,
        closed_at=fact.recorded_at,
        minutes=happened.minutes,
        without_report=happened.without_report + happened.staff_without_report,
        without_comment=happened.without_comment + happened.staff_without_comment,
        representatives_lacking=happened.representatives_lacking,
        staff_lacking=happened.staff_lacking,
    )
    _step(rows, fact, happened.meeting, "closed")


def _how(report: ReportGiven | StaffReportGiven) -> str:
    return "written" if report.written else "spoken"


def _presence(rows: Rows, meeting: str, role: str, people: tuple[str, ...], presence: str) -> None:
    for known in rows.where(meeting_people, meeting=meeting, role=role):
        rows.put(meeting_people, meeting, role, known["person"], presence=None)
    for person in people:
        rows.put(meeting_people, meeting, role, person, presence=presence)


def _step(rows: Rows, fact: Fact, meeting: str, step: str, person: str | None = None) -> None:
    rows.add(
        meeting_steps,
        meeting=meeting,
        position=fact.position,
        step=step,
        person=person,
        actor=fact.actor,
        recorded_at=fact.recorded_at,
    )
