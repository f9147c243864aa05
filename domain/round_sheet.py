"""The sheet that a round's facts make: everybody on the roster, each value with the facts it stands in."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from domain.ballots import BallotsCounted, GradeCount, OpenlyAppraised
from domain.decision import replace
from domain.drawn import DrawnEntry, MonthDrawn
from domain.earlier import EarlierStar, EarlierStars
from domain.ids import PersonId
from domain.rounds import MemberEnrolled, Round
from domain.rulebook.model import Component
from domain.score_places import WHOLE
from domain.scores import Cell, Drawn, Held, Scores
from domain.sheet import Candidate, Counted, Entry, Given, Occurrences, PeriodGiven, Recorded, Score, Sheet
from domain.vetoes import Counting, declared_against


def sheet_of(this: Round, scores: Scores, vetoes: Counting, earlier: EarlierStars | None = None) -> Sheet:
    """Return the sheet that a result of the round is computed from; `vetoes` are those that count in it.

    What the round's rulebook has no veto and no gate for is left out: a trial asks another one. Stars of `earlier`
    years make no result, only what follows from it.
    """
    vetoes = {key: each for key, each in vetoes.items() if each.code in this.rulebook.vetoes}
    stars = EarlierStars() if earlier is None else earlier
    asked, said = _asked(this), Occurrences()
    people = tuple(
        _candidate(this, scores, vetoes, stars.before(this, person), person, asked, said) for person in this.roster
    )
    return Sheet(period=this.period, people=people, roster_size=len(this.roster))


def _asked(this: Round) -> dict[str, Component]:
    """Return the columns that are given for the round itself: in a year made of months, what is assessed once."""
    leaves, annual = this.rulebook.leaves(), this.rulebook.annual
    if annual is None or not this.rulebook.is_year(this.period):
        return leaves
    return {code: component for code, component in leaves.items() if code in annual.once}


def _candidate(  # noqa: PLR0913 - what a line of the sheet is made of
    this: Round,
    scores: Scores,
    vetoes: Counting,
    earlier: Mapping[str, EarlierStar],
    person: PersonId,
    asked: Mapping[str, Component],
    said: Occurrences,
) -> Candidate:
    enrolled, asked_beside = this.roster[person], {gate.measure for gate in this.rulebook.gates}
    measures = {name: known for name, known in scores.measures.get(person, {}).items() if name in asked_beside}
    return Candidate(
        person=person,
        kind=enrolled.kind,
        components={code: _score(component, scores, (person, code), said) for code, component in asked.items()},
        not_applicable=frozenset(
            code for code, component in asked.items() if not _applies(component, scores, (person, code), enrolled)
        ),
        joined=enrolled.joined,
        exempt=person in this.exempt,
        category=enrolled.category or "",
        vetoes=declared_against(person, vetoes),
        gates={measure: known.value for measure, known in measures.items()},
        gate_sources={measure: (known.position,) for measure, known in measures.items()},
        earlier={year: each.star for year, each in earlier.items()},
        earlier_sources={year: (each.position,) for year, each in earlier.items()},
        periods=tuple(_month(this, scores, drawn) for drawn in scores.months.get(person, {}).values()),
    )


def _score(component: Component, scores: Scores, cell: Cell, said: Occurrences) -> Score:
    """Return what a component was given; a score that a ruling put in its place counts instead of what was drawn."""
    if component.shares:
        return _by_shares(component, scores, cell)
    if held := scores.held.get(cell):
        return tuple(map(_given, held.values()))
    if drawn := scores.records.get(cell):
        return _recorded(drawn, said)
    if counted := scores.counted.get(cell):
        return _counted(tuple(counted.values()))
    if openly := scores.openly.get(cell):
        return _openly(component, *openly)
    return None


def _by_shares(component: Component, scores: Scores, cell: Cell) -> Score:
    """Return what each group gave, by whichever way it did; a ruling's whole value counts instead of all of them.

    Of a group, what was entered counts instead of its ballots, as elsewhere.
    """
    held, openly = scores.held.get(cell, {}), scores.openly.get(cell)
    if WHOLE in held:
        return (_given(held[WHOLE]),)
    shown = {group: each for group, each in scores.counted.get(cell, {}).items() if not each[0].withheld}
    if not held and not shown:
        return None if openly is None else _openly(component, *openly)
    graded = all(count.grade is not None for each, _ in shown.values() for count in each.counts)
    if not held and openly is None and graded:
        return _counted(tuple(shown.values()))
    entered = [_given(each) for each in held.values()]
    known = {each.group for each in entered}
    voted = [_mean_of(component, *each) for group, each in shown.items() if group not in known]
    known |= {each.group for each in voted}
    named = () if openly is None else _named(component, *openly)
    return (*entered, *voted, *(each for each in named if each.group not in known))


def _mean_of(component: Component, counted: BallotsCounted, position: int) -> Given:
    """Return what a group voted as the mean of its points."""
    points = _points_of(component)
    counts = [replace(each, points=points.get(each.grade or "", each.points)) for each in counted.counts]
    return replace(_mean(counts, (position,)), group=counted.group)


def _named(component: Component, appraised: OpenlyAppraised, position: int) -> Iterator[Given]:
    """Yield what each of a small body gave openly as points; an abstention gives none."""
    points = _points_of(component)
    for mark in appraised.marks:
        given = mark.points if mark.grade is None else points.get(mark.grade)
        if given is not None:
            yield Given(given, (position,), rater=mark.rater, group=mark.group, openly=True)


def _points_of(component: Component) -> Mapping[str, Decimal]:
    return {} if component.grades is None else component.grades.points


def _counted(groups: tuple[tuple[BallotsCounted, int], ...]) -> Score:
    """Return counted ballots, group by group; where fewer came than may be shown there is nothing to count."""
    shown = [(counted, position) for counted, position in groups if not counted.withheld]
    if not shown:
        return None
    sources = tuple(position for _, position in shown)
    if any(count.points is not None for counted, _ in shown for count in counted.counts):
        return _mean([count for counted, _ in shown for count in counted.counts], sources)
    voices = {counted.group: _voices(counted) for counted, _ in shown}
    if any(counted.pooled for counted, _ in shown):
        return Counted(grades=_together(voices.values()), sources=sources)
    return Counted(groups=voices, sources=sources)


def _voices(counted: BallotsCounted) -> dict[str, int]:
    return {count.grade: count.voices for count in counted.counts if count.grade is not None}


def _together(groups: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return all voices as one body's: groups too small to be shown apart were counted together."""
    total: dict[str, int] = {}
    for voices in groups:
        for grade, count in voices.items():
            total[grade] = total.get(grade, 0) + count
    return total


