"""`starledger checkpoint` signs what extends the last one; `verify --checkpoint` finds what only that can show."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.exits import Exit
from ledger import tree
from ledger.checkpoint import TreeHead
from ledger.note import VerifierKey, open_note
from tests.cli.program.test_program import CLOCK, OPENING

Program = Callable[..., tuple[int, str, str]]
FOUND = ("found-branch", "--title", "一支部", "--on", "2020-01-01", "--as", "R")


class House:
    """A data directory with its signer beside it."""

    def __init__(self, folder: Path, program: Program) -> None:
        """Open a ledger in `folder`."""
        folder.mkdir(exist_ok=True)
        self.folder, self.data, self._program = folder, folder / "data", program
        self._grown = 0
        self.run(*CLOCK, *OPENING)

    def run(self, *words: object, lang: str = "en", expected: int = Exit.OK) -> tuple[str, str]:
        """Run a sub-command; return what it printed on stdout and stderr."""
        code, said, complained = self._program("--data", self.data, "--lang", lang, *words)
        assert code == expected, complained
        return said, complained

    def grow(self, facts: int) -> None:
        """Record some facts."""
        for _ in range(facts):
            self._grown += 1
            self.run(*FOUND, "--branch", f"B{self._grown}")

    def keep(self, name: str) -> Path:
        """Sign a checkpoint and keep it outside."""
        said, _ = self.run("checkpoint")
        path = self.folder / name
        path.write_text(said, encoding="utf-8")
        return path

    def vkey(self) -> str:
        """Return the public key."""
        return self.run("checkpoint", "--vkey")[0].strip()

    def sql(self, statement: str, *values: object) -> None:
        """Run a statement as the owner of the database, who has dropped the triggers."""
        with sqlite3.connect(self.data / "ledger.db") as connection:
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            connection.execute(statement, values)
        connection.close()

    def rewrite_everything(self) -> None:
        """Change the second fact, and make every hash after it anew."""
        self.sql("UPDATE facts SET entry = replace(entry, '一支部', '二支部') WHERE position = 2")
        with sqlite3.connect(self.data / "ledger.db") as connection:
            entries = [entry for (entry,) in connection.execute("SELECT entry FROM facts ORDER BY position")]
        connection.close()
        link, leaves = tree.EMPTY_ROOT, [tree.leaf_hash(entry.encode()) for entry in entries]
        for position, leaf in enumerate(leaves, 1):
            link = tree.link(link, leaf)
            self.sql("UPDATE facts SET leaf = ?, chain = ? WHERE position = ?", leaf, link, position)
        self.sql("UPDATE head SET frontier = ?, chain = ?", tree.pack(tree.frontier_of(leaves)), link)


@pytest.fixture
def house(tmp_path: Path, program: Program) -> House:
    return House(tmp_path, program)


# signing


def test_the_checkpoint_alone_is_on_stdout_and_the_talk_on_stderr(house: House) -> None:
    said, talk = house.run("checkpoint")
    origin, size, root, blank, line, end = said.split("\n")
    assert (size, blank, end, line.split(" ")[:2]) == ("1", "", "", ["—", origin])
    assert root
    vkey = house.vkey()
    assert vkey in talk
    assert "Signed: 1 facts." in talk
    assert open_note(said.encode(), [VerifierKey.parse(vkey)]).text.startswith(origin)


def test_the_signer_lies_beside_the_data_directory_and_its_key_is_never_printed(house: House) -> None:
    said, talk = house.run("checkpoint")
    directory = house.folder / "data-signer" / "main"
    secret = (directory / "signing.key").read_text().strip().rpartition("+")[2]
    assert secret not in said + talk + house.vkey()
    if os.name == "posix":
        assert (directory / "signing.key").stat().st_mode & 0o777 == 0o600


def test_the_signers_directory_can_be_elsewhere(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.run("checkpoint", "--signer", house.folder / "stick")
    assert (house.folder / "stick" / "main" / "last.checkpoint").exists()
    monkeypatch.setenv("STARLEDGER_SIGNER", str(house.folder / "stick"))
    assert house.vkey()
    assert not (house.folder / "data-signer").exists()


def test_the_same_facts_get_the_same_checkpoint_and_more_facts_another(house: House) -> None:
    one, again = house.run("checkpoint")[0], house.run("checkpoint")[0]
    house.grow(2)
    assert one == again != house.run("checkpoint")[0]


def test_the_origin_is_chosen_once(house: House) -> None:
    house.run("checkpoint", "--origin", "two words", expected=Exit.USAGE)
    assert house.run("checkpoint", "--origin", "example.org/committee")[0].startswith("example.org/committee\n1\n")
    house.run("checkpoint", "--origin", "example.org/committee")
    house.run("checkpoint", "--origin", "example.org/another", expected=Exit.CONFLICT)


def test_an_older_copy_put_back_is_not_signed_and_both_sizes_are_said(house: House) -> None:
    shutil.copytree(house.data, house.folder / "backup")
    house.grow(3)
    house.run("checkpoint")
    shutil.rmtree(house.data)
    shutil.copytree(house.folder / "backup", house.data)
    said, talk = house.run("checkpoint", expected=Exit.VIOLATED)
    assert not said
    assert "has 1 facts, but 4 were signed" in talk


def test_a_rewritten_ledger_is_not_signed_in_either_language(house: House) -> None:
    house.grow(3)
    house.run("checkpoint")
    house.rewrite_everything()
    assert "the first 4 are not those" in house.run("checkpoint", expected=Exit.VIOLATED)[1]
    assert "前 4 条" in house.run("checkpoint", lang="zh", expected=Exit.VIOLATED)[1]


def test_a_key_that_cannot_be_used_is_no_violation(house: House) -> None:
    house.run("checkpoint", "--vkey", expected=Exit.NOT_FOUND)
    house.run("checkpoint")
    (house.folder / "data-signer" / "main" / "signing.key").write_text("garbage")
    house.run("checkpoint", expected=Exit.REFUSED)


def test_a_missing_last_checkpoint_is_a_violation(house: House) -> None:
    house.run("checkpoint")
    (house.folder / "data-signer" / "main" / "last.checkpoint").unlink()
    assert "last.checkpoint" in house.run("checkpoint", expected=Exit.VIOLATED)[1]


def test_there_is_nothing_to_sign_where_there_is_no_ledger(tmp_path: Path, program: Program) -> None:
    assert program("--data", tmp_path / "none", "checkpoint")[0] == Exit.NOT_FOUND


# verifying


def test_a_checkpoint_that_fits_is_said_to_fit_and_everything_covered(house: House) -> None:
    house.grow(2)
    said, _ = house.run("verify", "--checkpoint", house.keep("a.txt"))
    assert "the first 3 facts of starledger/main/" in said
    assert said.endswith("fits.\nEvery fact is covered by a checkpoint.\n")


def test_the_window_is_stated_in_words_and_as_json(house: House) -> None:
    house.grow(1)
    kept = house.keep("a.txt")
    house.grow(2)
    said, _ = house.run("verify", "--checkpoint", kept)
    window = (
        "Not covered by a checkpoint: 2 facts, 3 to 4, since 2026-01-05 09:00; a rewrite of these could not be found."
    )
    assert said.splitlines()[-1] == window
    report = json.loads(house.run("verify", "--checkpoint", kept, "--json")[0])
    since = "2026-01-05T01:00:00+00:00"
    assert report["window"] == {"checkpoint_size": 2, "size": 4, "facts": 2, "since": since}
    (checkpoint,) = report["checkpoints"]
    assert (checkpoint["file"], checkpoint["size"], checkpoint["fits"]) == (str(kept), 2, True)
    assert (report["ok"], report["size"], report["findings"]) == (True, 4, [])
    assert "未被检查点覆盖：第 3 至 4 条" in house.run("verify", "--checkpoint", kept, lang="zh")[0]


def test_a_ledger_rewritten_with_all_its_hashes_is_found_and_narrowed_down(house: House) -> None:
    kept = [house.keep("a.txt")]
    for name in ("b.txt", "c.txt"):
        house.grow(2)
        kept.append(house.keep(name))
    house.rewrite_everything()
    assert "intact" in house.run("verify")[0]
    options = [word for path in kept for word in ("--checkpoint", path)]
    said, _ = house.run("verify", *options, expected=Exit.VIOLATED)
    assert "What was rewritten stands among facts 2 to 3." in said
    assert said.count("DOES NOT FIT.") == 2
    assert "VIOLATED" in said


def test_a_tail_cut_off_and_an_older_copy_are_found(house: House) -> None:
    shutil.copytree(house.data, house.folder / "backup")
    house.grow(2)
    kept = house.keep("a.txt")
    shutil.rmtree(house.data)
    shutil.copytree(house.folder / "backup", house.data)
    assert "intact" in house.run("verify")[0]
    said, _ = house.run("verify", "--checkpoint", kept, expected=Exit.VIOLATED)
    assert "Fact 2: a checkpoint covers 3 facts, the ledger has 1" in said


def test_a_ledger_shown_in_two_versions_is_found(house: House) -> None:
    """The owner keeps two copies, each with a signer's directory that was put back."""
    house.keep("first.txt")
    for folder in ("data", "data-signer"):
        shutil.copytree(house.folder / folder, house.folder / f"{folder}-copy")
    house.grow(1)
    one = house.keep("one.txt")
    for folder in ("data", "data-signer"):
        shutil.rmtree(house.folder / folder)
        shutil.move(house.folder / f"{folder}-copy", house.folder / folder)
    house.grow(1)
    other = house.keep("other.txt")
    said, _ = house.run("verify", "--checkpoint", one, "--checkpoint", other, expected=Exit.VIOLATED)
    assert "contradict each other" in said
    assert (said.count(" fits."), said.count("DOES NOT FIT.")) == (1, 1)


