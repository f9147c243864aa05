"""Fulfilling what was committed 践诺 and appraising it 评诺: by the member, his branch and the masses (B-9, B-53)."""

from datetime import date

from domain.appointments import Offices
from domain.commitments import (
    Commitment,
    CommitmentAppraised,
    CommitmentMade,
    FulfilmentReported,
    Outcome,
    Side,
    branch_of,
)
from domain.dates import civil_date
from domain.decision import Command, Conflict, Context, Event, NotPermitted, Refused, command, deciders
from domain.ids import BranchId, CommitmentId, Evidence
from domain.membership import Membership
from domain.refusals import not_in_future
from domain.roles import BRANCH_OFFICERS, COMMITTEE_MEMBER, RECORDERS
from domain.sealed import Sealed
from domain.text import Text

# commands


@command("report-fulfilment", roles=RECORDERS, at="commitments/{commitment}/fulfilment-reports")
class ReportFulfilment(Command):
    """Enter what a member has done about a commitment by a day; he may do so himself."""

    commitment: CommitmentId
    on: date
    report: Sealed
    evidence: tuple[Evidence, ...] = ()


@command("appraise-commitment", roles=(*RECORDERS, COMMITTEE_MEMBER), at="commitments/{commitment}/appraisals")
class AppraiseCommitment(Command):
    """Enter whether a commitment was kept, as one side sees it; the newest appraisal of each side counts.

    `self` is for the member alone, `branch` for the officers of the branch; a recorder may enter that of the `masses`.
    """

    commitment: CommitmentId
    on: date
    side: Side
    outcome: Outcome
    remark: Sealed


# deciders


def report_fulfilment(
    asked: ReportFulfilment, context: Context, this: Commitment, membership: Membership, offices: Offices
) -> list[Event]:
    """Enter a report about an approved commitment, one a day."""
    made = this.require_made()
    if context.actor != made.person:
        offices.require(asked, context, branch_of(made, membership, context))
        offices.require_stranger(context, made.person)
    made = this.require_standing()
    _not_before(asked.on, made, context)
    if asked.on in this.reported:
        raise Conflict("already-reported", _reported(asked))
    return [
        FulfilmentReported(
            commitment=asked.commitment,
            person=made.person,
            on=asked.on,
            report=asked.report,
            evidence=asked.evidence,
        )
    ]


def appraise_commitment(
    asked: AppraiseCommitment, context: Context, this: Commitment, membership: Membership, offices: Offices
) -> list[Event]:
    """Enter one side's appraisal of a commitment that was reported on or has come due."""
    made = this.require_made()
    _require_side(asked, context, made, branch_of(made, membership, context), offices)
    made = this.require_standing()
    _not_before(asked.on, made, context)
    if asked.on < made.due and not any(day <= asked.on for day in this.reported):
        raise Refused("nothing-to-appraise", _nothing_yet(made.due))
    known = this.appraised.get(asked.side)
    if known is not None and (known.on, known.outcome) == (asked.on, asked.outcome):
        return []
    if known is not None and asked.on < known.on:
        raise Conflict("appraised-later", _appraised_later(known))
    return [
        CommitmentAppraised(
            commitment=asked.commitment,
            person=made.person,
            on=asked.on,
            side=asked.side,
            outcome=asked.outcome,
            remark=asked.remark,
        )
    ]


DECIDERS = deciders(report_fulfilment, appraise_commitment)


def _require_side(
    asked: AppraiseCommitment, context: Context, made: CommitmentMade, branch: BranchId, offices: Offices
) -> None:
    if asked.side == "self":
        if context.actor != made.person:
            raise NotPermitted("not-himself", _NOT_HIMSELF)
        return
    offices.require(asked, context, branch)
    offices.require_stranger(context, made.person)
    if asked.side == "branch" and not offices.holds(context.actor, BRANCH_OFFICERS, branch, civil_date(context.now)):
        raise NotPermitted("wrong-office", _BRANCH_APPRAISES)


def _not_before(on: date, made: CommitmentMade, context: Context) -> None:
    not_in_future(on, context)
    if on < made.on:
        raise Refused("before-commitment", _before(on, made.on))


_NOT_HIMSELF = Text("自评只能由本人作出。", "The self-appraisal is made by the member himself.")
_BRANCH_APPRAISES = Text(
    "支部评诺须由支部书记、副书记或委员办理；记录员可以登记群众评诺。",
    "The branch's appraisal is for its secretary, deputy or committee; a recorder may enter that of the masses.",
)


def _reported(asked: ReportFulfilment) -> Text:
    return Text(
        f"承诺 {asked.commitment} 在 {asked.on} 的践诺情况已经登记；同一天只登记一次。",
        f"A report on {asked.commitment} for {asked.on} is entered already; there is one a day.",
    )


def _before(on: date, made: date) -> Text:
    return Text(f"{on} 早于承诺之日 {made}；请核对日期。", f"{on} is before the day of the commitment, {made}; check.")


def _nothing_yet(due: date) -> Text:
    return Text(
        f"尚无践诺报告，完成时限 {due} 也未到；请先报告践诺情况，或到期后再评诺。",
        f"Nothing is reported yet and it is due on {due}; report on it first, or appraise it when it is due.",
    )


def _appraised_later(known: CommitmentAppraised) -> Text:
    return Text(
        f"此项已有 {known.on} 的评诺；更正请用不早于该日的日期。",
        f"This side appraised it on {known.on}; what replaces that bears no earlier day.",
    )
