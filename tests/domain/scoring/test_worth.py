"""What occurrences are worth: measured, by level, within caps, free, one of several; and laws that always hold."""

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rulebook import Group, Item, Rulebook, Value
from domain.rulebook.items import Percent, Rate, Stair, Stairs
from domain.scoring.entries import Made, made_of
from domain.scoring.tariff import Tariffs
from domain.scoring.worth import Line, line_of, worth_of
from domain.sheet import Entry, Recorded, entry_of
from domain.text import Text

SAID = Text("项", "thing")
NOBODY: frozenset[str] = frozenset()
STAIRS = Stairs((Stair(Decimal(20), Decimal(-1)), Stair(Decimal(50), Decimal(-3)), Stair(None, Decimal(-8))))


def item(code: str = "a", low: str = "2", high: str | None = None, **more: object) -> Item:
    return Item(code, SAID, SAID, "g", Value(Decimal(low), Decimal(high or low)), "1", **more)  # type: ignore[arg-type]


def entry(code: str = "a", day: int = 1, points: str | None = None, **more: object) -> Entry:
    given = None if points is None else Decimal(points)
    return entry_of(code, given, date(2025, 3, day), **more)  # type: ignore[arg-type]


def lines(monthly: Rulebook, items: Sequence[Item], entries: Sequence[Entry]) -> list[Line]:
    """Return every line that `entries` come to under `items` of one open group."""
    (group,) = made(monthly, items, entries).groups
    return [line for tally in group.items for line in tally.lines]


def total(monthly: Rulebook, items: Sequence[Item], entries: Sequence[Entry]) -> Fraction:
    (group,) = made(monthly, items, entries).groups
    return group.value


def made(monthly: Rulebook, items: Sequence[Item], entries: Sequence[Entry]) -> Made:
    """Return the component that `entries` make under `items` of one open group."""
    tariffs = Tariffs(_with(monthly, items))
    return made_of(tariffs, monthly.leaves()["records"], Recorded(tuple(entries)), NOBODY, "")


def _with(monthly: Rulebook, items: Sequence[Item]) -> Rulebook:
    group = Group("g", SAID, "records", Decimal(0), None, None, "1")
    return replace(monthly, groups=(group,), items={each.code: each for each in items})


# single occurrences


@pytest.mark.parametrize(
    ("amount", "points"), [("0", -1), ("20", -1), ("20.000001", -3), ("50", -3), ("51", -8), ("999999999", -8)]
)
def test_a_stair_reaches_up_to_and_with_its_end(amount: str, points: int) -> None:
    assert STAIRS.of(Decimal(amount)) == points


def test_a_level_multiplies_before_the_cap_of_an_occurrence() -> None:
    levels = {"city": Decimal(2), "province": Decimal(3)}
    one = item(low="2", levels=levels, per_occurrence_cap=Decimal(5))
    worths = [worth_of(one, entry(level=level), NOBODY) for level in levels]
    assert [(worth.base, worth.times, worth.value) for worth in worths] == [
        (Fraction(2), Fraction(2), Fraction(4)),
        (Fraction(2), Fraction(3), Fraction(5)),
    ]


def test_a_cap_of_an_occurrence_bounds_deductions_as_well() -> None:
    one = item(low="-9", high="-1", per_occurrence_cap=Decimal(4))
    assert worth_of(one, entry(points="-9"), NOBODY).value == -4


def test_points_judged_when_they_were_recorded_are_not_measured_anew() -> None:
    one = item(measure=Rate(SAID, Decimal(1)))
    assert worth_of(one, entry(amount=Decimal(4)), NOBODY).value == 4
    assert worth_of(one, entry(amount=Decimal(4), points="2", judged=True), NOBODY).value == 2


def test_a_measured_item_without_an_amount_or_a_level_is_no_value() -> None:
    with pytest.raises(LookupError):
        worth_of(item(measure=Percent(Decimal(12))), entry(), NOBODY)
    with pytest.raises(LookupError):
        worth_of(item(levels={"city": Decimal(2)}), entry(), NOBODY)


