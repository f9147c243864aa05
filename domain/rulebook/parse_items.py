"""Reading the item catalogue of a rulebook: categories of people, groups with their bounds, items with their values."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import get_args

from domain.roles import ALL
from domain.rulebook.fields import Table
from domain.rulebook.items import Beyond, Category, Group, Item, Measure, Percent, Rate, Stair, Stairs, Value
from domain.text import Text

_BASES = {"full": 100, "base_80": 80, "base_70": 70, "base_60": 60, "base_0": 0}
_MEASURES = ("per", "steps", "percent")
_ONE_WAY = Text(zh="只写一种。", en="Write one of them.")


def category(table: Table) -> Category:
    """Return the category of people that `table` writes."""
    read = Category(table.word("code"), table.both("title"), table.word("clause", ""), table.words("posts", ()))
    table.done()
    return read


def group(table: Table, choices: Mapping[str, str], ordered: frozenset[str] = frozenset()) -> Group:
    """Return the group that `table` writes.

    A start left out is the base of AMB-B9; it is nothing for a bonus group, for one with an open top, and for one of an
    `ordered` component, whose order says itself where it begins.
    """
    bonus, high = table.flag("bonus", default=False), table.number_or_none("high")
    component = table.word("component")
    empty = bonus or high is None or component in ordered
    base = Decimal(0) if empty or high is None else high * _BASES[choices["records_base"]] / 100
    start = table.number_or_none("start")
    read = Group(
        code=table.word("code"),
        title=table.both("title"),
        component=component,
        start=base if start is None else start,
        low=table.number_or_none("low"),
        high=high,
        clause=table.word("clause", ""),
        start_by=table.points("start_by") if "start_by" in table else {},
        categories=table.words("categories", ()),
    )
    table.done()
    return read


def items(top: Table) -> dict[str, Item]:
    """Return the items of the document by code, in its order; versions of one code stand in the first of them."""
    found: dict[str, Item] = {}
    for table in top.tables("items", optional=True):
        read = _item(table)
        known = found.get(read.code)
        if known is None:
            found[read.code] = read
        elif "effective" in table and known.effective_from != known.effective_to:
            found[read.code] = replace(known, later=(*known.later, read))
        else:
            message = Text(zh=f"考核条目“{read.code}”重复", en=f"the item “{read.code}” stands twice")
            remedy = Text(
                zh="只保留一条；年中修改的，各自写明effective。",
                en="Keep one of them, or give each version its `effective` days.",
            )
            table.wrong("item-doubled", "code", message, remedy)
    return found


def _item(table: Table) -> Item:
    measure = _measure(table)
    effective = table.table("effective", optional=True)
    read = Item(
        code=table.word("code"),
        title=table.both("title"),
        test=table.both("test"),
        group=table.word("group"),
        value=_value(table) if measure is None else measure.span,
        clause=table.word("clause", ""),
        posts=tuple(_post_value(entry) for entry in table.tables("posts", optional=True)),
        key=table.flag("key", default=False),
        evidence_required=table.flag("evidence_required", default=False),
        activities=table.words("activities", ()),
        max_times=table.whole("max_times", low=1) if "max_times" in table else None,
        per_period_cap=table.number_or_none("per_period_cap"),
        measure=measure,
        levels=table.points("levels") if "levels" in table else {},
        per_occurrence_cap=table.number_or_none("per_occurrence_cap"),
        free_times=table.whole("free_times", 0),
        beyond=table.choice("beyond", get_args(Beyond), "refused"),
        exclusive=table.word("exclusive", ""),
        categories=table.words("categories", ()),
        effective_from=effective.day_or_none("from"),
        effective_to=effective.day_or_none("to"),
        recorded_by=table.choices("recorded_by", ALL) if "recorded_by" in table else (),
        verified_by=table.choices("verified_by", ALL) if "verified_by" in table else (),
    )
    effective.done()
    table.done()
    return read


def _measure(table: Table) -> Measure | None:
    """Read what turns an entry's amount into points: `per`, `steps` or `percent`; None where points are written."""
    ways = [name for name in (*_MEASURES, "points", "points_low", "points_high") if name in table]
    if not any(name in _MEASURES for name in ways):
        return None
    if len(ways) > 1:
        listed = " · ".join(ways)
        message = Text(zh=f"分值写了不止一种：{listed}", en=f"the value is given in more than one way: {listed}")
        table.wrong("item-value-unfit", ways[0], message, _ONE_WAY)
    for name in ("points", "points_low", "points_high"):
        table.number_or_none(name)
    read = [reader(table) for name, reader in _READERS.items() if name in table]
    return read[0]


def _rate(parent: Table) -> Measure:
    table = parent.table("per")
    read = Rate(table.both("unit"), table.number("points"))
    table.done()
    return read


def _stairs(parent: Table) -> Measure:
    return Stairs(tuple(_stair(table) for table in parent.tables("steps")))


def _stair(table: Table) -> Stair:
    read = Stair(table.number_or_none("upto"), table.number("points"))
    table.done()
    return read


def _percent(table: Table) -> Measure:
    return Percent(table.number("percent"))


_READERS = {"per": _rate, "steps": _stairs, "percent": _percent}


def _post_value(table: Table) -> Value:
    read = _value(table, table.word("post"))
    table.done()
    return read


def _value(table: Table, post: str = "") -> Value:
    """Read `points`, or the range `points_low` … `points_high`."""
    ranged = "points_low" in table or "points_high" in table
    if ranged and "points" in table:
        message = Text(zh="points与points_low/points_high不能同时写", en="both points and a range of points are given")
        table.wrong("item-value-unfit", "points", message, Text(zh="只写一种。", en="Write one of the two."))
    if ranged:
        low, high = table.number("points_low"), table.number("points_high")
        table.number_or_none("points")
    else:
        low = high = table.number("points")
    return Value(low, high, post)
