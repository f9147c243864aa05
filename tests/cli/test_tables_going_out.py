"""Table 3-1 going out, as a template or as recorded: it reads back without a change, and what it says is text."""

import json
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from domain.exempting import ExemptMember
from domain.ids import PersonId
from domain.membership import AssignGroup
from domain.organisation import RenamePerson
from domain.scores import RecordScore
from domain.sealed import Sealed
from domain.tally import Tally
from tests.cli.conftest import GROUP, RECORDER, ROUND, SECRETARY, Desk
from tests.cli.test_tables_of_scores import IMPORT, Rows, taken_in, with_cell
from workbooks.grid import Grid, read_grid
from workbooks.score_table import read_score_table
from workbooks.table_people import is_readable


def exported(desk: Desk, *more: str, name: str = "out.xlsx") -> tuple[Path, Grid]:
    """Export the table and return the file and its grid."""
    path = desk.folder / name
    said = desk.asks("export-table", "--round", ROUND, "--out", str(path), *more)
    assert (said.code, said.out) == (0, f"{path}\n")
    return path, read_grid(path.read_bytes())


def column(grid: Grid, label: str) -> list[object]:
    """Return the cells of the people's rows below a label."""
    at = next(cell.column for cell in grid.cells.values() if str(cell.raw).startswith(label))
    return [grid.cell(row, at).raw for row in range(5, 13)]


def test_the_template_has_the_names_in_roster_order_and_knows_what_it_is_for(desk: Desk, names: dict[str, str]) -> None:
    path = desk.folder / "template.xlsx"
    assert desk.asks("template", "--round", ROUND, "--out", str(path)).code == 0
    table = read_score_table(read_grid(path.read_bytes()))
    assert [row.name for row in table.rows] == list(names.values())
    assert table.year == "2025"
    assert any("r2025" in line and "annual-360 v1" in line for line in table.heading)
    assert all(cell.standing in {"missing", "not_applicable"} for row in table.rows for cell in row.cells.values())
    assert [row.name for row in table.rows if row.cells["group"].standing == "not_applicable"] == ["党员07"]
    with zipfile.ZipFile(path) as parts:
        page = parts.read("xl/worksheets/sheet1.xml")
    assert b"<sheetProtection" in page
    assert b"<dataValidation " in page


def test_a_template_filled_in_is_taken_in(desk: Desk, complete: Rows) -> None:
    path = desk.folder / "template.xlsx"
    desk.asks("template", "--round", ROUND, "--out", str(path))
    grid = read_grid(path.read_bytes())
    rows = [[grid.cell(row, at).raw for at in range(1, 9)] for row in range(1, 5)]
    filled = desk.sheet([*rows, *complete])
    said = desk.asks("import-table", str(filled), *IMPORT, "--yes", "--json")
    assert (said.code, said.lines("error")) == (0, [])
    assert said.document["counts"]["new"] == 35


def test_a_template_of_another_round_is_refused(desk: Desk, complete: Rows) -> None:
    reference = ["评定 r2024 · 办法 annual-360 v1 · 0123456789ab"]
    head = ["序号", "姓名", "工作业绩", "党小组评价", "党支部评价", "群众评价", "个人自评", "总分"]
    said = desk.asks("import-table", str(desk.sheet([reference, head, *complete])), *IMPORT, "--yes", "--json")
    assert said.code == 6
    assert "r2024" in said.lines("error")[0]["reason"]["en"]


@pytest.mark.parametrize("stars", [(), ("--with-stars",)])
def test_the_exported_table_reads_back_as_all_unchanged(desk: Desk, complete: Rows, stars: tuple[str, ...]) -> None:
    taken_in(desk, with_cell(complete, 2, 5, 87.123456))
    desk.carry_out(Tally(round=ROUND), RECORDER)
    path, _ = exported(desk, *stars)
    said = desk.asks("import-table", str(path), "--round", ROUND, "--yes", "--json")
    counts = {kind: count for kind, count in said.document["counts"].items() if count}
    assert (said.code, counts) == (0, {"unchanged": 40})


def test_gaps_stay_gaps(desk: Desk, complete: Rows) -> None:
    taken_in(desk, with_cell(complete, 1, 5, None))
    path, grid = exported(desk)
    assert column(grid, "群众评价")[1] is None
    assert column(grid, "党小组评价")[6] == "不适用"
    assert column(grid, "总分")[:3] == [96, None, 92]
    said = desk.asks("import-table", str(path), "--round", ROUND, "--json")
    assert {kind for kind, count in said.document["counts"].items() if count} == {"unchanged", "missing"}


