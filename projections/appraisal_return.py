"""The annual return 民主评议情况统计表: who took part in the appraisal, what grades came of it, what was done since.

Form 19, for the superior organisation: numbers alone, no ballots (B-34, B-48). Computed whenever it is asked for, so
that it cannot differ from the facts.
"""

import typing
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, assert_never

from domain.assistance import ImprovementOpened
from domain.decision import Fact, Refused, Selector, State
from domain.ids import ImprovementId, PersonId, RoundId, TalkId
from domain.organisation import UNIT_KINDS, Organisation, UnitKind
from domain.round_sheet import sheet_of
from domain.rounds import Round, RoundOpened
from domain.rulebook.model import Component
from domain.rulebook.periods import kind_of
from domain.scores import Scores
from domain.scoring.voices import counting, voices
from domain.sheet import Candidate, Counted, Score
from domain.talks import RectificationChecked, RectificationOrdered, TalkHeld
from domain.text import Text
from ledger.ledger import Ledger
from projections.folding import folded

Reason = Literal["probationary", "exempt", "not_held", "not_counted", "withheld", "points", "too_few"]
"""Why somebody has no grade. `points`: a score in points stands where the ballots' grades would."""

TALKS = ("reminder", "admonition")
PROBATIONARY: Reason = "probationary"
ABSENT: frozenset[Reason] = frozenset({"exempt", "not_held", "not_counted"})
"""Who is without a grade for one of these did not take part at all."""

Disposal = TalkHeld | RectificationOrdered | RectificationChecked | ImprovementOpened


@dataclass(slots=True)
class Disposals(State):
    """What was done about people's results in a round: talks, orders to rectify, plans of assistance."""

    KIND = RoundId
    EVENTS = (TalkHeld, RectificationOrdered, RectificationChecked, ImprovementOpened)
    talks: dict[TalkId, str] = field(default_factory=dict)
    talked: set[PersonId] = field(default_factory=set)
    ordered: set[TalkId] = field(default_factory=set)
    checked: set[TalkId] = field(default_factory=set)
    improvements: set[ImprovementId] = field(default_factory=set)

    def evolve(self, fact: Fact) -> None:
        """Take one more measure into account."""
        happened = typing.cast("Disposal", fact.event)
        match happened:
            case TalkHeld():
                self.talks[happened.talk] = happened.kind
                self.talked.add(happened.person)
            case RectificationOrdered():
                self.ordered.add(happened.talk)
            case RectificationChecked():
                self.checked.add(happened.talk)
            case ImprovementOpened():
                self.improvements.add(happened.improvement)
            case _:
                assert_never(happened)

    def of_kind(self, kind: str) -> int:
        """Return how many talks of a kind were held."""
        return sum(each == kind for each in self.talks.values())


@dataclass(frozen=True, slots=True)
class UnitDisposals:
    """The measures of a year in all branches whose units are of one kind; `unit` is None where nobody entered it."""

    unit: UnitKind | None
    branches: tuple[str, ...]
    talks: Mapping[str, int]
    rectifications_ordered: int
    rectifications_checked: int
    improvements_opened: int


@dataclass(frozen=True, slots=True)
class Headcount:
    """So many members, by kind."""

    formal: int
    probationary: int

    @property
    def together(self) -> int:
        """Return how many there are in all."""
        return self.formal + self.probationary


@dataclass(frozen=True, slots=True)
class NotGraded:
    """Somebody on the roster who has no grade, and why."""

    person: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Check:
    """A relation between the return's numbers, with both its sides; a difference stands in `not_graded`."""

    relation: Text
    left: int
    right: int
    holds: bool


@dataclass(frozen=True, slots=True)
class AppraisalReturn:
    """The return of one annual round. `grades` has every grade of the rulebook, highest first, with its people.

    `talks` counts reminders and admonitions; of the talks, `rectifications_ordered` had an order to rectify and
    `rectifications_checked` at least one check of it.
    """

    round: str
    branch: str
    period: str
    component: str
    roster: Headcount
    taking_part: Headcount
    grades: Mapping[str, int]
    not_graded: tuple[NotGraded, ...]
    talks: Mapping[str, int]
    rectifications_ordered: int
    rectifications_checked: int
    improvements_opened: int
    check: Check


def appraisal_return(ledger: Ledger, round_id: str, upto: int | None = None) -> AppraisalReturn:
    """Return the annual return of a round as of a position.

    `NotFound` where there is no such round; `Refused` where it is a month, or its rulebook has no ballots with grades.
    """
    this = folded(ledger, Round, round_id, upto)
    return returned(this, folded(ledger, Scores, round_id, upto), folded(ledger, Disposals, round_id, upto))


