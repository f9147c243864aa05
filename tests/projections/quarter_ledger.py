"""A real ledger in which a branch lives through a year of quarters, from the adoption of its scheme to the stars.

The year is the one called 2026, wherever the scheme lets it begin. Sun and Wu have entries; the six others keep the
points that a quarter begins with.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import count, takewhile
from pathlib import Path

from domain.adoption import AdoptRulebook
from domain.calendars import PublishCalendar
from domain.confirming import ConfirmStars
from domain.decision import Command
from domain.drawing import DrawMonths, DrawRecords
from domain.ids import Document, EntryId, NoticeId, PersonId, RoundId, RulebookId
from domain.lists import HoldVote
from domain.months import SettleMonth
from domain.notices import PostNotice
from domain.proposing import ProposeList
from domain.record_verifying import VerifyEntry
from domain.recording import ProposeEntry
from domain.rounds import OpenRound
from domain.rulebook import parse_rulebook
from domain.rulebook.model import Rulebook
from domain.scoring import Outcome, score
from domain.sealed import Sealed
from domain.sheet import parse_sheet
from domain.tally import Tally
from ledger.store import Attachment
from tests.controls import ANNUAL, BRANCH, CHAIR, CHEN, LI, MEMBERS, REGISTRAR, ZHANG, noon
from tests.projections.year_ledger import ATTACHED, Year, open_year

QUARTERLY = (Path(__file__).parents[1] / "domain" / "schemes" / "quarterly-sums.toml").read_bytes()
SCHEME, NAMED, BODY = RulebookId("taoyuan-village"), "2026", "考核工作领导小组"
YEAR_ROUND, NOTICE = RoundId("workshop-1.2026"), NoticeId("notice-2026")


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened on a day: under which item, and how much of it where the item is measured."""

    person: PersonId
    item: str
    on: date
    amount: Decimal | None = None


def round_of(period: str) -> RoundId:
    """Return the id of a quarter's round."""
    return RoundId(f"workshop-1.{period}")


