"""Small ledgers of random contents, in memory, and copies of them that take microseconds."""

import random
from dataclasses import dataclass
from typing import Any

from eventsourcing.dcb.api import DCBEvent

from domain.appointments import OpenLedger
from domain.decision import Command, Refused
from domain.ids import Document, Evidence, ObjectionId, RoundId, RulebookId
from domain.keeping import EraseSealed
from domain.sealed import Sealed
from ledger.engine import open_database, reading
from ledger.ledger import Attachment, Ledger
from ledger.recorder import LedgerRecorder
from ledger.verification import Checkpoint
from tests.ledger.toy import (
    AdoptCharter,
    FilePaper,
    Look,
    Whisper,
    Whispered,
    Withdraw,
    a_confirmation,
    a_note,
    an_objection,
    person,
    toy_ledger,
)

WORDS = ("", "one", "星级评定", "a longer note of several words", '"quoted" \\ and\nbroken', "😀 é 𠮷")


def grow(ledger: Ledger, dice: random.Random, size: int) -> None:
    """Carry out random commands until there are `size` facts or a few more."""
    if size and not ledger.head().size:
        opening = OpenLedger(committee="c", registrar=person("R"), operator=person("O"))
        ledger.execute(opening, actor="O")
    while ledger.head().size < size:
        _STEPS[dice.randrange(len(_STEPS))](ledger, dice)


def _do(ledger: Ledger, asked: Command, actor: str = "P1", *attachments: Attachment) -> None:
    try:
        ledger.execute(asked, actor=actor, attachments=attachments)
    except Refused:
        return  # recorded, or nothing at all


def _note(ledger: Ledger, dice: random.Random) -> None:
    _do(ledger, a_note(dice.choice(WORDS) + str(dice.random()), f"P{dice.randrange(4)}"))


def _whisper(ledger: Ledger, dice: random.Random) -> None:
    more = Sealed(dice.choice(WORDS)) if dice.random() < 0.5 else None
    _do(ledger, Whisper(person=person("P1"), words=Sealed(dice.choice(WORDS)), more=more))


def _erase(ledger: Ledger, dice: random.Random) -> None:
    kept = [fact.event.words.digest for fact in ledger.read() if isinstance(fact.event, Whispered)]
    kept = [digest for digest in kept if ledger.words([digest])]
    if kept:
        _do(ledger, EraseSealed(digests=(dice.choice(kept),), ordered_by="P1", ground="asked"), "O")


def _paper(ledger: Ledger, dice: random.Random) -> None:
    paper = Attachment.of(dice.randbytes(dice.randrange(1, 60)), "text/plain")
    _do(ledger, FilePaper(person=person("P1"), paper=Evidence(paper.sha256)), "P1", paper)


def _charter(ledger: Ledger, dice: random.Random) -> None:
    charter = Attachment.of(b"charter" + dice.randbytes(3), "text/plain")
    _do(ledger, AdoptCharter(charter=RulebookId("C"), text=Document(charter.sha256)), "P1", charter)


def _round(ledger: Ledger, dice: random.Random) -> None:
    where, which = f"R{dice.randrange(3)}", f"O{dice.randrange(3)}"
    withdrawal = Withdraw(round=RoundId(where), objection=ObjectionId(which))
    _do(ledger, dice.choice([an_objection(where, which), a_confirmation(where), withdrawal]))


def _look(ledger: Ledger, _dice: random.Random) -> None:
    _do(ledger, Look(round=RoundId("R1"), person=person("P1")))


def _foreign(ledger: Ledger, dice: random.Random) -> None:
    tags = [f"t{dice.randrange(3)}"] * (dice.random() < 0.7)
    recorder = LedgerRecorder(ledger.engine, ledger.ledger_id, clock=ledger.clock)
    recorder.append([DCBEvent(f"Happened{dice.randrange(2)}", dice.randbytes(5), tags)])


_STEPS = (_note, _note, _note, _whisper, _whisper, _erase, _paper, _charter, _round, _round, _look, _foreign)


@dataclass(frozen=True)
class Template:
    """A ledger as bytes, without triggers, and an earlier state of it."""

    database: bytes
    earlier: bytes
    size: int
    root: bytes

    @property
    def checkpoint(self) -> Checkpoint:
        """Return what somebody outside keeps of it."""
        return Checkpoint(self.size, self.root)


class Desk:
    """One database in memory, into which templates are put."""

    def __init__(self) -> None:
        """Open it."""
        self.engine = open_database("sqlite://")
        self.ledger = toy_ledger(self.engine)

    def close(self) -> None:
        """Close the database."""
        self.engine.dispose()

    def put(self, database: bytes) -> None:
        """Replace everything by a template."""
        with reading(self.engine) as connection:
            connection.deserialize(database)

    def fresh(self) -> Ledger:
        """Return the ledger as a program that has just been started sees it."""
        return toy_ledger(self.engine)

    def sql(self, statement: str, *values: object) -> list[Any]:
        """Run one statement as the database's owner; return its rows."""
        with reading(self.engine) as connection:
            rows: list[Any] = connection.execute(statement, values).fetchall()
            return rows

    def taken(self) -> bytes:
        """Return everything as it stands."""
        with reading(self.engine) as connection:
            database: bytes = connection.serialize()
            return database


def template(dice: random.Random, size: int) -> Template:
    """Make a ledger of about `size` facts, whose tables lie open."""
    desk = Desk()
    ledger = toy_ledger(desk.engine, random=dice.randbytes)
    grow(ledger, dice, dice.randint(1, size))
    earlier = _open(desk)
    grow(ledger, dice, ledger.head().size + dice.randint(1, 4))
    head = ledger.head()
    made = Template(_open(desk), earlier, head.size, head.root)
    desk.close()
    return made


def _open(desk: Desk) -> bytes:
    """Return everything, without what refuses changes."""
    for (name,) in desk.sql("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        desk.sql(f"DROP TRIGGER {name}")
    return desk.taken()
