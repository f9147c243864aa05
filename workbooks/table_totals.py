"""The total that a table states, compared with the one that its row comes to. It is never used, only spoken about."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from domain.findings import Finding
from domain.ids import PersonId
from domain.round_sheet import sheet_of
from domain.scoring.numbers import published
from domain.scoring.standing import stand
from domain.scoring.tariff import Tariffs
from domain.sheet.model import Candidate, Given
from domain.text import Text
from workbooks.matching import Matching
from workbooks.score_table import ScoreRow, ScoreTable
from workbooks.table_round import RoundFacts


def total_notes(table: ScoreTable, matching: Matching, facts: RoundFacts) -> Iterator[Finding]:
    """Yield a note for each complete row whose stated total is not what the rulebook makes of its scores."""
    candidates = facts.candidates()
    for row in table.rows:
        person = matching.people.get(row.row)
        if person is None or row.stated_total is None:
            continue
        exact = _total(row, candidates[PersonId(person)], facts)
        if exact is not None and (computed := _rounded(exact, row.stated_total, facts)) != row.stated_total:
            yield _differs(row, table.columns["stated_total"], computed)


def _total(row: ScoreRow, candidate: Candidate, facts: RoundFacts) -> Fraction | None:
    """Return the exact total of the row itself; None while a score is missing or a cell is unclear."""
    given = {code: Given(cell.points) for code, cell in row.cells.items() if cell.points is not None}
    excused = {code for code, cell in row.cells.items() if cell.standing == "not_applicable"}
    absent = (candidate.not_applicable | excused) - given.keys()
    as_written = replace(candidate, components=given, not_applicable=frozenset(absent))
    return stand(
        Tariffs(facts.this.rulebook), sheet_of(facts.this, facts.scores, facts.results.vetoes), as_written
    ).exact


def _rounded(exact: Fraction, stated: Decimal, facts: RoundFacts) -> Decimal:
    """Return the total as it is published, or to as many decimals as are stated where those are more."""
    return published(exact, max(facts.this.rulebook.rounding.places, -int(stated.as_tuple().exponent)))


def _differs(row: ScoreRow, column: str, computed: Decimal) -> Finding:
    return Finding(
        "stated-total-differs",
        f"{column}{row.row}",
        Text(
            f"第 {row.row} 行「{row.name}」写的总分是 {row.stated_total}，按办法由本行各项得 {computed}。",
            f"Row {row.row}, “{row.name}”: the total stated is {row.stated_total}, the row comes to {computed}.",
        ),
        Text(
            "总分由系统按办法计算，此格不采用；请核对各项分数有无抄错。",
            "The total is computed by the rulebook and this cell is not used; check the scores for slips.",
        ),
    )
