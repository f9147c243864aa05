"""Seed B's year: made of months under R2 or R1, only of those that were assessed, complete or not at all."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.findings import Invalid
from domain.rulebook import Rulebook, clause_text
from domain.scoring import PersonResult, Step, score, written
from domain.sheet import Candidate, Counted, Given, PeriodGiven, Recorded, Score, Sheet, entry_of

Yearly = Callable[..., PersonResult]
Reread = Callable[..., Rulebook]
NOT_HELD = {"not_applicable": frozenset({"appraisal"})}
Pair = tuple[Given, Given]
pairs = st.lists(st.tuples(st.decimals(0, 100, places=2), st.decimals(0, 100, places=2)), min_size=6, max_size=12)


def month(record: str | int | Decimal, appraisal: str | int | Decimal) -> Pair:
    return Given(Decimal(record)), Given(Decimal(appraisal))


SIX = [month(88, 80), month(92, 84), month(90, 100), month(96, 92), month(85, 70), month(91, "77.5")]


def steps(step: Step) -> Iterator[Step]:
    yield step
    for child in step.children:
        yield from steps(child)


def reasons(result: PersonResult) -> str:
    return "\n".join(reason.text.en for reason in result.reasons)


def test_under_r2_the_year_is_the_mean_record_and_the_annual_appraisal(monthly: Rulebook, of_year: Yearly) -> None:
    result = of_year(monthly, SIX, Given(Decimal(86)))
    mean = Fraction(88 + 92 + 90 + 96 + 85 + 91, 6)
    assert result.total_exact == mean * Fraction(7, 10) + 86 * Fraction(3, 10)
    assert written(result.total_exact) == "2671/30"
    assert (str(result.total), result.star, result.status) == ("89.03", 3, "complete")


def test_under_r1_the_year_is_the_mean_of_the_monthly_totals(monthly_read: Reread, of_year: Yearly) -> None:
    result = of_year(monthly_read(annual_formula="R1"), SIX, **NOT_HELD)
    totals = [Fraction(7 * r + 3 * a, 10) for r, a in [(88, 80), (92, 84), (90, 100), (96, 92), (85, 70)]]
    totals.append(Fraction("86.95"))
    assert result.total_exact == sum(totals) / 6
    assert result.standing.year is not None
    assert [each.total for each in result.standing.year.months] == totals


@given(pairs)
def test_without_an_annual_appraisal_r2_equals_r1(
    monthly: Rulebook, monthly_read: Reread, of_year: Yearly, drawn: list[tuple[Decimal, Decimal]]
) -> None:
    months = [month(*pair) for pair in drawn]
    r2, r1 = (of_year(book, months, **NOT_HELD) for book in (monthly, monthly_read(annual_formula="R1")))
    assert r2.total_exact == r1.total_exact
    naive = sum(7 * int(r * 100) + 3 * int(a * 100) for r, a in drawn)
    assert r2.total_exact == Fraction(naive, 1000 * len(drawn))


@given(pairs, st.decimals(0, 100, places=2))
def test_r2_is_the_naive_sum_in_exact_fractions(
    monthly: Rulebook, of_year: Yearly, drawn: list[tuple[Decimal, Decimal]], appraisal: Decimal
) -> None:
    records = sum(int(r * 100) for r, _ in drawn)
    naive = Fraction(7 * records, 1000 * len(drawn)) + Fraction(3 * int(appraisal * 100), 1000)
    assert of_year(monthly, [month(*pair) for pair in drawn], Given(appraisal)).total_exact == naive


@given(pairs, st.randoms(use_true_random=False))
def test_the_order_of_months_never_matters(
    monthly: Rulebook, drawn: list[tuple[Decimal, Decimal]], shuffle: object
) -> None:
    lines = [
        PeriodGiven(f"2025-{n:02}", {"records": Given(r), "appraisal": Given(a)}) for n, (r, a) in enumerate(drawn, 1)
    ]
    mixed = list(lines)
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    people = [Candidate(name, periods=tuple(each), **NOT_HELD) for name, each in (("a", lines), ("b", mixed))]  # type: ignore[arg-type]
    a, b = score(monthly, Sheet("2025", tuple(people))).people
    assert (a.total_exact, a.explanation) == (b.total_exact, b.explanation)


def test_an_annual_appraisal_that_is_absent_is_missing_and_not_replaced(monthly: Rulebook, of_year: Yearly) -> None:
    result = of_year(monthly, SIX)
    assert (result.status, result.star, result.total) == ("incomplete", None, None)
    assert "Democratic appraisal was not given" in reasons(result)


def test_under_r1_an_annual_appraisal_counts_for_nothing_and_that_is_said(
    monthly_read: Reread, of_year: Yearly
) -> None:
    rulebook = monthly_read(annual_formula="R1")
    with_it, without = of_year(rulebook, SIX, Given(Decimal(100))), of_year(rulebook, SIX, **NOT_HELD)
    assert with_it.total_exact == without.total_exact
    assert "of the year, 100, does not count" in reasons(with_it)
    assert of_year(rulebook, SIX).status == "complete"


def test_an_annual_appraisal_may_be_ballots(monthly: Rulebook, of_year: Yearly) -> None:
    result = of_year(monthly, SIX, Counted({"优秀": 3, "合格": 3}))
    assert result.total_exact == Fraction(542, 6) * Fraction(7, 10) + Fraction("87.5") * Fraction(3, 10)
    assert of_year(monthly, SIX, Counted({"优秀": 3})).status == "incomplete"


# months that were not assessed


@pytest.mark.parametrize(("assessed", "status"), [(5, "incomplete"), (6, "complete"), (12, "complete")])
def test_a_year_needs_six_assessed_months(monthly: Rulebook, of_year: Yearly, assessed: int, status: str) -> None:
    result = of_year(monthly, [month(90, 90)] * assessed, Given(Decimal(90)))
    assert result.status == status
    assert ("months of the year assessed: 5, fewer than 6" in reasons(result)) == (status == "incomplete")


def test_months_without_assessment_are_left_out_of_the_mean_and_named(monthly: Rulebook, of_year: Yearly) -> None:
    gaps = [SIX[0], None, *SIX[1:5], None, SIX[5]]
    result = of_year(monthly, gaps, Given(Decimal(86)))
    assert result.total_exact == of_year(monthly, SIX, Given(Decimal(86))).total_exact
    assert "left out of the mean: 2025-02, 2025-07, 2025-09, 2025-10, 2025-11, 2025-12" in reasons(result)
    assert "AMB-B26" in [reason.clause for reason in result.reasons]


def test_a_full_year_has_nothing_to_say_about_months(monthly: Rulebook, of_year: Yearly) -> None:
    assert [each.clause for each in of_year(monthly, [month(90, 90)] * 12, Given(Decimal(90))).reasons] == ["B-15"]


def test_the_other_reading_counts_months_without_assessment_as_zero(monthly_read: Reread, of_year: Yearly) -> None:
    result = of_year(monthly_read(unassessed_months="zero"), [month(90, 60)] * 3, **NOT_HELD)
    assert result.total_exact == Fraction(3 * 81, 12)
    assert result.status == "not_rated"
    assert "counted as 0" in reasons(result)


def test_under_the_other_reading_a_year_without_any_month_is_still_incomplete(
    monthly_read: Reread, of_year: Yearly
) -> None:
    assert of_year(monthly_read(unassessed_months="zero"), [], Given(Decimal(90))).status == "incomplete"


def test_months_before_joining_are_nobodys_zero(monthly_read: Reread, of_year: Yearly) -> None:
    months = [None] * 8 + [month(90, 90)] * 4
    result = of_year(monthly_read(unassessed_months="zero"), months, joined=date(2025, 9, 30), **NOT_HELD)
    assert result.total_exact == 90


def test_an_assessed_month_without_one_of_its_values_makes_the_year_incomplete_and_is_named(
    monthly: Rulebook, of_year: Yearly
) -> None:
    months: list[tuple[Score, Score]] = [*SIX, (Given(Decimal(90)), None), (None, Given(Decimal(90)))]
    result = of_year(monthly, months, Given(Decimal(86)))
    assert (result.status, result.total) == ("incomplete", None)
    assert "2025-07: Democratic appraisal was not given" in reasons(result)
    assert "2025-08: Assessment by record was not given" in reasons(result)


def test_too_few_ballots_in_a_month_are_told_with_the_month(monthly: Rulebook, of_year: Yearly) -> None:
    months: list[tuple[Score, Score]] = [*SIX, (Given(Decimal(90)), Counted({"优秀": 4}))]
    result = of_year(monthly, months, Given(Decimal(86)))
    assert "2025-07: Democratic appraisal: 4 valid ballots, fewer than 5" in reasons(result)


def test_a_month_may_be_made_of_entries_and_ballots(monthly: Rulebook, of_year: Yearly) -> None:
    record = Recorded((entry_of("law-dues", None, date(2025, 7, 5)),))
    result = of_year(monthly, [*[month(98, 90)] * 6, (record, Counted({"优秀": 5}))], Given(Decimal(90)))
    assert result.total_exact == 98 * Fraction(7, 10) + 27


# what does not fit


def line(period: str, **scores: Score) -> PeriodGiven:
    return PeriodGiven(period, {"records": Given(Decimal(90)), "appraisal": Given(Decimal(90))} | scores)


@pytest.mark.parametrize(
    ("periods", "about", "finding"),
    [
        ((line("2025-01"), line("2025-01")), {}, ("month-doubled", "periods 2025-01")),
        ((line("2024-12"),), {}, ("month-outside-year", "periods[0].period")),
        ((line("2025-13"),), {}, ("month-outside-year", "periods[0].period")),
        ((line("2025"),), {}, ("month-outside-year", "periods[0].period")),
        ((line("2025-02"),), {"joined": date(2025, 3, 1)}, ("month-before-joining", "periods[0].period")),
        (
            (PeriodGiven("2025-01", {"records": Given(Decimal(1))}, assessed=False),),
            {},
            ("month-contradicted", "periods[0].assessed"),
        ),
        ((line("2025-01", records=Given(Decimal(101))),), {}, ("score-out-of-range", "periods[0].records")),
        ((line("2025-01", labour=Given(Decimal(1))),), {}, ("component-unknown", "periods[0].labour")),
        (
            (line("2025-01", records=Recorded((entry_of("law-dues", None, date(2025, 2, 1)),))),),
            {},
            ("entry-outside-period", "periods[0].entries.records[0].occurred_on"),
        ),
        ((), {"components": {"records": Given(Decimal(90))}}, ("component-by-month", "components.records")),
        ((), {"not_applicable": frozenset({"records"})}, ("component-required", "not_applicable.records")),
        (
            (),
            {"components": {"appraisal": Given(Decimal(90))}, **NOT_HELD},
            ("component-contradicted", "not_applicable.appraisal"),
        ),
    ],
)
def test_a_year_that_does_not_fit_is_refused_at_its_place(
    monthly: Rulebook, periods: tuple[PeriodGiven, ...], about: dict[str, object], finding: tuple[str, str]
) -> None:
    one = Candidate("a", periods=periods, **about)  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refused:
        score(monthly, Sheet("2025", (one,)))
    code, place = finding
    assert [(each.code, each.place) for each in refused.value.findings] == [(code, f"people[0] a.{place}")]


@pytest.mark.parametrize("period", ["", "2025-13", "25", "2025-3", "2025-01-01"])
def test_a_scheme_of_months_is_asked_for_a_month_or_a_year(monthly: Rulebook, period: str) -> None:
    with pytest.raises(Invalid) as refused:
        score(monthly, Sheet(period, ()))
    assert [each.place for each in refused.value.findings] == ["period"]


def test_months_in_a_month_are_refused(monthly: Rulebook) -> None:
    one = Candidate("a", components={"records": Given(Decimal(1))}, periods=(line("2025-01"),))
    with pytest.raises(Invalid) as refused:
        score(monthly, Sheet("2025-03", (one,)))
    assert [each.code for each in refused.value.findings] == ["source-not-declared"]


# explanations


def test_every_month_stands_in_the_explanation_with_its_fact(monthly: Rulebook, of_year: Yearly) -> None:
    tree = of_year(monthly, SIX, **NOT_HELD).explanation
    found = [each for each in steps(tree) if each.label.en.startswith("2025-")]
    assert [each.sources for each in found] == [(n,) for n in range(1, 7)] * 2
    assert any("(88 + 92 + 90 + 96 + 85 + 91) ÷ 6 = 271/3" in each.label.en for each in steps(tree))


@pytest.mark.parametrize("formula", ["R1", "R2"])
@pytest.mark.parametrize("assessed", [2, 6, 12])
@pytest.mark.parametrize("held", [True, False])
def test_every_step_of_a_year_names_a_clause_that_can_be_read(
    monthly_read: Reread, of_year: Yearly, formula: str, assessed: int, *, held: bool
) -> None:
    rulebook = monthly_read(annual_formula=formula)
    about = {} if held else NOT_HELD
    months: list[tuple[Score, Score]] = [(Recorded((entry_of("law-dues"),)), Counted({"优秀": 9}))] * assessed
    result = of_year(rulebook, months, Given(Decimal(90)) if held else None, **about)
    cited = [*(each.clause for each in steps(result.explanation)), *(each.clause for each in result.reasons)]
    assert cited
    assert [clause for clause in cited if clause_text(rulebook, clause) is None] == []
    named = {reading for each in steps(result.explanation) for reading in each.readings}
    assert all(reading.startswith("AMB-B") for reading in named)
    assert ("AMB-B7" in named) == (assessed > 2)