def test_the_public_key_is_given_as_words_or_as_a_file_where_there_is_no_signer(house: House) -> None:
    kept, vkey = house.keep("a.txt"), house.vkey()
    (house.folder / "keys").write_text(
        f"{vkey}\n\nPeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n"
    )
    shutil.rmtree(house.folder / "data-signer")
    house.run("verify", "--checkpoint", kept, expected=Exit.USAGE)
    house.run("verify", "--checkpoint", kept, "--key", "nonsense", expected=Exit.USAGE)
    for key in (vkey, house.folder / "keys"):
        house.run("verify", "--checkpoint", kept, "--key", key)


def test_a_checkpoint_of_another_key_is_not_believed(house: House, program: Program) -> None:
    other = House(house.folder / "other", program)
    kept = other.keep("a.txt")
    house.run("checkpoint")
    assert "not signed by starledger/main/" in house.run("verify", "--checkpoint", kept, expected=Exit.REFUSED)[1]


@pytest.mark.parametrize("change", [("\n1\n", "\n2\n"), ("—", "-"), ("\n\n", "\n")])
def test_a_checkpoint_that_was_altered_is_not_believed(house: House, change: tuple[str, str]) -> None:
    kept = house.keep("a.txt")
    kept.write_text(kept.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    said, talk = house.run("verify", "--checkpoint", kept, expected=Exit.REFUSED)
    assert not said
    assert "a.txt" in talk


def test_a_checkpoint_whose_line_ends_a_mail_changed_is_still_one(house: House) -> None:
    kept = house.keep("a.txt")
    kept.write_bytes(kept.read_bytes().replace(b"\n", b"\r\n"))
    assert "fits." in house.run("verify", "--checkpoint", kept)[0]


def test_a_checkpoint_that_is_not_there_is_not_found(house: House) -> None:
    house.run("checkpoint")
    house.run("verify", "--checkpoint", house.folder / "none.txt", expected=Exit.NOT_FOUND)


def test_tiles_and_a_checkpoint_are_written_for_monitors_and_no_entry(house: House) -> None:
    house.grow(2)
    house.run("checkpoint")
    folder = house.folder / "public"
    said, _ = house.run("tiles", folder)
    assert said == "The tree of 3 facts: 1 files written.\n"
    leaves = (folder / "tile" / "0" / "000.p" / "3").read_bytes()
    head = TreeHead.parse(open_note((folder / "checkpoint").read_bytes(), [VerifierKey.parse(house.vkey())]).text)
    assert tree.root(tree.frontier_of(leaves[at : at + 32] for at in range(0, 96, 32))) == head.root
    assert house.run("tiles", folder)[0] == "The tree of 3 facts: 0 files written.\n"
    assert {path.name for path in folder.rglob("*") if path.is_file()} == {"checkpoint", "3"}
