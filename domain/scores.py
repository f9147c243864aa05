"""What raters gave: a score per person, component and rater, with its corrections (A-19, A-21, A-24, A-25, A-40)."""

import typing
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, assert_never

from domain.appointments import Offices
from domain.ballots import BallotsCounted, OpenlyAppraised
from domain.decision import (
    Command,
    Conflict,
    Context,
    Event,
    Fact,
    NotFound,
    Refused,
    State,
    command,
    deciders,
    event,
    members_of,
)
from domain.drawn import AppraisalNotHeld, DrawEvent, MonthDrawn, NoAppraisalTakenBack, RecordsDrawn
from domain.ids import CorrectionId, Evidence, ObjectionId, PersonId, RoundId
from domain.lists import Lists
from domain.measured import Known, MeasureCorrected, MeasureEntered, MeasureEvent, known_in
from domain.points import check_points, require_group
from domain.raters import Raters, component_of
from domain.refusals import not_in_future
from domain.roles import RECORDERS
from domain.rounds import Round
from domain.rulebook.model import Component
from domain.score_places import Place, Placed, overlaps, place_of
from domain.sealed import Sealed
from domain.text import Text

Ground = Literal["correction", "objection", "procedure"]

# commands


@command("record-score", roles=RECORDERS, at="rounds/{round}/scores")
class RecordScore(Command):
    """Enter what a rater gave a member; one rater or, for counted ballots, their mean and how many were valid.

    `group` names the group of raters, where each has a share of its own.
    """

    round: RoundId
    person: PersonId
    component: str
    points: Decimal
    rater: PersonId | None = None
    ballots: int | None = None
    occurred_on: date | None = None
    evidence: Evidence | None = None
    group: str | None = None


@command("correct-score", roles=RECORDERS, at="rounds/{round}/scores/{person}/{component}/correction", changes=True)
class CorrectScore(Command):
    """Replace a score that was entered wrongly, with the reason; the old one stays in the history."""

    round: RoundId
    person: PersonId
    component: str
    points: Decimal
    reason: Sealed
    rater: PersonId | None = None
    ballots: int | None = None
    group: str | None = None


@command("mark-not-applicable", roles=RECORDERS, at="rounds/{round}/scores/{person}/{component}/not-applicable")
class MarkNotApplicable(Command):
    """Enter that an optional component does not exist for a member (AMB-A11), which is not the same as missing."""

    round: RoundId
    person: PersonId
    component: str
    why: str


# events


@event("score.Recorded.v1")
class ScoreRecorded(Event):
    """A rater gave a member points for a component; `cell` is the place in the imported table."""

    round: RoundId
    person: PersonId
    component: str
    level: str
    points: Decimal
    rater: PersonId | None
    ballots: int | None
    occurred_on: date | None
    evidence: Evidence | None
    cell: str | None
    group: str | None = None


@event("score.Corrected.v1")
class ScoreCorrected(Event):
    """A score was replaced; `corrects` is the position of the fact that no longer counts."""

    round: RoundId
    person: PersonId
    component: str
    was: Decimal | None
    points: Decimal
    rater: PersonId | None
    ballots: int | None
    corrects: int | None
    ground: Ground
    reason: Sealed | None
    objection: ObjectionId | None
    correction: CorrectionId | None
    period: str | None = None
    group: str | None = None


@event("score.NotApplicable.v1")
class ComponentNotApplicable(Event):
    """A component does not exist for a member."""

    round: RoundId
    person: PersonId
    component: str
    why: str


@event("score.SheetImported.v1")
class SheetImported(Event):
    """A table was taken in as a whole: so many new, changed and unchanged cells."""

    round: RoundId
    workbook: Evidence
    new: int
    changed: int
    unchanged: int


ScoreEvent = ScoreRecorded | ScoreCorrected | ComponentNotApplicable | SheetImported


# state


