"""Points that count on from quarter to quarter within a year, and begin anew with the next."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.findings import Invalid
from domain.rulebook import Rulebook, parse_rulebook
from domain.scoring import PersonResult, score
from domain.sheet import Candidate, Given, PeriodGiven, Sheet


def carrying() -> Rulebook:
    """Return the scheme of quarters with a running sum in place of bands of the year."""
    text = (Path(__file__).parent / "quarterly-sums.toml").read_text(encoding="utf-8")
    start, end = text.index("[[annual.bands]]"), text.index("[rounding]")
    running = (text[:start] + text[end:]).replace('of = "quarter"', 'of = "quarter"\ncarry = true')
    return parse_rulebook(running.encode())


RULES = carrying()
POINTS = some.lists(some.decimals(0, 30, places=2), min_size=1, max_size=4)


def after(points: Sequence[Decimal], number: int) -> PersonResult:
    """Return the result of the `number`-th quarter."""
    before = tuple(PeriodGiven(f"2025-Q{n}", {"points": Given(points[n - 1])}) for n in range(1, number))
    candidate = Candidate("p", components={"points": Given(points[number - 1])}, periods=before)
    return score(RULES, Sheet(f"2025-Q{number}", (candidate,))).people[0]


@given(POINTS)
def test_every_quarter_counts_on_from_those_before_it_up_to_the_bound(points: list[Decimal]) -> None:
    # such as 10, 10 + 12.5 = 22.5, 22.5 + 30 = 52.5, 52.5 + 30 = 82.5; never above 100
    totals = [after(points, number).total for number in range(1, len(points) + 1)]
    assert totals == [min(Decimal(100), each) for each in accumulate(points)]


def test_a_quarter_after_the_one_asked_for_is_refused() -> None:
    later = PeriodGiven("2025-Q3", {"points": Given(Decimal(1))})
    candidate = Candidate("p", components={"points": Given(Decimal(1))}, periods=(later,))
    with pytest.raises(Invalid) as verdict:
        score(RULES, Sheet("2025-Q2", (candidate,)))
    assert [finding.code for finding in verdict.value.findings] == ["month-outside-year"]


def test_the_explanation_has_the_line_of_the_sum() -> None:
    result = after([Decimal(10), Decimal("12.5")], 2)
    assert "10 + 12.5 = 22.5" in result.explanation.children[-1].children[0].children[0].label.en
