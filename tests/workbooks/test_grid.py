"""Reading a workbook: addresses, merged cells, and a clear refusal for whatever is no plain .xlsx."""

import contextlib
import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.findings import Invalid
from workbooks.address import address, letter, parse_address, parse_area
from workbooks.grid import Grid, read_grid

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def refusal(content: bytes, sheet: str | None = None) -> str:
    with pytest.raises(Invalid) as caught:
        read_grid(content, sheet)
    (finding,) = caught.value.findings
    assert finding.message.zh
    assert finding.remedy.zh
    return finding.code


def repacked(content: bytes, **changes: bytes | None) -> bytes:
    """Return the workbook with parts replaced or left out (None); keys have _ for / and __ for a dot."""
    named = {key.replace("__", ".").replace("_", "/"): value for key, value in changes.items()}
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        parts = {name: source.read(name) for name in source.namelist()} | named
        for name, part in parts.items():
            if part is not None:
                archive.writestr(name, part)
    return target.getvalue()


def sheet_xml(body: str, after: str = "") -> bytes:
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return f"<worksheet {space}><sheetData>{body}</sheetData>{after}</worksheet>".encode()


@given(st.integers(min_value=1, max_value=1_048_576), st.integers(min_value=1, max_value=16_384))
def test_an_address_read_back_is_the_same_place(row: int, column: int) -> None:
    assert parse_address(address(row, column)) == (row, column)


def test_columns_are_lettered_as_excel_letters_them() -> None:
    assert [letter(column) for column in (1, 26, 27, 52, 702, 703, 16384)] == ["A", "Z", "AA", "AZ", "ZZ", "AAA", "XFD"]
    assert parse_area("B3:D4 ") is None


def test_a_grid_gives_every_cell_with_its_excel_address(workbook: Callable[..., bytes]) -> None:
    grid = read_grid(workbook([[], [None, "甲", 88.5], [], [None, None, date(2025, 3, 5)]], merges=["B6:C7"]))
    assert [(cell.address, cell.raw) for cell in grid.cells.values()] == [
        ("B2", "甲"),
        ("C2", 88.5),
        ("C4", date(2025, 3, 5)),
    ]


def test_a_merged_area_is_filled_by_its_first_cell(workbook: Callable[..., bytes]) -> None:
    grid = read_grid(workbook([["题", None, None], ["a", "b", "c"]], merges=["A1:C1"]))
    assert [grid.anchor(1, column).raw for column in (1, 2, 3)] == ["题"] * 3
    assert grid.cell(1, 2).raw is None


def test_text_that_looks_like_a_formula_is_text(workbook: Callable[..., bytes]) -> None:
    grid = read_grid(workbook([["=1+1", "+86", "@x"]]))
    assert [(cell.raw, cell.trait) for cell in grid.row(1)] == [("=1+1", "plain"), ("+86", "plain"), ("@x", "plain")]


def test_a_formula_is_marked_even_where_it_holds_a_value(
    workbook: Callable[..., bytes], formula: Callable[[str], object]
) -> None:
    assert read_grid(workbook([[formula("=1+1")]])).cell(1, 1).trait == "formula"


def test_a_formula_that_was_never_calculated_and_an_error_are_seen(workbook: Callable[..., bytes]) -> None:
    body = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>1+1</f></c><c r="C1" t="e"><v>#N/A</v></c></row>'
    grid = read_grid(repacked(workbook([[1]]), xl_worksheets_sheet1__xml=sheet_xml(body)))
    assert [(cell.address, cell.trait) for cell in grid.row(1)] == [("A1", "plain"), ("B1", "formula"), ("C1", "error")]


def test_the_whole_range_of_an_array_formula_is_formulas(workbook: Callable[..., bytes]) -> None:
    body = '<row r="1"><c r="A1"><f t="array" ref="A1:B1">X</f><v>1</v></c><c r="B1"><v>2</v></c></row>'
    grid = read_grid(repacked(workbook([[1]]), xl_worksheets_sheet1__xml=sheet_xml(body)))
    assert grid.cell(1, 2).trait == "formula"


def test_a_percentage_is_marked(workbook: Callable[..., bytes], percent: Callable[[float], object]) -> None:
    cell = read_grid(workbook([[percent(0.9), 0.9]])).cell(1, 1)
    assert (cell.trait, cell.shown) == ("percent", "90%")


def test_hidden_rows_and_columns_are_read_and_noted(workbook: Callable[..., bytes]) -> None:
    grid = read_grid(workbook([["a", "b"], ["c", "d"]], hidden_rows=[2], hidden_columns=["B:B"]))
    assert [note.place for note in grid.notes] == ["2:2", "B:B"]
    assert grid.cell(2, 2).raw == "d"


def test_of_several_sheets_the_first_or_the_named_one_is_read(workbook: Callable[..., bytes]) -> None:
    content = workbook([["甲"]], sheet="得分", sheets={"说明": [["乙"]]})
    assert read_grid(content).cell(1, 1).raw == "甲"
    assert read_grid(content, "说明").cell(1, 1).raw == "乙"
    assert [note.code for note in read_grid(content).notes] == ["other-sheets-not-read"]
    assert refusal(content, "没有") == "sheet-not-found"


def test_an_empty_sheet_is_an_empty_grid(workbook: Callable[..., bytes]) -> None:
    assert read_grid(workbook([])).cells == {}