@dataclass(slots=True)
class LivedQuarters:
    """A ledger with the scheme adopted; `upto` says how far it has come."""

    year: Year
    rules: Rulebook
    attached: tuple[Attachment, ...]
    numbers: Iterator[int]

    @property
    def quarters(self) -> tuple[str, ...]:
        """Return the quarters of the year."""
        return self.rules.year.parts(NAMED, self.rules.period)

    def after(self, period: str, days: int = 1) -> date:
        """Return a day so many days after the last one of a period."""
        found = self.rules.year.days(period)
        assert found is not None
        return found.last + timedelta(days)

    def ask(self, day: date, asked: Command, actor: PersonId = ZHANG) -> None:
        """Carry out a command at noon of a day, or where the clock has passed that."""
        self.year.clock.set(max(noon(day), self.year.clock.now()))
        self.year.ledger.execute(asked, actor=actor, attachments=self.attached)

    def adopt(self, document: bytes, on: date) -> None:
        """Adopt a version of the scheme for what happens from a day on."""
        content = Attachment(sha256(document).hexdigest(), "application/toml", document)
        self.attached = (*self.attached, content)
        adopted = AdoptRulebook(
            rulebook=SCHEME,
            document=Document(content.sha256),
            meeting="党员大会",
            adopted_on=on,
            effective_from=on,
        )
        self.ask(on, adopted, CHAIR)

    def record(self, happened: Happened) -> None:
        """Propose an entry on the day it happened and have it verified."""
        key = EntryId(f"entry-{next(self.numbers)}")
        proposed = ProposeEntry(
            entry=key,
            branch=BRANCH,
            person=happened.person,
            rulebook=SCHEME,
            item=happened.item,
            occurred_on=happened.on,
            statement=Sealed("台账第三页"),
            amount=happened.amount,
        )
        self.ask(happened.on, proposed)
        self.ask(happened.on, VerifyEntry(entry=key, branch=BRANCH), LI)

    def open_quarter(self, period: str, happened: Sequence[Happened]) -> None:
        """Record what happened in a quarter, open its round and draw."""
        for each in happened:
            self.record(each)
        opened = OpenRound(round=round_of(period), branch=BRANCH, period=period, rulebook=SCHEME)
        self.ask(self.after(period), opened)
        self.ask(self.after(period), DrawRecords(round=round_of(period), branch=BRANCH, component="points"))

    def settle(self, period: str) -> None:
        """Tally a quarter, have its list adopted, and settle it."""
        key, day = round_of(period), self.after(period, 3)
        self.adopted(key, day)
        self.ask(day, SettleMonth(round=key, branch=BRANCH))

    def adopted(self, key: RoundId, day: date) -> None:
        """Tally a round, propose its list and have a meeting adopt it."""
        self.ask(day, Tally(round=key))
        self.ask(day, ProposeList(round=key, body=BODY), CHEN)
        voted = HoldVote(round=key, list=1, on=day, chair=LI, present=MEMBERS, yes=8, no=0, abstain=0)
        self.ask(day, voted)

    def open_year(self, day: date) -> None:
        """Open the round of the year and draw its quarters."""
        self.ask(day, OpenRound(round=YEAR_ROUND, branch=BRANCH, period=NAMED, rulebook=SCHEME))
        self.ask(day, DrawMonths(round=YEAR_ROUND))

    def confirm(self, day: date) -> None:
        """Adopt the year's list, post it for seven days and confirm the stars."""
        calendar = PublishCalendar(year=day.year, rest_days=(), worked_weekends=(), source="国办通知")
        self.ask(day, calendar, REGISTRAR)
        self.adopted(YEAR_ROUND, day)
        self.ask(day, PostNotice(round=YEAR_ROUND, notice=NOTICE, places=("公开栏",), contact="赵，分机 12"))
        later = day + timedelta(8)
        self.ask(later, ConfirmStars(round=YEAR_ROUND, body=BODY), CHEN)
        self.ask(later, ConfirmStars(round=YEAR_ROUND, body=BODY, people=(CHEN,)), LI)


def begun(file: Path, document: bytes = QUARTERLY) -> LivedQuarters:
    """Return a ledger in which the branch has its members and has adopted the scheme for the year 2026."""
    year = open_year(f"sqlite:///{file}")
    year.play(takewhile(lambda step: step.at.date() < date(2025, 8, 2), ANNUAL))
    rules = parse_rulebook(document)
    lived = LivedQuarters(year, rules, ATTACHED, count(1))
    start = rules.year.start(NAMED)
    assert start is not None
    lived.adopt(document, start)
    return lived


def scored(rules: Rulebook, period: str, people: Mapping[PersonId, Mapping[str, object]]) -> Outcome:
    """Return what the calculator makes of a sheet written by hand, each of the members on it."""
    lines = [{"id": person, "joined": "2025-01-06", **people.get(person, {})} for person in MEMBERS]
    sheet = json.dumps({"period": period, "people": lines})
    return score(rules, parse_sheet(sheet.encode(), rules))


def entries(happened: Sequence[Happened], person: PersonId) -> dict[str, list[dict[str, str]]]:
    """Return a person's entries as a sheet writes them; none at all say that the record was kept."""
    return {"points": [_line(each) for each in happened if each.person == person]}


def _line(happened: Happened) -> dict[str, str]:
    said = {"item": happened.item, "occurred_on": happened.on.isoformat()}
    return said if happened.amount is None else {**said, "amount": str(happened.amount)}


def people(
    quarters: Mapping[str, Sequence[Happened]],
) -> dict[PersonId, dict[str, object]]:
    """Return everybody's quarters as a sheet of the year writes them."""
    return {
        person: {"periods": [{"period": key, "entries": entries(told, person)} for key, told in quarters.items()]}
        for person in MEMBERS
    }
