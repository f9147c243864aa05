"""`backup`, `restore` and `move` as an operator runs them; what came back is the same ledger."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

Program = Callable[..., tuple[int, str, str]]


@pytest.fixture
def data(opened: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(opened, tmp_path / "data"))


@pytest.fixture
def taken(program: Program, data: Path, tmp_path: Path) -> Path:
    code, _, said = program("--data", data, "backup", tmp_path / "b.db")
    assert code == 0, said
    return tmp_path / "b.db"


def head_of(program: Program, data: Path) -> dict[str, object]:
    code, out, said = program("--data", data, "verify", "--json")
    assert code == 0, said
    found = json.loads(out)
    return {"size": found["size"], "root": found["root"]}


def test_a_restored_installation_goes_on_where_the_backup_was_taken(
    program: Program, data: Path, taken: Path, tmp_path: Path
) -> None:
    code, out, said = program("--data", tmp_path / "back", "restore", taken, "--json")
    assert code == 0, said
    (restored,) = json.loads(out)["ledgers"]
    assert head_of(program, tmp_path / "back") == head_of(program, data)
    assert restored["size"] == head_of(program, data)["size"]
    assert (tmp_path / "back" / "fingerprint.key").read_bytes() == (data / "fingerprint.key").read_bytes()
    code, _, said = program("--data", tmp_path / "back", "rebuild", "--check")
    assert code == 0, said


def test_trying_a_backup_leaves_nothing_behind(program: Program, data: Path, taken: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    code, _, said = program("--data", data, "--lang", "en", "restore", taken, "--verify")
    assert (code, "It works" in said) == (0, True)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_ledger_that_was_rewritten_since_the_backup_shows(program: Program, data: Path, taken: Path) -> None:
    with closing(sqlite3.connect(data / "ledger.db")) as owner, owner:
        owner.execute("DROP TRIGGER facts_refuse_update")
        owner.execute("UPDATE facts SET entry = replace(entry, 'registrar', 'registran') WHERE position = 2")
    code, _, said = program("--data", data, "--lang", "en", "restore", taken, "--verify")
    assert (code, "are not those of the backup" in said) == (10, True)


def test_accounts_come_back_and_what_was_revoked_does_not(
    program: Program, data: Path, taken: Path, tmp_path: Path
) -> None:
    assert program("--data", data, "accounts", "invite", "P01")[0] == 0
    assert program("--data", data, "backup", tmp_path / "later.db")[0] == 0
    assert program("--data", tmp_path / "back", "restore", tmp_path / "later.db")[0] == 0
    _, listed, _ = program("--data", tmp_path / "back", "accounts", "list", "--json")
    assert [each["person"] for each in json.loads(listed)] == ["P01"]
    with closing(sqlite3.connect(tmp_path / "later.db")) as backup:
        tables = {name for (name,) in backup.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables & {"sessions", "links", "slips", "keys"} == set()
    assert taken.exists()


def test_nothing_is_restored_over_a_ledger(program: Program, data: Path, taken: Path) -> None:
    before = head_of(program, data)
    assert program("--data", data, "restore", taken)[0] == 5
    assert head_of(program, data) == before


def test_a_damaged_backup_is_refused_and_leaves_no_ledger(program: Program, taken: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(taken)) as owner, owner:
        owner.execute("DROP TRIGGER facts_refuse_update")
        owner.execute("UPDATE facts SET entry = replace(entry, 'registrar', 'registran') WHERE position = 1")
    code, _, said = program("--data", tmp_path / "back", "--lang", "en", "restore", taken)
    assert (code, "Fact 1 is damaged" in said) == (10, True)
    assert program("--data", tmp_path / "back", "restore", taken)[0] == 10


@pytest.mark.parametrize(("content", "code"), [(None, 3), (b"words", 6)])
def test_what_is_no_backup_is_told(program: Program, tmp_path: Path, content: bytes | None, code: int) -> None:
    if content is not None:
        (tmp_path / "b.db").write_bytes(content)
    assert program("--data", tmp_path / "back", "restore", tmp_path / "b.db")[0] == code


@pytest.mark.postgres
def test_a_ledger_moves_to_postgresql_and_back_with_equal_heads(
    program: Program, data: Path, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = head_of(program, data)
    monkeypatch.setenv("STARLEDGER_MOVE_TO", postgres_url)
    code, _, said = program("--data", data, "move")
    assert code == 0, said
    assert not (data / "ledger.db").exists()
    monkeypatch.delenv("STARLEDGER_MOVE_TO")
    monkeypatch.setenv("STARLEDGER_DATABASE_URL", postgres_url)
    assert head_of(program, data) == before
    code, _, said = program("--data", data, "move", "--to-data", tmp_path / "back")
    assert code == 0, said
    monkeypatch.delenv("STARLEDGER_DATABASE_URL")
    assert head_of(program, tmp_path / "back") == before


def test_a_ledger_in_use_does_not_move(
    program: Program, data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STARLEDGER_MOVE_TO", f"sqlite:///{tmp_path / 'other.db'}")
    with closing(sqlite3.connect(data / "ledger.db")) as another:
        another.execute("BEGIN")
        another.execute("SELECT count(*) FROM facts").fetchone()
        code, _, said = program("--data", data, "--lang", "en", "move")
    assert (code, "Another program has this ledger open" in said) == (5, True)
    assert (data / "ledger.db").exists()


def test_where_to_move_must_be_said(program: Program, data: Path) -> None:
    assert "STARLEDGER_MOVE_TO" not in os.environ
    assert program("--data", data, "move")[0] == 2