def test_an_entry_counts_by_the_version_of_its_day() -> None:
    june, july = date(2025, 3, 15), date(2025, 3, 16)
    one = replace(item(low="3"), effective_to=june, later=(item(low="5", effective_from=july),))
    assert [line_of(one, entry(day=day), NOBODY).points for day in (15, 16)] == [3, 5]
    with pytest.raises(LookupError):
        line_of(replace(one, later=()), entry(day=16), NOBODY)


# several of one item


def test_the_first_by_date_are_free_and_of_one_day_the_doubt_favours_the_member(monthly: Rulebook) -> None:
    one = item(low="-9", high="-1", free_times=1)
    assert total(monthly, [one], [entry(day=9, points="-9"), entry(day=2, points="-1")]) == -9
    assert total(monthly, [one], [entry(points="-9"), entry(points="-1")]) == -1


def test_beyond_its_times_an_item_counts_no_more_and_of_one_day_the_highest_counts(monthly: Rulebook) -> None:
    one = item(low="1", high="9", max_times=1, beyond="ignored")
    assert total(monthly, [one], [entry(day=2, points="1"), entry(day=9, points="9")]) == 1
    assert total(monthly, [one], [entry(points="1"), entry(points="9")]) == 9


def test_free_ones_come_before_times_and_these_before_the_cap_of_the_period(monthly: Rulebook) -> None:
    # -1 free; -2 -3 count, -4 beyond two; 5 within 4
    one = item(low="-9", high="-1", free_times=1, max_times=2, beyond="ignored", per_period_cap=Decimal(4))
    assert total(monthly, [one], [entry(day=day, points=str(-day)) for day in (1, 2, 3, 4)]) == -4
    loose = replace(one, per_period_cap=None)
    assert total(monthly, [loose], [entry(day=day, points=str(-day)) for day in (1, 2, 3, 4)]) == -5


def test_what_was_outdone_uses_up_no_free_time(monthly: Rulebook) -> None:
    one = item(low="-9", high="-1", free_times=1, exclusive="x")
    entries = [entry(day=1, points="-1", matter="m"), entry(day=2, points="-5", matter="m")]
    assert total(monthly, [one], entries) == 0
    assert [line.why for line in lines(monthly, [one], entries)] == ["outdone", "free"]


def test_of_equals_about_one_matter_the_earlier_counts_then_the_item_that_stands_first(monthly: Rulebook) -> None:
    both = [item("a", exclusive="x"), item("b", exclusive="x")]
    by_day = lines(monthly, both, [entry("a", 5, matter="m"), entry("b", 4, matter="m")])
    assert [(line.item.code, line.why) for line in by_day] == [("a", "outdone"), ("b", "")]
    by_item = lines(monthly, both, [entry("b", 4, matter="m"), entry("a", 4, matter="m")])
    assert [(line.item.code, line.why) for line in by_item] == [("a", ""), ("b", "outdone")]


def test_other_matters_and_other_names_exclude_nothing(monthly: Rulebook) -> None:
    both = [item("a", exclusive="x"), item("b", exclusive="y")]
    entries = [entry("a", matter="m"), entry("a", matter="n"), entry("b", matter="m")]
    assert total(monthly, both, entries) == 6


# laws


ITEMS = (
    item("range", "1", "9", exclusive="x", max_times=2, beyond="ignored"),
    item("hours", measure=Rate(SAID, Decimal("0.5")), per_occurrence_cap=Decimal(4), per_period_cap=Decimal(7)),
    item("level", levels={"city": Decimal(2), "province": Decimal("2.5")}, exclusive="x"),
    item("short", measure=STAIRS, free_times=1),
    item("rate", measure=Percent(Decimal(12))),
)
AMOUNTS = st.decimals(0, 100, places=2)


