"""Reading the item catalogue of a rulebook: groups with their bounds, items with their values."""

from collections.abc import Mapping
from decimal import Decimal

from domain.rulebook.fields import Table
from domain.rulebook.items import Group, Item, Value
from domain.text import Text

_BASES = {"full": 100, "base_80": 80, "base_70": 70, "base_60": 60, "base_0": 0}


def group(table: Table, choices: Mapping[str, str]) -> Group:
    """Return the group that `table` writes; a start left out is the base of AMB-B9, nothing for a bonus group."""
    bonus, high = table.flag("bonus", default=False), table.number("high")
    base = Decimal(0) if bonus else high * _BASES[choices["records_base"]] / 100
    start = table.number_or_none("start")
    read = Group(
        code=table.word("code"),
        title=table.both("title"),
        component=table.word("component"),
        start=base if start is None else start,
        low=table.number("low"),
        high=high,
        clause=table.word("clause", ""),
    )
    table.done()
    return read


def items(top: Table) -> dict[str, Item]:
    """Return the items of the document by code, in its order."""
    found: dict[str, Item] = {}
    for table in top.tables("items", optional=True):
        read = _item(table)
        if read.code in found:
            message = Text(zh=f"考核条目“{read.code}”重复", en=f"the item “{read.code}” stands twice")
            table.wrong("item-doubled", "code", message, Text(zh="只保留一条。", en="Keep one of them."))
        found[read.code] = read
    return found


def _item(table: Table) -> Item:
    read = Item(
        code=table.word("code"),
        title=table.both("title"),
        test=table.both("test"),
        group=table.word("group"),
        value=_value(table),
        clause=table.word("clause", ""),
        posts=tuple(_post_value(entry) for entry in table.tables("posts", optional=True)),
        key=table.flag("key", default=False),
        evidence_required=table.flag("evidence_required", default=False),
        activities=table.words("activities", ()),
        max_times=table.whole("max_times", low=1) if "max_times" in table else None,
        per_period_cap=table.number_or_none("per_period_cap"),
    )
    table.done()
    return read


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
