"""An upload is shown before it does anything: new, changed, unchanged, missing, error, each with its Excel place."""

import json
from collections.abc import Callable
from decimal import Decimal

from workbooks.grid import read_grid
from workbooks.matching import KnownPerson, match
from workbooks.preview import Preview, preview
from workbooks.score_table import read_score_table

PEOPLE = [KnownPerson("P1", "张三"), KnownPerson("P2", "李四")]
CURRENT = {("P1", "work"): Decimal("90.00"), ("P1", "group"): Decimal(80), ("P1", "masses"): Decimal(77)}


def shown(content: bytes) -> Preview:
    table = read_score_table(read_grid(content))
    return preview(table, match(table.rows, PEOPLE), CURRENT)


def test_each_cell_says_what_it_would_change(table_31: Callable[..., bytes]) -> None:
    lines = [line for line in shown(table_31([1, "张三", 90, "91分", "92.5", None, "/"])).lines if line.person]
    assert [(line.kind, line.place, line.before, line.after) for line in lines] == [
        ("unchanged", "C5", Decimal(90), Decimal(90)),
        ("changed", "D5", Decimal(80), Decimal(91)),
        ("new", "E5", None, Decimal("92.5")),
        ("missing", "F5", Decimal(77), None),
        ("not_applicable", "G5", None, None),
    ]


def test_an_error_carries_row_column_value_reason_and_remedy_and_stops_the_import(
    table_31: Callable[..., bytes],
) -> None:
    seen = shown(table_31([1, "张三", "约90", 91, 92, 93, 94], [2, "王五", 90, 91, 92, 93, 94]))
    errors = [line for line in seen.lines if line.kind == "error"]
    assert [(line.row, line.column, line.value, line.name) for line in errors] == [
        (5, "C", "约90", "张三"),
        (6, "B", "王五", "王五"),
    ]
    assert all(line.reason and line.remedy for line in errors)
    assert not seen.can_be_confirmed


def test_nothing_to_write_cannot_be_confirmed(table_31: Callable[..., bytes]) -> None:
    assert not shown(table_31([1, "张三", 90, 80])).can_be_confirmed
    assert shown(table_31([1, "张三", 90, 81])).can_be_confirmed


def test_the_preview_is_json_with_scores_as_strings(table_31: Callable[..., bytes]) -> None:
    told = json.loads(json.dumps(shown(table_31([1, "张三", 90, 90, 92.5])).as_json()))
    assert told["counts"] == {
        "new": 1,
        "changed": 1,
        "unchanged": 1,
        "missing": 2,
        "not_applicable": 0,
        "error": 0,
        "note": 1,
    }
    assert [(line["from"], line["to"]) for line in told["lines"] if line["kind"] == "changed"] == [("80", "90")]
