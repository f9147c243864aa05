"""What a ruling does to scores: it corrects them, computes the round anew, and names everybody it touches.

Nothing is recomputed silently: whoever's result changes hangs anew, and for whom a star was confirmed before,
a correction procedure opens (AMB-B28).
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from domain.appointments import Offices
from domain.confirmation import Confirmations, CorrectionOpened
from domain.decision import Context, Event, Fact, NotPermitted, Refused
from domain.ids import CorrectionId, ObjectionId, PersonId
from domain.raters import component_of
from domain.rounds import Round
from domain.scores import Ground, ScoreCorrected, Scores, check_points
from domain.tally import ResultComputed, Results, retally
from domain.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """A score as it should have been."""

    person: PersonId
    component: str
    points: Decimal
    rater: PersonId | None = None
    ballots: int | None = None


@dataclass(frozen=True, slots=True)
class Amended:
    """The events of a ruling, and everybody whose result it changed."""

    events: tuple[Event, ...]
    touched: tuple[PersonId, ...]


def amend(  # noqa: PLR0913 - the states a ruling reads, and its own ground
    amendments: Sequence[Amendment],
    this: Round,
    scores: Scores,
    results: Results,
    confirmations: Confirmations,
    *,
    ground: Ground,
    objection: ObjectionId | None = None,
    correction: CorrectionId | None = None,
) -> Amended:
    """Return what `amendments` change: corrected scores, the new tally, and corrections of confirmed stars."""
    if not amendments:
        return Amended((), ())
    corrected = [_corrected(each, this, scores, ground, objection, correction) for each in amendments]
    computed = retally(this, _with(scores, corrected), results)
    touched = tuple(made.person for made in computed if isinstance(made, ResultComputed))
    opened = [
        _opened(person, this, objection) for person in touched if person in confirmations.stars and correction is None
    ]
    return Amended((*corrected, *computed, *opened), touched)


def _corrected(  # noqa: PLR0913
    each: Amendment,
    this: Round,
    scores: Scores,
    ground: Ground,
    objection: ObjectionId | None,
    correction: CorrectionId | None,
) -> ScoreCorrected:
    this.require_enrolled(each.person)
    component = component_of(this, each.component)
    held = scores.get(each.person, each.component, each.rater)
    ballots = each.ballots if each.ballots is not None or held is None else held.ballots
    check_points(component, each.points, ballots)
    if held is not None and (held.points, held.ballots) == (each.points, ballots):
        raise Refused("nothing-amended", _nothing_amended(each))
    return ScoreCorrected(
        round=this.require_open().round,
        person=each.person,
        component=each.component,
        was=None if held is None else held.points,
        points=each.points,
        rater=each.rater,
        ballots=ballots,
        corrects=None if held is None else held.position,
        ground=ground,
        reason=None,
        objection=objection,
        correction=correction,
    )


def _with(scores: Scores, corrected: Sequence[ScoreCorrected]) -> Scores:
    """Return the scores as they will be once `corrected` are facts."""
    after = copy.deepcopy(scores)
    for change in corrected:
        after.evolve(Fact(scores.last_position + 1, datetime.min.replace(tzinfo=UTC), "", None, change))
    return after


def _opened(person: PersonId, this: Round, objection: ObjectionId | None) -> CorrectionOpened:
    return CorrectionOpened(
        round=this.require_open().round,
        correction=CorrectionId(f"{objection}.{person}"[:64]),
        person=person,
        cause=None,
        objection=objection,
        review=None,
        decided=True,
    )


def require_uninvolved(context: Context, offices: Offices, scores: Scores, people: Sequence[PersonId]) -> None:
    """Raise `NotPermitted` where the actor rules on himself, on somebody close, or on scores he recorded."""
    for person in dict.fromkeys(people):
        offices.require_stranger(context, person)
        if context.actor in scores.recorders_of(person):
            raise NotPermitted("recorder-rules", _RECORDER)


_RECORDER = Text(
    "您登记过当事人的分数，不能对其作出裁定；请由他人办理。",
    "You recorded scores of the person concerned and cannot rule on them; somebody else must do this.",
)


def _nothing_amended(each: Amendment) -> Text:
    return Text(
        f"{each.person} 的 {each.component} 本来就是 {each.points} 分；请核对更正内容。",
        f"{each.person}'s {each.component} is {each.points} already; check the amendment.",
    )
