"""`export`, `verify-archive`, `verify-diff` and `head` at the terminal, and the demo's two years on a bare machine."""

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

Program = Callable[..., tuple[int, str, str]]
CHAIR = "C01"
FACTS = 4286


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, program: Program) -> Path:
    data = tmp_path_factory.mktemp("archived") / "data"
    assert program("--data", data, "demo", "--no-serve")[0] == 0
    return data


@pytest.fixture
def data(told: Path, tmp_path: Path) -> Path:
    """Return a copy of the demo's ledger, of this test alone."""
    return Path(shutil.copytree(told, tmp_path / "data"))


def bare(archive: Path, *more: str) -> subprocess.CompletedProcess[bytes]:
    """Run the verifier out of an archive in an empty directory, with nothing but Python."""
    folder = archive.parent / "bare"
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(archive) as zipped:
        (folder / "verify.py").write_bytes(zipped.read("verify.py"))
    command = [sys.executable, "-I", "-S", "verify.py", str(archive), *more]
    return subprocess.run(command, cwd=folder, env={}, capture_output=True, check=False)


@pytest.mark.slow
def test_the_demos_two_years_are_recomputed_where_there_is_nothing_but_python(data: Path, program: Program) -> None:
    archive = data.parent / "demo.zip"
    checkpoint = program("--data", data, "checkpoint")[1]
    key = program("--data", data, "checkpoint", "--vkey")[1]
    code, said, _ = program("--data", data, "export", archive, "--json")
    assert (code, json.loads(said)["facts"]) == (0, FACTS)
    (data.parent / "mine.checkpoint").write_text(checkpoint)
    run = bare(archive, "--json", "--key", key.strip(), "--checkpoint", str(data.parent / "mine.checkpoint"))
    found = json.loads(run.stdout)
    assert (run.returncode, found["ok"], found["covered"]) == (0, True, FACTS)
    assert len(found["rounds"]) == 14
    assert all(told["results"] and not told["not_recomputed"] for told in found["rounds"].values())
    code, said, _ = program("--data", data, "verify-archive", archive, "--key", key.strip(), "--json")
    ours = json.loads(said)
    assert (code, ours["ok"], ours["covered"], ours["root"]) == (0, True, FACTS, found["root"])
    assert ours["recomputed"] == sum(told["results"] for told in found["rounds"].values())


def test_sealed_words_leave_only_on_record_and_by_a_secretary(data: Path, program: Program) -> None:
    archive = data.parent / "sealed.zip"
    asked = ("--data", data, "export", archive, "--with-sealed")
    assert program(*asked, "--as", "P09", "--purpose", "看看")[0] == 4
    assert program(*asked, "--as", CHAIR)[0] == 6
    assert not archive.exists()
    code, _, complained = program(*asked, "--as", CHAIR, "--purpose", "年终移交")
    assert code == 0
    assert str(FACTS + 1) in complained
    with zipfile.ZipFile(archive) as zipped:
        last = json.loads(zipped.read("data/entries.jsonl").splitlines()[-1])
        assert "党员09".encode() in zipped.read("data/sealed.jsonl")
    assert (last["type"], last["data"]["purpose"]) == ("archive.SealedExported.v1", "年终移交")
    assert bare(archive).returncode == 0


def test_an_archive_without_sealed_words_names_nobody_and_records_nothing(data: Path, program: Program) -> None:
    archive, again = data.parent / "plain.zip", data.parent / "again.zip"
    assert program("--data", data, "export", archive)[0] == program("--data", data, "export", again)[0] == 0
    assert archive.read_bytes() == again.read_bytes()
    with zipfile.ZipFile(archive) as zipped:
        everything = b"".join(zipped.read(name) for name in zipped.namelist() if "attachments" not in name)
    assert "党员09".encode() not in everything


def test_an_extract_of_one_person_is_complete_against_the_head_that_was_printed(data: Path, program: Program) -> None:
    archive = data.parent / "P09.zip"
    head = json.loads(program("--data", data, "head", "--person", "P09", "--json")[1])
    assert program("--data", data, "export", archive, "--person", "P09")[0] == 0
    assert bare(archive, "--head", head["head"]).returncode == 0
    assert bare(archive, "--head", "0" * 64).returncode == 10
    assert program("--data", data, "verify-archive", archive, "--head", head["head"])[0] == 0
    assert program("--data", data, "verify-archive", archive, "--head", "0" * 64)[0] == 10
    assert program("--data", data, "head")[0] == 2
    assert program("--data", data, "head", "--person", "nobody")[0] == 3


def test_an_audience_gets_the_facts_that_it_is_shown_whole(data: Path, program: Program) -> None:
    archive = data.parent / "masses.zip"
    assert program("--data", data, "export", archive, "--audience", "masses")[0] == 0
    with zipfile.ZipFile(archive) as zipped:
        facts = [json.loads(line) for line in zipped.read("data/entries.jsonl").splitlines()]
    kinds = {fact["type"] for fact in facts}
    assert "notice.Posted.v1" in kinds
    assert not {"score.Recorded.v1", "objection.Filed.v1", "entry.Proposed.v1", "ballot.Counted.v1"} & kinds
    assert bare(archive).returncode == 0
    sealed = ("--with-sealed", "--as", CHAIR, "--purpose", "x")
    assert program("--data", data, "export", archive, "--audience", "masses", *sealed)[0] == 4
    assert program("--data", data, "export", archive, "--audience", "masses", "--person", "P09")[0] == 2


def test_a_later_archive_is_compared_with_an_earlier_one(data: Path, program: Program) -> None:
    old, new = data.parent / "old.zip", data.parent / "new.zip"
    program("--data", data, "export", old)
    program("--data", data, "export", new, "--with-sealed", "--as", CHAIR, "--purpose", "移交")
    code, said, _ = program("verify-diff", old, new, "--json")
    found = json.loads(said)
    assert (code, found["old"], found["added"]) == (0, FACTS, {"archive.SealedExported.v1": 1})
    assert program("verify-diff", new, old)[0] == 10
    assert bare(new, "--extends", str(old)).returncode == 0
    assert bare(old, "--extends", str(new)).returncode == 10


def test_files_that_are_no_archives_end_as_documented(data: Path, program: Program) -> None:
    nothing = data.parent / "nothing.zip"
    nothing.write_bytes(b"PK")
    assert program("verify-archive", nothing)[0] == 6
    assert program("verify-archive", data.parent / "missing.zip")[0] == 2
    assert program("verify-diff", nothing, nothing)[0] == 6
    assert program("--data", data, "export", data.parent / "no" / "folder.zip")[0] == 3
