"""The sub-command `return`: the annual return of the appraisal on a terminal and as JSON."""

import json
from datetime import datetime
from pathlib import Path

import pytest
import typer

from cli.exits import Exit, Stop
from cli.returns import add_returns
from cli.settings import Settings
from domain.dates import CHINA
from tests.projections.month_ledger import EVERYBODY, MARCH, YEAR_ROUND, told_months


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory with the months in it, whose year has no appraisal of its own."""
    made = tmp_path_factory.mktemp("returns")
    told_months(made / "ledger.db")
    return made


def ask(data: Path, *words: str) -> Exit:
    """Give the terminal words; return how it ended."""
    app = typer.Typer()
    app.callback()(lambda: None)
    add_returns(app)
    settings = Settings(data, None, None, None, datetime(2026, 1, 6, 9, tzinfo=CHINA), "zh")
    try:
        app(["return", *words], obj=settings, standalone_mode=False)
    except Stop as ended:
        return Exit(ended.code)
    return Exit.OK


def test_the_return_is_printed_with_its_check(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(data, "--round", YEAR_ROUND) == Exit.OK
    said = capsys.readouterr().out
    assert said.count("未单独进行年度民主评议") == len(EVERYBODY)
    assert "诫勉谈话" in said
    assert said.splitlines()[-1] == "✓ 参加评议正式党员数=优秀+合格+基本合格+不合格  0 = 0"


def test_the_return_is_one_json_document(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(data, "--round", YEAR_ROUND, "--json") == Exit.OK
    found = json.loads(capsys.readouterr().out)["return"]
    assert (found["roster"], found["check"]["holds"]) == ({"formal": len(EVERYBODY) - 1, "probationary": 1}, True)
    assert list(found["grades"]) == ["优秀", "合格", "基本合格", "不合格"]


def test_a_month_is_refused_and_what_is_not_there_not_found(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(data, "--round", MARCH) == Exit.REFUSED
    assert ask(data, "--round", "another") == Exit.NOT_FOUND
    assert ask(data, "--round", YEAR_ROUND, "--as-of", "10") == Exit.NOT_FOUND
    assert "年度评定" in capsys.readouterr().err


def test_the_measures_of_all_branches_stand_by_kind_of_unit(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(data, "--year", "2025") == Exit.OK
    heads, row = capsys.readouterr().out.splitlines()
    assert heads.split()[:2] == ["单位类型", "支部"]
    assert row.split() == ["未登记（enter-unit-kind）", "1", "0", "0", "0", "0", "0"]
    assert ask(data, "--year", "2025", "--json") == Exit.OK
    (unit,) = json.loads(capsys.readouterr().out)["by_unit"]
    assert (unit["unit"], unit["talks"]) == (None, {"reminder": 0, "admonition": 0})
    assert ask(data, "--year", "2019") == Exit.OK
    assert "没有年度评定" in capsys.readouterr().out
    assert ask(data, "--year", "2025", "--round", YEAR_ROUND) == Exit.USAGE
    assert ask(data, "--year", "2025", "--audience", "masses") == Exit.NOT_PERMITTED
