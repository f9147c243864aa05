"""Table 3-1 as secretaries keep it: found wherever it stands, understood, and every finding at once."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from workbooks.grid import read_grid
from workbooks.score_table import ScoreTable, read_score_table

Make = Callable[..., bytes]
ROW = (90, 91, 92, 93, 94)


def read(content: bytes, weights: dict[str, Decimal] | None = None) -> ScoreTable:
    return read_score_table(read_grid(content), weights)


def points(table: ScoreTable) -> dict[str, list[str | None]]:
    return {
        row.name: [None if cell.points is None else str(cell.points) for cell in row.cells.values()]
        for row in table.rows
    }


def codes(table: ScoreTable) -> list[tuple[str, str]]:
    return [(finding.code, finding.place) for finding in table.findings]


def test_the_usual_form_is_understood(table_31: Make, weights: dict[str, Decimal]) -> None:
    table = read(table_31([1, "张三", *ROW, 91.65], [2, "李 四", "90分", "８８．５", " 92", 93, 94.25]), weights)
    assert table.findings == ()
    assert (table.title, table.year) == ("××机修车间党支部2025年度党员得分汇总表", "2025")
    assert points(table) == {"张三": ["90", "91", "92", "93", "94"], "李四": ["90", "88.5", "92", "93", "94.25"]}
    assert [(row.row, row.number, row.stated_total) for row in table.rows] == [
        (5, "1", Decimal("91.65")),
        (6, "2", None),
    ]
    assert table.rows[1].cells["group"].address == "D6"


def test_a_header_of_three_rows_with_its_weights_in_the_third_is_understood(
    workbook: Make, percent: Callable[[float], object], weights: dict[str, Decimal]
) -> None:
    head: list[list[object]] = [
        ["年度得分汇总"],
        ["姓名", "工作实绩", "党内活动", None, "群众评议", "自评", "总分"],
        [None, None, "党小组评分", "支部评分"],
        [None, "35%", "（６０％）", percent(0.4), "占20%", "权重：5%", None],
    ]
    table = read(workbook([*head, ["张三", *ROW]], merges=["A1:G1", "C2:D2", "A2:A4"]), weights)
    assert table.findings == ()
    assert points(table) == {"张三": ["90", "91", "92", "93", "94"]}


def test_the_english_header_of_the_seed_is_understood(workbook: Make, weights: dict[str, Decimal]) -> None:
    head: list[list[object]] = [
        ["Table3-1 Annual summary table of Party scores of branches"],
        [
            "Item\nName",
            "Work\nperformanc(35%)",
            "Inner-party activity (40%)",
            None,
            "Mass\nevaluation\n(20%)",
            "Personal\nself-\nassessment\n(5%)",
            "Total\nscore\n(100\npoints)",
        ],
        [None, None, "Party Group\nevaluation (60%)", "Party branch evaluation (40%)"],
    ]
    table = read(workbook([*head, ["Zhang San", *ROW, 91.7]], merges=["A2:A3", "C2:D2"]), weights)
    assert table.findings == ()
    assert points(table) == {"Zhang San": ["90", "91", "92", "93", "94"]}
    assert table.rows[0].stated_total == Decimal("91.7")


def test_columns_are_found_by_their_labels_in_any_order(workbook: Make) -> None:
    head = ["个人自评", "群众评价", "党支部评价", "党小组评价", "工作业绩", "备注", "项目/姓名"]
    table = read(workbook([head, [1, 2, 3, 4, 5, "x", "张三"]]))
    assert table.findings == ()
    assert points(table) == {"张三": ["5", "4", "3", "2", "1"]}


def test_a_group_heading_may_stand_alone_above_the_row_of_labels(workbook: Make, weights: dict[str, Decimal]) -> None:
    head = [
        ["评价情况统计", "2025年"],
        [None, None, "党内活动(50%)"],
        ["姓名", "工作业绩", "党小组", "党支部", "群众", "自评"],
    ]
    table = read(workbook([*head, ["张三", *ROW]], merges=["C2:D2"]), weights)
    assert codes(table) == [("weight-differs", "C2")]
    assert points(table) == {"张三": ["90", "91", "92", "93", "94"]}


def test_short_labels_below_the_party_score_mean_its_parts(workbook: Make) -> None:
    head = [["姓名", "工作业绩", "党内活动", None, "群众", "自评"], [None, None, "党小组", "党支部"]]
    table = read(workbook([*head, ["张三", *ROW]], merges=["C1:D1", "A1:A2"]))
    assert table.findings == ()
    assert points(table) == {"张三": ["90", "91", "92", "93", "94"]}


def test_blank_rows_totals_sections_repeated_headers_and_notes_are_not_people(table_31: Make) -> None:
    content = table_31(
        ["第一党小组"],
        [1, "张三", *ROW],
        [],
        ["序号", "姓名", "工作业绩", "党小组评价"],
        [2, "李四", *ROW],
        [3],
        [None, "合计", 180, 182, 184, 186, 188],
        ["平均", None, 90, 91, 92, 93, 94],
        foot=[["备注：原始分"], ["填表人：王五", "审核：赵六"]],
    )
    table = read(content)
    assert table.findings == ()
    assert list(points(table)) == ["张三", "李四"]


def test_a_section_heading_merged_across_the_table_is_skipped(workbook: Make) -> None:
    head = ["姓名", "工作业绩", "党小组评价", "党支部评价", "群众评价", "个人自评"]
    rows = [head, ["第一党小组"], ["张三", *ROW], ["第二党小组"], ["李四", *ROW]]
    table = read(workbook(rows, merges=["A2:F2", "A4:F4"]))
    assert list(points(table)) == ["张三", "李四"]


def test_a_person_below_the_notes_is_not_lost_unseen(table_31: Make) -> None:
    table = read(table_31([1, "张三", *ROW], foot=[["备注：原始分"], [2, "李四", *ROW]]))
    assert codes(table) == [("row-after-notes", "B7")]


def test_empty_is_missing_and_a_stroke_is_not_applicable(table_31: Make) -> None:
    (row,) = read(table_31([1, "张三", None, "不适用", "/", "—", "无"])).rows
    assert [cell.standing for cell in row.cells.values()] == ["missing", *["not_applicable"] * 4]


def test_all_findings_come_at_once_with_row_column_value_and_reason(
    table_31: Make, formula: Callable[[str], object], percent: Callable[[float], object]
) -> None:
    table = read(
        table_31(
            [1, "张三", formula("=45*2"), 101, "90/85", "九十", percent(0.9)],
            [2, None, 90, 91, 92, 93, 94],
            [3, 12345, *ROW],
        )
    )
    assert codes(table) == [
        ("name-missing", "B6"),
        ("name-unclear", "B7"),
        ("formula", "C5"),
        ("score-out-of-range", "D5"),
        ("score-unclear", "E5"),
        ("score-unclear", "F5"),
        ("score-is-percentage", "G5"),
    ]
    said = table.findings[4].message.zh
    assert said == "第 5 行「党内活动（40%） 党支部评价（40%）」（E5）「90/85」看不出是多少分。"


def test_a_total_from_a_formula_is_noted_and_not_used(table_31: Make, formula: Callable[[str], object]) -> None:
    table = read(table_31([1, "张三", *ROW, formula("=SUM(C5:G5)")]))
    assert table.findings == ()
    assert table.rows[0].stated_total is None
    assert [(note.code, note.place) for note in table.notes] == [("stated-total-not-read", "H5")]


def test_a_score_merged_over_two_people_belongs_to_neither(workbook: Make) -> None:
    head = ["姓名", "工作业绩", "党小组评价", "党支部评价", "群众评价", "个人自评"]
    table = read(workbook([head, ["张三", *ROW], ["李四", None, *ROW[1:]]], merges=["B2:B3"]))
    assert codes(table) == [("cell-merged", "B2"), ("cell-merged", "B3")]


def test_missing_and_doubled_columns_are_named(workbook: Make) -> None:
    head = ["姓名", "工作业绩", "工作业绩", "党小组评价", "党支部评价", "群众评价"]
    table = read(workbook([head, ["张三", *ROW]]))
    assert [code for code, _ in codes(table)] == ["column-missing", "column-doubled"]
    assert "个人自评" in table.findings[0].message.zh
    assert "B、C" in table.findings[1].message.zh


def test_weights_that_contradict_the_rulebook_are_found(table_31: Make, weights: dict[str, Decimal]) -> None:
    table = read(table_31([1, "张三", *ROW]), {**weights, "work": Decimal(30), "group": Decimal(70)})
    assert codes(table) == [("weight-differs", "C3"), ("weight-differs", "D4")]


def test_shares_of_the_whole_are_as_good_as_shares_of_the_party_score(
    workbook: Make, weights: dict[str, Decimal]
) -> None:
    head = ["姓名", "工作业绩35%", "党小组评价24%", "党支部评价16%", "群众评价20%", "个人自评5%"]
    assert read(workbook([head, ["张三", *ROW]]), weights).findings == ()


def test_columns_of_no_concern_are_noted_and_weighted_ones_never_taken_as_raw(workbook: Make) -> None:
    head = [
        ["姓名", "工作业绩", None, "党小组评价", "党支部评价", "群众评价", "个人自评", "爱好"],
        [None, "得分", "折算分", None, None, None, None, None],
    ]
    table = read(workbook([*head, ["张三", 90, 31.5, *ROW[1:]]], merges=["A1:A2", "B1:C1"]))
    assert table.findings == ()
    assert points(table)["张三"][0] == "90"
    assert [note.place for note in table.notes] == ["C:C", "H:H"]


@pytest.mark.parametrize("number", ["110101199003074518", "13812345678", "138 1234 5678", 13812345678, "0571-88881234"])
def test_identity_and_telephone_numbers_are_refused_and_not_repeated(table_31: Make, number: str | int) -> None:
    table = read(table_31([1, "张三", *ROW, None, number]))
    assert codes(table) == [("sensitive-value", "I5")]
    assert str(number) not in table.findings[0].message.zh


def test_a_sheet_without_a_header_or_without_people_says_so(workbook: Make, table_31: Make) -> None:
    assert codes(read(workbook([["会议记录"], ["时间", "地点"]]))) == [("header-not-found", "sheet")]
    assert codes(read(table_31())) == [("no-people", "sheet")]


def test_a_person_number_is_read_where_there_is_a_column(workbook: Make) -> None:
    head = ["编号", "姓名", "工作业绩", "党小组评价", "党支部评价", "群众评价", "个人自评"]
    table = read(workbook([head, ["P01", "张三", *ROW], [7, "张三", *ROW]]))
    assert [row.person_id for row in table.rows] == ["P01", "7"]
