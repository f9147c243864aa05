"""Assistance and rectification 帮扶整改: helper, goal, measures, checks and outcome (A-37, A-38, AMB-A17).

The fields are those of the 《Annual Party Members' Personal Improvement Table》; the facts are in `domain.assistance`.
"""

from datetime import date

from domain.appointments import Offices
from domain.assistance import ImprovementChecked, ImprovementClosed, ImprovementOpened, Improvements, Outcome
from domain.confirmation import Confirmations
from domain.consequences import IMPROVEMENT, following_from, require_consequence, require_in_time, require_settled
from domain.dates import civil_date
from domain.decision import Command, Conflict, Context, Event, Refused, command, deciders
from domain.earlier import EarlierStars
from domain.ids import BranchId, ImprovementId, PersonId, RoundId
from domain.organisation import Organisation
from domain.refusals import not_in_future, taken, unless_same
from domain.roles import RECORDERS, SECRETARIES
from domain.rounds import Round
from domain.scores import Scores
from domain.sealed import Sealed
from domain.tally import Results
from domain.text import Text
from domain.vetoes import Vetoes

# commands


@command("open-improvement", roles=SECRETARIES, at="improvements")
class OpenImprovement(Command):
    """Open a plan for a person whose confirmed star calls for one, with a helper and a day of review."""

    improvement: ImprovementId
    round: RoundId
    person: PersonId
    helper: PersonId
    lost_points: Sealed
    goal: Sealed
    measures: Sealed
    review_on: date


@command("check-improvement", roles=RECORDERS, at="improvements/{improvement}/checks")
class CheckImprovement(Command):
    """Enter how a plan stands on a day; the helper may do so himself."""

    improvement: ImprovementId
    on: date
    progress: Sealed


@command("close-improvement", roles=SECRETARIES, at="improvements/{improvement}/closing", changes=True)
class CloseImprovement(Command):
    """Close a plan with its outcome and the opinions of the branch and, where given, of the superior."""

    improvement: ImprovementId
    on: date
    outcome: Outcome
    branch_opinion: Sealed
    superior_opinion: Sealed | None = None


# deciders


def open_improvement(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: OpenImprovement,
    context: Context,
    this: Round,
    scores: Scores,
    results: Results,
    confirmations: Confirmations,
    vetoes: Vetoes,
    earlier: EarlierStars,
    improvements: Improvements,
    organisation: Organisation,
    offices: Offices,
) -> list[Event]:
    """Open a plan for a confirmed person, one at a time in a round."""
    offices.require(asked, context, this.branch)
    known = improvements.opened.get(asked.improvement)
    if known is not None:
        return unless_same(_says(known) == _says(asked), taken(asked.improvement))
    offices.require_stranger(context, asked.person)
    organisation.require_person(asked.helper)
    # who helps him under a plan of another round may go on helping: only a declared relation makes a helper unfit
    if asked.helper == asked.person or offices.declared(asked.helper, asked.person):
        raise Refused("unfit-helper", _UNFIT_HELPER)
    if asked.review_on <= civil_date(context.now):
        raise Refused("review-day-past", _review_day(asked.review_on))
    confirmed = require_settled(asked.person, this, results, confirmations, vetoes)
    drawn = following_from(this, scores, results, earlier, asked.person)
    consequence = require_consequence(this.rulebook, IMPROVEMENT, confirmed, drawn)
    require_in_time(consequence, civil_date(context.now), asked.review_on)
    if any((plan.round, plan.person) == (asked.round, asked.person) for plan in improvements.open_plans()):
        raise Conflict("plan-open", _plan_open(asked.person))
    return [_opened(asked, this.branch, consequence.clause)]


def check_improvement(
    asked: CheckImprovement, context: Context, improvements: Improvements, offices: Offices
) -> list[Event]:
    """Enter how an open plan stands, once a day; the person himself does not.

    His helper may: looking after the plan is what he is there for. He judges nothing else about him (AMB-B21).
    """
    plan = improvements.require_opened(asked.improvement)
    if context.actor != plan.helper:
        offices.require(asked, context, plan.branch)
        offices.require_stranger(context, plan.person)
    not_in_future(asked.on, context)
    if asked.improvement in improvements.closed:
        raise Refused("already-closed", _closed(improvements.closed[asked.improvement]))
    if asked.on in improvements.checked.get(asked.improvement, set()):
        raise Conflict("already-checked", _checked(asked))
    return [
        ImprovementChecked(
            improvement=plan.improvement, round=plan.round, person=plan.person, on=asked.on, progress=asked.progress
        )
    ]


def close_improvement(
    asked: CloseImprovement, context: Context, improvements: Improvements, offices: Offices
) -> list[Event]:
    """Close a plan; neither the person nor his helper judges the outcome."""
    plan = improvements.require_opened(asked.improvement)
    offices.require(asked, context, plan.branch)
    offices.require_stranger(context, plan.person)
    not_in_future(asked.on, context)
    known = improvements.closed.get(asked.improvement)
    if known is not None:
        return unless_same(
            (known.on, known.outcome) == (asked.on, asked.outcome), Conflict("already-closed", _closed(known))
        )
    return [
        ImprovementClosed(
            improvement=plan.improvement,
            round=plan.round,
            person=plan.person,
            on=asked.on,
            outcome=asked.outcome,
            branch_opinion=asked.branch_opinion,
            superior_opinion=asked.superior_opinion,
        )
    ]


DECIDERS = deciders(open_improvement, check_improvement, close_improvement)


def _opened(asked: OpenImprovement, branch: BranchId, clause: str) -> ImprovementOpened:
    return ImprovementOpened(
        improvement=asked.improvement,
        round=asked.round,
        person=asked.person,
        branch=branch,
        helper=asked.helper,
        lost_points=asked.lost_points,
        goal=asked.goal,
        measures=asked.measures,
        review_on=asked.review_on,
        clause=clause,
    )


def _says(record: OpenImprovement | ImprovementOpened) -> tuple[object, ...]:
    return (record.round, record.person, record.helper, record.review_on)


_UNFIT_HELPER = Text(
    "帮扶人不能是本人或与其有已申报关系的人；请另定帮扶人。",
    "The helper is neither the person himself nor somebody close to him; choose another.",
)


def _review_day(day: date) -> Text:
    return Text(
        f"复查日期 {day} 已到或已过；请定在今天之后。", f"The day of review, {day}, is past; choose a later one."
    )


def _plan_open(person: str) -> Text:
    return Text(
        f"{person} 在本周期已有未结的帮扶整改；请在其上检查或办结。",
        f"{person} has an open plan for this round; check or close that one.",
    )


def _closed(closed: ImprovementClosed) -> Text:
    return Text(
        f"帮扶整改 {closed.improvement} 已于 {closed.on} 办结。",
        f"The plan {closed.improvement} was closed on {closed.on}.",
    )


def _checked(asked: CheckImprovement) -> Text:
    return Text(
        f"帮扶整改 {asked.improvement} 在 {asked.on} 的检查已经登记；同一天只登记一次。",
        f"A check of {asked.improvement} on {asked.on} is entered already; there is one a day.",
    )
