"""At every named place of an append the operation may fail or the process die: nothing is half written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.ids import Evidence
from domain.sealed import Sealed
from ledger.failpoints import NAMES
from ledger.ledger import Attachment, Ledger
from ledger.verification import verify
from tests.ledger.conftest import Opener
from tests.ledger.toy import FilePaper, Note, Whisper, a_confirmation, a_note, an_objection, person, toy_ledger

PROGRAM = Path(__file__).with_name("dying_program.py")
APPENDING = [name for name in NAMES if name.startswith("append:")]
KEPT = {"append:committed"}
PAPER = Attachment.of(b"paper", "text/plain")


class BrokenError(Exception):
    """What the test lets happen at a failpoint."""


class Breaking:
    """Fails at one failpoint, once it is armed; notes all that were passed."""

    def __init__(self, at: str) -> None:
        """Fail at `at`."""
        self.at, self.armed = at, False
        self.passed: list[str] = []

    def __call__(self, name: str) -> None:
        """Pass a failpoint."""
        self.passed.append(name)
        if self.armed and name == self.at:
            raise BrokenError


def test_every_failpoint_of_an_append_is_passed_in_this_order(engine: Engine) -> None:
    breaking = Breaking("")
    toy_ledger(engine, failpoint=breaking).execute(a_note("x"), actor="P1")
    assert breaking.passed == APPENDING


@pytest.mark.parametrize("name", APPENDING)
@pytest.mark.parametrize(
    ("command", "attachments"),
    [
        (a_note("x"), ()),
        (Whisper(person=person("P1"), words=Sealed("x")), ()),
        (FilePaper(person=person("P1"), paper=Evidence(PAPER.sha256)), (PAPER,)),
        (an_objection("R1", "O2"), ()),
    ],
    ids=["note", "sealed words", "attachment", "with a state"],
)
def test_what_fails_within_an_append_has_happened_entirely_or_not_at_all(
    engine: Engine, name: str, command: Note, attachments: tuple[Attachment, ...]
) -> None:
    breaking = Breaking(name)
    ledger = toy_ledger(engine, failpoint=breaking)
    ledger.execute(an_objection("R1", "O1"), actor="P1")
    breaking.armed = True
    with pytest.raises(BrokenError):
        ledger.execute(command, actor="P1", command_id="c1", attachments=attachments)
    assert ledger.head().size == 1 + (name in KEPT)
    assert verify(ledger).findings == ()
    breaking.armed = False
    again = ledger.execute(command, actor="P1", command_id="c1", attachments=attachments)
    assert (again.positions, again.repeated) == ((2,), name in KEPT)
    assert_goes_on(ledger)


@pytest.mark.skipif(sys.platform == "win32", reason="dies as POSIX processes do")
@pytest.mark.parametrize("name", APPENDING)
def test_a_process_that_dies_within_an_append_leaves_all_of_it_or_nothing(
    database_url: str, opened: Opener, checkout: Path, name: str
) -> None:
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    ended = subprocess.run([sys.executable, PROGRAM, database_url, name], env=environment, check=False)
    assert ended.returncode == 9
    ledger = toy_ledger(opened(database_url))
    assert ledger.head().size == 1 + (name in KEPT)
    assert verify(ledger).findings == ()
    again = ledger.execute(a_note("two"), actor="P1", command_id="c2")
    assert (again.positions, again.repeated) == ((2,), name in KEPT)
    assert_goes_on(ledger)


def assert_goes_on(ledger: Ledger) -> None:
    """Decide on states that the failure must not have touched."""
    for objection in ("O1", "O2"):
        ledger.execute(an_objection("R2", objection), actor="P1")
    ledger.execute(a_confirmation("R3"), actor="P1")
    assert [fact.position for fact in ledger.read()] == [1, 2, 3, 4, 5]
    assert verify(ledger).findings == ()
