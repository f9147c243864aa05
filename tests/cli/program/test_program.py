"""What holds for every sub-command: help, exit codes, and where words and data go."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.exits import Exit
from domain.catalogue import CATALOGUE

Program = Callable[..., tuple[int, str, str]]
OPENING = (
    "open-ledger", "--committee", "数控厂党委", "--registrar", "R", "--operator", "O",
    "--simulated-clock", "--as", "O",
)  # fmt: skip
CLOCK = ("--clock", "2026-01-05T09:00:00+08:00")


@pytest.fixture
def data(tmp_path: Path, program: Program) -> Path:
    code, _, complained = program("--data", tmp_path, *CLOCK, *OPENING)
    assert code == 0, complained
    return tmp_path


@pytest.mark.parametrize("kind", CATALOGUE.deciders, ids=lambda kind: kind.NAME)
def test_every_command_of_the_domain_is_a_sub_command_with_help(kind: type, program: Program) -> None:
    code, said, _ = program(kind.NAME, "--help")  # type: ignore[attr-defined]
    assert code == 0
    assert (kind.__doc__ or "").split()[0] in said


def test_a_receipt_is_one_json_document_on_stdout(program: Program, data: Path) -> None:
    words = ("found-branch", "--branch", "B1", "--title", "一支部", "--on", "2020-01-01", "--as", "R", "--json")
    code, said, complained = program("--data", data, *words)
    assert code == 0
    assert json.loads(said)["positions"] == [2]
    assert not complained


def test_asked_twice_under_one_id_it_happens_once(program: Program, data: Path) -> None:
    words = ("found-branch", "--branch", "B1", "--title", "一支部", "--on", "2020-01-01", "--as", "R", "--json")
    answers = [json.loads(program("--data", data, *words, "--command-id", "c-1")[1]) for _ in range(2)]
    assert answers[0] | {"repeated": True} == answers[1]


def test_a_dry_run_says_what_would_be_recorded_and_records_nothing(program: Program, data: Path) -> None:
    words = ("register-person", "--person", "P1", "--full-name", "张三", "--as", "R")
    code, said, _ = program("--data", data, *words, "--dry-run")
    assert code == 0
    assert json.loads(said)["type"] == "person.Registered.v1"
    assert "张三" not in said
    assert json.loads(program("--data", data, *words, "--json")[1])["positions"] == [2]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("found-branch", "--branch", "B1"), Exit.USAGE),
        (("found-branch", "--branch", "B1", "--title", "x", "--on", "yesterday", "--as", "R"), Exit.USAGE),
        (("found-branch", "--branch", "B1", "--title", "x", "--on", "2020-01-01"), Exit.USAGE),
        (
            ("open-round", "--round", "R1", "--branch", "B9", "--period", "2025", "--rulebook", "x", "--as", "R"),
            Exit.NOT_FOUND,
        ),
        (("found-branch", "--branch", "B1", "--title", "x", "--on", "2020-01-01", "--as", "Z"), Exit.NOT_PERMITTED),
        (("open-ledger", "--committee", "y", "--registrar", "R", "--operator", "O", "--as", "O"), Exit.CONFLICT),
        (("found-branch", "--branch", "一", "--title", "x", "--on", "2020-01-01", "--as", "R"), Exit.REFUSED),
        (
            (
                "adopt-rulebook", "--rulebook", "x", "--document", "nowhere.toml", "--meeting", "m",
                "--adopted-on", "2025-01-01", "--effective-from", "2025-01-01", "--as", "R",
            ),
            Exit.NOT_FOUND,
        ),
        (("stars", "--round", "R9"), Exit.NOT_FOUND),
        (("stars", "--as-of", "long ago"), Exit.USAGE),
        (("explain", "--round", "R9", "--person", "P1"), Exit.NOT_FOUND),
        (("history", "--person", "P9"), Exit.NOT_FOUND),
        (("no-such-command",), Exit.USAGE),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else value.name,
)  # fmt: skip
def test_exit_codes_say_what_went_wrong_and_stderr_what_to_do(
    program: Program, data: Path, words: tuple[str, ...], expected: Exit
) -> None:
    code, said, complained = program("--data", data, *words)
    assert code == expected
    assert not said
    assert complained.strip()
    assert "Traceback" not in complained


@pytest.mark.parametrize("language", ["zh", "en"])
def test_refusals_are_said_in_the_readers_language(program: Program, data: Path, language: str) -> None:
    words = ("found-branch", "--branch", "B1", "--title", "x", "--on", "2020-01-01", "--as", "Z")
    _, _, complained = program("--data", data, "--lang", language, *words)
    assert ("登记员" in complained) is (language == "zh")


def test_a_real_ledger_takes_no_clock_from_outside(program: Program, tmp_path: Path) -> None:
    words = ("open-ledger", "--committee", "c", "--registrar", "R", "--operator", "O", "--as", "O")
    assert program("--data", tmp_path, *words)[0] == Exit.OK
    assert program("--data", tmp_path, *CLOCK, "stars")[0] == Exit.USAGE


def test_a_ledger_opened_on_a_given_clock_says_so_in_its_first_fact(program: Program, tmp_path: Path) -> None:
    words = ("open-ledger", "--committee", "c", "--registrar", "R", "--operator", "O", "--as", "O")
    code, _, complained = program("--data", tmp_path, *CLOCK, *words)
    assert code == Exit.USAGE
    assert "--simulated-clock" in complained


def test_the_fingerprint_key_is_readable_by_its_owner_only(data: Path) -> None:
    assert (data / "fingerprint.key").stat().st_mode & 0o077 == 0


def test_where_there_is_no_ledger_the_message_names_the_directory(program: Program, tmp_path: Path) -> None:
    code, _, complained = program("--data", tmp_path / "nothing", "stars")
    assert code == Exit.NOT_FOUND
    assert "nothing" in complained
    assert not (tmp_path / "nothing").exists()


@pytest.mark.postgres
def test_the_same_program_keeps_a_ledger_in_postgresql(
    program: Program, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STARLEDGER_DATABASE_URL", postgres_url)
    assert program("--data", tmp_path, *CLOCK, *OPENING)[0] == Exit.OK
    words = ("found-branch", "--branch", "B1", "--title", "一支部", "--on", "2020-01-01", "--as", "R")
    assert program("--data", tmp_path, *words)[0] == Exit.OK
    code, said, _ = program("--data", tmp_path, "verify", "--json")
    assert (code, json.loads(said)["size"], json.loads(said)["ok"]) == (Exit.OK, 2, True)
    assert program("--data", tmp_path, "rebuild")[0] == Exit.OK
    assert not (tmp_path / "ledger.db").exists()


@pytest.mark.postgres
def test_the_owner_grants_the_program_s_role_what_it_needs(
    program: Program, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STARLEDGER_DATABASE_URL", postgres_url)
    assert program("--data", tmp_path, *CLOCK, *OPENING)[0] == Exit.OK
    assert program("--data", tmp_path, "grant", "--role", "pg_monitor")[0] == Exit.OK


def test_roles_are_granted_on_postgresql_only(program: Program, data: Path) -> None:
    assert program("--data", data, "grant", "--role", "somebody")[0] == Exit.USAGE
