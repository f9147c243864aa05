"""试算 takes Table 3-1 as it is, and comes to what the same scores as JSON come to."""

import json
from pathlib import Path

import pytest

from cli.score import run_score
from tests.cli.conftest import HEAD, workbook_of

ROWS: list[list[object]] = [
    [1, "张三", 92, 88, 90, 85, 95, None],
    [2, "李四", "９６分", "不适用", 96, 96, 96, None],
    [3, "王五", 92, None, None, None, None, None],
]
SHEET = {
    "period": "2025",
    "roster_size": 3,
    "people": [
        {"id": "张三", "components": {"work": "92", "group": "88", "branch": "90", "masses": "85", "self": "95"}},
        {
            "id": "李四",
            "components": {"work": "96", "branch": "96", "masses": "96", "self": "96"},
            "not_applicable": ["group"],
        },
        {"id": "王五", "components": {"work": "92"}},
    ],
}


def computed(path: Path, capsys: pytest.CaptureFixture[str], period: str | None = None) -> dict[str, object]:
    """Return the calculator's answer about a sheet."""
    assert run_score("annual-360", str(path), as_json=True, language="zh", period=period) == 0
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Return Table 3-1 as a workbook."""
    path = tmp_path / "table.xlsx"
    path.write_bytes(workbook_of([["2025年度党员得分汇总表"], HEAD, *ROWS]))
    return path


def test_a_workbook_comes_to_what_its_sheet_comes_to(
    workbook: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet.json"
    sheet.write_text(json.dumps(SHEET), encoding="utf-8")
    assert computed(workbook, capsys) == computed(sheet, capsys)


def test_the_period_comes_from_the_title_or_is_given(workbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert computed(workbook, capsys)["period"] == "2025"
    assert computed(workbook, capsys, "2024")["period"] == "2024"


def test_a_given_period_wins_over_that_of_a_sheet_and_is_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet.json"
    sheet.write_text(json.dumps(SHEET), encoding="utf-8")
    assert computed(sheet, capsys, "2024")["period"] == "2024"
    assert run_score("annual-360", str(sheet), as_json=True, language="zh", period="2024-13") == 6
    assert json.loads(capsys.readouterr().out)["findings"][0]["code"] == "period-unfit"


@pytest.mark.parametrize("content", [b"PK broken", b"plain text"])
def test_a_workbook_that_cannot_be_read_is_told_in_findings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    path = tmp_path / "table.xlsx"
    path.write_bytes(content)
    assert run_score("annual-360", str(path), as_json=True, language="zh") == 6
    assert json.loads(capsys.readouterr().out)["findings"]


def test_every_wrong_cell_of_a_workbook_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "table.xlsx"
    wrong = [[1, "张三", 101, 88, 90, 85, 95, None], [2, "张三", 92, "8O", 90, 85, 95, None]]
    path.write_bytes(workbook_of([["2025年度"], [*HEAD[:2], "工作业绩（30%）", *HEAD[3:]], *wrong]))
    assert run_score("annual-360", str(path), as_json=True, language="zh") == 6
    places = [finding["place"] for finding in json.loads(capsys.readouterr().out)["findings"]]
    assert sorted(places) == ["B3", "B4", "C2", "C3", "D4"]
