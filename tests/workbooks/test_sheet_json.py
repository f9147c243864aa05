"""A Table 3-1 workbook is as good as the JSON sheet for the calculator."""

from collections.abc import Callable

import pytest

from domain.findings import Invalid
from workbooks.sheet_json import workbook_as_sheet


def test_a_workbook_becomes_the_sheet_of_the_calculator(table_31: Callable[..., bytes]) -> None:
    content = table_31([1, "张三", "92分", 88.5, 90, None, 95], [2, "李四", 90, "不适用", 91, 92, 93])
    assert workbook_as_sheet(content, roster_size=20) == {
        "period": "2025",
        "roster_size": 20,
        "people": [
            {
                "id": "张三",
                "components": {"work": "92", "group": "88.5", "branch": "90", "masses": None, "self": "95"},
                "not_applicable": [],
            },
            {
                "id": "李四",
                "components": {"work": "90", "branch": "91", "masses": "92", "self": "93"},
                "not_applicable": ["group"],
            },
        ],
    }


def test_numbers_are_the_ids_where_they_are_given_and_people_are_counted(workbook: Callable[..., bytes]) -> None:
    head = ["姓名", "编号", "工作业绩", "党小组评价", "党支部评价", "群众评价", "个人自评"]
    told = workbook_as_sheet(workbook([head, ["张伟", "P1", 1, 2, 3, 4, 5], ["张伟", "P2", 1, 2, 3, 4, 5]]))
    people = told["people"]
    assert isinstance(people, list)
    assert [person["id"] for person in people] == ["P1", "P2"]
    assert told["roster_size"] == 2
    assert "period" not in told


def test_a_sheet_with_findings_is_invalid_with_all_of_them(table_31: Callable[..., bytes]) -> None:
    with pytest.raises(Invalid) as caught:
        workbook_as_sheet(table_31([1, "张三", 101, 90, 90, 90, "x"], [2, "张三", 90, 90, 90, 90, 90]))
    assert [finding.code for finding in caught.value.findings] == [
        "score-out-of-range",
        "score-unclear",
        "name-doubled",
        "name-doubled",
    ]
