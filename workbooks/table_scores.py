"""What a filled-in Table 3-1 would do to a round: every cell judged against what is recorded, nothing written (S3)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from domain.findings import Finding
from domain.ids import PersonId
from domain.rulebook.model import Component
from domain.score_import import ScoreLine
from domain.score_places import WHOLE
from domain.sheet.model import Candidate
from projections.effects import Change
from workbooks.address import letter, parse_address
from workbooks.grid import Grid
from workbooks.matching import Matching, match
from workbooks.preview import KINDS, Line, LineKind, Preview, preview
from workbooks.score_table import ScoreTable, read_score_table
from workbooks.table_effects import effects
from workbooks.table_faults import (
    ballots_few,
    ballots_missing,
    component_applies,
    exempt,
    left_to_others,
    not_in_rulebook,
    rated_individually,
    reason_missing,
)
from workbooks.table_header import column_findings, printed_weights, reference_findings, year_notes
from workbooks.table_people import known_people
from workbooks.table_round import RoundFacts, counted
from workbooks.table_totals import total_notes

WRITTEN: tuple[LineKind, ...] = ("new", "changed", "not_applicable")


@dataclass(frozen=True, slots=True)
class Importing:
    """Who imports, and what comes beside the table: the valid ballots of the masses, and whether a reason is given."""

    actor: PersonId
    ballots: int | None = None
    with_reason: bool = False


@dataclass(frozen=True, slots=True)
class ScorePlan:
    """The preview, the lines that one command would enter, and what they would change in results."""

    shown: Preview
    lines: tuple[ScoreLine, ...]
    effects: tuple[Change, ...]


def plan_scores(grid: Grid, facts: RoundFacts, importing: Importing) -> ScorePlan:
    """Return what importing the sheet would do; with an error anywhere there are no lines: whole or not at all (S4)."""
    rulebook = facts.this.rulebook
    table = read_score_table(grid, printed_weights(rulebook))
    matching = _matching(table, facts)
    judge = _Judge(facts, facts.candidates(), importing)
    lines = [judged for line in preview(table, matching, counted(facts)).lines for judged in judge.judge(line)]
    errors = [
        *reference_findings(table, facts),
        *column_findings(rulebook),
        *_ballots_errors(table, facts, lines, importing),
        *_reason_errors(table, lines, importing),
    ]
    notes = [
        *year_notes(table, facts),
        *_ballots_notes(table, facts, lines, importing),
        *(left_to_others(table, cells, importing.actor) for cells in judge.left_out.values()),
        *total_notes(table, matching, facts),
    ]
    shown = _preview((*_said("error", errors), *_said("note", notes), *lines))
    entered = () if shown.counts["error"] else tuple(_entered(lines))
    return ScorePlan(shown, entered, effects(facts, entered, importing.ballots))


def _matching(table: ScoreTable, facts: RoundFacts) -> Matching:
    """Match the rows with the roster; that an exempt member is not in the table needs no note."""
    everybody = match(table.rows, known_people(facts.this.roster, facts.borne))
    named = set(everybody.people.values())
    expected = [person for person in facts.this.roster if person not in facts.this.exempt or person in named]
    return match(table.rows, known_people(expected, facts.borne))


@dataclass(frozen=True, slots=True)
class _Judge:
    """Holds each cell against the round; cells that the actor may not enter are left out and kept by person."""

    facts: RoundFacts
    candidates: dict[PersonId, Candidate]
    importing: Importing
    left_out: dict[PersonId, list[Line]] = field(default_factory=dict)

    def judge(self, line: Line) -> Iterator[Line]:
        """Yield the line as it stands, as an error, or not at all."""
        if line.person is None or line.component is None or line.kind not in WRITTEN:
            yield line
            return
        person, component = PersonId(line.person), self.facts.this.rulebook.leaves().get(line.component)
        fault = self._fault(line, person, component)
        if fault is not None:
            yield replace(line, kind="error", reason=fault.message, remedy=fault.remedy)
        elif line.kind == "not_applicable" and self._is_absent(line, person):
            yield replace(line, kind="unchanged")
        elif component is not None and self._is_close(person, component):
            self.left_out.setdefault(person, []).append(line)
        else:
            yield line

    def _is_absent(self, line: Line, person: PersonId) -> bool:
        known = self.facts.this.rulebook.leaves()
        return line.component not in known or line.component in self.candidates[person].not_applicable

    def _is_close(self, person: PersonId, component: Component) -> bool:
        """Return whether the actor would act in his own case (his self-assessment is his) or for somebody close."""
        actor = self.importing.actor
        return component.rater != "self" if person == actor else self.facts.offices.related(actor, person)

    def _fault(self, line: Line, person: PersonId, component: Component | None) -> Finding | None:
        if line.kind == "not_applicable" and self._is_absent(line, person):
            return None
        if component is None:
            return not_in_rulebook(line)
        if person in self.facts.this.exempt:
            return exempt(line)
        if line.kind == "not_applicable":
            return None if _may_be_absent(line, component) else component_applies(line, component)
        held = self.facts.scores.held.get((person, component.code), {})
        if held and WHOLE not in held:
            return rated_individually(line, component, len(held))
        return None


def _may_be_absent(line: Line, component: Component) -> bool:
    """Return whether a component without a score may be marked 不适用 (AMB-A11)."""
    return component.optional and component.absent != "refuse" and line.before is None


def _ballots_errors(
    table: ScoreTable, facts: RoundFacts, lines: Iterable[Line], importing: Importing
) -> Iterator[Finding]:
    for component in _counted_by_ballots(facts, lines) if importing.ballots is None else ():
        yield ballots_missing(_column(table, component.code), component)


def _ballots_notes(
    table: ScoreTable, facts: RoundFacts, lines: Iterable[Line], importing: Importing
) -> Iterator[Finding]:
    for component in _counted_by_ballots(facts, lines):
        if importing.ballots is not None and importing.ballots < component.ballots_minimum:
            yield ballots_few(_column(table, component.code), component, importing.ballots)


def _counted_by_ballots(facts: RoundFacts, lines: Iterable[Line]) -> list[Component]:
    """Return the components whose scores are means of ballots and are new or changed in the table (AMB-A14)."""
    leaves = facts.this.rulebook.leaves()
    codes = dict.fromkeys(line.component for line in lines if line.kind in ("new", "changed"))
    return [leaves[code] for code in codes if code in leaves and leaves[code].ballots_minimum]


def _reason_errors(table: ScoreTable, lines: Iterable[Line], importing: Importing) -> Iterator[Finding]:
    if not importing.with_reason:
        changed = Counter(line.component for line in lines if line.kind == "changed" and line.component)
        for code, count in changed.items():
            yield reason_missing(_column(table, code), code, count)


def _column(table: ScoreTable, code: str) -> str:
    column = table.columns[code]
    return f"{column}:{column}"


def _said(kind: LineKind, findings: Iterable[Finding]) -> Iterator[Line]:
    for finding in findings:
        place = parse_address(finding.place)
        row, column = place or (None, None)
        yield Line(
            kind,
            finding.place,
            row,
            letter(column) if column else None,
            "",
            reason=finding.message,
            remedy=finding.remedy,
        )


def _preview(lines: Sequence[Line]) -> Preview:
    """Return the lines in the order of the sheet, what concerns the whole file first."""
    ordered = sorted(lines, key=lambda line: (line.row or 0, parse_address(line.place) or (0, 0)))
    counts = Counter(line.kind for line in ordered)
    return Preview(tuple(ordered), {kind: counts[kind] for kind in KINDS})


def _entered(lines: Iterable[Line]) -> Iterator[ScoreLine]:
    for line in lines:
        if line.person is not None and line.component is not None and line.kind in WRITTEN:
            yield ScoreLine(person=PersonId(line.person), component=line.component, points=line.after, cell=line.place)
