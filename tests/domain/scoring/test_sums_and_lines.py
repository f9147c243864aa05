"""What is scored and what explains it are one: sums of whole numbers, kinds met before, and the lines made later."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.findings import Invalid
from domain.rulebook import Component, Group, Item, Rulebook, Value
from domain.rulebook.items import Percent, Rate, Stair, Stairs
from domain.rulebook.order import Add, AtLeast, AtMost, Begin, Times, Turn
from domain.scoring import score
from domain.scoring.entries import GroupTally, ItemTally, Made, made_of
from domain.scoring.tariff import Tariffs
from domain.sheet import Candidate, Entry, Given, Occurrence, Occurrences, Recorded, Sheet, entry_of
from domain.sheet.check import sheet_faults
from domain.text import Text

SAID = Text("项", "thing")
NOBODY: frozenset[str] = frozenset()
MIDDLE = date(2025, 3, 15)
POINTS = st.decimals(-9, 9, places=2)
CAPS = st.none() | st.decimals("0.5", 9, places=1)
MEASURES = (
    None,
    Rate(SAID, Decimal("0.35")),
    Percent(Decimal("12.5")),
    Stairs((Stair(Decimal(20), Decimal(-1)), Stair(None, Decimal("-8.25")))),
)
ORDERS: tuple[tuple[Turn, ...], ...] = (
    (),
    (Begin(Decimal(60), "1"), Add(("g",), "1", at_most=Decimal(10)), Times(Decimal("0.85"), "1"), Add(("h",), "1")),
    (Add(("h", "g"), "1"), AtMost(Decimal(50), "1"), AtLeast(Decimal("-3.5"), "1")),
)


Catalogue = tuple[tuple[Group, ...], dict[str, Item], tuple[Turn, ...]]
Drawn = tuple[Catalogue, list[tuple[Entry, ...]]]


@st.composite
def items(draw: st.DrawFn, code: str) -> Item:
    """Draw an item with anything that an item can have, sometimes replaced in the middle of the month."""
    low, high = sorted((draw(POINTS), draw(POINTS)))
    one = Item(
        code,
        SAID,
        SAID,
        draw(st.sampled_from("gh")),
        Value(low, high),
        "1",
        measure=MEASURES[draw(st.integers(0, len(MEASURES) - 1))],
        levels=draw(st.sampled_from(({}, {"city": Decimal("1.5"), "province": Decimal(3)}))),
        per_occurrence_cap=draw(CAPS),
        per_period_cap=draw(CAPS),
        free_times=draw(st.integers(0, 2)),
        max_times=draw(st.none() | st.integers(1, 3)),
        beyond="ignored",
        exclusive=draw(st.sampled_from(("", "", "x"))),
    )
    if not draw(st.booleans()):
        return one
    later = replace(one, per_period_cap=draw(CAPS), free_times=0, effective_from=MIDDLE.replace(day=16))
    return replace(one, effective_to=MIDDLE, later=(later,))


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    """Draw two groups with bounds, items for them, and perhaps an order."""
    groups = []
    for code in "gh":
        ends = sorted(draw(st.tuples(st.integers(-9, 30), st.integers(-9, 30))))
        low, high = (draw(st.sampled_from((None, Decimal(end)))) for end in ends)
        groups.append(Group(code, SAID, "records", Decimal(draw(st.integers(0, 20))), low, high, "1"))
    codes = "abcd"[: draw(st.integers(1, 4))]
    return tuple(groups), {code: draw(items(code)) for code in codes}, ORDERS[draw(st.integers(0, len(ORDERS) - 1))]


def entries_drawn(draw: st.DrawFn, catalogue: dict[str, Item], said: Occurrences) -> tuple[Entry, ...]:
    """Draw entries, often saying the same as another one, and sharing what occurred where the sheet keeps it."""
    drawn: list[Entry] = []
    for _ in range(draw(st.integers(0, 12))):
        again = draw(st.booleans())
        if again and drawn:
            drawn.append(drawn[draw(st.integers(0, len(drawn) - 1))])
            continue
        item = catalogue[draw(st.sampled_from(sorted(catalogue)))]
        ends = (item.value.low, item.value.high)
        amount = draw(st.decimals(0, 100, places=3)) if item.measure is not None else None
        points = draw(st.sampled_from(ends)) if amount is None else None
        level = draw(st.sampled_from(sorted(item.levels))) if item.levels else ""
        matter = draw(st.sampled_from("mn")) if item.exclusive else ""
        day = date(2025, 3, draw(st.integers(14, 17)))
        if draw(st.booleans()):
            drawn.append(Entry(said.of(item.code, points, day, amount, level, matter)))
        else:
            drawn.append(entry_of(item.code, points, day, amount=amount, level=level, matter=matter))
    return tuple(drawn)


@st.composite
def sheets_drawn(draw: st.DrawFn) -> Drawn:
    """Draw a catalogue and what several people did by it."""
    catalogue, said = draw(catalogues()), Occurrences()
    return catalogue, [entries_drawn(draw, catalogue[1], said) for _ in range(draw(st.integers(1, 4)))]


def prepared(monthly: Rulebook, drawn: Catalogue) -> tuple[Tariffs, Component]:
    """Return the tariffs of the rulebook of months with another catalogue, and its component made of entries."""
    groups, catalogue, order = drawn
    records = replace(monthly.leaves()["records"], order=order)
    components = tuple(records if each.code == "records" else each for each in monthly.components)
    return Tariffs(replace(monthly, components=components, groups=groups, items=catalogue)), records


def clamped(number: Fraction, low: Decimal | None, high: Decimal | None) -> Fraction:
    """Return `number` within bounds, as one would write it without a thought for speed."""
    floor = number if low is None else max(number, Fraction(low))
    return floor if high is None else min(floor, Fraction(high))


def told_item(tally: ItemTally) -> Fraction:
    """Return what the lines of an item come to by its cap, each of them by its own number."""
    total = sum((line.points for line in tally.lines), Fraction(0))
    cap = tally.item.per_period_cap
    assert tally.sum == total
    return total if cap is None else clamped(total, -cap, cap)


def told_group(tally: GroupTally) -> Fraction:
    """Return what the lines of a group come to by its bounds."""
    total = sum((told_item(item) for item in tally.items), tally.start)
    assert tally.sum == total
    return clamped(total, tally.group.low, tally.group.high)


def told(made: Made, order: Sequence[Turn]) -> Fraction:
    """Return what the explanation of a component comes to when it is followed from the lines up."""
    found = {tally.group.code: told_group(tally) for tally in made.groups}
    assert {tally.group.code: tally.value for tally in made.groups} == found
    if not order:
        return clamped(sum(found.values(), Fraction(0)), Decimal(0), Decimal(100))
    number = Fraction(0)
    for turn in order:
        match turn:
            case Begin():
                number = Fraction(turn.start)
            case Add():
                number += clamped(sum((found[code] for code in turn.groups), Fraction(0)), turn.at_least, turn.at_most)
            case AtMost():
                number = min(number, Fraction(turn.bound))
            case AtLeast():
                number = max(number, Fraction(turn.bound))
            case Times():
                number *= Fraction(turn.factor)
    return clamped(number, Decimal(0), Decimal(100))


@given(sheets_drawn())
def test_what_is_scored_is_what_the_lines_of_the_explanation_come_to(monthly: Rulebook, drawn: Drawn) -> None:
    tariffs, records = prepared(monthly, drawn[0])
    for entries in drawn[1]:
        made = made_of(tariffs, records, Recorded(entries), NOBODY, "")
        assert made.value == told(made, records.order)
        assert sorted(line.entry.item for group in made.groups for item in group.items for line in item.lines) == (
            sorted(entry.item for entry in entries)
        )


@given(sheets_drawn(), st.integers(0, 999))
def test_a_record_comes_to_the_same_whoever_was_counted_before(monthly: Rulebook, drawn: Drawn, lot: int) -> None:
    together, records = prepared(monthly, drawn[0])
    for entries in drawn[1]:
        alone, _ = prepared(monthly, drawn[0])
        mixed = random.Random(lot).sample(entries, len(entries))  # noqa: S311 - any other order
        among = made_of(together, records, Recorded(entries), NOBODY, "")
        by_itself = made_of(alone, records, Recorded(entries), NOBODY, "")
        assert (among.value, among.groups) == (by_itself.value, by_itself.groups)
        assert made_of(alone, records, Recorded(tuple(mixed)), NOBODY, "").value == among.value


class Forgetful(Occurrences):
    """Keeps occurrences by what they say, all but the level."""

    def of(
        self,
        item: str,
        points: Decimal | None,
        occurred_on: date | None,
        amount: Decimal | None = None,
        level: str = "",
        matter: str = "",
        *,
        judged: bool = False,
    ) -> Occurrence:
        """Return the first one that says the same but for its level."""
        kept = super().of(item, points, occurred_on, amount, "", matter, judged=judged)
        object.__setattr__(kept, "level", kept.level or level)
        return kept


def test_occurrences_of_two_levels_are_kept_apart(monthly: Rulebook) -> None:
    item = Item("a", SAID, SAID, "g", Value(Decimal(2), Decimal(2)), "1", levels={"city": Decimal(1), "up": Decimal(3)})
    catalogue = ((Group("g", SAID, "records", Decimal(0), None, None, "1"),), {"a": item}, ())
    tariffs, records = prepared(monthly, catalogue)

    def worth(said: Occurrences) -> Fraction:
        entries = tuple(Entry(said.of("a", None, MIDDLE, None, level, "")) for level in ("city", "up", "city", "up"))
        assert len({entry.occurrence for entry in entries}) == (1 if isinstance(said, Forgetful) else 2)
        return made_of(tariffs, records, Recorded(entries), NOBODY, "").value

    assert worth(Occurrences()) == 16
    assert worth(Forgetful()) == 8, "the control: the worth of the first is taken for all"


WRITTEN = st.sampled_from(("1", "3", "2.5", "2.50", "2.5000000", "9", "-1", "NaN", "sNaN", "Infinity"))
SAID_OF = st.tuples(
    st.sampled_from(("study-skill", "serve-solved", "merit-result", "nowhere")), WRITTEN, st.integers(1, 3)
)


@given(st.lists(st.lists(SAID_OF, max_size=6), min_size=2, max_size=4))
def test_a_sheet_is_refused_for_each_person_as_it_would_be_for_this_one_alone(
    monthly: Rulebook, people: list[list[tuple[str, str, int]]]
) -> None:
    """Kinds that were found to fit are not checked again; the findings are those of everybody alone, in order."""
    known = Occurrences()

    def candidate(said: list[tuple[str, str, int]]) -> Candidate:
        entries = tuple(Entry(known.of(item, Decimal(points), date(2025, month, 9))) for item, points, month in said)
        return Candidate("p", components={"records": Recorded(entries), "appraisal": Given(Decimal(90))})

    rulebook = replace(
        monthly, items={code: replace(item, max_times=2) for code, item in monthly.items.items() if code != "nowhere"}
    )
    sheet = Sheet("2025-03", tuple(replace(candidate(said), person=f"p{at}") for at, said in enumerate(people)))
    alone = [
        (each.code, each.place.split(".", 1)[1])
        for said in people
        for each in sheet_faults(Sheet("2025-03", (candidate(said),)), rulebook)
    ]
    assert [(each.code, each.place.split(".", 1)[1]) for each in sheet_faults(sheet, rulebook)] == alone


def test_a_number_finer_than_is_kept_is_refused_though_an_equal_one_stands_before_it(monthly: Rulebook) -> None:
    known = Occurrences()

    def person(name: str, points: str) -> Candidate:
        entry = Entry(known.of("study-skill", Decimal(points), MIDDLE))
        return Candidate(name, components={"records": Recorded((entry,)), "appraisal": Given(Decimal(90))})

    with pytest.raises(Invalid) as refused:
        score(monthly, Sheet("2025-03", (person("a", "2.5"), person("b", "2.5000000"))))
    assert [(each.code, each.place.split()[1]) for each in refused.value.findings] == [
        ("score-too-fine", "b.entries.records[0].points")
    ]
