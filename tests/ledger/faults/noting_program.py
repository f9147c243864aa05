"""A process that notes facts while its disk is recorded: `noting_program.py URL SYNCHRONOUS SEED FACTS`.

Into the record goes, before and after each command, `sent ID` and `done ID POSITION`. SYNCHRONOUS is FULL, as the
ledger sets it, or, for the controls, what is set behind its back: NORMAL or OFF. The database is opened three times.
"""

import os
import random
import sys

from sqlalchemy import Engine, event

from domain.ids import Evidence
from domain.sealed import Sealed
from ledger.engine import open_database
from ledger.ledger import Attachment
from ledger.statements import DriverConnection
from tests.ledger.faults.power_cut import mark
from tests.ledger.toy import FilePaper, Note, Whisper, a_note, person, toy_ledger

SESSIONS = 3
LENGTHS = (5, 300, 300, 3_000, 20_000)
PAGES = (8, 40, 1_000)
"""After how many pages SQLite moves its write-ahead log into the database."""


def opened(url: str, synchronous: str, pages: int) -> Engine:
    """Return the database with its log moved often, and for the controls less careful than the ledger made it."""
    engine = open_database(url)

    def loosen(connection: DriverConnection, _record: object) -> None:
        connection.execute(f"PRAGMA wal_autocheckpoint = {pages}")
        if synchronous != "FULL":
            connection.execute(f"PRAGMA synchronous = {synchronous}")

    event.listen(engine, "connect", loosen)
    return engine


def asked(dice: random.Random) -> tuple[Note | Whisper | FilePaper, tuple[Attachment, ...]]:
    """Return a command of any size, and what comes with it."""
    words = "字" * (dice.choice(LENGTHS) // 3)
    kind = dice.randrange(6)
    if kind == 0:
        return Whisper(person=person("P1"), words=Sealed(words)), ()
    if kind == 1:
        paper = Attachment.of(words.encode() + dice.randbytes(8), "text/plain")
        return FilePaper(person=person("P1"), paper=Evidence(paper.sha256)), (paper,)
    return a_note(words), ()


def main() -> None:
    """Open, note facts and close, three times over."""
    _program, url, synchronous, seed, facts = sys.argv
    dice, log = random.Random(int(seed)), os.open(os.environ["STARLEDGER_DISK_LOG"], os.O_WRONLY | os.O_APPEND)  # noqa: S311
    for session in range(SESSIONS):
        engine = opened(url, synchronous, PAGES[session % len(PAGES)])
        ledger = toy_ledger(engine)
        for number in range(int(facts) // SESSIONS):
            command, papers = asked(dice)
            name = f"c{session}-{number}"
            mark(log, f"sent {name}")
            receipt = ledger.execute(command, actor="P1", command_id=name, attachments=papers)
            mark(log, f"done {name} {receipt.positions[0]}")
        engine.dispose()


if __name__ == "__main__":
    main()
