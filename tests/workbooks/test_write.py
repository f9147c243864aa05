"""What is written reads back the same: names, exact scores, gaps; and the same content gives the same bytes."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from workbooks.cells import read_name, shortest
from workbooks.grid import Cell, Grid, read_grid
from workbooks.roster import read_roster
from workbooks.score_labels import COMPONENTS
from workbooks.score_table import ScoreTable, read_score_table
from workbooks.write import ScoreLine, ScoreSheet, write_score_table, write_template
from workbooks.write_marked import write_marked
from workbooks.write_roster import RosterLine, write_roster

WEIGHTS = {
    code: Decimal(percent)
    for code, percent in {"work": 35, "party": 40, "group": 60, "branch": 40, "masses": 20, "self": 5}.items()
}
SCORES = st.one_of(
    st.decimals(min_value=0, max_value=100, places=2),
    st.decimals(min_value=0, max_value=100, places=6),
    st.integers(min_value=0, max_value=100).map(Decimal),
)
NAMES = st.one_of(
    st.sampled_from(
        ["=1+1=A", "+86甲", "-乙", "@sum丙", "𠮷野", "买买提·艾力", "_x0041_丁", "党员01", '=HYPERLINK("http://a")']
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=8).map(
        lambda t: f"王{t}"
    ),
).filter(lambda name: read_name(name) == name)


@st.composite
def lines(draw: st.DrawFn) -> ScoreLine:
    standing = {code: draw(st.sampled_from(["score", "score", "missing", "not_applicable"])) for code in COMPONENTS}
    return ScoreLine(
        draw(NAMES),
        draw(st.sampled_from([None, "P01", "007"])),
        {code: draw(SCORES) for code, kind in standing.items() if kind == "score"},
        frozenset(code for code, kind in standing.items() if kind == "not_applicable"),
        draw(st.none() | SCORES),
    )


def read(content: bytes) -> ScoreTable:
    return read_score_table(read_grid(content), WEIGHTS)


def sheet(*people: ScoreLine) -> ScoreSheet:
    return ScoreSheet("第一机修车间党支部", "2025", people, WEIGHTS)


@settings(max_examples=60, deadline=None)
@given(st.lists(lines(), min_size=1, max_size=4), st.booleans())
def test_a_written_table_reads_back_to_the_same_people_and_exact_scores(people: list[ScoreLine], stars: bool) -> None:  # noqa: FBT001 - drawn
    table = read(write_score_table(replace(sheet(*people), with_ids=True, with_stars=stars, notes=("原始分",))))
    assert table.findings == ()
    assert table.year == "2025"
    back = [
        ScoreLine(
            row.name,
            row.person_id,
            {code: cell.points for code, cell in row.cells.items() if cell.points is not None},
            frozenset(code for code, cell in row.cells.items() if cell.standing == "not_applicable"),
            row.stated_total,
        )
        for row in table.rows
    ]
    assert back == people


def test_the_same_content_gives_the_same_bytes_whenever_it_is_written() -> None:
    content = sheet(ScoreLine("张三", scores={"work": Decimal("89.47")}))
    written = write_score_table(content)
    assert written == write_score_table(content)
    properties = zipfile.ZipFile(io.BytesIO(written)).read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\d", properties)) == {"2000-01-01"}
    assert {entry.date_time[0] for entry in zipfile.ZipFile(io.BytesIO(written)).infolist()} == {1980}


def test_two_people_of_one_name_get_a_column_for_their_numbers() -> None:
    table = read(write_score_table(sheet(ScoreLine("张伟", "P1"), ScoreLine("张伟", "P2"))))
    assert [row.person_id for row in table.rows] == ["P1", "P2"]


def test_a_score_that_excel_cannot_hold_is_written_as_its_exact_text() -> None:
    total = Decimal("89.12345678901234567")
    content = write_score_table(sheet(ScoreLine("张三", total=total)))
    assert read_grid(content).cell(5, 8).raw == str(total)


def test_the_template_holds_the_names_in_order_and_only_its_scores_can_be_changed() -> None:
    content = write_template(sheet(ScoreLine("李四"), ScoreLine("张三")))
    table = read(content)
    assert [row.name for row in table.rows] == ["李四", "张三"]
    assert {cell.standing for row in table.rows for cell in row.cells.values()} == {"missing"}
    page = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<sheetProtection" in page
    assert 'sqref="C5:G6"' in page
    unlocked = _unlocked_styles(content)
    assert unlocked
    cells = re.findall(r'<c r="([A-Z]+\d+)" s="(\d+)"', page)
    assert {place for place, style in cells if int(style) in unlocked} == {f"{c}{r}" for c in "CDEFG" for r in (5, 6)}


def _unlocked_styles(content: bytes) -> set[int]:
    styles = zipfile.ZipFile(io.BytesIO(content)).read("xl/styles.xml").decode()
    formats = re.findall(r"<xf [^>]*?(?:/>|>.*?</xf>)", styles[styles.index("<cellXfs") : styles.index("</cellXfs>")])
    return {number for number, look in enumerate(formats) if 'locked="0"' in look}


def test_the_page_is_a4_landscape_with_the_header_on_every_page() -> None:
    archive = zipfile.ZipFile(io.BytesIO(write_score_table(sheet(ScoreLine("张三")))))
    page = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'paperSize="9"' in page
    assert 'orientation="landscape"' in page
    assert "$3:$4" in archive.read("xl/workbook.xml").decode()


def test_nothing_written_is_a_formula_or_a_link() -> None:
    name = '=HYPERLINK("http://a")'
    content = write_score_table(replace(sheet(ScoreLine(name, remark="http://b")), title="=1+1", with_stars=True))
    page = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in page
    assert "hyperlink" not in page
    assert read(content).rows[0].name == name


def test_a_written_roster_reads_back() -> None:
    line = RosterLine("𠮷野", "007", "probationary", "第一党小组", "=车工", date(2025, 3, 5), None, date(2024, 1, 1))
    roster = read_roster(read_grid(write_roster("甲支部", "2025-12-31", [line, RosterLine("张三")])))
    assert roster.findings == ()
    first, second = roster.rows
    assert (first.name, first.person_id, first.kind, first.group) == ("𠮷野", "007", "probationary", "第一党小组")
    assert (first.post, first.joined_party, first.joined_branch) == ("=车工", date(2025, 3, 5), date(2024, 1, 1))
    assert (second.name, second.kind, second.joined_party) == ("张三", None, None)


def test_the_sheet_comes_back_with_its_values_and_its_bad_cells_marked(table_31: Callable[..., bytes]) -> None:
    grid = read_grid(table_31([1, "张三", "约90", 91, None, 93.5, date(2025, 3, 5)], [2, None, 90]))
    findings = read_score_table(grid).findings
    content = write_marked(grid, findings)
    back = read_grid(content)
    assert {place: cell.raw for place, cell in back.cells.items()} == {place: c.raw for place, c in grid.cells.items()}
    assert {area for area in back.merges if area.size > 1} == {area for area in grid.merges if area.size > 1}
    comments = zipfile.ZipFile(io.BytesIO(content)).read("xl/comments1.xml").decode()
    assert [f'ref="{finding.place}"' in comments for finding in findings] == [True] * 3
    listed = read_grid(content, "问题")
    assert [listed.cell(row, 1).raw for row in (2, 3, 4)] == [finding.place for finding in findings]


def test_a_number_beyond_all_bounds_comes_back_as_text() -> None:
    grid = Grid("甲", 1, 1, {(1, 1): Cell(1, 1, float("inf"))}, (), {}, (), False, ())  # noqa: FBT003 - days from 1900
    assert read_grid(write_marked(grid, ())).cell(1, 1).raw == "Infinity"


def test_the_shortest_decimal_is_the_same_number() -> None:
    assert [str(shortest(Decimal(text))) for text in ("90.50", "100", "1E+2", "0.00", "-0")] == [
        "90.5",
        "100",
        "100",
        "0",
        "0",
    ]
