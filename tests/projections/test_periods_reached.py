"""What reaches which period: half-years of a year, an entry of its quarter, a settled quarter of its year (§3-4)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from domain.decision import replace
from domain.ids import EntryId
from domain.months import MonthSettled
from domain.recording import ProposeEntry
from domain.records import EntryVerified
from domain.rounds import OpenRound
from domain.sealed import Sealed
from domain.tally import Results, Tally
from projections.effects import effects
from projections.folding import folded
from tests.controls import BRANCH, MEMBERS, SUN, WU
from tests.projections.quarter_ledger import (
    NAMED,
    QUARTERLY,
    SCHEME,
    YEAR_ROUND,
    Happened,
    begun,
    people,
    round_of,
    scored,
)

Halves = dict[str, Sequence[Happened]]
HALVES = (
    QUARTERLY.replace(b'period = "quarter"', b'period = "half_year"')
    .replace(b'of = "quarter"', b'of = "half_year"')
    .replace(b"minimum_periods = 3", b"minimum_periods = 2")
)


def test_a_year_of_half_years_is_what_the_calculator_says(tmp_path: Path) -> None:
    """20 − 3 = 17 and 20 + 0 − 1 = 19 make 36; who has no entry comes to 40."""
    lived = begun(tmp_path / "ledger.db", HALVES)
    halves: Halves = {
        "2026-H1": (Happened(SUN, "absent", date(2025, 12, 1)), Happened(WU, "leave", date(2026, 5, 31))),
        "2026-H2": (Happened(SUN, "leave", date(2026, 6, 1)), Happened(SUN, "leave", date(2026, 11, 30))),
    }
    for period, happened in halves.items():
        lived.open_quarter(period, happened)
        lived.settle(period)
    lived.open_year(date(2027, 1, 10))
    lived.ask(date(2027, 1, 11), Tally(round=YEAR_ROUND))
    latest = folded(lived.year.ledger, Results, YEAR_ROUND).latest
    assert {p: latest[p].total for p in MEMBERS} == {
        each.person: each.total for each in scored(lived.rules, NAMED, people(halves)).people
    }
    assert (latest[SUN].total, latest[WU].total) == (Decimal("36.00"), Decimal("40.00"))


def test_an_entry_reaches_the_quarter_that_its_day_lies_in_as_the_scheme_counts(tmp_path: Path) -> None:
    lived = begun(tmp_path / "ledger.db")
    for number, day in enumerate((date(2026, 2, 28), date(2026, 3, 1)), start=1):
        proposed = ProposeEntry(
            entry=EntryId(f"waiting-{number}"),
            branch=BRANCH,
            person=SUN,
            rulebook=SCHEME,
            item="absent",
            occurred_on=day,
            statement=Sealed("未请假"),
        )
        lived.ask(day, proposed)
    for period in ("2026-Q1", "2026-Q2"):
        opened = OpenRound(round=round_of(period), branch=BRANCH, period=period, rulebook=SCHEME)
        lived.ask(lived.after(period), opened)
    for number, period in enumerate(("2026-Q1", "2026-Q2"), start=1):
        verified = EntryVerified(entry=EntryId(f"waiting-{number}"), branch=BRANCH, person=SUN)
        (found,) = effects(lived.year.ledger, [verified])
        (change,) = found.changes
        assert (found.round, change.person, change.after.total) == (round_of(period), SUN, Decimal("17.00"))


def test_a_quarter_settled_anew_reaches_the_year_that_drew_it(tmp_path: Path) -> None:
    lived = begun(tmp_path / "ledger.db")
    for period in ("2026-Q1", "2026-Q2", "2026-Q3"):
        lived.open_quarter(period, ())
        lived.settle(period)
    lived.open_year(date(2027, 1, 10))
    settled = (fact.event for fact in lived.year.ledger.read() if isinstance(fact.event, MonthSettled))
    month = next(each for each in settled if (each.person, each.period) == (SUN, "2026-Q2"))
    lower = replace(month, components=(replace(month.components[0], points="7"),))
    (found,) = effects(lived.year.ledger, [lower])
    (change,) = found.changes
    assert (found.round, change.person, change.total) == (YEAR_ROUND, SUN, (Decimal("60.00"), Decimal("47.00")))
