"""Who there is, and how a branch begins: the same people every time, of whom one seed takes more and another fewer."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256

from domain.adoption import AdoptRulebook
from domain.appointments import Appoint, OpenLedger
from domain.calendars import PublishCalendar
from domain.decision import Command
from domain.ids import Document, PersonId, RulebookId
from domain.membership import JoinBranch
from domain.organisation import FoundBranch, RegisterPerson
from domain.roles import COMMITTEE_MEMBER, DEPUTY_SECRETARY, DISCIPLINE, LEADING_GROUP_HEAD, RECORDER, SECRETARY
from domain.sealed import Sealed
from ledger.store import Attachment
from projections.objection_register import OBJECTION_REGISTER
from projections.stars import STARS
from projections.views import VIEWS
from rulebooks import shipped
from tests.controls import (
    BRANCH,
    CHAIR,
    CHEN,
    FOUNDED,
    LI,
    MEMBERS,
    OPERATOR,
    REGISTRAR,
    STAFF,
    SUN,
    WANG,
    ZHANG,
    ZHAO,
)

ANNUAL, MONTHLY = RulebookId("annual-360"), RulebookId("monthly-points")
SCHEMES = (ANNUAL, MONTHLY)
DOCUMENTS = {name: Attachment.of(shipped(name), "application/toml") for name in SCHEMES}
REPRESENTATIVES = tuple(PersonId(f"voter-from-outside-{number}") for number in range(1, 4))
"""They vote, and nobody votes on them: where one of them stands beside a mark, it is his own vote."""
QUIET = PersonId("objector-in-confidence")
"""He objects in confidence and does nothing else: no fact after the founding may name him."""
NEWCOMER = PersonId("newcomer")
PAPER = Attachment.of(b"a paper", "text/plain")
SEALED = "sealed-word-"
"""How every private word of the simulation begins: it may be found in the sealed table and nowhere else."""
FEWEST, MOST = 6, 8
YEARS = (*[(ANNUAL,)] * 5, (ANNUAL, ANNUAL), (ANNUAL,) * 3)
YEARS_WITH_MONTHS = ((MONTHLY,), (MONTHLY,), (ANNUAL, MONTHLY))
ONE_IN = 8
FIRST_YEAR, LAST_YEAR = 2025, 2029


def has_months(seed: int) -> bool:
    """Return whether a seed's branch is evaluated month by month; its lives are about three times as long."""
    return seed % ONE_IN == 0


@dataclass(slots=True)
class Pen:
    """Writes private words, each another one."""

    written: int = 0
    words: list[str] = field(default_factory=list)

    def sealed(self) -> Sealed:
        """Return words that nobody may find outside the sealed table."""
        self.written += 1
        self.words.append(f"{SEALED}{self.written:05}")
        return Sealed(self.words[-1])


@dataclass(frozen=True, slots=True)
class Plan:
    """What one seed fixes before anything happens: the branch's size, and the scheme of every year."""

    seed: int
    size: int
    years: tuple[RulebookId, ...]
    months: int
    """How many months of a year of months are judged; six are needed for a star of the year."""
    views: frozenset[str]
    """Which views are kept: the stars and the objections, which are compared with the model, and two more."""

    @classmethod
    def of(cls, seed: int, soak: int = 1) -> "Plan":
        """Return the plan of a seed; `soak` makes years longer and branches larger."""
        dice = random.Random(f"plan {seed}")  # noqa: S311 - must be the same in every run
        years = dice.choice(YEARS_WITH_MONTHS if has_months(seed) else YEARS)
        size = MOST if soak > 1 else dice.randint(FEWEST, MOST)
        views = {STARS.name, OBJECTION_REGISTER.name, *dice.sample([view.name for view in VIEWS], 2)}
        if soak > 1:
            return cls(seed, size, years * 2, 12, frozenset(view.name for view in VIEWS))
        return cls(seed, size, years, 6, frozenset(views))

    @property
    def members(self) -> tuple[PersonId, ...]:
        """Return who is in the branch from the beginning."""
        return MEMBERS[: self.size]


def founding(size: int, pen: Pen) -> Iterator[tuple[PersonId, Command]]:
    """Yield who asks for what when the ledger begins."""
    members = MEMBERS[:size]
    yield OPERATOR, OpenLedger(committee="厂党委", registrar=REGISTRAR, operator=OPERATOR)
    yield REGISTRAR, FoundBranch(branch=BRANCH, title="一支部", on=FOUNDED)
    for person in (*members, NEWCOMER, STAFF, QUIET, *REPRESENTATIVES, CHAIR):
        yield REGISTRAR, RegisterPerson(person=person, full_name=pen.sealed())
    for person in members:
        yield REGISTRAR, JoinBranch(person=person, branch=BRANCH, kind="formal", on=FOUNDED)
    for person in (STAFF, QUIET, *REPRESENTATIVES):
        yield REGISTRAR, JoinBranch(person=person, branch=BRANCH, kind="staff", on=FOUNDED)
    offices = (SECRETARY, DEPUTY_SECRETARY, RECORDER, LEADING_GROUP_HEAD, DISCIPLINE, COMMITTEE_MEMBER)
    for person, role in (*zip((LI, WANG, ZHANG, CHEN, ZHAO, SUN), offices, strict=True), (CHAIR, SECRETARY)):
        branch = None if person == CHAIR else BRANCH
        yield REGISTRAR, Appoint(person=person, role=role, branch=branch, since=FOUNDED, decided_by="大会")
    for name in SCHEMES:
        yield CHAIR, adoption(name)
    for year in range(FIRST_YEAR, LAST_YEAR + 4):
        yield REGISTRAR, calendar(year)


def adoption(name: RulebookId) -> AdoptRulebook:
    """Return the adoption of a scheme from the first year on."""
    document = Document(sha256(DOCUMENTS[name].content).hexdigest())
    begins = date(FIRST_YEAR, 1, 1)
    return AdoptRulebook(rulebook=name, document=document, meeting="党委会", adopted_on=FOUNDED, effective_from=begins)


def calendar(year: int) -> PublishCalendar:
    """Return a made-up calendar of a year: the first days of January and of May are rest days."""
    rest = tuple(date(year, month, 1) + timedelta(days=n) for month in (1, 5) for n in range(3))
    return PublishCalendar(year=year, rest_days=rest, worked_weekends=(), source=f"通知 {year}")
