"""Ledgers with words in them that stand nowhere else, and everything that reads them: for the identity canary.

One house lives through seed A's year, another through seed B's months; both keep health, circumstances and who objected
in confidence. A third has an open ballot box.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from domain.attendance import Apology, RecordAttendance
from domain.commitments import CommitmentMade
from domain.committing import MakeCommitment
from domain.decision import Command
from domain.exempting import ExemptMember
from domain.ids import CommitmentId, ObjectionId, PersonId
from domain.inquiries import RejectObjection
from domain.membership import JoinBranch
from domain.objections import FileObjection, WithdrawObjection
from domain.organisation import RegisterPerson
from domain.readers import NameReader
from domain.rounds import MemberExempted
from domain.sealed import Sealed
from ledger.store import Attachment
from projections.notice_codes import coded_notices
from tests.controls import ANNUAL, BRANCH, CHEN, FOUNDED, LI, MOVER, REGISTRAR, SUN, WANG, ZHANG, ZHAO, Step, noon
from tests.projections.month_ledger import EVERYBODY, MARCH, MEETING, RULES, YEAR_ROUND, story
from tests.projections.year_ledger import ATTACHED, open_year

NAME, OWN_NAME = "kanarienvogel-name-in-confidence-0417", "kanarienvogel-name-of-his-own-8213"
HEALTH, EXEMPT, HOME = (
    "kanarienvogel-health-5521",
    "kanarienvogel-exempt-9034",
    "kanarienvogel-circumstances-7711",
)
CHOICE = "kanarienvogel-choice-3345"
OBJECTOR = PersonId("quiet-objector-6178")
"""On the staff, and so in the register: what is looked for is that he is not found once more after he objected."""
IN_CONFIDENCE, BY_OFFICER, OPENLY = (ObjectionId(f"objection-{name}") for name in ("quiet", "told", "openly"))
LAST_DAY = date(2026, 7, 11)


@dataclass(frozen=True, slots=True)
class House:
    """A data directory, what to ask it about, and which canaries live in it."""

    data: Path
    canaries: tuple[str, ...]
    asked: dict[str, tuple[str, ...]]
    readings: dict[str, int]
    """Of each canary the position of the fact beside which it is sealed."""


def _annual(*, quiet: bool) -> Iterator[Step]:
    """Yield seed A's year with a staff member who objects in confidence (`quiet`), and a name told to the officer."""
    for step in ANNUAL:
        if isinstance(step.asked, ExemptMember):
            yield replace(step, asked=replace(step.asked, reason=Sealed(EXEMPT)))
            continue
        yield step
        if isinstance(step.asked, WithdrawObjection):
            yield from _objecting(step, quiet=quiet)
    yield from (Step(each, LI, noon(LAST_DAY)) for each in _namings(LAST_DAY))


def _objecting(step: Step, *, quiet: bool) -> Iterator[Step]:
    join = JoinBranch(person=OBJECTOR, branch=BRANCH, kind="staff", on=FOUNDED)
    yield Step(RegisterPerson(person=OBJECTOR, full_name=Sealed("静")), REGISTRAR, step.at)
    yield Step(join, REGISTRAR, step.at)
    own = {"round": step.asked.round, "about": WANG, "statement": Sealed("加班未计")}  # type: ignore[attr-defined]
    silent = FileObjection(**own, objection=IN_CONFIDENCE, confidential=True, confidential_name=Sealed(OWN_NAME))
    yield from [Step(silent, OBJECTOR, step.at)] if quiet else []
    told = FileObjection(**own, objection=BY_OFFICER, confidential_name=Sealed(NAME))
    yield Step(told, ZHAO, step.at)
    for each in (IN_CONFIDENCE, BY_OFFICER) if quiet else (BY_OFFICER,):
        rejected = RejectObjection(round=step.asked.round, objection=each, reason=Sealed("无据"))  # type: ignore[attr-defined]
        yield Step(rejected, ZHAO, step.at)


def _namings(day: date) -> Iterator[Command]:
    for matter in ("circumstances", "objector_identity"):
        yield NameReader(branch=BRANCH, person=CHEN, matter=matter, since=day, decided_by="支部委员会")


def annual_house(data: Path, *, quiet: bool = True) -> House:
    """Return the house of seed A's year; its twin, where nobody objected in confidence, is not `quiet`."""
    data.mkdir()
    year = open_year(f"sqlite:///{data / 'ledger.db'}")
    year.play(_annual(quiet=quiet))
    at = {
        type(fact.event).__name__ + str(getattr(fact.event, "objection", "")): fact.position
        for fact in year.ledger.read()
    }
    codes = tuple(notice.code for notice in coded_notices(year.ledger))
    year.close()
    round_id = str(next(step.asked.round for step in ANNUAL if isinstance(step.asked, ExemptMember)))
    asked = {
        "round_id": (round_id,),
        "person": (ZHANG, WANG, OBJECTOR, CHEN),
        "objection": (IN_CONFIDENCE, BY_OFFICER),
        "branch": (BRANCH,),
        "year": ("2025",),
        "copy": codes,
    }
    readings = {
        EXEMPT: at[MemberExempted.__name__],
        OWN_NAME: at.get("ObjectionFiled" + IN_CONFIDENCE, 0),
        NAME: at["ObjectionFiled" + BY_OFFICER],
    }
    return House(data, (NAME, OWN_NAME, EXEMPT), asked, readings)


def _monthly(asked: Command) -> Command:
    if isinstance(asked, RecordAttendance) and asked.meeting == MEETING:
        present = tuple(person for person in EVERYBODY if person != MOVER)
        return replace(asked, present=present, apologies=(Apology(person=MOVER, health=Sealed(HEALTH)),))
    return asked


def monthly_house(data: Path) -> House:
    """Return the house of seed B's months."""
    data.mkdir()
    year = open_year(f"sqlite:///{data / 'ledger.db'}")
    attached = (*ATTACHED, Attachment(_sha(RULES), "application/toml", RULES))
    for step in ANNUAL:
        if type(step.asked).__name__ == "MakeFormal":
            break
        year.clock.set(max(step.at, year.clock.now()))
        year.ledger.execute(step.asked, actor=step.actor, attachments=attached)
    for told in story():
        year.clock.set(max(told.at, year.clock.now()))
        year.ledger.execute(_monthly(told.asked), actor=told.actor, attachments=attached)
    today = year.clock.now().date()
    commitment = MakeCommitment(
        commitment=CommitmentId("c-quiet"),
        person=SUN,
        period="2026",
        virtue="political",
        area="ability",
        on=today,
        due=today + timedelta(30),
        statement=Sealed("承诺"),
        plan=Sealed("计划"),
        private_circumstances=Sealed(HOME),
    )
    year.ledger.execute(commitment, actor=SUN)
    for naming in _namings(today):
        year.ledger.execute(naming, actor=LI)
    at = {type(fact.event).__name__: fact.position for fact in year.ledger.read()}
    year.close()
    asked = {
        "round_id": (str(MARCH), str(YEAR_ROUND)),
        "person": (MOVER, SUN),
        "branch": (BRANCH,),
        "year": ("2025",),
        "meeting": (MEETING,),
        "meeting_id": (MEETING,),
        "box": ("box-2025-03",),
    }
    return House(data, (HEALTH, HOME), asked, {HEALTH: at["ApologySent"], HOME: at[CommitmentMade.__name__]})


def _sha(content: bytes) -> str:
    return sha256(content).hexdigest()
