"""Words that would be a command, a formula, a path or a screen elsewhere are words here, wherever they come out."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.exits import Exit

Program = Callable[..., tuple[int, str, str]]
CONTROLS = [chr(code) for code in (*range(1, 0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F))]
FORMULAS = ['=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", '=cmd|"/c calc"!A1', "\t=1", "＝1"]
SHELL = ["$(touch x)", "`id`", "; rm -rf /", "| cat", "&& true", "%PATH%", "!!", "--as", "-"]
PATHS = ["../../etc/passwd", "..\\..\\x", "/etc/passwd", "C:\\x", "file:///etc/passwd", "CON", "x\\0y"]
TEMPLATES = ["{{7*7}}", "{0}", "{actor}", "%s%n", "${jndi:ldap://x}", "[red]x[/red]", "\\u0041", "%(message)s"]
MARKUP = ["<script>alert(1)</script>", "<img src=x onerror=y>", "]]>", "&lt;", "'; DROP TABLE facts;--", '"', "'"]
RARE = ["\U00020bb7", "\U0002a6a5", "葛\U000e0100城", "买买提·艾力", "e\u0301", "é", "ﷺ", "\u200d", "\ufeff", "Ａ", "𝒜"]
HOSTILE = [*(f"张{sign}三" for sign in CONTROLS), *FORMULAS, *SHELL, *PATHS, *TEMPLATES, *MARKUP, *RARE, "长" * 5_000]
ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
OPENING = (
    "open-ledger", "--committee", "党委", "--registrar", "R", "--operator", "O", "--simulated-clock", "--as", "O",
)  # fmt: skip
CLOCK = ("--clock", "2026-01-05T09:00:00+08:00")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, program: Program) -> Path:
    """Give a ledger with a branch for every hostile title and a person for every hostile name."""
    directory = tmp_path_factory.mktemp("hostile")
    assert program("--data", directory, *CLOCK, *OPENING)[0] == 0
    founding = ("--on", "2020-01-01", "--as", "R")
    name = directory.with_suffix(".txt")
    for number, words in enumerate(HOSTILE):
        branch, person = f"B{number}", f"P{number}"
        name.write_text(f"张{words}三", encoding="utf-8")
        for asked in (
            ("found-branch", "--branch", branch, f"--title={words}", *founding),
            ("register-person", "--person", person, f"--full-name=@{name}", "--as", "R"),
            ("join-branch", "--person", person, "--branch", branch, "--kind", "formal", *founding),
        ):
            code, _, complained = program("--data", directory, *CLOCK, *asked)
            assert code == 0, (words, complained)
    return directory


def test_every_word_is_kept_as_it_was_given(data: Path, program: Program) -> None:
    kept = {title(data, program, number) for number in range(len(HOSTILE))}
    assert kept == set(HOSTILE)


def title(data: Path, program: Program, number: int) -> str:
    _, said, _ = program("--data", data, "history", "--branch", f"B{number}", "--json")
    founded: str = json.loads(said)[0]["sentence"]["zh"]
    return founded.removesuffix("自2020-01-01起设立。")


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_no_word_acts_on_the_terminal_that_reads_it(data: Path, program: Program, form: tuple[str, ...]) -> None:
    for number in range(len(HOSTILE)):
        for who in (("--branch", f"B{number}"), ("--person", f"P{number}")):
            code, said, complained = program("--data", data, "history", *who, *form)
            assert code == 0, complained
            assert not ACTS.search(said + complained), HOSTILE[number]


def test_a_refused_word_does_not_act_on_the_terminal_either(data: Path, program: Program) -> None:
    for words in HOSTILE:
        code, said, complained = program("--data", data, "history", f"--branch={words}")
        assert code in {Exit.NOT_FOUND, Exit.USAGE, Exit.REFUSED}
        assert not ACTS.search(said + complained), words


@pytest.mark.parametrize("name", ["../x", "/etc", "..", "a/b", "x\\y", "", "长" * 300, "a\x1bb"])
def test_the_name_of_a_ledger_is_no_path(name: str, tmp_path: Path, program: Program) -> None:
    code, _, complained = program("--data", tmp_path / "data", f"--ledger={name}", *CLOCK, *OPENING)
    assert code in {Exit.USAGE, Exit.REFUSED}, complained
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_in_a_workbook_that_goes_out_no_word_is_a_formula(data: Path, tmp_path: Path, program: Program) -> None:
    for number in range(len(CONTROLS), len(CONTROLS) + len(FORMULAS)):
        out = tmp_path / f"{number}.xlsx"
        code, _, complained = program("--data", data, "export-roster", "--branch", f"B{number}", "--out", out)
        assert code == 0, complained
        with zipfile.ZipFile(io.BytesIO(out.read_bytes())) as book:
            sheets = b"".join(book.read(name) for name in book.namelist() if "sheet" in name)
        assert b"<f>" not in sheets
        assert b"<hyperlink" not in sheets
