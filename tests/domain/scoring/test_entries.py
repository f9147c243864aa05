"""Entries of the catalogue become a component's value: item, group and component clamp in this order, exactly."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.findings import Invalid
from domain.rulebook import Item, Rulebook, Value, clause_text
from domain.scoring import Outcome, PersonResult, Step
from domain.sheet import Candidate, Entry, Given, Recorded, Score, entry_of

Monthly = Callable[..., PersonResult]
Reread = Callable[..., Rulebook]
Person = Callable[..., Candidate]
Scored = Callable[..., Outcome]
NINETY = Given(Decimal(90))
FREE = (
    "study-taught",
    "merit-result",
    "serve-solved",
    "serve-complaint",
    "law-breach",
    "spirit-morals",
    "law-sanction",
)
"""Items of several groups; the entries drawn from them keep within their times."""


def entry(item: str, points: str | int | None = None, day: int = 5, *sources: int) -> Entry:
    return entry_of(item, None if points is None else Decimal(points), date(2025, 3, day), sources)


def recorded(rulebook: Rulebook, of_month: Monthly, *entries: Entry, posts: frozenset[str] = frozenset()) -> Fraction:
    """Return what a record of these entries comes to."""
    result = of_month(rulebook, posts, appraisal=NINETY, records=Recorded(entries))
    return next(
        each.value for each in result.standing.tallies if each.component.code == "records" and each.value is not None
    )


def refusals(rulebook: Rulebook, of_month: Monthly, *entries: Entry) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        recorded(rulebook, of_month, *entries)
    return [(each.code, each.place.removeprefix("people[0] m.entries.")) for each in refused.value.findings]


def steps(step: Step) -> Iterator[Step]:
    yield step
    for child in step.children:
        yield from steps(child)


def test_a_record_that_was_kept_and_says_nothing_is_full(monthly: Rulebook, of_month: Monthly) -> None:
    assert recorded(monthly, of_month) == 100


@pytest.mark.parametrize(
    ("base", "value"), [("full", 100), ("base_80", 80), ("base_70", 70), ("base_60", 60), ("base_0", 0)]
)
def test_the_base_is_a_reading_and_a_bonus_group_begins_at_nothing(
    monthly_read: Reread, of_month: Monthly, base: str, value: int
) -> None:
    rulebook = monthly_read(records_base=base)
    assert recorded(rulebook, of_month) == value
    assert [group.start for group in rulebook.groups if group.code == "bonus"] == [0]


def test_points_are_added_and_deducted_within_their_group(monthly: Rulebook, of_month: Monthly) -> None:
    # serve: 20 - 4 - 3 + 2 = 15, so the record is 95
    assert recorded(monthly, of_month, entry("serve-complaint"), entry("serve-refused"), entry("serve-solved", 2)) == 95


def test_a_full_group_takes_no_more_and_an_empty_one_gives_no_less(monthly: Rulebook, of_month: Monthly) -> None:
    assert recorded(monthly, of_month, entry("serve-solved", 3)) == 100
    assert recorded(monthly, of_month, entry("law-sanction"), entry("law-breach", -10)) == 80


def test_what_a_group_cannot_hold_does_not_help_another(monthly: Rulebook, of_month: Monthly) -> None:
    # law: 20 - 20 - 10 is held at 0; spirit: 20 + 5 is held at 20
    assert recorded(monthly, of_month, entry("law-sanction"), entry("law-breach", -10), entry("spirit-deed", 5)) == 80


def test_a_bonus_makes_up_for_deductions_but_never_passes_the_range(monthly: Rulebook, of_month: Monthly) -> None:
    bonus = (entry("bonus-honour", 5), entry("bonus-urgent", 5))
    assert recorded(monthly, of_month, *bonus) == 100
    assert recorded(monthly, of_month, *bonus, entry("serve-complaint"), entry("serve-refused")) == 98


def test_an_items_cap_comes_before_the_groups_bounds(monthly: Rulebook, of_month: Monthly) -> None:
    # serve-solved counts at most 6 of 9, before the 20 - 4 - 4 = 12 that it is added to
    complaints = (entry("serve-complaint"), entry("serve-complaint"))
    thrice = (entry("serve-solved", 3), entry("serve-solved", 3), entry("serve-solved", 3))
    assert recorded(monthly, of_month, *complaints, *thrice) == 98


def test_a_cap_bounds_deductions_as_well(monthly: Rulebook, of_month: Monthly) -> None:
    items = dict(monthly.items)
    items["law-breach"] = replace(items["law-breach"], per_period_cap=Decimal(12))
    assert recorded(replace(monthly, items=items), of_month, entry("law-breach", -10), entry("law-breach", -10)) == 88


def worth(item: Item) -> st.SearchStrategy[Decimal]:
    return st.decimals(item.value.low, item.value.high, places=2)


@st.composite
def entries_drawn(draw: st.DrawFn, rulebook: Rulebook) -> tuple[Entry, ...]:
    """Draw entries within the catalogue's values and times."""
    drawn: list[Entry] = []
    for code in draw(st.lists(st.sampled_from(FREE), max_size=9)):
        item = rulebook.items[code]
        if item.max_times is None or sum(each.item == code for each in drawn) < item.max_times:
            drawn.append(entry_of(code, draw(worth(item)), date(2025, 3, draw(st.integers(1, 31)))))
    return tuple(drawn)