def _mean(counts: list[GradeCount], sources: tuple[int, ...]) -> Given:
    voices = sum(count.voices for count in counts)
    total = sum((Fraction(count.points or 0) * count.voices for count in counts), Fraction())
    return Given(total / voices, sources, voices)


def _openly(component: Component, appraised: OpenlyAppraised, position: int) -> Score:
    """Return the marks that a small body gave openly: no minimum of ballots is asked of them."""
    graded = [mark for mark in appraised.marks if mark.grade is not None]
    if not graded:
        given = (
            Given(mark.points, (position,), rater=mark.rater, group=mark.group if component.shares else "", openly=True)
            for mark in appraised.marks
            if mark.points is not None
        )
        return tuple(given) or None
    groups: dict[str, dict[str, int]] = {}
    for mark in graded:
        voices = groups.setdefault(mark.group, {})
        voices[str(mark.grade)] = voices.get(str(mark.grade), 0) + 1
    return Counted(groups=groups, sources=(position,), open_vote=True)


def _given(held: Held) -> Given:
    return Given(held.points, (held.position,), held.ballots, held.rater or "", held.group)


def _recorded(drawn: Drawn, said: Occurrences) -> Recorded:
    return Recorded(tuple(_entry(one, said) for one in drawn.what.entries), (drawn.position,))


def _entry(one: DrawnEntry, said: Occurrences) -> Entry:
    level, matter = one.level or "", one.matter or ""
    occurred = said.of(one.item, one.points, one.occurred_on, one.amount, level, matter, judged=True)
    return Entry(occurred, (one.position,))


def _month(this: Round, scores: Scores, drawn: tuple[MonthDrawn, int]) -> PeriodGiven:
    """Return a settled period; what it has no value for did not apply to the person, where the rulebook allows that."""
    month, position = drawn
    leaves = this.rulebook.leaves()
    components: dict[str, Score] = {
        code: None if value is None else Given(Fraction(value), (month.source,))
        for code, value in month.values.items()
        if code in leaves
    }
    for code in components:
        if corrected := scores.months_corrected.get((month.person, month.period, code)):
            components[code] = _given(corrected)
    absent = frozenset(code for code, value in components.items() if value is None and leaves[code].optional)
    return PeriodGiven(month.period, components, sources=(position,), not_applicable=absent)


def _applies(component: Component, scores: Scores, cell: Cell, enrolled: MemberEnrolled) -> bool:
    """Return whether a person has the component: not where that was entered, nor where he has no Party group."""
    if cell in scores.not_applicable or component.code in scores.not_held:
        return False
    groupless = component.optional and component.rater == "group" and enrolled.group is None
    return not groupless or cell in scores.held
