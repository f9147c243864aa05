"""A branch with an open month, its ledger and the keeper of its boxes: what every test of ballots needs."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import Engine

from domain.adoption import AdoptRulebook
from domain.appointments import Appoint, OpenLedger
from domain.ballot_opening import OpenBox
from domain.ballots import BallotsCounted, Slips, Voter
from domain.catalogue import CATALOGUE
from domain.dates import CHINA
from domain.decision import Command, Event
from domain.ids import BoxId, BranchId, Document, PersonId, RoundId, RulebookId
from domain.membership import JoinBranch
from domain.organisation import FoundBranch, RegisterPerson
from domain.roles import RECORDER, SECRETARY
from domain.rounds import OpenRound
from domain.sealed import Sealed
from ledger.clock import SimulatedClock
from ledger.ledger import Ledger
from ledger.store import Attachment
from rulebooks import shipped

BRANCH, ROUND, BOX = BranchId("b1"), RoundId("b1.2025-03"), BoxId("box-1")
MEMBERS = tuple(PersonId(f"m{number}") for number in range(1, 8))
REPRESENTATIVES = tuple(PersonId(f"r{number}") for number in range(1, 4))
SECRETARY_OF_IT, RECORDER_OF_IT, CHAIR = MEMBERS[0], MEMBERS[1], PersonId("chair")
TELLERS = (MEMBERS[5], MEMBERS[6])
FOUNDED, NOW = date(2020, 1, 1), datetime(2025, 4, 28, 9, tzinfo=CHINA)
GRADES = ("优秀", "合格", "基本合格", "不合格")


def house(engine: Engine, rules: bytes = shipped("monthly-points")) -> Ledger:
    """Return a ledger in which a branch of seven has opened March under the points scheme, or another of its id."""
    document = Attachment(sha256(rules).hexdigest(), "application/toml", rules)
    ledger = ledger_on(engine)
    for actor, asked in _opening(Document(document.sha256)):
        ledger.execute(asked, actor=actor, attachments=[document])
    return ledger


def ledger_on(engine: Engine) -> Ledger:
    """Return the ledger on a database, new or there already, with a clock that only the test moves."""
    return Ledger(engine, "main", catalogue=CATALOGUE, clock=SimulatedClock(NOW), fingerprint_key=b"k" * 32)


def _opening(rules: Document) -> Iterator[tuple[PersonId, Command]]:
    operator, registrar = PersonId("operator"), PersonId("registrar")
    yield operator, OpenLedger(committee="厂党委", registrar=registrar, operator=operator, simulated_clock=True)
    for person in (*MEMBERS, *REPRESENTATIVES, CHAIR):
        yield registrar, RegisterPerson(person=person, full_name=Sealed(f"姓名 {person}"))
    yield registrar, FoundBranch(branch=BRANCH, title="一支部", on=FOUNDED)
    for person in MEMBERS:
        yield registrar, JoinBranch(person=person, branch=BRANCH, kind="formal", on=FOUNDED)
    for person, role, branch in (
        (SECRETARY_OF_IT, SECRETARY, BRANCH),
        (RECORDER_OF_IT, RECORDER, BRANCH),
        (CHAIR, SECRETARY, None),
    ):
        yield registrar, Appoint(person=person, role=role, branch=branch, since=FOUNDED, decided_by="大会")
    yield (
        CHAIR,
        AdoptRulebook(
            rulebook=RulebookId("monthly-points"),
            document=rules,
            meeting="党委会",
            adopted_on=date(2025, 4, 1),
            effective_from=date(2025, 1, 1),
        ),
    )
    yield (
        SECRETARY_OF_IT,
        OpenRound(round=ROUND, branch=BRANCH, period="2025-03", rulebook=RulebookId("monthly-points")),
    )


def opening(
    voters: Sequence[PersonId] = MEMBERS,
    representatives: Sequence[PersonId] = (),
    slips: int = 0,
    closes_by: datetime | None = None,
    box: str = BOX,
) -> OpenBox:
    """Return the opening of a box on all members; slips are for representatives."""
    return OpenBox(
        box=BoxId(box),
        round=ROUND,
        component="appraisal",
        keeper="",
        voters=(
            *(Voter(person=person, group="members") for person in voters),
            *(Voter(person=person, group="representatives") for person in representatives),
        ),
        slips=(Slips(group="representatives", count=slips),) if slips else (),
        closes_by=closes_by,
        tellers=TELLERS,
    )


def sheet(voter: str | None, grade: str = "合格") -> dict[str, str]:
    """Return a sheet that gives everybody but the voter one grade."""
    return {str(person): grade for person in MEMBERS if person != voter}


def counts(events: Sequence[Event]) -> Mapping[tuple[str, str], dict[str, int] | None]:
    """Return (person, group) → grade → voices of what was counted; None where it is withheld."""
    found = [event for event in events if isinstance(event, BallotsCounted)]
    return {
        (each.person, each.group): None if each.withheld else {str(c.grade): c.voices for c in each.counts}
        for each in found
    }


class MemoryBoxes:
    """Keys and boxes in memory: quick enough for thousands of games; the files have tests of their own."""

    def __init__(self) -> None:
        """Begin with none."""
        self.keys: dict[str, bytes] = {}
        self.boxes: dict[str, bytes] = {}

    def locked(self, name: str) -> AbstractContextManager[None]:
        """Lend a box; nobody else is there."""
        del name
        return nullcontext()

    def keep_key(self, name: str, master: bytes) -> None:
        """Keep a key."""
        self.keys[name] = master

    def key(self, name: str) -> bytes | None:
        """Return a key."""
        return self.keys.get(name)

    def write(self, name: str, sealed: bytes) -> None:
        """Replace the contents."""
        self.boxes[name] = sealed

    def read(self, name: str) -> bytes | None:
        """Return the contents."""
        return self.boxes.get(name)

    def destroy(self, name: str) -> None:
        """Forget both."""
        self.keys.pop(name, None)
        self.boxes.pop(name, None)

    def names(self) -> list[str]:
        """Return the boxes with a key."""
        return sorted(self.keys)
