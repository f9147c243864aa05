"""The sub-commands that read a branch's months: ballots, boards, year, month, disclosure."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import typer

from cli.exits import Exit, Stop
from cli.months import add_months
from cli.settings import Settings
from cli.tables import add_tables
from domain.dates import CHINA
from tests.projections.month_ledger import BEST, BOX, EVERYBODY, MARCH, MEETING, WITHHELD_MONTH, YEAR_ROUND, told_months


@dataclass(frozen=True, slots=True)
class Answer:
    """What the terminal answered."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:  # noqa: ANN401 - whatever the one JSON document is
        """The one JSON document on stdout."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Told:
    """A data directory with the months in it, and the size of the ledger before each marked command."""

    data: Path
    marks: dict[str, int]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    data = tmp_path_factory.mktemp("months")
    return Told(data, told_months(data / "ledger.db"))


@pytest.fixture
def ask(told: Told, capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Return how to give the terminal words."""
    app = typer.Typer()
    add_months(app)

    def run(*words: object, lang: str = "zh") -> Answer:
        clock = datetime(2026, 1, 6, 9, tzinfo=CHINA)
        settings = Settings(told.data, None, None, None, clock, "zh" if lang == "zh" else "en")
        capsys.readouterr()
        try:
            app([str(word) for word in words], obj=settings, standalone_mode=False)
            code = Exit.OK
        except Stop as ended:
            code = ended.code
        printed = capsys.readouterr()
        return Answer(code, printed.out, printed.err)

    return run


def test_a_box_is_printed_with_its_sheets_and_counts(ask: Callable[..., Answer]) -> None:
    said = ask("ballots", "--box", BOX)
    assert said.code == Exit.OK
    assert "已封箱计票" in said.out
    assert "优秀 6" in said.out
    (box,) = ask("ballots", "--box", BOX, "--json").document["boxes"]
    assert (box["issued"], box["returned"], box["valid"], len(box["people"])) == (13, 13, 13, 2 * len(EVERYBODY))


def test_what_is_withheld_is_said_to_be_withheld(ask: Callable[..., Answer]) -> None:
    said = ask("ballots", "--round", f"workshop-1.{WITHHELD_MONTH}", lang="en")
    assert said.out.count("withheld: fewer than may be shown") == 2


def test_the_past_has_its_own_ballots(ask: Callable[..., Answer], told: Told) -> None:
    said = ask("ballots", "--box", BOX, "--as-of", told.marks["one vote"], "--json").document
    (box,) = said["boxes"]
    assert (said["position"], box["state"], box["returned"], box["people"]) == (71, "open", 1, [])
    assert ask("ballots", "--box", BOX, "--as-of", 10).code == Exit.NOT_FOUND


def test_ballots_are_those_of_a_round_or_of_a_box(ask: Callable[..., Answer]) -> None:
    assert ask("ballots").code == Exit.USAGE
    assert ask("ballots", "--round", "another").code == Exit.NOT_FOUND


def test_boards_print_scores_indoors_and_names_outside(ask: Callable[..., Answer]) -> None:
    said = ask("boards", "--round", MARCH)
    assert said.code == Exit.OK
    indoors, outside = said.out.split("优秀党员名单（对外）")
    assert "民主评议" in indoors
    assert "民主评议" not in outside
    assert "95.83" in indoors
    assert "575/6" not in said.out
    document = ask("boards", "--round", MARCH, "--json").document
    assert {line["person"] for line in document["boards"][1]["lines"]} == BEST
    assert [notice["period"] for notice in document["staff"]] == ["2025-03"]


def test_boards_that_do_not_hang_are_not_found(ask: Callable[..., Answer], told: Told) -> None:
    assert ask("boards", "--round", MARCH, "--as-of", told.marks["indoor"]).code == Exit.NOT_FOUND
    assert ask("boards", "--round", "another").code == Exit.NOT_FOUND
    assert ask("boards", "--round", MARCH, "--as-of", told.marks["outside"]).code == Exit.OK


def test_the_year_is_a_table_of_twelve_months(ask: Callable[..., Answer], told: Told) -> None:
    said = ask("year", "--round", YEAR_ROUND)
    lines = said.out.splitlines()
    assert (said.code, len(lines)) == (Exit.OK, 1 + len(EVERYBODY))
    assert "12月" in lines[0]
    assert all(line.count("–") == 6 for line in lines[1:])
    undrawn = ask("year", "--round", YEAR_ROUND, "--as-of", told.marks["undrawn"]).out.splitlines()
    assert all(line.count("(") == 6 for line in undrawn[1:])
    rows = ask("year", "--round", YEAR_ROUND, "--json").document["table"]["rows"]
    assert [len(row["months"]) for row in rows] == [12] * len(EVERYBODY)
    assert ask("year", "--round", MARCH).code == Exit.NOT_FOUND


def test_a_month_says_what_is_due_and_the_next_step(ask: Callable[..., Answer], told: Told) -> None:
    said = ask("month", "--round", MARCH, "--as-of", told.marks["one vote"])
    assert said.code == Exit.OK
    assert said.out.startswith("→ 请审核本月待审的记实条目。")
    assert "尚未讲述汇报" in said.out
    assert BOX in said.out
    document = ask("month", "--round", MARCH, "--meeting", MEETING, "--json").document
    assert (document["meeting"], document["next_step"], document["not_voted"]) == (MEETING, None, [])


def test_a_year_is_refused_where_a_month_is_asked_for(ask: Callable[..., Answer]) -> None:
    assert ask("month", "--round", YEAR_ROUND).code == Exit.REFUSED
    assert ask("month", "--round", "another").code == Exit.NOT_FOUND


def test_disclosure_is_a_matrix_of_a_rulebook_or_a_round(ask: Callable[..., Answer]) -> None:
    by_name = ask("disclosure", "--rulebook", "monthly-points", "--json")
    assert by_name.document == ask("disclosure", "--round", MARCH, "--json").document
    fields = by_name.document["fields"]
    shown = {field["code"]: {a["audience"] for a in field["answers"] if a["shown"]} for field in fields}
    assert (shown["stars"], shown["health"], shown["commitments"]) == ({"branch"}, set(), {"branch", "masses"})
    assert "B-55" in ask("disclosure", "--rulebook", "monthly-points").out


def test_disclosure_is_asked_of_one_rulebook_that_there_is(ask: Callable[..., Answer]) -> None:
    assert ask("disclosure").code == Exit.USAGE
    assert ask("disclosure", "--rulebook", "no-such-scheme").code == Exit.NOT_FOUND
    assert ask("disclosure", "--round", "another").code == Exit.NOT_FOUND


@pytest.mark.parametrize("words", ["template", "export-table"])
def test_table_3_1_is_no_form_for_a_scheme_of_months(told: Told, tmp_path: Path, words: str) -> None:
    app, out = typer.Typer(), tmp_path / "table.xlsx"
    add_tables(app)
    settings = Settings(told.data, None, None, None, datetime(2026, 1, 6, 9, tzinfo=CHINA), "zh")
    with pytest.raises(Stop) as ended:
        app([words, "--round", MARCH, "--out", str(out)], obj=settings, standalone_mode=False)
    assert ended.value.code == Exit.REFUSED
    assert not out.exists()
