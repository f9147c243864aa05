"""`starledger rulebook` says the same to people and to programs, and whatever is asked, nothing is written."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer

import rulebooks
from cli.derived import add_command
from cli.exits import Stop
from cli.rulebook import add_rulebook
from cli.settings import Settings
from cli.wiring import installation
from domain.adoption import AdoptRulebook
from domain.dates import CHINA
from tests.controls import ANNUAL, CHAIR, ROUND, YEAR_END, noon
from tests.projections.year_ledger import open_year


@dataclass(frozen=True, slots=True)
class Said:
    """What the terminal answered."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:  # noqa: ANN401 - JSON
        """The JSON on stdout."""
        return json.loads(self.out)


Ask = Callable[..., Said]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory in which the story of a year has been told."""
    made = tmp_path_factory.mktemp("rulebooks")
    year = open_year(f"sqlite:///{made / 'ledger.db'}")
    year.play(ANNUAL)
    year.close()
    return made


@pytest.fixture
def ask(data: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Return how to ask the terminal; nothing that is asked may leave a fact."""
    app = typer.Typer()
    add_rulebook(app)
    add_command(app, AdoptRulebook)

    def run(*words: str, lang: str = "en") -> Said:
        settings = Settings(data, None, None, None, noon(YEAR_END).astimezone(CHINA), "zh" if lang == "zh" else "en")
        with installation(settings) as installed:
            before = installed.ledger.head()
        capsys.readouterr()
        code = 0
        try:
            app(list(words), obj=settings, standalone_mode=False)
        except Stop as ended:
            code = ended.code
        out, err = capsys.readouterr()
        with installation(settings) as installed:
            assert installed.ledger.head() == before
        return Said(code, out, err)

    return run


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., str]:
    """Return how to write a changed rulebook into a file, whose path comes back."""

    def write(*replacements: tuple[str, str], name: str = "annual-360") -> str:
        text = rulebooks.shipped(name).decode()
        for old, new in replacements:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


File = Callable[..., str]


# check


def test_a_rulebook_with_notes_only_passes_and_strict_does_not_let_it(ask: Ask) -> None:
    assert ask("rulebook", "check", "annual-360").code == 0
    assert ask("rulebook", "check", "annual-360", "--strict").code == 6


def test_a_check_for_a_branch_names_the_caps_that_leave_it_nothing(ask: Ask) -> None:
    said = ask("rulebook", "check", "annual-360", "--roster-size", "8", "--json")
    assert said.code == 6
    assert said.document["counts"] == {"fault": 0, "warning": 1, "note": 1}
    assert said.document["findings"][0]["code"] == "cap-empty"
    assert said.document["findings"][0]["severity"] == "warning"
    assert set(said.document["findings"][0]["message"]) == {"zh", "en"}


@pytest.mark.parametrize(("lang", "words"), [("zh", "警告  caps[0].percent"), ("en", "warning  caps[0].percent")])
def test_a_check_speaks_both_languages_the_gravest_first(ask: Ask, file: File, lang: str, words: str) -> None:
    path = file(("weight = 35", "weight = 34"))
    lines = ask("rulebook", "check", path, "--roster-size", "8", lang=lang).out.splitlines()
    titles = [line.split()[0] for line in lines if "(" in line and not line.startswith(" ")]
    assert titles == (["错误", "警告", "提示"] if lang == "zh" else ["fault", "warning", "note"])
    assert any(line.startswith(words) for line in lines)


def test_a_file_that_cannot_be_used_is_listed_with_every_fault(ask: Ask, file: File) -> None:
    said = ask("rulebook", "check", file(("low = 80", "low = true"), ("days = 7", "days = 0")), "--json")
    assert said.code == 6
    assert said.document["rulebook"] is None
    assert [(each["severity"], each["place"]) for each in said.document["findings"]] == [
        ("fault", "bands[2].low"),
        ("fault", "publicity.days"),
    ]


@pytest.mark.parametrize("words", [("check",), ("explain",), ("diff", "blank"), ("try", "--round", ROUND)])
@pytest.mark.parametrize("missing", ["no/such.toml", "adopted:nothing", "adopted:annual-360@99"])
def test_a_rulebook_that_is_not_there_is_not_found(ask: Ask, words: tuple[str, ...], missing: str) -> None:
    said = ask("rulebook", *words, missing)
    assert said.code == 3
    assert missing.removeprefix("adopted:") in said.err


# diff


