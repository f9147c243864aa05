"""The annual table: what counts of each month, what was settled since, and the year's result."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import cast

from domain.confirmation import StarConfirmed
from domain.decision import Event, Fact
from domain.drawn import ComponentPoints, MonthDrawn
from domain.months import MonthSettled
from domain.rounds import MemberEnrolled, Round, RoundOpened
from domain.rulebook import parse_rulebook
from domain.scores import ScoreCorrected
from domain.tally import Results
from ledger.engine import open_database
from projections.columns import SCHEMA
from projections.engine import Reading
from projections.folding import folded
from projections.progress import create_tables
from projections.rows import Rows
from projections.year_table import YEAR_TABLE, YearTable, year_table
from tests.control_events import EVENTS
from tests.control_months import MONTHLY_RULES
from tests.controls import SUN, WU, noon
from tests.projections.month_ledger import EVERYBODY, MARCH, MONTHS, YEAR_ROUND, LivedMonths

RULES = parse_rulebook(MONTHLY_RULES)


def told(reading: Reading) -> YearTable:
    """Return the table of the year."""
    found = year_table(reading, YEAR_ROUND, RULES)
    assert found is not None
    return found


def test_the_table_has_twelve_months_in_roster_order(lived: LivedMonths, months_read: Reading) -> None:
    table = told(months_read)
    roster = folded(lived.year.ledger, Round, YEAR_ROUND).roster
    assert [row.person for row in table.rows] == list(roster)
    assert {row.person for row in table.rows} == set(EVERYBODY)
    for row in table.rows:
        assert [cell.period for cell in row.months] == [f"2025-{month:02}" for month in range(1, 13)]
        assert [cell.period for cell in row.months if cell.assessed] == list(MONTHS)
    assert (table.period, table.rulebook, table.not_held) == ("2025", "monthly-points", ("appraisal",))


def test_a_month_shows_exact_values_and_the_proposed_star(lived: LivedMonths, months_read: Reading) -> None:
    march = {row.person: row.months[2] for row in told(months_read).rows}
    results = {str(p): result for p, result in folded(lived.year.ledger, Results, MARCH).latest.items()}
    for person, cell in march.items():
        exact = {each.component: each.points for each in results[person].components}
        assert (cell.records, cell.appraisal) == (exact["records"], exact["appraisal"])
        assert (cell.total, cell.star) == (str(results[person].total), results[person].star)
        assert (cell.drawn, cell.outdated, cell.corrected) == (True, False, ())
    assert Decimal(march[SUN].records or 0) == Decimal(march[WU].records or 0) - 2


def test_the_year_s_result_is_that_of_the_newest_tally(lived: LivedMonths, months_read: Reading) -> None:
    results = {str(p): result for p, result in folded(lived.year.ledger, Results, YEAR_ROUND).latest.items()}
    for row in told(months_read).rows:
        result = results[row.person]
        assert (row.status, row.total, row.star, row.label) == (
            result.status,
            str(result.total),
            result.star,
            result.label,
        )
        assert row.components == {each.component: each.points for each in result.components}
        assert (row.confirmed_star, row.confirmed_position) == (None, None)
    assert {row.status for row in told(months_read).rows} == {"complete"}


def test_what_is_settled_and_not_drawn_does_not_count_yet(lived: LivedMonths) -> None:
    follower = lived.year.follower()
    with follower.as_of(lived.marks["undrawn"]) as reading:
        cells = [row.months[2] for row in told(reading).rows]
    assert {(cell.assessed, cell.drawn, cell.outdated) for cell in cells} == {(True, False, False)}
    with follower.as_of(lived.marks["settled"]) as reading:
        assert year_table(reading, YEAR_ROUND, RULES) is None


def test_a_month_is_no_year_and_a_strange_round_none(months_read: Reading) -> None:
    assert year_table(months_read, MARCH, RULES) is None
    assert year_table(months_read, "another", RULES) is None


def test_a_month_settled_anew_is_outdated_and_a_ruling_stands_in_its_place() -> None:
    opened = replace(cast("RoundOpened", EVENTS[RoundOpened]), period="2025")
    round_id = opened.round
    enrolled = replace(cast("MemberEnrolled", EVENTS[MemberEnrolled]), round=round_id, person=SUN)
    settled = replace(
        cast("MonthSettled", EVENTS[MonthSettled]),
        round=round_id,
        person=SUN,
        period="2025-03",
        components=(
            ComponentPoints(component="records", points="90"),
            ComponentPoints(component="appraisal", points="80"),
        ),
        total=Decimal("87.00"),
    )
    drawn = MonthDrawn(round=round_id, person=SUN, period="2025-03", records="90", appraisal="80", source=3)
    again = replace(settled, total=Decimal("88.00"))
    ruled = replace(
        cast("ScoreCorrected", EVENTS[ScoreCorrected]),
        round=round_id,
        person=SUN,
        component="records",
        points=Decimal(92),
        period="2025-03",
    )
    confirmed = replace(
        cast("StarConfirmed", EVENTS[StarConfirmed]), round=round_id, person=SUN, star=4, label="四星级"
    )
    row = folded_row((opened, enrolled, settled, drawn, again, ruled, confirmed), round_id)
    cell = row.rows[0].months[2]
    assert (cell.records, cell.appraisal, cell.corrected) == ("92", "80", ("records",))
    assert (cell.drawn, cell.outdated, cell.source, cell.total) == (True, True, 3, "88.00")
    assert (row.rows[0].confirmed_star, row.rows[0].confirmed_label, row.rows[0].confirmed_position) == (4, "四星级", 7)


def folded_row(events: tuple[Event, ...], round_id: str) -> YearTable:
    """Return the table that these facts make."""
    engine = open_database("sqlite://", SCHEMA)
    with engine.begin() as connection:
        create_tables(connection, YEAR_TABLE)
        rows = Rows(connection, "main")
        for position, event in enumerate(events, start=1):
            YEAR_TABLE.apply(rows, Fact(position, noon(date(2026, 1, 5)), SUN, None, event))
        rows.flush()
        found = year_table(Reading(connection, "main", len(events)), round_id, RULES)
    engine.dispose()
    assert found is not None
    return found
