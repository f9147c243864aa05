"""A dry run says whom a command would change: a row for each person, or a sentence that says why there is none (S6)."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import typer

from cli.derived import add_command
from cli.settings import Settings
from domain.dates import CHINA
from domain.drawing import TakeBackNoAppraisal
from domain.exempting import ExemptMember
from domain.record_verifying import ReverseEntry
from domain.recording import ProposeEntry
from domain.tasks import AssignTask
from tests.controls import BRANCH, LI, SUN, ZHANG
from tests.projections.month_ledger import COUNTED, EVERYBODY, MARCH, SCHEME, WITHHELD_MONTH, YEAR_ROUND, told_months

Ask = Callable[..., str]
TAKE_BACK = (
    "take-back-no-appraisal",
    "--round",
    YEAR_ROUND,
    "--component",
    "appraisal",
    "--why",
    "改期",
    "--as",
    ZHANG,
)
ENTRY = ("propose-entry", "--entry", "new", "--branch", BRANCH, "--person", SUN, "--rulebook", SCHEME)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory with the months in it."""
    made = tmp_path_factory.mktemp("effects")
    told_months(made / "ledger.db")
    return made


@pytest.fixture
def dry_run(data: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Return how to ask the terminal for a command without carrying it out; what it says on stdout comes back."""
    app = typer.Typer()
    for kind in (AssignTask, ExemptMember, ProposeEntry, ReverseEntry, TakeBackNoAppraisal):
        add_command(app, kind)

    def run(*words: str, lang: str = "zh") -> str:
        clock = datetime(2026, 1, 6, 9, tzinfo=CHINA)
        settings = Settings(data, None, None, None, clock, "zh" if lang == "zh" else "en")
        capsys.readouterr()
        app([*words, "--dry-run"], obj=settings, standalone_mode=False)
        return capsys.readouterr().out

    return run


def test_there_is_a_row_for_everybody_who_changes(dry_run: Ask) -> None:
    event, heading, heads, *rows = dry_run(*TAKE_BACK).splitlines()
    assert json.loads(event)["type"] == "draw.NoAppraisalTakenBack.v1"
    assert heading == f"{YEAR_ROUND}（2025）登记后："
    assert heads.split() == ["编号", "姓名", "总分", "按分数星级", "星级", "由于"]
    assert {row.split()[0] for row in rows} <= set(EVERYBODY)
    assert all("→ 未定" in row and row.endswith("成为缺分") for row in rows)


def test_as_json_events_and_effects_stand_in_one_document(dry_run: Ask) -> None:
    said = json.loads(dry_run(*TAKE_BACK, "--json"))
    assert list(said) == ["events", "effects"]
    (effect,) = said["effects"]
    assert (effect["round"], effect["period"], effect["once"], effect["unknown"]) == (
        YEAR_ROUND,
        "2025",
        "recorded",
        None,
    )
    changed = effect["changes"][0]
    assert changed["becomes_incomplete"]
    assert isinstance(changed["total"]["from"], str)
    assert changed["total"]["to"] is None


def test_why_an_effect_cannot_be_shown_is_said(dry_run: Ask) -> None:
    taken_back = ("reverse-entry", "--entry", COUNTED, "--branch", BRANCH, "--reason", "查无此事", "--as", ZHANG)
    assert "The list is proposed" in dry_run(*taken_back, lang="en")
    (effect,) = json.loads(dry_run(*taken_back, "--json"))["effects"]
    assert (effect["round"], effect["changes"]) == (MARCH, [])
    assert effect["unknown"]["zh"].startswith("名单已经提出")
    exempting = ("exempt-member", "--round", f"workshop-1.{WITHHELD_MONTH}", "--person", SUN, "--decided-by", "支委会")
    assert "1 人的民主评议票数不足公开，对其影响不能显示。" in dry_run(*exempting, "--reason", "病假", "--as", LI)


def test_that_no_round_is_reached_is_said_where_results_are_concerned(dry_run: Ask) -> None:
    fields = ("--item", "study-task-missed", "--occurred-on", "2026-01-05", "--statement", "未交笔记", "--as", ZHANG)
    assert dry_run(*ENTRY, *fields, lang="en").splitlines()[-1] == "No open round is reached by this."
    task = ("assign-task", "--task", "t", "--person", SUN, "--what", "结对", "--due", "2026-05-01")
    assert len(dry_run(*task, "--resolution", "支委会", "--as", LI).splitlines()) == 1
