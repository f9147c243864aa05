"""The sub-commands that read a year of quarters: the annual table, a quarter's agenda, the replay of its numbers."""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import typer

from cli.exits import Exit
from cli.months import add_months
from cli.replaying import add_replaying
from cli.settings import Settings
from domain.dates import CHINA
from domain.rounds import OpenRound
from projections.month_agenda import month_agenda
from tests.controls import BRANCH, SUN, noon
from tests.projections.quarter_ledger import SCHEME, YEAR_ROUND, Happened, LivedQuarters, begun, round_of

QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivedQuarters]:
    """Give a year of which three quarters were settled and drawn."""
    lived = begun(tmp_path_factory.mktemp("quarters") / "ledger.db")
    for period in QUARTERS:
        happened = [Happened(SUN, "absent", date(2025, 12, 5))] if period == QUARTERS[0] else []
        lived.open_quarter(period, happened)
        lived.settle(period)
    lived.open_year(date(2027, 1, 10))
    yield lived
    lived.year.close()


@pytest.fixture
def ask(lived: LivedQuarters, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Return how to give the terminal words; it answers on stdout."""
    app = typer.Typer()
    add_months(app)
    add_replaying(app)
    data = Path(str(lived.year.ledger.engine.url.database)).parent

    def run(*words: object) -> str:
        settings = Settings(data, None, None, None, datetime(2027, 1, 11, 9, tzinfo=CHINA), "en")
        capsys.readouterr()
        assert app([str(word) for word in words], obj=settings, standalone_mode=False) in (None, Exit.OK)
        return capsys.readouterr().out

    return run


def test_the_annual_table_has_a_column_for_each_quarter(ask: Callable[..., str]) -> None:
    heads, *lines = ask("year", "--round", YEAR_ROUND).splitlines()
    assert [f"Q{number}" in heads for number in range(1, 5)] == [True] * 4
    assert "Q5" not in heads
    assert any("17.00" in line and "–" in line for line in lines)
    table: Any = json.loads(ask("year", "--round", YEAR_ROUND, "--json"))["table"]
    sun = next(row for row in table["rows"] if row["person"] == SUN)
    assert [(cell["period"], cell["components"].get("points")) for cell in sun["months"]] == [
        ("2026-Q1", "17"),
        ("2026-Q2", "20"),
        ("2026-Q3", "20"),
        ("2026-Q4", None),
    ]


def test_a_quarter_s_agenda_is_asked_for_as_a_month_s(ask: Callable[..., str]) -> None:
    found = json.loads(ask("month", "--round", round_of("2026-Q1"), "--json"))
    assert (found["period"], found["next_step"]) == ("2026-Q1", None)


def test_what_is_next_in_a_quarter_is_said_of_the_period_under_its_own_clause(tmp_path: Path) -> None:
    fresh = begun(tmp_path / "ledger.db")
    opened = OpenRound(round=round_of("2026-Q1"), branch=BRANCH, period="2026-Q1", rulebook=SCHEME)
    fresh.ask(fresh.after("2026-Q1"), opened)
    step = month_agenda(fresh.year.ledger, round_of("2026-Q1"), noon(date(2026, 3, 2))).next_step
    assert step is not None
    assert (step.name, step.clause, step.text.en) == ("records", "6", "Draw the records of the period.")


def test_a_year_from_december_is_replayed_with_its_quarters(ask: Callable[..., str]) -> None:
    found = json.loads(ask("replay", "--year", "2026", "--json"))
    assert set(found["rounds"]) == {YEAR_ROUND, *(round_of(period) for period in QUARTERS)}
    assert found["differences"] == []