def returned(this: Round, scores: Scores, disposals: Disposals) -> AppraisalReturn:
    """Return the annual return that these states make."""
    component = _appraisal(this)
    found = {one.person: _grade(one, component, scores) for one in sheet_of(this, scores, {}).people}
    not_graded = tuple(NotGraded(person, one.reason) for person, one in found.items() if one.reason)
    absent = {one.person for one in not_graded if one.reason in ABSENT}
    given = Counter(one.grade for one in found.values())
    grades = {grade: given[grade] for grade in _highest_first(component)}
    taking_part = _headcount(this, [person for person in found if person not in absent])
    return AppraisalReturn(
        round=this.key,
        branch=this.branch,
        period=this.period,
        component=component.code,
        roster=_headcount(this, this.roster),
        taking_part=taking_part,
        grades=grades,
        not_graded=not_graded,
        talks={kind: disposals.of_kind(kind) for kind in TALKS},
        rectifications_ordered=len(disposals.ordered),
        rectifications_checked=len(disposals.checked),
        improvements_opened=len(disposals.improvements),
        check=_check(taking_part.formal, grades),
    )


def disposals_by_unit(ledger: Ledger, year: str, upto: int | None = None) -> tuple[UnitDisposals, ...]:
    """Return the measures about a year's results across all branches, by kind of unit, as of a position (B-48).

    Kinds stand in the order of the form, those that were not entered last; a kind without a branch is left out.
    """
    units = folded(ledger, Organisation, "", upto).unit_kinds
    opened = (fact.event for fact in ledger.read((Selector((RoundOpened.NAME,)),), upto=upto))
    rounds = [each for each in opened if isinstance(each, RoundOpened) and each.period == year]
    of_kind = {unit: [each for each in rounds if units.get(each.branch) == unit] for unit in (*UNIT_KINDS, None)}
    return tuple(_of_unit(ledger, unit, some, upto) for unit, some in of_kind.items() if some)


def _of_unit(ledger: Ledger, unit: UnitKind | None, rounds: Sequence[RoundOpened], upto: int | None) -> UnitDisposals:
    found = {opened.round: folded(ledger, Disposals, opened.round, upto) for opened in rounds}
    return UnitDisposals(
        unit=unit,
        branches=tuple(dict.fromkeys(opened.branch for opened in rounds)),
        talks={kind: sum(each.of_kind(kind) for each in found.values()) for kind in TALKS},
        rectifications_ordered=sum(len(each.ordered) for each in found.values()),
        rectifications_checked=sum(len(each.checked) for each in found.values()),
        improvements_opened=sum(len(each.improvements) for each in found.values()),
    )


@dataclass(frozen=True, slots=True)
class _Grade:
    """A grade, or the reason why there is none."""

    grade: str | None = None
    reason: Reason | None = None


def _appraisal(this: Round) -> Component:
    """Return the component of an annual round on which people vote with grades."""
    this.require_open()
    if kind_of(this.period) != "year":
        raise Refused("not-a-year", _not_a_year(this.period))
    graded = [component for component in this.rulebook.leaves().values() if component.takes_ballots]
    if not graded:
        raise Refused("no-grades", _NO_GRADES)
    return graded[0]


def _grade(one: Candidate, component: Component, scores: Scores) -> _Grade:
    """Return a person's grade; a probationary member takes part and has none (requirements §8, norms)."""
    cell = (PersonId(one.person), component.code)
    score = one.components.get(component.code)
    if one.exempt:
        return _Grade(reason="exempt")
    if score is None and cell in scores.counted:
        return _Grade(reason=PROBATIONARY if one.kind == PROBATIONARY else "withheld")
    if score is None:
        return _Grade(reason="not_held" if component.code in scores.not_held else "not_counted")
    return _Grade(reason=PROBATIONARY) if one.kind == PROBATIONARY else _graded(score, component)


def _graded(score: Score, component: Component) -> _Grade:
    """Return the grade that most of the counting voices gave; of grades with as many voices the lower (AMB-B8, B10)."""
    if not isinstance(score, Counted):
        return _Grade(reason="points")
    groups = voices(component, score)
    least = min(1, component.ballots_minimum) if score.open_vote else component.ballots_minimum
    if counting(groups) < max(1, least):
        return _Grade(reason="too_few")
    given = Counter[str]()
    for group in groups:
        given.update(group.grades if group.counts else {})
    lowest_first = reversed(_highest_first(component))
    return _Grade(grade=max(lowest_first, key=lambda grade: given[grade]))


def _highest_first(component: Component) -> list[str]:
    points = {} if component.grades is None else component.grades.points
    return sorted(points, key=lambda grade: points[grade], reverse=True)


def _headcount(this: Round, people: Iterable[str]) -> Headcount:
    kinds = Counter(this.roster[PersonId(person)].kind for person in people)
    return Headcount(kinds["formal"], kinds["probationary"])


def _check(formal: int, grades: Mapping[str, int]) -> Check:
    """Return the relation of the published form, for those of the people taking part who can have a grade."""
    relation = Text(f"参加评议正式党员数={'+'.join(grades)}", f"formal members taking part = {' + '.join(grades)}")
    right = sum(grades.values())
    return Check(relation, formal, right, formal == right)


_NO_GRADES = Text(
    "本办法没有以等次投票的民主评议，无从统计；积分请看 sheet。",
    "This rulebook has no appraisal by ballots with grades, hence no return; for scores use sheet.",
)


def _not_a_year(period: str) -> Text:
    return Text(
        f"{period} 是月度评定，民主评议情况按年统计；请用年度评定的编号。",
        f"{period} is a month, and the return is annual; give the id of the annual round.",
    )
