"""Entering and correcting what gates ask beside the score: attendance, tasks done, no discipline case (§3.15).

A condition that nobody entered leaves a result incomplete where the star depends on it; it is never taken for failed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.appointments import Offices
from domain.decision import Command, Conflict, Context, Event, NotFound, Refused, command, deciders
from domain.ids import CorrectionId, Evidence, ObjectionId, PersonId, RoundId
from domain.lists import Lists
from domain.measured import Known, MeasureCorrected, MeasureEntered
from domain.roles import RECORDERS
from domain.rounds import Round
from domain.scores import Ground, Scores
from domain.sealed import Sealed
from domain.sheet import Measure
from domain.sheet.plain import fine_enough
from domain.text import Text

# commands


@command("enter-measure", roles=RECORDERS, at="rounds/{round}/measures")
class EnterMeasure(Command):
    """Enter what is known of a condition beside the score: a number as `value`, or with `met` yes or no."""

    round: RoundId
    person: PersonId
    measure: str
    source: str
    value: Decimal | None = None
    met: bool | None = None
    evidence: Evidence | None = None


@command("correct-measure", roles=RECORDERS, at="rounds/{round}/measures/{person}/{measure}/correction", changes=True)
class CorrectMeasure(Command):
    """Replace what was entered wrongly of a condition, with the reason; the old value stays in the history."""

    round: RoundId
    person: PersonId
    measure: str
    reason: Sealed
    value: Decimal | None = None
    met: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureAmendment:
    """A condition as it should have been entered."""

    person: PersonId
    measure: str
    value: Decimal | None = None
    met: bool | None = None


# deciders


def enter_measure(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: EnterMeasure, context: Context, this: Round, scores: Scores, lists: Lists, offices: Offices
) -> list[Event]:
    """Enter a condition that the rulebook asks for and that is not known yet; another value is a correction."""
    value = _permitted(asked, context, this, lists, offices)
    held = _held(scores, asked.person, asked.measure)
    if held is not None:
        if held.value == value:
            return []
        raise Conflict("measure-exists", _exists(held.value))
    return [
        MeasureEntered(
            round=asked.round,
            person=asked.person,
            measure=asked.measure,
            value=asked.value,
            met=asked.met,
            source=asked.source,
            evidence=asked.evidence,
        )
    ]


def correct_measure(  # noqa: PLR0913
    asked: CorrectMeasure, context: Context, this: Round, scores: Scores, lists: Lists, offices: Offices
) -> list[Event]:
    """Replace a condition before the list is proposed; afterwards only rulings and procedures change it."""
    value = _permitted(asked, context, this, lists, offices)
    held = _held(scores, asked.person, asked.measure)
    if held is None:
        raise NotFound("no-measure", _none_yet(asked.person, asked.measure))
    if held.value == value:
        return []
    return [_corrected(asked, this, held, "correction", reason=asked.reason)]


DECIDERS = deciders(enter_measure, correct_measure)


def measures_amended(  # noqa: PLR0913 - what a ruling says of its own ground
    amendments: Sequence[MeasureAmendment],
    this: Round,
    scores: Scores,
    ground: Ground,
    objection: ObjectionId | None,
    correction: CorrectionId | None,
) -> list[MeasureCorrected]:
    """Return what a ruling makes of conditions; `Refused` for one amended twice, or that is so already."""
    cells = [(each.person, each.measure) for each in amendments]
    if len(set(cells)) < len(cells):
        raise Refused("amended-twice", _AMENDED_TWICE)
    found = []
    for each in amendments:
        this.require_enrolled(each.person)
        this.require_evaluated(each.person)
        held, value = _held(scores, each.person, each.measure), _value(each, this)
        if held is not None and held.value == value:
            raise Refused("nothing-amended", _exists(value))
        found.append(_corrected(each, this, held, ground, objection=objection, correction=correction))
    return found


def _permitted(
    asked: EnterMeasure | CorrectMeasure, context: Context, this: Round, lists: Lists, offices: Offices
) -> Measure:
    """Return the value asked, where the actor may enter it of that person and the list is not proposed yet."""
    this.require_enrolled(asked.person)
    offices.require(asked, context, this.branch)
    offices.require_stranger(context, asked.person)
    value = _value(asked, this)
    this.require_evaluated(asked.person)
    lists.require_open_scores()
    return value


def _value(asked: EnterMeasure | CorrectMeasure | MeasureAmendment, this: Round) -> Measure:
    """Return the value, where it is of the kind that the gates of the rulebook ask for."""
    gates = [gate for gate in this.rulebook.gates if gate.measure == asked.measure]
    if not gates:
        raise NotFound("unknown-measure", _unknown(asked.measure, (gate.measure for gate in this.rulebook.gates)))
    number = gates[0].at_least is not None
    if (asked.value is None) == (asked.met is None) or (asked.value is None) == number:
        raise Refused("measure-unfit", _unfit(asked.measure, number=number))
    if asked.value is not None and not fine_enough(asked.value):
        raise Refused("measure-unfit", _unfit(asked.measure, number=number))
    return asked.met if asked.value is None else asked.value


def _held(scores: Scores, person: PersonId, measure: str) -> Known | None:
    return scores.measures.get(person, {}).get(measure)


def _corrected(  # noqa: PLR0913
    asked: CorrectMeasure | MeasureAmendment,
    this: Round,
    held: Known | None,
    ground: Ground,
    *,
    reason: Sealed | None = None,
    objection: ObjectionId | None = None,
    correction: CorrectionId | None = None,
) -> MeasureCorrected:
    return MeasureCorrected(
        round=this.require_open().round,
        person=asked.person,
        measure=asked.measure,
        value=asked.value,
        met=asked.met,
        corrects=None if held is None else held.position,
        ground=ground,
        reason=reason,
        objection=objection,
        correction=correction,
    )


_AMENDED_TWICE = Text("同一条件更正了两次；请只写一次。", "A condition is amended twice; say once what it should be.")


def _said(value: Measure) -> Text:
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    return Text(str(value), str(value))


def _exists(value: Measure) -> Text:
    said = _said(value)
    return Text(
        f"已登记为{said.zh}；如登记有误，请写明更正后的值并说明原因。",
        f"It is entered as {said.en} already; if that is wrong, correct it and give the reason.",
    )


def _none_yet(person: str, measure: str) -> Text:
    return Text(
        f"{person} 的 {measure} 尚未登记，不需要更正；请直接登记。", f"{person} has no {measure} yet; enter it instead."
    )


def _unknown(measure: str, known: Iterable[str]) -> Text:
    listed = list(dict.fromkeys(known))
    return Text(
        f"办法没有条件“{measure}”；有：{'、'.join(listed) or '无'}。",
        f"No gate of the rulebook asks for '{measure}'; it has {', '.join(listed) or 'none'}.",
    )


def _unfit(measure: str, *, number: bool) -> Text:
    if number:
        return Text(
            f"“{measure}”是数字，小数不超过6位；请只写 value。",
            f"'{measure}' is a number of at most 6 decimals; give `value` alone.",
        )
    return Text(f"“{measure}”须答是或否；请只写 met。", f"'{measure}' is a yes or no; give `met` alone.")
