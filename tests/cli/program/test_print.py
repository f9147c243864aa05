"""`starledger print`: forms for wall and binder; a notice prints again to the byte, or says that it does not."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from cli.exits import Exit
from paper.catalogue import FORMS
from paper.setting import typesetter
from tests.cli.canary_house import annual_house
from tests.cli.canary_search import Program
from tests.controls import NOTICE, ROUND, STAFF, WU, ZHANG

KEEP = ("--keep", "--as", ZHANG)
Print = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data directory of a year, to be copied."""
    return annual_house(tmp_path_factory.mktemp("printing") / "data").data


@pytest.fixture
def data(told: Path, tmp_path: Path) -> Path:
    """Return a data directory of this test alone."""
    return Path(shutil.copytree(told, tmp_path / "data"))


@pytest.fixture
def printing(data: Path, program: Program) -> Print:
    """Return how to print a form into a file of the test's folder."""

    def run(form: str, out: str, *words: object, lang: str = "zh") -> tuple[int, str, str]:
        return program("--data", data, "--lang", lang, "print", form, "--out", data.parent / out, *words)

    return run


@pytest.fixture
def notice(printing: Print) -> Print:
    """Return how to print the first edition of the year's first notice."""

    def run(out: str, *words: object, edition: int = 1) -> tuple[int, str, str]:
        return printing("notice", out, "--round", ROUND, "--notice", NOTICE, "--edition", edition, *words)

    return run


@pytest.mark.parametrize("kind", ["pdf", "png", "docx"])
def test_a_notice_prints_again_to_the_byte_after_later_facts(
    notice: Print, program: Program, data: Path, kind: str
) -> None:
    assert notice(f"first.{kind}")[0] == Exit.OK
    later = ("rename-person", "--person", WU, "--full-name", "吴改名", "--as", "registrar")
    assert program("--data", data, *later)[0] == Exit.OK
    assert notice(f"again.{kind}")[0] == Exit.OK
    assert (data.parent / f"first.{kind}").read_bytes() == (data.parent / f"again.{kind}").read_bytes()


def test_the_hash_of_a_print_is_a_fact_and_is_entered_once(notice: Print, program: Program, data: Path) -> None:
    assert notice("first.pdf", *KEEP)[0] == Exit.OK
    _, said, _ = notice("again.pdf", *KEEP)
    assert "没有新事实" in said
    _, told, _ = notice("third.pdf", "--json")
    printed = json.loads(told)
    _, history, _ = program("--data", data, "--lang", "zh", "history", "--json")
    assert printed["sha256"] in history
    assert printed["template"] == "v1"


def test_a_print_that_differs_from_what_was_entered_is_not_written(notice: Print, program: Program, data: Path) -> None:
    other = ("--template", "v1", "--typesetter", typesetter(), "--sha256", "5f" * 32)
    asked = ("keep-print", "--round", ROUND, "--notice", NOTICE, "--edition", "1", *other)
    assert program("--data", data, *asked, "--as", ZHANG)[0] == Exit.OK
    code, _, said = notice("false.pdf")
    assert code == Exit.VIOLATED
    assert "5f" * 32 in said
    assert not (data.parent / "false.pdf").exists()


def test_another_typesetter_is_said_and_not_called_false(notice: Print, program: Program, data: Path) -> None:
    other = ("--template", "v1", "--typesetter", "typst 0.1.0", "--sha256", "5f" * 32)
    asked = ("keep-print", "--round", ROUND, "--notice", NOTICE, "--edition", "1", *other)
    assert program("--data", data, *asked, "--as", ZHANG)[0] == Exit.OK
    code, _, said = notice("elsewhere.pdf")
    assert code == Exit.OK
    assert "typst 0.1.0" in said


def test_a_notice_is_never_set_with_a_template_that_is_not_there(notice: Print, program: Program, data: Path) -> None:
    other = ("--template", "v99", "--typesetter", typesetter(), "--sha256", "5f" * 32)
    asked = ("keep-print", "--round", ROUND, "--notice", NOTICE, "--edition", "1", *other)
    assert program("--data", data, *asked, "--as", ZHANG)[0] == Exit.OK
    code, _, said = notice("new.pdf")
    assert code == Exit.REFUSED
    assert "v99" in said


def test_a_changed_database_prints_otherwise_than_was_entered(notice: Print, data: Path) -> None:
    """Control: what the hash is for. A score changed past every safeguard shows in the reprint."""
    assert notice("true.pdf", *KEEP)[0] == Exit.OK
    with closing(sqlite3.connect(data / "ledger.db")) as database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            database.execute(f'DROP TRIGGER "{name}"')
        changed = database.execute(
            "UPDATE facts SET entry = CAST(replace(CAST(entry AS TEXT), '四星级', '五星级') AS BLOB)"
            " WHERE CAST(entry AS TEXT) LIKE '%notice.LinePosted%'"
        ).rowcount
        database.commit()
    assert changed > 0
    assert notice("false.pdf")[0] == Exit.VIOLATED


def test_who_may_not_record_keeps_no_print(notice: Print) -> None:
    code, _, _ = notice("by-staff.pdf", "--keep", "--as", STAFF)
    assert code == Exit.NOT_PERMITTED


def test_a_name_that_cannot_be_printed_refuses_the_form_and_is_named(
    printing: Print, program: Program, data: Path
) -> None:
    named = ("rename-person", "--person", WU, "--full-name", "吴𠮷", "--as", "registrar")
    assert program("--data", data, *named)[0] == Exit.OK
    code, _, said = printing("card", "card.pdf", "--person", WU)
    assert code == Exit.REFUSED
    assert "吴𠮷" in said
    assert "U+20BB7" in said
    assert not (data.parent / "card.pdf").exists()


def test_the_list_has_every_form(program: Program) -> None:
    code, listed, _ = program("print", "--list", "--json")
    assert code == Exit.OK
    assert [each["name"] for each in json.loads(listed)] == [form.name for form in FORMS]
    assert "公示情况登记表" in program("--lang", "zh", "print", "--list")[1]


def test_a_blank_form_needs_no_ledger(program: Program, tmp_path: Path) -> None:
    assert program("--data", tmp_path / "none", "print", "SL-17", "--blank", "--out", tmp_path / "f.pdf")[0] == Exit.OK


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("nothing", "--out", "f.pdf"), Exit.NOT_FOUND),
        (("card", "--out", "f.pdf"), Exit.NOT_FOUND),
        (("card", "--out", "f.odt"), Exit.USAGE),
        (("card",), Exit.USAGE),
        (("card", "--person", WU, "--out", "f.pdf", "--keep"), Exit.USAGE),
        (("notice", "--round", ROUND, "--notice", "no", "--out", "f.pdf"), Exit.NOT_FOUND),
        (("talk", "--person", WU, "--out", "f.pdf", "--audience", "masses"), Exit.NOT_FOUND),
        (("recusal", "--out", "f.pdf", "--audience", "masses"), Exit.NOT_PERMITTED),
    ],
)
def test_what_cannot_be_printed_is_said_with_its_code(
    program: Program, data: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: Exit
) -> None:
    monkeypatch.chdir(data.parent)
    assert program("--data", data, "print", *words)[0] == code
    assert not (data.parent / "f.pdf").exists()


def test_a_file_that_is_there_stays(printing: Print, data: Path) -> None:
    (data.parent / "card.pdf").write_text("mine")
    assert printing("card", "card.pdf", "--person", WU)[0] == Exit.CONFLICT
    assert (data.parent / "card.pdf").read_text() == "mine"
