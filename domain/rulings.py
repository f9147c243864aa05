"""What a ruling does: it corrects scores, conditions and vetoes, computes the round anew, names everybody it touches.

Nothing is recomputed silently: whoever's result changes hangs anew, and for whom a star was confirmed before,
a correction procedure opens (AMB-B28).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Literal

from domain.appointments import Offices
from domain.confirmation import Confirmations, CorrectionOpened
from domain.decision import Context, Event, NotFound, NotPermitted, Refused, ahead
from domain.ids import LONGEST_ID, CorrectionId, ObjectionId, PersonId
from domain.measures import MeasureAmendment, measures_amended
from domain.points import check_points, require_group
from domain.raters import component_of
from domain.rounds import Round
from domain.scores import RATERS_MIXED, Ground, Held, ScoreCorrected, Scores
from domain.tally import ResultComputed, Results, retally
from domain.text import Text
from domain.vetoes import VetoCounted


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """A score as it should have been; in a year made of months, `period` says which month's."""

    person: PersonId
    component: str
    points: Decimal
    rater: PersonId | None = None
    ballots: int | None = None
    period: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """All that a ruling changes: scores, conditions beside them, and the vetoes that count from now on or no longer."""

    scores: tuple[Amendment, ...] = ()
    measures: tuple[MeasureAmendment, ...] = ()
    vetoes: tuple[VetoCounted, ...] = ()

    def __bool__(self) -> bool:
        """Return whether there is anything to change."""
        return bool(self.scores or self.measures or self.vetoes)

    @property
    def people(self) -> tuple[PersonId, ...]:
        """Return whose scores, conditions or vetoes are changed."""
        changed = (self.scores, self.measures, self.vetoes)
        return tuple(each.person for part in changed for each in part)

    def require_fitting(self, verdict: Literal["upheld", "dismissed"]) -> None:
        """Raise `Refused` where what is upheld changes nothing, or what is dismissed does."""
        if (verdict == "upheld") != bool(self):
            raise Refused("ruling-contradicts-itself", _CONTRADICTS)


@dataclass(frozen=True, slots=True)
class Amended:
    """The events of a ruling, and everybody whose result it changed."""

    events: tuple[Event, ...]
    touched: tuple[PersonId, ...]


def amend(  # noqa: PLR0913 - the states a ruling reads, and its own ground
    changes: Changes,
    this: Round,
    scores: Scores,
    results: Results,
    confirmations: Confirmations,
    *,
    ground: Ground,
    objection: ObjectionId | None = None,
    correction: CorrectionId | None = None,
    questioned: PersonId | None = None,
    source: str | None = None,
) -> Amended:
    """Return what `changes` come to: corrected scores, the new tally, and corrections of confirmed stars.

    For `questioned`, the person of `correction`, none is opened: his is the procedure that has just decided. `source`
    names what is ruled on where that is neither an objection nor a correction.
    """
    if not changes:
        return Amended((), ())
    _require_distinct(changes.scores)
    corrected: list[Event] = [
        *(_corrected(each, this, scores, ground, objection, correction) for each in changes.scores),
        *measures_amended(changes.measures, this, scores, ground, objection, correction),
    ]
    corrected_scores = ahead(scores, corrected, scores.last_position + 1)
    computed = retally(this, corrected_scores, results, turned=changes.vetoes)
    touched = tuple(made.person for made in computed if isinstance(made, ResultComputed))
    opened = [
        _opened(person, this, objection, source or objection or correction)
        for person in touched
        if person in confirmations.stars and person != questioned
    ]
    return Amended((*corrected, *computed, *opened), touched)


def _require_distinct(amendments: Sequence[Amendment]) -> None:
    cells = [(each.person, each.component, each.rater, each.group, each.period) for each in amendments]
    if len(set(cells)) < len(cells):
        raise Refused("amended-twice", _AMENDED_TWICE)


def _corrected(  # noqa: PLR0913
    each: Amendment,
    this: Round,
    scores: Scores,
    ground: Ground,
    objection: ObjectionId | None,
    correction: CorrectionId | None,
) -> ScoreCorrected:
    this.require_enrolled(each.person)
    this.require_evaluated(each.person)
    component = component_of(this, each.component)
    held = _held(each, scores)
    ballots = each.ballots if each.ballots is not None or held is None else held.ballots
    check_points(this.rulebook, component, each, ballots)
    if each.group is not None:
        require_group(component, each.group)
    if scores.mixes(each):
        raise Refused("raters-mixed", RATERS_MIXED)
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
        period=each.period,
        group=each.group or (None if held is None else held.group or None),
    )


def _held(each: Amendment, scores: Scores) -> Held | None:
    """Return the score that is amended, if there is one."""
    if each.period is None:
        return scores.get(each)
    drawn = scores.months.get(each.person, {}).get(each.period)
    if drawn is None:
        raise NotFound("month-not-drawn", _month_not_drawn(each))
    month, position = drawn
    corrected = scores.months_corrected.get((each.person, each.period, each.component))
    exact = month.values.get(each.component)
    if corrected is not None or exact is None or "/" in exact:
        return corrected
    return Held(Decimal(exact), None, None, position)


def _opened(person: PersonId, this: Round, objection: ObjectionId | None, source: str | None) -> CorrectionOpened:
    return CorrectionOpened(
        round=this.require_open().round,
        correction=_named(f"{source}.{person}"),
        person=person,
        cause=None,
        objection=objection,
        review=None,
        decided=True,
    )


def _named(name: str) -> CorrectionId:
    """Return the name, or where it is too long for an id its digest, so that no two people share one."""
    return CorrectionId(name if len(name) <= LONGEST_ID else sha256(name.encode()).hexdigest())


def require_untouched(context: Context, offices: Offices, amended: Amended) -> None:
    """Raise `NotPermitted` where what is decided would change the actor's own result, or that of somebody close."""
    for person in amended.touched:
        offices.require_stranger(context, person)


def require_uninvolved(context: Context, offices: Offices, scores: Scores, people: Sequence[PersonId]) -> None:
    """Raise `NotPermitted` where the actor rules on himself, on somebody close, or on scores he gave or recorded."""
    for person in dict.fromkeys(people):
        offices.require_stranger(context, person)
        if context.actor in scores.hands_in(person):
            raise NotPermitted("recorder-rules", _RECORDER)


_CONTRADICTS = Text(
    "成立须写明更正后的分数、条件或须计入的一票否决；不成立则不得更正。",
    "What is upheld says what scores, conditions or vetoes should be; what is dismissed changes none.",
)
_RECORDER = Text(
    "您给过或登记过当事人的分数，不能对其作出裁定；请由他人办理。",
    "You gave or recorded scores of the person concerned and cannot rule on them; somebody else must do this.",
)
_AMENDED_TWICE = Text("同一分数更正了两次；请只写一次。", "A score is amended twice; say once what it should be.")


def _nothing_amended(each: Amendment) -> Text:
    return Text(
        f"{each.person} 的 {each.component} 本来就是 {each.points} 分；请核对更正内容。",
        f"{each.person}'s {each.component} is {each.points} already; check the amendment.",
    )


def _month_not_drawn(each: Amendment) -> Text:
    return Text(
        f"{each.person} 的 {each.period} 没有汇入本年度；请核对月份。",
        f"{each.person}'s {each.period} was not drawn into this year; check the month.",
    )
