"""`read-sealed` at the terminal: what it prints, what it puts on record, and what it says of words that are gone."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cli.exits import Exit
from tests.cli.canary_house import EXEMPT, IN_CONFIDENCE, OWN_NAME, House, annual_house
from tests.cli.canary_search import Program
from tests.controls import BRANCH

PURPOSE = ("--purpose", "核对免评")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return annual_house(tmp_path / "data")


def told(program: Program, house: House, *words: object) -> tuple[int, str, str]:
    return program("--data", house.data, "--lang", "zh", *words)


def facts(program: Program, house: House, *words: object) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(told(program, house, "history", *words, "--json")[1])
    return found


def test_a_named_reader_is_told_once_it_is_on_record(program: Program, house: House) -> None:
    code, out, err = told(program, house, "read-sealed", "--fact", house.readings[EXEMPT], *PURPOSE, "--as", "chen")
    assert (code, out) == (Exit.OK, f"{EXEMPT}\n")
    (read,) = [fact for fact in facts(program, house, "--person", "zhang") if fact["type"] == "sealed.Read.v1"]
    assert f"第{read['position']}条" in err
    assert "核对免评" in read["sentence"]["zh"]  # type: ignore[index]
    assert read in facts(program, house, "--person", "chen")
    assert read in facts(program, house, "--branch", BRANCH)


def test_the_person_concerned_reads_his_own_and_sees_who_else_did(program: Program, house: House) -> None:
    reading = ("read-sealed", "--fact", house.readings[EXEMPT], *PURPOSE, "--json")
    told(program, house, *reading, "--as", "chen")
    own = json.loads(told(program, house, *reading, "--as", "zhang")[1])
    assert own["words"] == EXEMPT
    told(program, house, *reading, "--as", "li")
    record = json.loads(told(program, house, "record", "--person", "zhang", "--json")[1])
    entries = [(entry["other"], entry["state"]) for entry in record["entries"] if entry["kind"] == "reading"]
    assert entries == [("chen", "named"), ("zhang", "own"), ("li", "refused")]
    shown = told(program, house, "record", "--person", "zhang", "--reader", "zhang")[1]
    assert "Chen: 核对免评" in shown
    assert "Chen: 核对免评" not in told(program, house, "record", "--person", "zhang", "--audience", "branch")[1]


def test_a_refusal_is_on_record_and_prints_nothing(program: Program, house: House) -> None:
    code, out, err = told(program, house, "read-sealed", "--objection", IN_CONFIDENCE, *PURPOSE, "--as", "wang")
    assert (code, out) == (Exit.NOT_PERMITTED, "")
    assert "不是异议人身份的指定阅看人" in err
    assert "sealed.ReadingRefused.v1" in {fact["type"] for fact in facts(program, house, "--objection", IN_CONFIDENCE)}


def test_reading_again_is_another_reading(program: Program, house: House) -> None:
    reading = ("read-sealed", "--objection", IN_CONFIDENCE, *PURPOSE, "--as", "chen", "--json")
    first, second = (json.loads(told(program, house, *reading)[1]) for _ in range(2))
    assert first["words"] == second["words"] == OWN_NAME
    assert first["reading"] < second["reading"]


def test_words_that_were_erased_are_said_to_be_by_which_fact(program: Program, house: House) -> None:
    with closing(sqlite3.connect(house.data / "ledger.db")) as connection:
        (digest,) = connection.execute("SELECT digest FROM sealed WHERE value = ?", (EXEMPT,)).fetchone()
    erase = ("erase-sealed", "--digests", digest, "--ordered-by", "党委", "--ground", "本人申请", "--as", "operator")
    (position,) = json.loads(told(program, house, *erase, "--json")[1])["positions"]
    code, out, err = told(program, house, "read-sealed", "--fact", house.readings[EXEMPT], *PURPOSE, "--as", "chen")
    assert (code, out) == (Exit.REFUSED, "")
    assert f"已依令删除，见第{position}条" in err


def test_words_that_are_missing_without_an_order_are_a_gap(program: Program, house: House) -> None:
    with closing(sqlite3.connect(house.data / "ledger.db")) as connection:
        connection.execute("DELETE FROM sealed WHERE value = ?", (EXEMPT,))
        connection.commit()
    code, out, _ = told(program, house, "read-sealed", "--fact", house.readings[EXEMPT], *PURPOSE, "--as", "chen")
    assert (code, out) == (Exit.INCOMPLETE, "")


def test_somebody_has_to_ask(program: Program, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STARLEDGER_ACTOR", raising=False)
    assert told(program, house, "read-sealed", "--fact", house.readings[EXEMPT], *PURPOSE)[0] == Exit.USAGE


def test_nothing_else_in_the_program_asks_the_ledger_for_words(checkout: Path) -> None:
    """Names are resolved for readers and for tables, one's own commitments for oneself; private words nowhere else."""
    packages = ("projections", "cli", "api", "workbooks")
    sources = [path for package in packages for path in (checkout / package).rglob("*.py")]
    asking = {
        path.relative_to(checkout).as_posix() for path in sources if ".words(" in path.read_text(encoding="utf-8")
    }
    assert asking == {
        "projections/private_words.py",
        "workbooks/table_people.py",
        "projections/names.py",
        "api/pages/member.py",
    }
