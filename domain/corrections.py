"""Correcting what was confirmed: a procedure of its own, never a silent recompute (AMB-B16 late, AMB-B28)."""

from typing import Literal

from domain.appointments import Offices
from domain.confirmation import Confirmations, CorrectionDecided, CorrectionOpened
from domain.decision import Command, Conflict, Context, Event, NotFound, command, deciders
from domain.ids import CorrectionId, ObjectionId, PersonId, ReviewId, RoundId, VetoId
from domain.measures import MeasureAmendment
from domain.objections import Objections
from domain.reviews import Reviews
from domain.roles import LEADING_GROUP_HEAD, OBJECTION_OFFICERS
from domain.rounds import Round
from domain.rulings import Amendment, Changes, amend, require_uninvolved, require_untouched
from domain.scores import Scores
from domain.sealed import Sealed
from domain.tally import Results
from domain.text import Text
from domain.vetoes import Vetoes


@command("open-correction", roles=OBJECTION_OFFICERS, at="rounds/{round}/corrections")
class OpenCorrection(Command):
    """Put a confirmed star in question: for a late objection, a review upheld, or a fact that came to light."""

    round: RoundId
    correction: CorrectionId
    person: PersonId
    cause: Sealed
    objection: ObjectionId | None = None
    review: ReviewId | None = None


@command(
    "decide-correction",
    roles=(*OBJECTION_OFFICERS, LEADING_GROUP_HEAD),
    at="rounds/{round}/corrections/{correction}/decision",
    changes=True,
    reach="decide",
    grave=True,
)
class DecideCorrection(Command):
    """Enter what a body decided on a correction; upheld, the changed results hang and are confirmed anew."""

    round: RoundId
    correction: CorrectionId
    verdict: Literal["upheld", "dismissed"]
    findings: Sealed
    body: str
    amendments: tuple[Amendment, ...] = ()
    measures: tuple[MeasureAmendment, ...] = ()
    vetoes: tuple[VetoId, ...] = ()


def open_correction(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: OpenCorrection,
    context: Context,
    this: Round,
    objections: Objections,
    confirmations: Confirmations,
    reviews: Reviews,
    offices: Offices,
) -> list[Event]:
    """Open a correction of a confirmed star; nobody opens one of his own."""
    offices.require(asked, context, this.branch)
    offices.require_stranger(context, asked.person)
    confirmations.require_confirmed(asked.person)
    known = confirmations.corrections.get(asked.correction)
    if known is not None:
        if (known.person, known.objection, known.review) == (asked.person, asked.objection, asked.review):
            return []
        raise Conflict("id-taken", _taken(asked.correction))
    late = None if asked.objection is None else objections.late.get(asked.objection)
    if asked.objection is not None and (late is None or late.about != asked.person):
        raise NotFound("unknown-objection", _no_late_objection(asked.objection))
    if asked.review is not None:
        upheld = reviews.decided.get(asked.review)
        if upheld is None or not upheld.upheld or (upheld.round, upheld.person) != (asked.round, asked.person):
            raise NotFound("unknown-review", _no_upheld_review(asked.review))
    return [
        CorrectionOpened(
            round=asked.round,
            correction=asked.correction,
            person=asked.person,
            cause=asked.cause,
            objection=asked.objection,
            review=asked.review,
            decided=False,
        )
    ]


def decide_correction(  # noqa: PLR0913
    asked: DecideCorrection,
    context: Context,
    this: Round,
    scores: Scores,
    results: Results,
    vetoes: Vetoes,
    objections: Objections,
    confirmations: Confirmations,
    offices: Offices,
) -> list[Event]:
    """Decide an open correction; upheld, it corrects scores and names everybody it touches."""
    offices.require(asked, context, this.branch)
    opened = confirmations.corrections.get(asked.correction)
    if opened is None or asked.correction not in confirmations.undecided:
        raise NotFound("no-open-correction", _none_open(asked.correction))
    changes = Changes(asked.amendments, asked.measures, vetoes.turning(asked.vetoes, this, results.vetoes))
    require_uninvolved(context, offices, scores, (opened.person, *changes.people))
    if (objector := _late_objector(opened, objections)) is not None:
        offices.require_stranger(context, objector)
    changes.require_fitting(asked.verdict)
    amended = amend(
        changes,
        this,
        scores,
        results,
        confirmations,
        ground="procedure",
        correction=asked.correction,
        questioned=opened.person,
    )
    require_untouched(context, offices, amended)
    decided = CorrectionDecided(
        round=asked.round,
        correction=asked.correction,
        person=opened.person,
        verdict=asked.verdict,
        findings=asked.findings,
        body=asked.body,
        touched=amended.touched,
    )
    return [decided, *amended.events]


def _late_objector(opened: CorrectionOpened, objections: Objections) -> PersonId | None:
    late = None if opened.objection is None else objections.late.get(opened.objection)
    return None if late is None else late.objector


DECIDERS = deciders(open_correction, decide_correction)


def _taken(correction: str) -> Text:
    return Text(
        f"更正编号 {correction} 已使用；请换一个编号。", f"The correction id {correction} is taken; choose another."
    )


def _no_late_objection(objection: str) -> Text:
    return Text(
        f"没有关于此人的逾期异议 {objection}；请核对编号。",
        f"There is no late objection {objection} about this person; check the id.",
    )


def _no_upheld_review(review: str) -> Text:
    return Text(
        f"没有支持此人的上级复核 {review}；请核对编号。",
        f"No review {review} was upheld in this person's favour; check the id.",
    )


def _none_open(correction: str) -> Text:
    return Text(
        f"没有待决定的更正 {correction}；请核对编号。",
        f"No correction {correction} is waiting for a decision; check the id.",
    )