def test_an_encrypted_workbook_is_told_from_an_old_one() -> None:
    assert refusal(OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le")) == "workbook-encrypted"
    assert refusal(OLE + bytes(600) + "Workbook".encode("utf-16-le")) == "old-workbook-format"


@pytest.mark.parametrize("content", [b"", b"name,score\n", b"%PDF-1.7", "姓名".encode("gbk")])
def test_what_is_no_workbook_is_called_so(content: bytes) -> None:
    assert refusal(content) == "not-a-workbook"


def test_a_zip_of_something_else_is_no_workbook() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("content.xml", "<a/>")
    assert refusal(target.getvalue()) == "not-a-workbook"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(workbook: Callable[..., bytes]) -> None:
    bomb = repacked(workbook([[1]]), xl_media_bomb__bin=bytes(60 * 2**20))
    assert len(bomb) < 2**20
    assert refusal(bomb) == "workbook-too-big"


def test_a_directory_that_lies_about_sizes_is_damaged(workbook: Callable[..., bytes]) -> None:
    content = repacked(workbook([[1]]), xl_worksheets_sheet1__xml=sheet_xml(" " * 100_000))
    lying = content.replace((100_000 + len(sheet_xml(""))).to_bytes(4, "little"), (64).to_bytes(4, "little"))
    assert lying != content
    assert refusal(lying) == "workbook-damaged"


def test_too_many_members_are_refused(workbook: Callable[..., bytes]) -> None:
    parts: dict[str, bytes | None] = {f"x{number}": b"" for number in range(1001)}
    assert refusal(repacked(workbook([[1]]), **parts)) == "workbook-too-big"


def test_a_cell_at_the_far_end_does_not_fill_the_memory(workbook: Callable[..., bytes]) -> None:
    far = sheet_xml('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    assert refusal(repacked(workbook([[1]]), xl_worksheets_sheet1__xml=far)) == "sheet-too-big"


def test_blank_formatted_cells_far_away_are_no_content(workbook: Callable[..., bytes]) -> None:
    body = '<row r="1"><c r="A1"><v>5</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    grid = read_grid(repacked(workbook([[1]]), xl_worksheets_sheet1__xml=sheet_xml(body)))
    assert [cell.address for cell in grid.cells.values()] == ["A1"]


def test_one_long_text_shown_in_many_cells_does_not_fill_the_memory(workbook: Callable[..., bytes]) -> None:
    body = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 1000))
    content = workbook([["长" * 30_000]])
    assert refusal(repacked(content, xl_worksheets_sheet1__xml=sheet_xml(body))) == "sheet-too-big"


@pytest.mark.parametrize(
    "prologue",
    ['<!DOCTYPE a [<!ENTITY b "c">]>', '<!DOCTYPE a SYSTEM "file:///etc/passwd">'],
)
def test_declared_entities_are_refused(workbook: Callable[..., bytes], prologue: str) -> None:
    hostile = prologue.encode() + sheet_xml("")
    assert refusal(repacked(workbook([[1]]), xl_worksheets_sheet1__xml=hostile)) == "workbook-damaged"


def test_macros_and_external_links_are_refused(workbook: Callable[..., bytes]) -> None:
    assert refusal(repacked(workbook([[1]]), xl_vbaProject__bin=b"x")) == "workbook-with-macros"
    assert refusal(repacked(workbook([[1]]), xl_externalLinks_a__xml=b"<a/>")) == "workbook-with-external-links"


@pytest.mark.parametrize("part", ["xl_worksheets_sheet1__xml", "xl_sharedStrings__xml"])
def test_a_workbook_without_one_of_its_parts_is_damaged(workbook: Callable[..., bytes], part: str) -> None:
    assert refusal(repacked(workbook([["x"]]), **{part: None})) == "workbook-damaged"


def read_or_refuse(content: bytes) -> None:
    """Fail with whatever is raised, unless it is a refusal."""
    with contextlib.suppress(Invalid):
        assert isinstance(read_grid(content), Grid)


def test_merged_areas_that_overlap_are_damage(workbook: Callable[..., bytes]) -> None:
    body = "<row><c><v>1</v></c><c><v>1</v></c><c><v>1</v></c></row>"
    merges = '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="B1:C1"/></mergeCells>'
    content = repacked(workbook([[1]]), xl_worksheets_sheet1__xml=sheet_xml(body, merges))
    assert refusal(content) == "workbook-damaged"


def test_text_written_into_the_cell_itself_is_read(workbook: Callable[..., bytes]) -> None:
    body = '<row><c t="inlineStr"><is><t>张三</t></is></c><c t="str"><v>90分</v></c></row>'
    grid = read_grid(repacked(workbook([[1]]), xl_worksheets_sheet1__xml=sheet_xml(body)))
    assert [(cell.address, cell.raw) for cell in grid.row(1)] == [("A1", "张三"), ("B1", "90分")]


@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", OLE]))
def test_random_bytes_are_refused_and_nothing_else_happens(content: bytes, start: bytes) -> None:
    read_or_refuse(start + content)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_truncated_or_altered_workbook_isread_or_refused(table_31: Callable[..., bytes], data: st.DataObject) -> None:
    content = bytearray(table_31([1, "张三", 90, 91, 92, 93, 94]))
    for _ in range(data.draw(st.integers(0, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    read_or_refuse(bytes(content[: data.draw(st.integers(0, len(content)))]))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_sheet_altered_inside_its_package_isread_or_refused(
    table_31: Callable[..., bytes], data: st.DataObject
) -> None:
    content = table_31([1, "张三", 90, 91, 92, 93, 94])
    name = data.draw(
        st.sampled_from(["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"])
    )
    part = bytearray(zipfile.ZipFile(io.BytesIO(content)).read(name))
    for _ in range(data.draw(st.integers(1, 6))):
        part[data.draw(st.integers(0, len(part) - 1))] = data.draw(st.sampled_from(b'<>/"=0193:&x A'))
    read_or_refuse(repacked(content, **{name.replace(".", "__").replace("/", "_"): bytes(part)}))
