"""The calculator prints the interface's shape and tells by its exit code what became of the sheet."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

import rulebooks
from cli.main import main
from cli.score import One, run_score
from domain.scoring import ENGINE

PERSON = {
    "id": "P01",
    "kind": "formal",
    "components": {"work": "92", "group": "88", "branch": "90", "masses": "85", "self": "95"},
    "entries": [],
    "ballots": {},
    "vetoes": [],
    "gates": {},
    "not_applicable": [],
}


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.json"
    missing = {"id": "P02", "components": {"work": "92"}}
    path.write_text(json.dumps({"period": "2025", "roster_size": 20, "people": [PERSON, missing]}), encoding="utf-8")
    return path


def test_json_has_the_fields_of_the_interface(sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_score("annual-360", str(sheet), as_json=True, language="en") == 0
    printed = json.loads(capsys.readouterr().out)
    sha256 = hashlib.sha256(rulebooks.shipped("annual-360")).hexdigest()
    assert printed["rulebook"] == {"id": "annual-360", "version": 1, "sha256": sha256}
    first, second = printed["people"]
    assert {key: first[key] for key in ("id", "status", "total_exact", "total", "score_star", "star", "label")} == {
        "id": "P01", "status": "complete", "total_exact": "89.47", "total": "89.47",
        "score_star": 4, "star": 4, "label": "四星级",
    }  # fmt: skip
    assert [reason["clause"] for reason in first["reasons"]] == ["A-32", "A-33"]
    assert first["explanation"]["value"] == "4"
    assert (second["status"], second["star"], second["total"], second["label"]) == ("incomplete", None, None, None)
    assert [(cap["star"], cap["cap"], cap["used"]) for cap in printed["caps"]] == [(5, 1, 0), (4, 6, 1)]
    assert (printed["decisions_needed"], printed["findings"]) == ([], [])
    assert len(printed["readings"]) == 18


def test_a_rulebook_may_be_a_path(sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "own.toml"
    own.write_bytes(rulebooks.shipped("annual-360").replace(b'id = "annual-360"', b'id = "own"', 1))
    assert run_score(str(own), str(sheet), as_json=True, language="zh") == 0
    assert json.loads(capsys.readouterr().out)["rulebook"]["id"] == "own"


def test_an_open_tie_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "tie.json"
    scores = dict.fromkeys(("work", "group", "branch", "masses", "self"), "96")
    people = [{"id": name, "components": scores} for name in ("b", "a")]
    path.write_text(json.dumps({"roster_size": 20, "people": people}), encoding="utf-8")
    assert run_score("annual-360", str(path), as_json=True, language="en") == 0
    printed = json.loads(capsys.readouterr().out)
    (needed,) = printed["decisions_needed"]
    assert (needed["star"], needed["places"], needed["people"], needed["clause"]) == (5, 1, ["b", "a"], "AMB-A8")
    assert [person["star"] for person in printed["people"]] == [None, None]


def test_an_invalid_sheet_is_told_in_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.json"
    path.write_text('{"people": [{"id": "党员01", "components": {"work": "101"}}], "x": 1}', encoding="utf-8")
    assert run_score("annual-360", str(path), as_json=True, language="zh") == 6
    printed = json.loads(capsys.readouterr().out)
    assert list(printed) == ["findings"]
    assert [finding["code"] for finding in printed["findings"]] == ["field-unknown", "score-out-of-range"]
    assert "党员01" in printed["findings"][1]["message"]
    assert run_score("annual-360", str(path), as_json=False, language="en") == 6
    assert "Work performance" in capsys.readouterr().out


def test_an_invalid_rulebook_is_told_in_findings(
    sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "own.toml"
    own.write_bytes(rulebooks.shipped("annual-360").replace(b"weight = 35", b"weight = 30", 1))
    assert run_score(str(own), str(sheet), as_json=True, language="en") == 6
    assert [finding["code"] for finding in json.loads(capsys.readouterr().out)["findings"]] == ["weights-not-100"]


@pytest.mark.parametrize("missing", ["rulebook", "sheet"])
def test_a_file_that_is_not_there_is_exit_3_and_told_aside(
    sheet: Path, capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    names = ("no-such-scheme", str(sheet)) if missing == "rulebook" else ("annual-360", str(sheet / "none.json"))
    assert run_score(*names, as_json=True, language="en") == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "annual-360" in printed.err


@pytest.mark.parametrize(
    ("language", "words"), [("zh", ("四星级", "核定星级", "不完整")), ("en", ("four stars", "incomplete"))]
)
def test_without_json_a_table_speaks_the_readers_language(
    sheet: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    words: tuple[str, ...],
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    assert run_score("annual-360", str(sheet), as_json=False, language="zh" if language == "zh" else "en") == 0
    printed = capsys.readouterr().out
    assert all(word in printed for word in words)
    assert "89.47" in printed


# the scheme of months


MONTHS = [{"period": f"2025-{number:02}", "records": "88", "appraisal": "80"} for number in range(1, 8)]


def scored_json(
    folder: Path, capsys: pytest.CaptureFixture[str], *people: dict[str, object], period: str = "2025-03"
) -> list[dict[str, Any]]:
    path = folder / "months.json"
    path.write_text(json.dumps({"period": period, "people": people}), encoding="utf-8")
    assert run_score("monthly-points", str(path), as_json=True, language="en") == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["period"], printed["caps"], printed["findings"]) == (period, [], [])
    assert [reading["id"] for reading in printed["readings"]] == [f"AMB-B{number}" for number in range(1, 29)]
    people_printed: list[dict[str, Any]] = printed["people"]
    return people_printed


def test_a_month_has_the_fields_of_the_interface(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    counted = {"appraisal": {"优秀": 12, "合格": 6, "基本合格": 1, "不合格": 1, "弃权": 2}}
    rated, unrated, incomplete = scored_json(
        tmp_path,
        capsys,
        {"id": "a", "components": {"records": "95"}, "ballots": counted, "entries": [], "vetoes": [], "gates": {}},
        {"id": "b", "components": {"records": "70", "appraisal": "80"}},
        {"id": "c", "components": {"records": "70"}, "ballots": {"appraisal": {"优秀": 4}}},
    )
    assert {key: rated[key] for key in ("id", "status", "total_exact", "total", "score_star", "star", "label")} == {
        "id": "a", "status": "complete", "total_exact": "92", "total": "92.00",
        "score_star": 4, "star": 4, "label": "四星级",
    }  # fmt: skip
    assert (unrated["status"], unrated["star"], unrated["total"], unrated["label"]) == (
        "not_rated", 0, "73.00", "不评定星级",
    )  # fmt: skip
    assert (incomplete["status"], incomplete["star"], incomplete["total"]) == ("incomplete", None, None)
    assert "months" not in rated


def test_a_year_has_the_fields_of_the_interface_and_its_months(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held, not_held, absent = scored_json(
        tmp_path,
        capsys,
        {"id": "a", "components": {"appraisal": "100"}, "periods": MONTHS},
        {"id": "b", "not_applicable": ["appraisal"], "periods": MONTHS},
        {"id": "c", "periods": MONTHS},
        period="2025",
    )
    assert (held["total_exact"], held["total"], held["star"]) == ("91.6", "91.60", 4)
    assert (not_held["total_exact"], not_held["star"]) == ("85.6", 3)
    assert (absent["status"], absent["star"], absent["total"]) == ("incomplete", None, None)
    assert [month["period"] for month in held["months"]] == [month["period"] for month in MONTHS]
    assert {month["total_exact"] for month in held["months"]} == {"85.6"}


def test_a_month_that_is_asked_for_may_stand_outside_the_sheet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "months.json"
    path.write_text('{"people": [{"id": "a", "components": {"records": "90", "appraisal": "90"}}]}', encoding="utf-8")
    assert run_score("monthly-points", str(path), as_json=True, language="en") == 6
    assert [each["code"] for each in json.loads(capsys.readouterr().out)["findings"]] == ["period-missing"]
    assert run_score("monthly-points", str(path), as_json=True, language="en", period="2025-03") == 0
    assert json.loads(capsys.readouterr().out)["people"][0]["star"] == 4


def test_both_sources_for_one_component_are_exit_6(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "months.json"
    both = {"id": "a", "components": {"records": "90"}, "entries": [{"item": "law-dues"}]}
    path.write_text(json.dumps({"period": "2025-03", "people": [both]}), encoding="utf-8")
    assert run_score("monthly-points", str(path), as_json=True, language="en") == 6
    assert [each["code"] for each in json.loads(capsys.readouterr().out)["findings"]] == ["source-doubled"]


def test_a_year_is_printed_as_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    path = tmp_path / "months.json"
    path.write_text(json.dumps({"period": "2025", "people": [{"id": "a", "periods": MONTHS[:5]}]}), encoding="utf-8")
    assert run_score("monthly-points", str(path), as_json=False, language="zh") == 0
    printed = capsys.readouterr().out
    assert "全年考核5个月，少于6个月" in printed
    assert "[AMB-B26]" in printed


# what engine 1 once said, it says for ever


FROZEN = json.loads((Path(__file__).parent / "golden" / "annual-360-engine-1.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", FROZEN, ids=[case["name"] for case in FROZEN])
def test_what_seed_a_came_to_before_there_were_items_it_still_comes_to(
    case: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = rulebooks.shipped("annual-360").decode()
    for name, choice in case["readings"].items():
        text, changed = re.subn(rf'(?m)^{name} = "\w+"', f'{name} = "{choice}"', text)
        assert changed == 1
    rulebook, path = tmp_path / "rulebook.toml", tmp_path / "sheet.json"
    rulebook.write_text(text, encoding="utf-8")
    path.write_text(json.dumps(case["sheet"]), encoding="utf-8")
    assert run_score(str(rulebook), str(path), as_json=True, language="en") == 0
    printed = json.loads(capsys.readouterr().out)
    del printed["rulebook"]["sha256"]
    assert (printed.pop("engine"), case["outcome"]["engine"]) == (ENGINE, 1)
    assert printed == {name: value for name, value in case["outcome"].items() if name != "engine"}


# one person


def test_one_persons_result_is_told_step_by_step_and_on_one_page(
    sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("annual-360", str(sheet))
    assert run_score(*asked, as_json=False, language="en", one=One("P01")) == 0
    told = capsys.readouterr().out
    assert "Work performance: 92 × 35% = 32.2  [A-23]" in told
    assert run_score(*asked, as_json=False, language="en", one=One("P01", "-")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "1. Work performance: 92 × 35% = 32.2 [A-23 A-25]" in lines
    assert hashlib.sha256(rulebooks.shipped("annual-360")).hexdigest() in "".join(lines)
    assert len(lines) <= 60
    assert run_score(*asked, as_json=True, language="en", one=One("P01")) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "P01"


def test_one_who_is_not_on_the_sheet_is_not_found(sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_score("annual-360", str(sheet), as_json=False, language="en", one=One("P99")) == 3
    assert "P99" in capsys.readouterr().err


def test_a_page_is_somebodys(sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "annual-360", str(sheet), "--page", "-"]) == 2
    assert "--explain" in capsys.readouterr().err
    assert main(["--lang", "en", "score", "annual-360", str(sheet), "--explain", "P01", "--page", "-"]) == 0