@st.composite
def entries_drawn(draw: st.DrawFn) -> list[Entry]:
    """Draw entries of every kind of item, several on one day and about one matter."""
    drawn = []
    for one in draw(st.lists(st.sampled_from(ITEMS), max_size=9)):
        more: dict[str, object] = {}
        if one.measure is not None:
            more["amount"] = draw(AMOUNTS)
        if one.levels:
            more["level"] = draw(st.sampled_from(sorted(one.levels)))
        if one.exclusive:
            more["matter"] = draw(st.sampled_from("mn"))
        points = str(draw(st.decimals(1, 9, places=1))) if one.code == "range" else None
        drawn.append(entry(one.code, draw(st.integers(1, 4)), points, **more))
    return drawn


@given(entries_drawn(), st.randoms(use_true_random=False))
def test_the_order_of_entries_changes_neither_the_sum_nor_a_line(
    monthly: Rulebook, drawn: list[Entry], rng: random.Random
) -> None:
    mixed = list(drawn)
    rng.shuffle(mixed)
    assert lines(monthly, ITEMS, mixed) == lines(monthly, ITEMS, drawn)


@given(entries_drawn())
def test_nothing_exceeds_what_its_bounds_allow(monthly: Rulebook, drawn: list[Entry]) -> None:
    found = lines(monthly, ITEMS, drawn)
    by_code = {one.code: [line for line in found if line.item.code == one.code] for one in ITEMS}
    assert all(abs(line.points) <= abs(line.worth.value) for line in found)
    assert all(0 <= line.points <= 4 for line in by_code["hours"])
    assert sum(1 for line in by_code["range"] if line.points) <= 2
    assert sum(1 for line in by_code["short"] if line.why == "free") == min(1, len(by_code["short"]))
    for matter in "mn":
        of_it = [line for line in found if line.item.exclusive and line.entry.matter == matter]
        assert sum(1 for line in of_it if line.why != "outdone") == min(1, len(of_it))
        assert all(line.worth.value <= kept.worth.value for kept in of_it if kept.why != "outdone" for line in of_it)


@given(entries_drawn(), AMOUNTS)
def test_one_more_that_adds_never_lowers_and_one_more_that_deducts_never_raises(
    monthly: Rulebook, drawn: list[Entry], amount: Decimal
) -> None:
    before = total(monthly, ITEMS, drawn)
    assert total(monthly, ITEMS, [*drawn, entry("hours", amount=amount)]) >= before
    assert total(monthly, ITEMS, [*drawn, entry("rate", amount=amount)]) >= before
    late = entry("short", 5, amount=amount)
    assert total(monthly, ITEMS, [*drawn, late]) <= before


@given(AMOUNTS, AMOUNTS)
def test_more_of_an_amount_is_never_worth_less_by_unit_or_rate(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    for measure in (Rate(SAID, Decimal("0.5")), Percent(Decimal(12))):
        assert measure.of(low) <= measure.of(high)
    assert STAIRS.of(low) >= STAIRS.of(high)


@given(entries_drawn())
def test_nothing_is_rounded_on_the_way(monthly: Rulebook, drawn: list[Entry]) -> None:
    found = made(monthly, ITEMS, drawn)
    (group,) = found.groups
    by_item = [tally.value for tally in group.items]
    assert group.value == sum(by_item, Fraction(0))
    assert found.value == max(Fraction(0), min(Fraction(100), group.value))


def test_of_entries_that_are_equal_in_worth_and_day_the_same_one_counts_in_any_order(monthly: Rulebook) -> None:
    one = item(low="-4", high="4", exclusive="x", levels={"city": Decimal(2), "up": Decimal(1)})
    said = [
        entry(points="2", level="city", matter="m", sources=(9,)),
        entry(points="4", level="up", matter="m", sources=(3,)),
        entry(points="4", level="up", matter="m", sources=(7,)),
        entry(points="-4", level="up", matter="m", sources=(1,)),
    ]
    for drawn in itertools.permutations(said):
        counted = [line for line in lines(monthly, [one], drawn) if not line.why]
        (best,) = counted  # what is better for the member, then the fact that was recorded first
        assert best.entry.sources == (3,)
        assert total(monthly, [one], drawn) == 4
