"""Totals are exact, rounded once, and fall into the seed's bands at every edge."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.decision import replace
from domain.rulebook import Rulebook
from domain.scoring import Outcome, PersonResult, written
from domain.scoring.numbers import published
from domain.sheet import Candidate, Given

Person = Callable[..., Candidate]
Scored = Callable[..., Outcome]
Reread = Callable[..., Rulebook]

points = st.decimals(0, 100, places=2)


def only(outcome: Outcome) -> PersonResult:
    (person,) = outcome.people
    return person


def test_the_example_of_the_interface_is_89_47(annual: Rulebook, person: Person, scored: Scored) -> None:
    given_scores = person("P01", work="92", group="88", branch="90", masses="85", self="95")
    result = only(scored(annual, [given_scores], roster_size=20))
    assert (result.total_exact, str(result.total)) == (Fraction("89.47"), "89.47")
    assert (result.score_star, result.star, result.status) == (4, 4, "complete")
    assert result.label is not None
    assert result.label.zh == "四星级"


@pytest.mark.parametrize(
    ("flat", "star"),
    [
        ("0", 1), ("74.99", 1), ("74.994", 1), ("74.995", 2), ("75", 2), ("79.99", 2), ("79.994999", 2), ("79.995", 3),
        ("80", 3), ("87.99", 3), ("87.994", 3), ("87.995", 4), ("88", 4), ("94.99", 4), ("94.994999", 4), ("94.995", 5),
        ("95", 5), ("100", 5),
    ],
)  # fmt: skip
def test_each_edge_of_a_band_is_decided_by_the_published_number(
    annual: Rulebook, person: Person, scored: Scored, flat: str, star: int
) -> None:
    result = only(scored(annual, [person("P01", flat)], roster_size=100))
    assert result.score_star == star
    assert result.star == star


@pytest.mark.parametrize("low", [True, False])
@pytest.mark.parametrize("high", [True, False])
def test_a_band_counts_each_bound_in_or_out_as_it_says(annual: Rulebook, low: bool, high: bool) -> None:  # noqa: FBT001
    band = replace(annual.bands[1], low=Decimal(80), low_inclusive=low, high=Decimal(90), high_inclusive=high)
    assert [band.holds(Fraction(number)) for number in (79, 80, 85, 90, 91)] == [False, low, True, high, False]


@pytest.mark.parametrize(
    ("choice", "flat", "total", "star"),
    [
        ("published", "94.995", "95.00", 5),
        ("exact", "94.995", "95.00", 4),
        ("one_decimal", "94.95", "95.0", 5),
        ("one_decimal", "94.949", "94.9", 4),
        ("integer", "94.5", "95", 5),
        ("integer", "94.49", "94", 4),
    ],
)
def test_another_reading_of_rounding_compares_another_number(
    reread: Reread, person: Person, scored: Scored, choice: str, flat: str, total: str, star: int
) -> None:
    rulebook = reread(score_comparison=choice)
    result = only(scored(rulebook, [person("P01", flat)], roster_size=100))
    assert (str(result.total), result.score_star) == (total, star)


@given(st.tuples(points, points, points, points, points))
def test_the_total_is_the_naive_weighted_sum_in_ten_thousandths(
    annual: Rulebook, person: Person, scored: Scored, values: tuple[Decimal, ...]
) -> None:
    work, group, branch, masses, own = (int(value * 100) for value in values)
    naive = 3500 * work + 2400 * group + 1600 * branch + 2000 * masses + 500 * own
    named = dict(zip(("work", "group", "branch", "masses", "self"), map(str, values), strict=True))
    result = only(scored(annual, [person("P01", **named)], roster_size=100))
    assert result.total_exact == Fraction(naive, 1_000_000)
    hundredths = (2 * naive + 10_000) // 20_000
    assert str(result.total) == f"{hundredths // 100}.{hundredths % 100:02}"
    edges = (7500, 8000, 8800, 9500)
    assert result.score_star == 1 + sum(hundredths >= edge for edge in edges)


@given(st.tuples(points, points, points, points, points), st.tuples(st.integers(0, 4), points))
def test_raising_one_score_never_lowers_the_total(
    annual: Rulebook, person: Person, scored: Scored, values: tuple[Decimal, ...], raised: tuple[int, Decimal]
) -> None:
    codes = ("work", "group", "branch", "masses", "self")
    before = dict(zip(codes, map(str, values), strict=True))
    at, by = raised
    after = before | {codes[at]: str(min(Decimal(100), values[at] + by))}
    low, high = scored(annual, [person("a", **before), person("b", **after)], roster_size=100).people
    assert low.total is not None
    assert high.total is not None
    assert high.total >= low.total


def test_several_raters_give_their_exact_mean(annual: Rulebook, person: Person, scored: Scored) -> None:
    raters = tuple(Given(Decimal(value)) for value in (90, 91, 91))
    result = only(scored(annual, [person("P01", 90, branch=raters)], roster_size=20))
    assert result.total_exact == 90 + Fraction(2, 3) * Fraction(16, 100)
    assert written(result.total_exact) == "6758/75"


@pytest.mark.parametrize(
    ("number", "exact"),
    [
        ("89.470", "89.47"),
        ("100", "100"),
        ("0", "0"),
        ("1/3", "1/3"),
        ("1/8", "0.125"),
        ("-1/4", "-0.25"),
        ("90.0", "90"),
    ],
)
def test_an_exact_number_is_written_as_short_as_it_can_be(number: str, exact: str) -> None:
    assert written(Fraction(number)) == exact


@given(st.fractions(0, 100), st.integers(0, 6))
@example(Fraction("74.995"), 2)
@example(Fraction("0.5"), 0)
def test_a_published_number_is_at_most_half_a_unit_away_and_halves_go_up(number: Fraction, places: int) -> None:
    off = Fraction(published(number, places)) - number
    half = Fraction(1, 2 * 10**places)
    assert -half < off <= half