def test_stars_come_from_the_newest_tally_with_the_reason(desk: Desk, complete: Rows) -> None:
    taken_in(desk, with_cell(complete, 7, 5, None))
    desk.carry_out(
        ExemptMember(round=ROUND, person=PersonId("P06"), decided_by="支委会", reason=Sealed("病休")), SECRETARY
    )
    desk.carry_out(Tally(round=ROUND), RECORDER)
    _, grid = exported(desk, "--with-stars")
    assert column(grid, "得分星级")[:4] == ["★★★★★", "★★★★", "★★★★", "★★★★"]
    assert column(grid, "核定星级")[:4] == ["四星级", "四星级", "三星级", "三星级"]
    remarks = column(grid, "说明")
    assert str(remarks[2]).endswith("（AMB-A7）")
    assert remarks[5] == "免评"
    assert remarks[7] == "缺：群众评价"
    assert any("第 1 次汇总" in str(cell.raw) for cell in grid.cells.values())


def test_stars_of_an_outdated_tally_are_not_written(desk: Desk, complete: Rows) -> None:
    path = str(desk.folder / "out.xlsx")
    early = desk.asks("export-table", "--round", ROUND, "--out", path, "--with-stars", "--json")
    assert (early.code, early.document["refused"]) == (6, "not-tallied")
    taken_in(desk, with_cell(complete, 1, 5, None))
    desk.carry_out(Tally(round=ROUND), RECORDER)
    late = RecordScore(round=ROUND, person=PersonId("P02"), component="masses", points=Decimal(90), ballots=6)
    desk.carry_out(late, RECORDER)
    outdated = desk.asks("export-table", "--round", ROUND, "--out", path, "--with-stars", "--json")
    assert (outdated.code, outdated.document["refused"]) == (6, "tally-outdated")
    assert not Path(path).exists()


def test_a_mean_of_single_raters_goes_out_and_comes_back(desk: Desk) -> None:
    for rater, points in (("P04", 90), ("P05", 90), ("P07", 91)):
        given = RecordScore(
            round=ROUND, person=PersonId("P02"), component="branch", points=Decimal(points), rater=PersonId(rater)
        )
        desk.carry_out(given, RECORDER)
    path, grid = exported(desk)
    assert column(grid, "党支部评价")[1] == 90.333333
    said = desk.asks("import-table", str(path), "--round", ROUND, "--json")
    assert said.document["counts"]["unchanged"] == 2


HOSTILE = ["=1+1", "合计", '=HYPERLINK("http://x","y")', "@SUM(A1)", "+cmd|' /C calc'!A0", "-1+1", "党员08\t=1"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_survive_as_text(desk: Desk, complete: Rows, name: str) -> None:
    desk.carry_out(RenamePerson(person=PersonId("P08"), full_name=Sealed(name)), "registrar")
    taken_in(desk, with_cell(complete, 7, 1, name if is_readable(name) else "人员P08"))
    path, grid = exported(desk)
    with zipfile.ZipFile(path) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    assert not [cell for cell in grid.cells.values() if cell.trait == "formula"]
    said = desk.asks("import-table", str(path), "--round", ROUND, "--yes", "--json")
    assert (said.code, said.document["counts"]["error"]) == (0, 0)
    assert said.document["counts"]["unchanged"] == 40


def test_a_demo_ledgers_table_says_so(desk: Desk) -> None:
    _, grid = exported(desk)
    assert any("模拟时钟" in str(cell.raw) for cell in grid.cells.values())


def test_nothing_is_overwritten(desk: Desk) -> None:
    path, _ = exported(desk)
    before = path.read_bytes()
    for words in (("template",), ("export-table",)):
        assert desk.asks(*words, "--round", ROUND, "--out", str(path)).code == 5
    assert path.read_bytes() == before
    assert desk.asks("template", "--round", ROUND, "--out", str(desk.folder / "no" / "such.xlsx")).code == 3


def test_as_json_one_document_names_the_file(desk: Desk) -> None:
    path = desk.folder / "out.xlsx"
    said = desk.asks("export-table", "--round", ROUND, "--out", str(path), "--json")
    assert json.loads(said.out)["bytes"] == len(path.read_bytes())


def test_the_table_is_that_of_the_roster_not_of_today(desk: Desk) -> None:
    moved = AssignGroup(person=PersonId("P07"), group=GROUP, on=date(2026, 1, 5))
    desk.carry_out(moved, "registrar")
    _, grid = exported(desk)
    assert column(grid, "党小组评价")[6] == "不适用"