def naive(rulebook: Rulebook, entries: tuple[Entry, ...]) -> Fraction:
    """Count a record in hundredths of points, by dictionaries of integers."""
    by_item: dict[str, int] = {}
    for each in entries:
        assert each.points is not None
        by_item[each.item] = by_item.get(each.item, 0) + int(each.points * 100)
    sums = dict.fromkeys(("study", "merit", "serve", "law", "spirit"), 2000)
    for code, total in by_item.items():
        item = rulebook.items[code]
        most = total if item.per_period_cap is None else int(item.per_period_cap * 100)
        sums[item.group] += max(-abs(most), min(abs(most), total))
    held = sum(min(2000, max(0, each)) for each in sums.values())
    return Fraction(min(10000, max(0, held)), 100)


@given(st.data())
def test_a_record_is_the_naive_count(monthly: Rulebook, of_month: Monthly, data: st.DataObject) -> None:
    drawn = data.draw(entries_drawn(monthly))
    assert recorded(monthly, of_month, *drawn) == naive(monthly, drawn)


@given(st.data(), st.integers())
def test_the_order_of_entries_never_matters(
    monthly: Rulebook, of_month: Monthly, data: st.DataObject, seed: int
) -> None:
    drawn = data.draw(entries_drawn(monthly))
    mixed = list(drawn)
    random.Random(seed).shuffle(mixed)  # noqa: S311 - an order, not a secret
    one, other = (of_month(monthly, appraisal=NINETY, records=Recorded(tuple(each))) for each in (drawn, mixed))
    assert (one.total_exact, one.explanation) == (other.total_exact, other.explanation)


@given(st.data())
def test_a_deduction_more_never_raises_a_record(monthly: Rulebook, of_month: Monthly, data: st.DataObject) -> None:
    drawn = data.draw(entries_drawn(monthly))
    assert recorded(monthly, of_month, *drawn, entry("law-breach", -2)) <= recorded(monthly, of_month, *drawn)


# what an entry may say


@pytest.mark.parametrize(
    ("entries", "finding"),
    [
        ([entry("no-such-item", 1)], ("item-unknown", "records[0].item")),
        ([entry("serve-solved", "3.01")], ("points-unfit", "records[0].points")),
        ([entry("serve-solved", "0.99")], ("points-unfit", "records[0].points")),
        ([entry("serve-complaint", 4)], ("points-unfit", "records[0].points")),
        ([entry("serve-complaint", "NaN")], ("points-unfit", "records[0].points")),
        ([entry("serve-solved", "2.0000001")], ("score-too-fine", "records[0].points")),
        ([entry("serve-solved")], ("points-missing", "records[0].points")),
        ([entry_of("law-dues", None, date(2025, 2, 28))], ("entry-outside-period", "records[0].occurred_on")),
        ([entry_of("law-dues", None, date(2025, 4, 1))], ("entry-outside-period", "records[0].occurred_on")),
        ([entry("law-dues"), entry("law-dues")], ("item-too-often", "records[1].item")),
    ],
)
def test_an_entry_that_does_not_fit_is_refused_at_its_place(
    monthly: Rulebook, of_month: Monthly, entries: list[Entry], finding: tuple[str, str]
) -> None:
    assert refusals(monthly, of_month, *entries) == [finding]


def test_a_finding_names_the_place_in_the_document_where_there_is_one(monthly: Rulebook, of_month: Monthly) -> None:
    one = replace(entry("no-such-item", 1), place="people[3] x.entries[7]")
    assert refusals(monthly, of_month, one) == [("item-unknown", "people[3] x.entries[7].item")]


def test_the_first_and_the_last_day_of_a_period_are_in_it(monthly: Rulebook, of_month: Monthly) -> None:
    assert recorded(monthly, of_month, entry("serve-refused", None, 1), entry("serve-refused", None, 31)) == 94


def test_an_entry_without_a_day_counts(monthly: Rulebook, of_month: Monthly) -> None:
    assert recorded(monthly, of_month, entry_of("law-dues")) == 98


