"""A domain just large enough to try the ledger with: rounds objected to or confirmed, notes, papers, charters."""

import copy
import itertools
import typing
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, assert_never

from sqlalchemy import Engine

from domain import appointments, keeping
from domain.decision import (
    Catalogue,
    Command,
    Conflict,
    Context,
    Event,
    Fact,
    Refused,
    State,
    command,
    deciders,
    event,
    members_of,
)
from domain.ids import Document, Evidence, ObjectionId, PersonId, RoundId, RulebookId
from domain.sealed import Sealed
from domain.text import Text
from ledger.clock import SimulatedClock
from ledger.ledger import Ledger

START = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
ACTOR = "P1"

# commands


@command("note")
class Note(Command):
    """Write something down about a person, as often as it is asked."""

    person: PersonId
    words: str


@command("whisper")
class Whisper(Command):
    """Write something down that is sealed."""

    person: PersonId
    words: Sealed
    more: Sealed | None = None


@command("file-paper")
class FilePaper(Command):
    """File a paper."""

    person: PersonId
    paper: Evidence


@command("adopt-charter")
class AdoptCharter(Command):
    """Adopt a document that decisions read."""

    charter: RulebookId
    text: Document


@command("read-charter")
class ReadCharter(Command):
    """Write down how long the charter is."""

    charter: RulebookId
    person: PersonId


@command("object")
class Object(Command):
    """Object to a round; it is too late once that is confirmed."""

    round: RoundId
    objection: ObjectionId


@command("withdraw")
class Withdraw(Command):
    """Withdraw an objection."""

    round: RoundId
    objection: ObjectionId


@command("confirm")
class Confirm(Command):
    """Confirm a round that nobody objects to."""

    round: RoundId


@command("look")
class Look(Command):
    """Record nothing, but show which states a decision would be based on."""

    round: RoundId
    person: PersonId


# events


@event("toy.Noted.v1")
class Noted(Event):
    """Something was written down."""

    person: PersonId
    words: str


@event("toy.Whispered.v1")
class Whispered(Event):
    """Something sealed was written down."""

    person: PersonId
    words: Sealed
    more: Sealed | None


@event("toy.PaperFiled.v1")
class PaperFiled(Event):
    """A paper was filed."""

    person: PersonId
    paper: Evidence


@event("toy.CharterAdopted.v1")
class CharterAdopted(Event):
    """A charter was adopted."""

    charter: RulebookId
    text: Document


@event("toy.Objected.v1")
class Objected(Event):
    """Somebody objects."""

    round: RoundId
    objection: ObjectionId


@event("toy.Withdrawn.v1")
class Withdrawn(Event):
    """Somebody objects no longer."""

    round: RoundId
    objection: ObjectionId


@event("toy.Confirmed.v1")
class Confirmed(Event):
    """A round is confirmed."""

    round: RoundId


@event("toy.ConfirmationRefused.v1")
class ConfirmationRefused(Event):
    """A confirmation was asked for and refused."""

    round: RoundId


RoundEvent = Objected | Withdrawn | Confirmed | ConfirmationRefused
ToyEvent = RoundEvent | Noted | Whispered | PaperFiled | CharterAdopted


# state


@dataclass(slots=True)
class Round(State):
    """What has happened to a round."""

    KIND = RoundId
    EVENTS = members_of(RoundEvent)
    confirmed: bool = False
    refusals: int = 0
    objections: set[str] = field(default_factory=set)

    def evolve(self, fact: Fact) -> None:
        happened = typing.cast("RoundEvent", fact.event)
        match happened:
            case Objected():
                self.objections.add(happened.objection)
            case Withdrawn():
                self.objections.discard(happened.objection)
            case Confirmed():
                self.confirmed = True
            case ConfirmationRefused():
                self.refusals += 1
            case _:
                assert_never(happened)


@dataclass(slots=True)
class Notes(State):
    """What was written down about a person."""

    KIND = PersonId
    EVENTS = (Noted,)
    words: list[str] = field(default_factory=list)

    def evolve(self, fact: Fact) -> None:
        self.words.append(typing.cast("Noted", fact.event).words)


