"""Asked about the past, a sub-command folds the views that its answer is read from, and no other."""

import json
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pytest

from projections.asof import Timeline
from projections.engine import Follower
from projections.view import View
from projections.views import VIEWS
from tests.controls import BRANCH, NOTICE, ROUND, SUN
from tests.projections.month_ledger import MARCH, YEAR_ROUND, told_months
from tests.projections.year_ledger import told_in

Program = Callable[..., tuple[int, str, str]]
LATER = "2026-12-31"


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a data directory with the story of a year."""
    data = tmp_path_factory.mktemp("year")
    told_in(data / "ledger.db")
    return data


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a data directory with the story of months."""
    data = tmp_path_factory.mktemp("months")
    told_months(data / "ledger.db")
    return data


IN_THE_YEAR = [
    (("stars", "--round", ROUND), {"stars"}),
    (("sheet", "--round", ROUND), {"score_sheet"}),
    (("notices", "--round", ROUND), {"notice_board"}),
    (("objections", "--round", ROUND), {"objection_register"}),
    (("record", "--person", SUN), {"person_record", "stars"}),
    (("meeting", "--branch", BRANCH), {"meeting_record"}),
]
IN_THE_MONTHS = [
    (("ballots", "--round", MARCH), {"ballot_count"}),
    (("boards", "--round", MARCH), {"boards", "stars"}),
    (("year", "--round", YEAR_ROUND), {"year_table"}),
]


@pytest.fixture
def folded(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """Return which views were folded in memory so far."""
    seen: list[set[str]] = []
    as_of, begin = Follower.as_of, Timeline.__init__

    def watched(self: Follower, position: int, only: Collection[str] | None = None) -> Any:  # noqa: ANN401
        seen.append({view.name for view in VIEWS if only is None or view.name in only})
        return as_of(self, position, only)

    def begun(self: Timeline, ledger: Any, views: tuple[View, ...], span_facts: int = 0) -> None:  # noqa: ANN401
        seen.append({view.name for view in views})
        begin(self, ledger, views, span_facts)

    monkeypatch.setattr(Follower, "as_of", watched)
    monkeypatch.setattr(Timeline, "__init__", begun)
    return seen


def answered(program: Program, data: Path, *words: str) -> object:
    code, said, complained = program("--data", data, *words, "--json")
    assert code == 0, complained
    return json.loads(said)


@pytest.mark.parametrize(("words", "views"), IN_THE_YEAR)
def test_of_a_year(
    program: Program, year: Path, folded: list[set[str]], words: tuple[str, ...], views: set[str]
) -> None:
    now = answered(program, year, *words)
    assert answered(program, year, *words, "--as-of", f"{LATER}T00:00:00Z") == now
    assert folded == [views]


@pytest.mark.parametrize(("words", "views"), IN_THE_MONTHS)
def test_of_months(
    program: Program, months: Path, folded: list[set[str]], words: tuple[str, ...], views: set[str]
) -> None:
    now = answered(program, months, *words)
    assert answered(program, months, *words, "--as-of", f"{LATER}T00:00:00Z") == now
    assert folded == [views]


@pytest.mark.parametrize(("words", "views"), [IN_THE_YEAR[1], IN_THE_YEAR[4]])
def test_by_the_second_clock_too(
    program: Program, year: Path, folded: list[set[str]], words: tuple[str, ...], views: set[str]
) -> None:
    now = answered(program, year, *words)
    assert answered(program, year, *words, "--occurred-until", LATER) == now
    assert folded == [views]


def test_a_notice_is_looked_up_by_its_code_in_one_view(program: Program, year: Path, folded: list[set[str]]) -> None:
    listed = answered(program, year, "notices", "--round", ROUND)
    assert isinstance(listed, list)
    code = next(each["code"] for each in listed if each["notice"] == NOTICE)
    assert answered(program, year, "check-notice", code, "--as-of", f"{LATER}T00:00:00Z")
    assert folded == [{"notice_board"}]