@dataclass(frozen=True, slots=True)
class Held:
    """A score that counts, and the position of the fact it stands in."""

    points: Decimal
    ballots: int | None
    rater: PersonId | None
    position: int
    group: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn, and the position of the fact it stands in."""

    what: RecordsDrawn
    position: int


Cell = tuple[PersonId, str]
MonthCell = tuple[PersonId, str, str]
Counting = ScoreEvent | DrawEvent | BallotsCounted | OpenlyAppraised | MeasureEvent


@dataclass(slots=True)
class Scores(State):
    """The scores that count now, per person, component and rater."""

    KIND = RoundId
    EVENTS = members_of(Counting)
    held: dict[Cell, dict[Place, Held]] = field(default_factory=dict)
    not_applicable: dict[Cell, int] = field(default_factory=dict)
    records: dict[Cell, Drawn] = field(default_factory=dict)
    months: dict[PersonId, dict[str, tuple[MonthDrawn, int]]] = field(default_factory=dict)
    months_corrected: dict[MonthCell, Held] = field(default_factory=dict)
    counted: dict[Cell, dict[str, tuple[BallotsCounted, int]]] = field(default_factory=dict)
    openly: dict[Cell, tuple[OpenlyAppraised, int]] = field(default_factory=dict)
    not_held: dict[str, int] = field(default_factory=dict)
    held_after_all: set[str] = field(default_factory=set)
    measures: dict[PersonId, dict[str, Known]] = field(default_factory=dict)
    hands: dict[PersonId, set[str]] = field(default_factory=dict)
    last_position: int = 0

    def evolve(self, fact: Fact) -> None:  # noqa: C901 - one for each kind
        """Take one more score into account."""
        happened = typing.cast("Counting", fact.event)
        match happened:
            case ScoreRecorded() | ScoreCorrected():
                self._hold(happened, fact)
            case ComponentNotApplicable():
                self.not_applicable[(happened.person, happened.component)] = fact.position
            case RecordsDrawn():
                self.records[(happened.person, happened.component)] = Drawn(happened, fact.position)
            case MonthDrawn():
                self.months.setdefault(happened.person, {})[happened.period] = (happened, fact.position)
            case BallotsCounted(aspect=""):
                groups = self.counted.setdefault((happened.person, happened.component), {})
                groups[happened.group] = (happened, fact.position)
            case OpenlyAppraised():
                self.openly[(happened.person, happened.component)] = (happened, fact.position)
            case AppraisalNotHeld():
                self.not_held[happened.component] = fact.position
                self.held_after_all.discard(happened.component)
            case NoAppraisalTakenBack():
                del self.not_held[happened.component]
                self.held_after_all.add(happened.component)
            case MeasureEntered() | MeasureCorrected():
                self.measures.setdefault(happened.person, {})[happened.measure] = known_in(happened, fact.position)
                self.hands.setdefault(happened.person, set()).add(fact.actor)
            case SheetImported() | BallotsCounted():  # the staff are on no roster (B-35)
                return
            case _:
                assert_never(happened)
        self.last_position = fact.position

    def _hold(self, score: ScoreRecorded | ScoreCorrected, fact: Fact) -> None:
        cell = (score.person, score.component)
        held = Held(score.points, score.ballots, score.rater, fact.position, score.group or "")
        self.hands.setdefault(score.person, set()).update({fact.actor, score.rater or fact.actor})
        if isinstance(score, ScoreCorrected) and score.period is not None:
            self.months_corrected[(score.person, score.period, score.component)] = held
            return
        self.held.setdefault(cell, {})[place_of(score)] = held
        self.not_applicable.pop(cell, None)

    def get(self, asked: Placed) -> Held | None:
        """Return the score that counts in the place that a command or an amendment names, or None."""
        return self.held.get((asked.person, asked.component), {}).get(place_of(asked))

    def mixes(self, asked: Placed) -> bool:
        """Return whether one value for several raters would stand beside what single ones of them gave."""
        held = self.held.get((asked.person, asked.component), {})
        return overlaps(asked, {place: each.group for place, each in held.items()})

    def require_held(self, component: str) -> None:
        """Raise `Refused` where the component was declared not held (AMB-B7): then nobody is scored or voted on."""
        if component in self.not_held:
            raise Refused("appraisal-not-held", _NOT_HELD)

    def hands_in(self, person: PersonId) -> set[str]:
        """Return everyone who gave or entered a score of this person."""
        return self.hands.get(person, set())


# deciders


def record_score(  # noqa: PLR0913
    asked: RecordScore,
    context: Context,
    this: Round,
    scores: Scores,
    raters: Raters,
    lists: Lists,
    offices: Offices,
) -> list[Event]:
    """Enter a score where there is none yet; a different one is a correction and wants its reason."""
    component = _permitted(asked, context, this, lists, offices)
    if asked.occurred_on is not None:
        not_in_future(asked.occurred_on, context)
    if asked.rater is not None:
        raters.check(component, asked.rater, asked.person, offices)
    check_points(this.rulebook, component, asked, asked.ballots)
    require_group(component, asked.group)
    scores.require_held(asked.component)
    held = scores.get(asked)
    if held is not None:
        if (held.points, held.ballots) == (asked.points, asked.ballots):
            return []
        raise Conflict("score-exists", _exists(held.points))
    if scores.mixes(asked):
        raise Conflict("raters-mixed", RATERS_MIXED)
    return [
        ScoreRecorded(
            round=asked.round,
            person=asked.person,
            component=asked.component,
            level=component.rater,
            points=asked.points,
            rater=asked.rater,
            ballots=asked.ballots,
            occurred_on=asked.occurred_on,
            evidence=asked.evidence,
            cell=None,
            group=asked.group,
        )
    ]


def correct_score(  # noqa: PLR0913
    asked: CorrectScore, context: Context, this: Round, scores: Scores, lists: Lists, offices: Offices
) -> list[Event]:
    """Replace a score before the list is proposed; afterwards only rulings and procedures change scores."""
    component = _permitted(asked, context, this, lists, offices)
    check_points(this.rulebook, component, asked, asked.ballots)
    held = scores.get(asked)
    if held is None:
        raise NotFound("no-score", _none_yet(asked.person, asked.component))
    if (held.points, held.ballots) == (asked.points, asked.ballots):
        return []
    return [
        ScoreCorrected(
            round=asked.round,
            person=asked.person,
            component=asked.component,
            was=held.points,
            points=asked.points,
            rater=asked.rater,
            ballots=asked.ballots,
            corrects=held.position,
            ground="correction",
            reason=asked.reason,
            objection=None,
            correction=None,
            group=held.group or None,
        )
    ]


def mark_not_applicable(  # noqa: PLR0913
    asked: MarkNotApplicable, context: Context, this: Round, scores: Scores, lists: Lists, offices: Offices
) -> list[Event]:
    """Enter that an optional component does not exist for a member."""
    component = _permitted(asked, context, this, lists, offices)
    cell = (asked.person, asked.component)
    if cell in scores.not_applicable:
        return []
    if not component.optional or component.absent == "refuse" or cell in scores.held:
        raise Refused("component-applies", _applies(component, scores.held.get(cell)))
    return [ComponentNotApplicable(round=asked.round, person=asked.person, component=asked.component, why=asked.why)]


DECIDERS = deciders(record_score, correct_score, mark_not_applicable)


def _permitted(
    asked: RecordScore | CorrectScore | MarkNotApplicable,
    context: Context,
    this: Round,
    lists: Lists,
    offices: Offices,
) -> Component:
    this.require_enrolled(asked.person)
    component = component_of(this, asked.component)
    own_assessment = component.rater == "self" and context.actor == asked.person
    if not own_assessment:
        offices.require(asked, context, this.branch)
        offices.require_stranger(context, asked.person)
    this.require_evaluated(asked.person)
    lists.require_open_scores()
    return component


_NOT_HELD = Text(
    "该项评议已登记为未举行，不能再评分或投票。",
    "It is on record that this was not held, so nobody is scored or voted on.",
)
RATERS_MIXED = Text(
    "该项或者是一个总的分值，或者由各评分人分别给分，不能并存；请写明同样的评分人，或更正原有分数。",
    "A component has one value for all raters or one from each, not both; name the rater as the scores held do.",
)


def _exists(points: Decimal) -> Text:
    return Text(
        f"已登记为 {points} 分；如登记有误，请用“更正分数”并说明原因。",
        f"{points} is recorded already; if that is wrong, correct the score and give the reason.",
    )


def _none_yet(person: str, component: str) -> Text:
    return Text(
        f"{person} 的 {component} 还没有分数，不需要更正。", f"{person} has no score for {component} yet; record it."
    )


def _applies(component: Component, held: object) -> Text:
    if held:
        return Text("该项已有分数，不能标为不适用。", "There is a score already, so the component applies.")
    return Text(
        f"“{component.title.zh}”是必评项目，不能标为不适用。", f"'{component.title.en}' is required of everybody."
    )
