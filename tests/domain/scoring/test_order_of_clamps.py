"""A component counted in an order: each step once, bounds where they stand, and laws that always hold."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from domain.rulebook.order import Add, AtLeast, AtMost, Begin, Times, Turn
from domain.scoring.order import in_order

TWENTY, HUNDRED, ZERO = Decimal(20), Decimal(100), Decimal(0)
LONGQUAN: tuple[Turn, ...] = (
    Begin(Decimal(80), "1"),
    Add(("bonus",), "2", at_most=TWENTY),
    AtMost(HUNDRED, "3"),
    Add(("deductions",), "4"),
    AtLeast(ZERO, "4"),
)
POINTS = st.decimals(-200, 200, places=2).map(Fraction)


def result(order: tuple[Turn, ...], category: str = "", **groups: int | Fraction) -> Fraction:
    return in_order(order, {code: Fraction(value) for code, value in groups.items()}, category)[-1].after


def test_a_clamp_stands_where_it_is_written() -> None:
    # 80 + min(20, 50) = 100, - 15 = 85; the deduction first: 80 - 15 + 20 = 85 → 85; a later clamp would give 100
    assert result(LONGQUAN, bonus=50, deductions=-15) == 85
    unbounded = (LONGQUAN[0], Add(("bonus", "deductions"), "2"), AtMost(HUNDRED, "3"))
    assert result(unbounded, bonus=50, deductions=-15) == 100


def test_a_factor_multiplies_what_there_is_so_far() -> None:
    order = (Begin(Decimal(50), "1"), Times(Decimal("1.2"), "2"), Add(("bonus",), "3"))
    assert result(order, bonus=5) == 65


def test_a_category_begins_where_its_own_start_says_and_others_otherwise() -> None:
    order = (Begin(Decimal(80), "1", {"retired": Decimal(70)}),)
    assert [result(order, category) for category in ("retired", "serving", "")] == [70, 80, 80]


def test_a_group_that_does_not_exist_for_somebody_adds_nothing() -> None:
    assert result(LONGQUAN, deductions=-1) == 79


def test_an_addition_has_a_floor_as_well() -> None:
    order = (Begin(Decimal(80), "1"), Add(("deductions",), "2", at_least=Decimal(-30)))
    assert result(order, deductions=-45) == 50


@given(POINTS, POINTS, POINTS)
def test_more_in_any_group_never_lowers_the_result(bonus: Fraction, deductions: Fraction, more: Fraction) -> None:
    order = (*LONGQUAN, Times(Decimal("1.5"), "5"))
    before = result(order, bonus=bonus, deductions=deductions)
    assert result(order, bonus=bonus + abs(more), deductions=deductions) >= before
    assert result(order, bonus=bonus, deductions=deductions + abs(more)) >= before


@given(POINTS, POINTS)
def test_each_step_begins_where_the_last_ended_and_is_taken_once(bonus: Fraction, deductions: Fraction) -> None:
    turned = in_order(LONGQUAN, {"bonus": bonus, "deductions": deductions}, "")
    assert [each.turn for each in turned] == list(LONGQUAN)
    assert [each.before for each in turned] == [Fraction(0), *(each.after for each in turned[:-1])]
    assert turned[1].added <= 20
    assert 0 <= turned[-1].after <= max(Fraction(100), 100 + deductions)
