"""What somebody who owns the database can do to a ledger: triggers dropped, rows changed by plain SQL."""
# ruff: noqa: S608 - statements put together from our own words, in order to tamper

import msgspec
from eventsourcing.dcb.api import DCBEvent
from sqlalchemy import Engine, text

from domain.appointments import OpenLedger
from domain.ids import Document, Evidence, RulebookId
from domain.keeping import EraseSealed
from domain.sealed import Sealed
from ledger import tree
from ledger.ledger import Attachment, Ledger
from ledger.recorder import LedgerRecorder
from ledger.verification import verify
from tests.ledger.toy import (
    AdoptCharter,
    FilePaper,
    Whisper,
    Whispered,
    a_note,
    an_objection,
    person,
    toy_ledger,
)

TABLES = ("head", "facts", "tags", "commands", "sealed", "attachments")
PAPER = Attachment.of(b"paper", "text/plain")
CHARTER = Attachment.of(b"charter", "text/plain")


class Tampered:
    """A ledger of twelve facts of every sort, whose tables lie open."""

    def __init__(self, engine: Engine) -> None:
        """Record the facts, then drop all triggers."""
        self.engine = engine
        self.sqlite = engine.dialect.name == "sqlite"
        self.ledger = toy_ledger(engine)
        execute = self.ledger.execute
        execute(OpenLedger(committee="c", registrar=person("R"), operator=person("O")), actor="O", command_id="c1")
        for number in range(2, 6):
            execute(a_note(f"note {number}"), actor="P1", command_id=f"c{number}")
        execute(Whisper(person=person("P1"), words=Sealed("six"), more=Sealed("also")), actor="P1", command_id="c6")
        execute(Whisper(person=person("P1"), words=Sealed("seven")), actor="P1", command_id="c7")
        self.kept, self.also, self.erased = self._digests(self.ledger)
        erasure = EraseSealed(digests=(self.erased,), ordered_by="P1", ground="asked")
        execute(erasure, actor="O", command_id="c8")
        filing = FilePaper(person=person("P1"), paper=Evidence(PAPER.sha256))
        execute(filing, actor="P1", command_id="c9", attachments=[PAPER])
        adoption = AdoptCharter(charter=RulebookId("C"), text=Document(CHARTER.sha256))
        execute(adoption, actor="P1", command_id="c10", attachments=[CHARTER])
        execute(an_objection(), actor="P1", command_id="c11")
        LedgerRecorder(engine, "main", clock=self.ledger.clock).append([DCBEvent("Happened", b"\0", ["a", "b"])])
        self.drop_triggers()

    @staticmethod
    def _digests(ledger: Ledger) -> list[str]:
        events = [fact.event for fact in ledger.read() if isinstance(fact.event, Whispered)]
        return [sealed.digest for event in events for sealed in (event.words, event.more) if sealed is not None]

    def drop_triggers(self) -> None:
        """Take away what refuses changes."""
        with self.engine.begin() as connection:
            if not self.sqlite:
                connection.execute(text("DROP FUNCTION ledger.refuse CASCADE"))
                return
            names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
            for name in names:
                connection.execute(text(f"DROP TRIGGER {name}"))

    def sql(self, *statements: str, **values: object) -> None:
        """Run statements in which {facts} and the like stand for tables."""
        tables = {name: name if self.sqlite else f"ledger.{name}" for name in TABLES}
        with self.engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement.format(**tables)), values)

    def entry(self, position: int) -> bytes:
        """Return the stored bytes of a fact."""
        (row,) = self.ledger.rows(after=position - 1, upto=position)
        return row.entry

    def rewrite(self, position: int, old: str, new: str) -> bytes:
        """Change the text of an entry, and nothing else; return its new leaf."""
        changed = self.entry(position).decode().replace(old, new)
        assert changed.encode() != self.entry(position)
        self.sql("UPDATE {facts} SET entry = :e WHERE position = :p", e=changed, p=position)
        return tree.leaf_hash(changed.encode())

    def insert(self, position: int, entry: str, kind: str = "toy.Noted.v1") -> None:
        """Insert a fact that looks like others, with its proper leaf."""
        values = "'main', :p, :kind, :t, :e, :leaf, :leaf"
        taken = msgspec.json.decode(entry)["recorded_at"].replace("T", " ").replace("Z", "+00:00")
        at = taken.removesuffix("+00:00") + ".000000" if self.sqlite else taken
        leaf = tree.leaf_hash(entry.encode())
        columns = "ledger_id, position, type, recorded_at, entry, leaf, chain"
        cast = values if self.sqlite else values.replace(":t", "CAST(:t AS timestamptz)")
        self.sql(f"INSERT INTO {{facts}} ({columns}) VALUES ({cast})", p=position, kind=kind, t=at, e=entry, leaf=leaf)

    def found(self) -> set[tuple[int | None, str]]:
        """Return what a verification finds, as (position, kind)."""
        return {(finding.position, finding.kind) for finding in verify(self.ledger).findings}