@dataclass(slots=True)
class Everything(State):
    """How many facts of any toy kind there are, over the whole ledger."""

    EVENTS = members_of(ToyEvent)
    positions: list[int] = field(default_factory=list)

    def evolve(self, fact: Fact) -> None:
        self.positions.append(fact.position)


@dataclass(slots=True)
class Charters(State):
    """The charters in force, as they were read."""

    EVENTS = (CharterAdopted,)
    texts: dict[str, bytes] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        adopted = typing.cast("CharterAdopted", fact.event)
        self.texts[adopted.charter] = fact.document(adopted.text)


# deciders


def note(asked: Note, _context: Context) -> list[Event]:
    return [Noted(person=asked.person, words=asked.words)] if asked.words else []


def whisper(asked: Whisper, _context: Context) -> list[Event]:
    return [Whispered(person=asked.person, words=asked.words, more=asked.more)]


def file_paper(asked: FilePaper, _context: Context) -> list[Event]:
    return [PaperFiled(person=asked.person, paper=asked.paper)]


def adopt_charter(asked: AdoptCharter, context: Context) -> list[Event]:
    if not context.documents[asked.text]:
        raise Refused("empty-charter", Text("章程为空", "The charter is empty."))
    return [CharterAdopted(charter=asked.charter, text=asked.text)]


def read_charter(asked: ReadCharter, _context: Context, charters: Charters) -> list[Event]:
    return [Noted(person=asked.person, words=str(len(charters.texts[asked.charter])))]


def object_(asked: Object, _context: Context, state: Round) -> list[Event]:
    if state.confirmed:
        raise Conflict("too-late", Text("已经确认", "It is confirmed already."))
    return [] if asked.objection in state.objections else [Objected(round=asked.round, objection=asked.objection)]


def withdraw(asked: Withdraw, _context: Context, state: Round) -> list[Event]:
    return [Withdrawn(round=asked.round, objection=asked.objection)] if asked.objection in state.objections else []


def confirm(asked: Confirm, _context: Context, state: Round) -> list[Event]:
    if state.objections:
        why = Text("有未处理的异议", "There is an open objection.")
        raise Conflict("open-objection", why, record=ConfirmationRefused(round=asked.round))
    return [] if state.confirmed else [Confirmed(round=asked.round)]


SEEN: list[tuple[Round, Notes, Everything]] = []
"""What the states looked like to the last `Look`."""


def look(_asked: Look, _context: Context, state: Round, notes: Notes, everything: Everything) -> list[Event]:
    SEEN[:] = [copy.deepcopy((state, notes, everything))]
    return []


TOY = Catalogue.of(
    members_of(ToyEvent) + members_of(appointments.AppointmentEvent) + members_of(keeping.KeepingEvent),
    deciders(note, whisper, file_paper, adopt_charter, read_charter, object_, withdraw, confirm, look)
    + appointments.DECIDERS
    + keeping.DECIDERS,
)


# putting it together


def counted() -> Callable[[int], bytes]:
    """Return a source of bytes that look random and are the same in every run."""
    numbers = itertools.count()
    return lambda size: sha256(str(next(numbers)).encode()).digest()[:size]


def toy_ledger(engine: Engine, kind: type[Ledger] = Ledger, ledger_id: str = "main", **parts: Any) -> Ledger:  # noqa: ANN401
    """Return a ledger of the toy domain, on a simulated clock unless told otherwise."""
    clock = parts.pop("clock", None) or SimulatedClock(START)
    return kind(engine, ledger_id, catalogue=TOY, clock=clock, fingerprint_key=b"toy", **parts)


def person(name: str) -> PersonId:
    return PersonId(name)


def a_note(words: str, name: str = "P1") -> Note:
    return Note(person=PersonId(name), words=words)


def an_objection(round_name: str = "R1", name: str = "O1") -> Object:
    return Object(round=RoundId(round_name), objection=ObjectionId(name))


def a_confirmation(round_name: str = "R1") -> Confirm:
    return Confirm(round=RoundId(round_name))
