"""The roster 党员花名册: kinds, dates and numbers understood, identity and telephone numbers refused."""

from collections.abc import Callable
from datetime import date

from workbooks.grid import read_grid
from workbooks.roster import read_roster

Make = Callable[..., bytes]
HEAD = ["序号", "姓名", "党员编号", "政治面貌", "所在党小组", "职务", "入党时间", "转正日期", "转入支部时间"]


def test_a_roster_is_understood_in_its_usual_wordings(workbook: Make) -> None:
    rows = [
        ["党员花名册"],
        HEAD,
        [1, "张 三", "P01", "正式党员", "第一党小组", "车工", "2001.7.1", date(2002, 7, 1), 40179],
        [2, "买买提・艾力", 2, "预备", None, "/", "2025年3月5日", None, None],
        ["备注：截至2025年12月31日"],
    ]
    roster = read_roster(read_grid(workbook(rows, merges=["A1:I1"])))
    assert roster.findings == ()
    first, second = roster.rows
    assert (first.name, first.person_id, first.kind, first.group, first.post) == (
        "张三",
        "P01",
        "formal",
        "第一党小组",
        "车工",
    )
    assert (first.joined_party, first.became_formal, first.joined_branch) == (
        date(2001, 7, 1),
        date(2002, 7, 1),
        date(2010, 1, 1),
    )
    assert (second.name, second.person_id, second.kind, second.post) == ("买买提\u00b7艾力", "2", "probationary", None)


def test_unclear_dates_kinds_formulas_and_doubled_numbers_come_at_once(
    workbook: Make, formula: Callable[[str], object]
) -> None:
    rows = [
        HEAD,
        [1, "张三", "P01", "党员", None, None, "2001.7", None, None],
        [2, "李四", "P01", "群众", None, None, formula("=TODAY()"), "03/05/2025", None],
    ]
    roster = read_roster(read_grid(workbook(rows)))
    assert [(finding.code, finding.place) for finding in roster.findings] == [
        ("date-unclear", "G2"),
        ("kind-unclear", "D2"),
        ("formula", "G3"),
        ("date-unclear", "H3"),
        ("code-doubled", "B3"),
    ]


def test_columns_with_identity_or_telephone_numbers_must_go(workbook: Make) -> None:
    rows = [["姓名", "身份证号", "联系电话"], ["张三", "110101199003074518", "x"]]
    roster = read_roster(read_grid(workbook(rows)))
    assert sorted((finding.code, finding.place) for finding in roster.findings) == [
        ("sensitive-column", "B1"),
        ("sensitive-column", "C1"),
        ("sensitive-value", "B2"),
    ]


def test_only_the_name_is_needed(workbook: Make) -> None:
    roster = read_roster(read_grid(workbook([["姓名"], ["张三"], ["李四"]])))
    assert [row.name for row in roster.rows] == ["张三", "李四"]
    assert roster.findings == ()