def test_a_holder_of_a_post_is_worth_what_the_item_says_for_the_post(monthly: Rulebook, of_month: Monthly) -> None:
    broken, result = entry("merit-commitment-broken"), entry("merit-result", 5)
    assert recorded(monthly, of_month, broken, result) == 100
    with pytest.raises(Invalid):
        recorded(monthly, of_month, broken, result, posts=frozenset({"班组长"}))
    lower = entry("merit-result", 4)
    assert recorded(monthly, of_month, broken, lower, posts=frozenset({"班组长", "other"})) == 100


def test_a_post_with_a_fixed_value_may_leave_the_points_out(monthly: Rulebook, of_month: Monthly) -> None:
    items = dict(monthly.items)
    two = Decimal(2)
    items["merit-result"] = replace(items["merit-result"], posts=(Value(two, two, "班组长"),))
    rulebook = replace(monthly, items=items)
    got = recorded(
        rulebook, of_month, entry("merit-commitment-broken"), entry("merit-result"), posts=frozenset({"班组长"})
    )
    assert got == 98


def test_an_item_of_another_component_is_refused(annual: Rulebook, person: Person, scored: Scored) -> None:
    wrong: Score = Recorded((entry_of("key-serving", Decimal(2)),))
    with pytest.raises(Invalid) as refused:
        scored(annual, [person("a", 90, work=wrong)])
    assert [each.code for each in refused.value.findings] == ["item-elsewhere"]


def test_a_component_that_takes_no_entries_refuses_them(annual: Rulebook, person: Person, scored: Scored) -> None:
    with pytest.raises(Invalid) as refused:
        scored(annual, [person("a", 90, masses=Recorded())])
    assert [each.code for each in refused.value.findings] == ["source-not-declared"]


# seed A with entries


def test_seed_a_counts_job_and_party_work_by_items(annual: Rulebook, person: Person, scored: Scored) -> None:
    # work: 80 + 8 - 5 = 83, and the demonstration post 5: 88; branch: 80 + 2 - 3 = 79, and key service 3 + 5 = 8: 87
    day = date(2025, 6, 1)
    work = Recorded(
        (entry_of("job-target-exceeded", Decimal(8), day), entry_of("job-discipline"), entry_of("job-post"))
    )
    branch = Recorded(
        (
            entry_of("party-resolution"), entry_of("party-duty-missed"),
            entry_of("key-serving", Decimal(3)), entry_of("key-one-plus-one", Decimal(5)),
        )
    )  # fmt: skip
    result = scored(annual, [person("a", 90, work=work, branch=branch)], roster_size=20).people[0]
    values = {leaf.component.code: leaf.value for part in result.standing.tallies for leaf in part.leaves()}
    assert values["work"] == 88
    assert values["branch"] == 87
    assert result.total_exact == Fraction(88 * 35 + (90 * 60 + 87 * 40) * 40 // 100 + 90 * 25, 100)


# explanations


def test_every_entry_stands_in_the_explanation_with_clause_and_fact(monthly: Rulebook, of_month: Monthly) -> None:
    entries = (entry("serve-solved", 2, 5, 41), entry("serve-complaint", None, 9, 42), entry("law-dues", None, 7, 43))
    tree = of_month(monthly, appraisal=NINETY, records=Recorded(entries, (50,))).explanation
    leaves = {step.sources: step for step in steps(tree) if not step.children and step.sources}
    assert [leaves[at,].value for at in (41, 42, 43)] == ["2", "-4", "-2"]
    assert all("2025-03-0" in leaves[at,].label.en for at in (41, 42, 43))
    texts = [step.label.en for step in steps(tree)]
    assert any("from 20, within 0 and 20): 20 + 2 + (-4) = 18" in text for text in texts)
    assert "sum of the groups: 20 + 20 + 18 + 18 + 20 + 0 = 96" in texts
    assert [step.sources for step in steps(tree) if step.label.en.startswith("sum of the groups")] == [(50,)]
    assert [step.clause for step in steps(tree) if clause_text(monthly, step.clause) is None] == []


def test_a_bound_that_was_passed_is_said(monthly: Rulebook, of_month: Monthly) -> None:
    entries = (entry("law-sanction"), entry("law-breach", -10), entry("bonus-honour", 5), entry("bonus-urgent", 5))
    texts = [
        step.label.en for step in steps(of_month(monthly, appraisal=NINETY, records=Recorded(entries)).explanation)
    ]
    assert any("= -10, below the lower bound, counts 0" in text for text in texts)
    assert any("= 10, above the upper bound, counts 5" in text for text in texts)
