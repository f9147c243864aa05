"""Erased words are gone from the file whatever befell the process that erased them: a doubt, or its death."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from domain.appointments import OpenLedger
from domain.keeping import EraseSealed
from domain.sealed import Sealed
from ledger.engine import scrub
from ledger.failpoints import Failpoint, never
from ledger.failures import InDoubt
from ledger.ledger import Ledger
from tests.ledger.conftest import Opener
from tests.ledger.toy import ACTOR, Whisper, Whispered, person, toy_ledger

OPENING = OpenLedger(committee="厂党委", registrar=person("R"), operator=person("O"))


def whispering(url: str, opened: Opener, failpoints: Failpoint = never) -> tuple[Ledger, EraseSealed]:
    """Return a ledger on a file with one sealed word in it, already out of the log, and the order to erase it."""
    toy_ledger(opened(url)).execute(OPENING, actor="O")
    ledger = toy_ledger(opened(url), failpoint=failpoints)
    ledger.execute(Whisper(person=person("P1"), words=Sealed("unmistakable")), actor=ACTOR)
    scrub(ledger.engine)
    (digest,) = [f.event.words.digest for f in ledger.read() if isinstance(f.event, Whispered)]
    return ledger, EraseSealed(digests=(digest,), ordered_by="P1", ground="asked")


def left_in(directory: Path) -> list[str]:
    """Return the files in which the sealed word stands."""
    return [path.name for path in directory.glob("ledger.db*") if b"unmistakable" in path.read_bytes()]


def test_whoever_asks_again_after_a_doubt_finds_the_words_gone_from_the_file(
    sqlite_url: str, opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, erase = whispering(sqlite_url, opened)

    def fail_afterwards(connection: sqlite3.Connection) -> None:
        connection.commit()
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr("ledger.engine._hand_in", fail_afterwards)
        with pytest.raises(InDoubt):
            ledger.execute(erase, actor="O", command_id="c1")
    assert left_in(tmp_path) == ["ledger.db"]
    assert ledger.execute(erase, actor="O", command_id="c1").repeated
    assert left_in(tmp_path) == []


def test_what_a_process_has_erased_that_died_is_gone_once_the_file_is_opened(
    sqlite_url: str, opened: Opener, tmp_path: Path
) -> None:
    """The copy is the disk as the process left it when it died: the erasure stands in the log alone."""
    (left := tmp_path / "left").mkdir()
    erasing: list[bool] = []

    def die(place: str) -> None:
        if erasing and place == "append:committed":
            for path in tmp_path.glob("ledger.db*"):
                shutil.copy(path, left)

    ledger, erase = whispering(sqlite_url, opened, die)
    erasing.append(True)
    ledger.execute(erase, actor="O")
    assert left_in(left) == ["ledger.db"]
    toy_ledger(opened(f"sqlite:///{left / 'ledger.db'}")).head()
    assert left_in(left) == []
