"""What meetings leave in a person's record: what he reported and was told, and the grades of the staff (B-25, B-28)."""

from domain.comments import CommentMade, PeerCommentMade
from domain.decision import Fact
from domain.reports import ReportGiven, StaffReportGiven
from domain.staff_results import StaffAppraised, StaffAppraisedV1
from projections.person_facts import enter
from projections.rows import Rows


def report_given(rows: Rows, fact: Fact, happened: ReportGiven | StaffReportGiven) -> None:
    """Enter a report, with its words about duties."""
    enter(
        rows,
        fact,
        happened.person,
        "report",
        thing=happened.meeting,
        on=happened.on,
        state="written" if happened.written else "spoken",
        sealed=happened.duties.digest,
    )


def comment_made(rows: Rows, fact: Fact, happened: CommentMade) -> None:
    """Enter a comment, with the demands it makes."""
    enter(
        rows,
        fact,
        happened.person,
        "comment",
        thing=happened.meeting,
        on=happened.on,
        other=happened.commentator,
        sealed=happened.demands.digest,
    )


def peer_comment_made(rows: Rows, fact: Fact, happened: PeerCommentMade) -> None:
    """Enter what another member remarked."""
    enter(
        rows,
        fact,
        happened.person,
        "remark",
        thing=happened.meeting,
        on=happened.on,
        other=happened.peer,
        sealed=happened.remark.digest,
    )


def staff_appraised(rows: Rows, fact: Fact, happened: StaffAppraised | StaffAppraisedV1) -> None:
    """Enter the overall grade of somebody on the staff for a period."""
    enter(
        rows,
        fact,
        happened.person,
        "staff_appraisal",
        thing=happened.meeting,
        on=happened.on,
        what=happened.period,
        state=happened.overall,
    )
