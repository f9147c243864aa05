"""A workbook is read in a child with limits: the same grid, the same findings, no more memory or time than given."""

import io
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.findings import Finding, Invalid
from domain.text import Text
from tests.experiments import Notebook
from workbooks.address import Area
from workbooks.confined import Limits, read_grid_confined
from workbooks.grid import Cell, Grid, Trait, merged_places, read_grid
from workbooks.grid_json import findings_answer, grid_answer, read_answer

MEBIBYTE = 2**20
PROMISE = "a hostile file costs no more than it is given"

values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
places = st.tuples(st.integers(1, 300), st.integers(1, 30))
traits: st.SearchStrategy[Trait] = st.sampled_from(("plain", "formula", "error", "percent"))

notes = st.builds(Finding, st.text(), st.text(), st.builds(Text, st.text(), st.text()), st.builds(Text, st.text()))


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    cells = [Cell(*place, draw(values), draw(traits)) for place in draw(st.lists(places, unique=True))]
    merges = draw(st.sampled_from([(), (Area(1, 1, 2, 2), Area(4, 1, 4, 3))]))
    return Grid(
        draw(st.text()), 300, 30, {(cell.row, cell.column): cell for cell in cells}, merges, merged_places(merges),
        tuple(draw(st.lists(st.text(), max_size=3))), draw(st.booleans()), tuple(draw(st.lists(notes, max_size=2))),
    )  # fmt: skip


@given(grids())
def test_a_grid_survives_the_way_out_of_the_child_with_every_type(grid: Grid) -> None:
    read = read_answer(grid_answer(grid))
    assert read == grid
    assert [type(cell.raw) for cell in read.cells.values()] == [type(cell.raw) for cell in grid.cells.values()]


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_an_answer_that_is_none_is_refused(answer: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of its kinds
        read_answer(answer)


@given(st.lists(notes, min_size=1, max_size=3))
def test_findings_survive_the_way_out_of_the_child(findings: list[Finding]) -> None:
    with pytest.raises(Invalid) as invalid:
        read_answer(findings_answer(findings))
    assert invalid.value.findings == tuple(findings)


def test_the_child_reads_what_would_be_read_here(
    table_31: Callable[..., bytes], percent: Callable[[float], object]
) -> None:
    content = table_31([1, "张三", 92.5, date(2025, 3, 1), percent(0.9), "九十", None, 88])
    assert read_grid_confined(content) == read_grid(content)


def test_the_child_refuses_what_would_be_refused_here(table_31: Callable[..., bytes]) -> None:
    for content in (b"", b"PK\x03\x04 broken", table_31()[:-40]):
        with pytest.raises(Invalid) as here:
            read_grid(content)
        with pytest.raises(Invalid) as there:
            read_grid_confined(content)
        assert there.value.findings == here.value.findings


COSTLY, DAMAGED = "workbook-too-costly", "workbook-damaged"
HOGS = {
    "memory without end": ("kept = []\nwhile True: kept.append(bytearray(2**20))", COSTLY),
    "one block too many": ("bytearray(2**30)", COSTLY),
    "time without end": ("while True: pass", COSTLY),
    "to write a file": ("os.write(os.open(os.environ['HOG'], os.O_CREAT | os.O_WRONLY), b'x')", COSTLY),
    "to crash": ("os.abort()", COSTLY),
    "to answer something else": ("sys.stdout.write('[]')", DAMAGED),
}
"""Programs in the place of the parser, each with a hunger of its own, and what is said of the file."""


def refused(program: str) -> str:
    """Return the code of the finding that a program in the place of the parser leads to."""
    limits = Limits(memory_bytes=512 * MEBIBYTE, processor_seconds=1, wall_seconds=30)
    with pytest.raises(Invalid) as invalid:
        read_grid_confined(b"PK", limits=limits, program=(sys.executable, "-c", program))
    (finding,) = invalid.value.findings
    return finding.code


CONFINED = "import os, sys\nfrom workbooks.confined_child import confine\nconfine(int(sys.argv[1]), int(sys.argv[2]))\n"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="limits are POSIX's")
@pytest.mark.parametrize("hunger", HOGS)
def test_a_parser_that_wants_more_than_it_is_given_is_ended_and_nothing_else_happens(
    hunger: str, tmp_path: Path, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    hog, code = HOGS[hunger]
    monkeypatch.setenv("HOG", str(tmp_path / "file"))
    said = refused(CONFINED + hog)
    notebook.saw(PROMISE, f"the parser wants {hunger}", on="workbook", runs=1, figures={"refused with": said})
    assert said == code
    assert not any(file.stat().st_size for file in tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="limits are POSIX's")
def test_a_parser_without_limits_would_take_what_it_wants(notebook: Notebook) -> None:
    said = refused("import sys\nsys.stdout.write(str(len(bytearray(2**30))))")
    way = "the parser wants one block too many; no limits"
    notebook.saw(PROMISE, way, on="workbook", runs=1, control=True, figures={"refused with": said})
    assert said == DAMAGED


def test_a_million_rows_are_refused_in_bounded_memory(million_rows: bytes) -> None:
    with pytest.raises(Invalid) as invalid:
        read_grid_confined(million_rows, limits=Limits(memory_bytes=400 * MEBIBYTE))
    assert invalid.value.findings[0].code in {"workbook-too-big", "sheet-too-big"}


@pytest.fixture
def million_rows(workbook: Callable[..., bytes]) -> bytes:
    """Return a workbook whose sheet has a million rows, each a few bytes once packed."""
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (row, row) for row in range(1, 1_000_001))
    sheet = (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<sheetData>" + rows + b"</sheetData></worksheet>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([["a"]]))) as old, zipfile.ZipFile(target, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, sheet if name.endswith("sheet1.xml") else old.read(name))
    return target.getvalue()
