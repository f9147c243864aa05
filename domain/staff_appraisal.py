"""The staff outside the Party: three aspects, a comment, a grade, no star (B-35, AMB-B22).

The results of a period are posted on a notice of their own (B-39) and handed to the administration, where they are a
ground for the year's individual assessment (B-46). They count once the meeting that gave them is closed.
"""

from domain.appointments import Offices
from domain.comments import Comments
from domain.decision import Command, Context, Event, NotFound, Refused, command, deciders
from domain.ids import BranchId, MeetingId, NoticeId, PersonId
from domain.meetings import Meeting, MeetingAttended, MeetingConvened
from domain.membership import Membership
from domain.organisation import Organisation
from domain.refusals import taken, unless_same
from domain.reports import require_staff
from domain.roles import RECORDERS
from domain.rulebook.model import Rulebook
from domain.staff_results import (
    Appraisals,
    StaffAppraised,
    StaffLinePosted,
    StaffResults,
    StaffResultsPosted,
    StaffResultsSent,
)
from domain.text import Text

# commands


@command("appraise-staff", roles=RECORDERS, at="meetings/{meeting}/staff-appraisals")
class AppraiseStaff(Command):
    """Enter the grades that a meeting gave somebody on the staff: 思想表现、履职尽责、完成任务, and overall."""

    meeting: MeetingId
    person: PersonId
    attitude: str
    duties: str
    tasks: str
    overall: str


@command("post-staff-results", roles=RECORDERS, at="branches/{branch}/staff-notices")
class PostStaffResults(Command):
    """Post the staff's results of a month or a year on a notice of their own."""

    branch: BranchId
    notice: NoticeId
    period: str
    places: tuple[str, ...]
    contact: str


@command("send-staff-results", roles=RECORDERS, at="branches/{branch}/staff-deliveries")
class SendStaffResults(Command):
    """Hand the staff's results of a month or a year to the administration."""

    branch: BranchId
    period: str
    to_body: str


# deciders


def appraise_staff(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: AppraiseStaff,
    context: Context,
    this: Meeting,
    comments: Comments,
    appraisals: Appraisals,
    membership: Membership,
    offices: Offices,
) -> list[Event]:
    """Enter the grades of somebody who was commented on, on grades that the rulebook has; the newest ones count."""
    convened = this.require_convened()
    offices.require(asked, context, convened.branch)
    offices.require_stranger(context, asked.person)
    _require_openly(this.rulebook, this.require_attended(context))
    require_staff(asked.person, convened, membership)
    comments.require_made(asked.person)
    _require_grades(asked, this.rulebook)
    appraised = _appraised(asked, convened)
    return [] if appraisals.given.get(asked.person) == appraised else [appraised]


def post_staff_results(
    asked: PostStaffResults, context: Context, results: StaffResults, organisation: Organisation, offices: Offices
) -> list[Event]:
    """Post every result of the period, each on a line of its own."""
    organisation.require_branch(asked.branch)
    offices.require(asked, context, asked.branch)
    posted = StaffResultsPosted(
        branch=asked.branch, notice=asked.notice, period=asked.period, places=asked.places, contact=asked.contact
    )
    if asked.notice in results.posted:
        return unless_same(results.posted[asked.notice] == posted, taken(asked.notice))
    if not asked.places or not all(words.strip() for words in (*asked.places, asked.contact)):
        raise Refused("notice-incomplete", _NOTICE_INCOMPLETE)
    lines = [_line(asked, found) for found in results.require_some(asked.period)]
    return [posted, *lines]


def send_staff_results(
    asked: SendStaffResults, context: Context, results: StaffResults, organisation: Organisation, offices: Offices
) -> list[Event]:
    """Hand over what was found in the period, again only where something came to it."""
    organisation.require_branch(asked.branch)
    offices.require(asked, context, asked.branch)
    if not asked.to_body.strip():
        raise Refused("body-missing", _BODY_MISSING)
    found = results.require_some(asked.period)
    sent = StaffResultsSent(
        branch=asked.branch,
        period=asked.period,
        to_body=asked.to_body,
        people=tuple(dict.fromkeys(one.person for one in found)),
        appraisals=len(found),
    )
    return [] if results.sent.get((asked.period, asked.to_body)) == sent else [sent]


DECIDERS = deciders(appraise_staff, post_staff_results, send_staff_results)


def _require_openly(rules: Rulebook, attended: MeetingAttended) -> None:
    """Raise `Refused` where the rulebook has the members vote on the staff, and enough of them came (B-34, B-35)."""
    appraisal, box = rules.conduct.staff_appraisal, rules.conduct.ballot_box
    if appraisal is None or appraisal.by == "open":
        return
    if box is not None and box.small_body == "open" and len(attended.present) < box.shown_from:
        return
    raise Refused("staff-vote-by-ballot", _by_ballot(appraisal.clause))


def _require_grades(asked: AppraiseStaff, rules: Rulebook) -> None:
    known = {grade: None for node in rules.nodes().values() if node.grades is not None for grade in node.grades.points}
    given = (asked.attitude, asked.duties, asked.tasks, asked.overall)
    if unknown := [grade for grade in given if grade not in known]:
        raise NotFound("unknown-grade", _unknown_grade(unknown, list(known)))


def _appraised(asked: AppraiseStaff, convened: MeetingConvened) -> StaffAppraised:
    return StaffAppraised(
        meeting=asked.meeting,
        branch=convened.branch,
        person=asked.person,
        period=convened.judges,
        on=convened.on,
        attitude=asked.attitude,
        duties=asked.duties,
        tasks=asked.tasks,
        overall=asked.overall,
    )


def _line(asked: PostStaffResults, found: StaffAppraised) -> StaffLinePosted:
    return StaffLinePosted(
        branch=asked.branch,
        notice=asked.notice,
        person=found.person,
        period=found.period,
        attitude=found.attitude,
        duties=found.duties,
        tasks=found.tasks,
        overall=found.overall,
    )


_NOTICE_INCOMPLETE = Text(
    "公示须写明张贴地点和意见受理人；请补全。", "A notice says where it hangs and who is told of doubts; add both."
)
_BODY_MISSING = Text("请写明报送给哪个行政部门。", "Say which body of the administration is given the results.")


def _by_ballot(clause: str) -> Text:
    return Text(
        f"依 {clause}，党外干部职工由到会党员投票评定；请用 open-box --component staff 开启票箱。",
        f"Under {clause} the members vote on the staff; open a ballot box with open-box --component staff.",
    )


def _unknown_grade(unknown: list[str], known: list[str]) -> Text:
    return Text(
        f"办法中没有等次 {'、'.join(unknown)}；可用：{'、'.join(known)}。",
        f"What was given is none of the rulebook's {len(known)} grades; use its own words for them.",
    )
