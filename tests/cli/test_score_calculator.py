"""The calculator prints the interface's shape and tells by its exit code what became of the sheet."""

import hashlib
import json
from pathlib import Path

import pytest

import rulebooks
from cli.score import run_score

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