def test_a_difference_is_said_with_place_values_and_clause(ask: Ask, file: File) -> None:
    path = file(("percent = 30", "percent = 25"))
    said = ask("rulebook", "diff", "annual-360", path)
    assert (said.code, said.out) == (0, "changed  caps[4].percent: 30 → 25  [A-33]\n")
    (one,) = ask("rulebook", "diff", "annual-360", path, "--json").document["differences"]
    assert one == {
        "place": "caps[4].percent",
        "change": "changed",
        "from": {"zh": "30", "en": "30"},
        "to": {"zh": "25", "en": "25"},
        "clause": "A-33",
    }


def test_a_rulebook_adopted_in_the_ledger_is_compared_with_a_file(ask: Ask, file: File) -> None:
    path = file()
    assert ask("rulebook", "diff", "adopted:annual-360", path, lang="zh").out == "两份办法意思相同。\n"
    assert ask("rulebook", "diff", "adopted:annual-360@1", path, "--json").document["differences"] == []


# explain


def test_a_clause_is_explained_with_what_it_governs(ask: Ask) -> None:
    said = ask("rulebook", "explain", "annual-360", "--clause", "A-33", lang="zh")
    assert said.code == 0
    heading, governed = said.out.strip().splitlines()
    assert heading.startswith("A-33  ")
    assert "不超过党员总数的30%" in governed


def test_every_clause_of_a_scheme_is_explained_to_programs(ask: Ask) -> None:
    clauses = ask("rulebook", "explain", "monthly-points", "--json").document["clauses"]
    assert {"B-40", "B-42", "AMB-B1"} <= {each["id"] for each in clauses}
    by_id = {each["id"]: each for each in clauses}
    assert {"components.appraisal", "components.records"} <= {one["place"] for one in by_id["B-40"]["governs"]}


def test_a_clause_that_is_not_there_is_not_found(ask: Ask) -> None:
    said = ask("rulebook", "explain", "annual-360", "--clause", "Z-1")
    assert (said.code, said.out) == (3, "")
    assert "Z-1" in said.err


# try


def test_a_past_round_is_tried_and_says_who_changes_and_why(ask: Ask, file: File) -> None:
    path = file(("percent = 30", "percent = 60"))
    said = ask("rulebook", "try", path, "--round", ROUND)
    assert said.code == 0
    assert said.out.startswith(f"{ROUND} (2025): 1 of 8 would have another result; nothing was written.\n")
    assert "three stars → four stars" in said.out
    assert "[A-33] " in said.out
    (one,) = ask("rulebook", "try", path, "--round", ROUND, "--json").document["trial"]["changes"]
    assert (one["from"]["star"], one["to"]["star"], one["from"]["total"]) == (3, 4, "90.25")
    assert "A-33" in {each["clause"] for each in one["why"]}


def test_the_rulebook_of_the_round_changes_nobody(ask: Ask) -> None:
    assert ask("rulebook", "try", "adopted:annual-360", "--round", ROUND, "--json").document["trial"]["changes"] == []


def test_a_round_that_is_not_there_is_not_found(ask: Ask) -> None:
    assert ask("rulebook", "try", "annual-360", "--round", "r1999").code == 3


def test_a_rulebook_that_leaves_a_star_undefined_is_listed_instead_of_tried(ask: Ask, file: File) -> None:
    said = ask("rulebook", "try", file(("weight = 35", "weight = 34")), "--round", ROUND)
    assert said.code == 6
    assert "weights-not-100" in said.out


# schema and adoption


def test_the_schema_is_the_one_that_is_shipped(ask: Ask) -> None:
    assert ask("rulebook", "schema").out.encode() == rulebooks.schema()


@pytest.mark.parametrize(("days", "warned"), [("7", False), ("3", True)])
def test_adopting_says_in_a_dry_run_what_the_linter_warns_of(ask: Ask, file: File, days: str, warned: bool) -> None:  # noqa: FBT001
    path = file(("days = 7", f"days = {days}"), ("version = 1", "version = 7"))
    asked = (
        "adopt-rulebook", "--rulebook", "annual-360", "--document", path, "--meeting", "党委会",
        "--adopted-on", "2026-01-02", "--effective-from", "2026-01-02", "--as", CHAIR, "--dry-run",
    )  # fmt: skip
    said = ask(*asked)
    assert said.code == 0, said.err
    assert ("publicity-short" in said.out) == warned
    assert ("findings" in ask(*asked, "--json").document) == warned
