"""A real ledger in which the branch of the controls lives through rounds under a scheme of tests/domain/schemes."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from cli.exits import Exit
from cli.score import run_score
from domain.adoption import AdoptRulebook
from domain.calendars import PublishCalendar
from domain.confirming import ConfirmStars
from domain.dates import CHINA
from domain.decision import Command, Refused
from domain.drawing import DrawRecords
from domain.ids import Document, EntryId, NoticeId, PersonId, RoundId, RulebookId
from domain.lists import HoldVote
from domain.measures import EnterMeasure
from domain.membership import MakeFormal
from domain.notices import PostNotice
from domain.proposing import ProposeList
from domain.record_verifying import VerifyEntry
from domain.recording import ProposeEntry
from domain.rounds import OpenRound
from domain.rulebook import parse_rulebook
from domain.scores import RecordScore
from domain.sealed import Sealed
from domain.tally import ResultComputed, Results, Tally
from ledger.store import Attachment
from projections.folding import folded
from tests.controls import ANNUAL, BRANCH, CHAIR, CHEN, LI, MEMBERS, REGISTRAR, WANG, ZHANG
from tests.projections.year_ledger import ATTACHED, Year, open_year

SCHEMES = Path(__file__).parents[1] / "domain" / "schemes"
BODY = "考核工作领导小组"


def at(year: int, month: int, day: int, hour: int = 12) -> datetime:
    """Return a full hour in China."""
    return datetime(year, month, day, hour, tzinfo=CHINA)


@dataclass(slots=True)
class Lived:
    """A ledger under one scheme, and who records for whom."""

    year: Year
    scheme: bytes
    rulebook: RulebookId
    entries: int = 0

    def ask(self, actor: PersonId, when: datetime, *asked: Command) -> None:
        """Carry commands out, none of which may be refused."""
        self.year.clock.set(max(when, self.year.clock.now()))
        for each in asked:
            self.year.ledger.execute(each, actor=actor, attachments=(*ATTACHED, self._document()))

    def refused(self, actor: PersonId, asked: Command) -> str:
        """Return the code with which a command is refused."""
        with pytest.raises(Refused) as refusal:
            self.year.ledger.execute(asked, actor=actor, attachments=ATTACHED)
        return refusal.value.code

    def fact_type(self, position: int) -> str:
        """Return the type of the fact at a position."""
        return next(iter(self.year.ledger.read(after=position - 1, upto=position))).event.NAME

    def _document(self) -> Attachment:
        return Attachment(sha256(self.scheme).hexdigest(), "text/plain", self.scheme)

    def record(
        self, round_id: RoundId, person: PersonId, components: Mapping[str, str], gates: Mapping[str, Any]
    ) -> None:
        """Enter points and conditions of one person, by somebody else."""
        recorder, now = (WANG if person == ZHANG else ZHANG), self.year.clock.now()
        for code, points in components.items():
            self.ask(recorder, now, RecordScore(round=round_id, person=person, component=code, points=Decimal(points)))
        for measure, value in gates.items():
            met = value if isinstance(value, bool) else None
            number = None if met is not None else Decimal(value)
            entered = EnterMeasure(
                round=round_id, person=person, measure=measure, value=number, met=met, source="支部台账"
            )
            self.ask(recorder, now, entered)

    def note(self, person: PersonId, entries: Iterable[Mapping[str, str]]) -> None:
        """Enter what happened, each on its own day, verified by a second hand."""
        recorder, verifier = (WANG, LI) if person == ZHANG else (ZHANG, LI if person == WANG else WANG)
        for entry in entries:
            self.entries += 1
            key, day = EntryId(f"e{self.entries}"), date.fromisoformat(entry["occurred_on"])
            points = Decimal(entry["points"]) if "points" in entry else None
            proposed = ProposeEntry(
                entry=key,
                branch=BRANCH,
                person=person,
                rulebook=self.rulebook,
                item=entry["item"],
                occurred_on=day,
                statement=Sealed("如实"),
                points=points,
                level=entry.get("level"),
            )
            self.ask(recorder, self.year.clock.now(), proposed)
            self.ask(verifier, self.year.clock.now(), VerifyEntry(entry=key, branch=BRANCH))

    def open(self, round_id: RoundId, period: str, *, draw: str = "") -> None:
        """Open the round of a year on 12 January of the next, and draw the component that is made of entries."""
        when = at(int(period) + 1, 1, 12)
        self.ask(ZHANG, when, OpenRound(round=round_id, branch=BRANCH, period=period, rulebook=self.rulebook))
        if draw:
            self.ask(ZHANG, when, DrawRecords(round=round_id, branch=BRANCH, component=draw))

    def publish(self, round_id: RoundId, present: tuple[PersonId, ...] = MEMBERS) -> None:
        """Tally, propose, vote and post."""
        day = self.year.clock.now().astimezone(CHINA).date()
        vote = HoldVote(
            round=round_id, list=1, on=day, chair=LI, present=present, yes=len(present) - 1, no=0, abstain=0
        )
        now = self.year.clock.now()
        self.ask(ZHANG, now, Tally(round=round_id))
        self.ask(CHEN, now, ProposeList(round=round_id, body=BODY))
        self.ask(ZHANG, now, vote)
        self.post(round_id)

    def post(self, round_id: RoundId) -> None:
        """Post what does not hang yet."""
        key = NoticeId(f"{round_id}.n{self.year.ledger.head().size}")
        posted = PostNotice(round=round_id, notice=key, places=("公开栏",), contact="赵")
        self.ask(ZHANG, self.year.clock.now(), posted)

    def confirm(self, round_id: RoundId) -> None:
        """Confirm everybody once the window is over; Li confirms whom Chen may not."""
        later = self.year.clock.now() + timedelta(days=30)
        self.ask(CHEN, later, ConfirmStars(round=round_id, body=BODY))
        self.ask(LI, later, ConfirmStars(round=round_id, body=BODY, people=(CHEN,)))

    def results(self, round_id: RoundId) -> dict[PersonId, ResultComputed]:
        """Return everybody's newest result."""
        return folded(self.year.ledger, Results, round_id, self.year.ledger.head().size).latest


def opened_under(file: Path, scheme: bytes, *, since: date = date(2025, 1, 1)) -> Lived:
    """Return a ledger with the branch of the controls as it stands at the end of 2025; Wu is on probation still."""
    year = open_year(f"sqlite:///{file}", start=500_000)
    first = next(n for n, step in enumerate(ANNUAL) if isinstance(step.asked, OpenRound))
    year.play(step for step in ANNUAL[:first] if not isinstance(step.asked, MakeFormal))
    rulebook = RulebookId(parse_rulebook(scheme).id)
    lived = Lived(year, scheme, rulebook)
    adopted = AdoptRulebook(
        rulebook=rulebook,
        document=Document(sha256(scheme).hexdigest()),
        meeting="党委会",
        adopted_on=date(2025, 11, 3),
        effective_from=since,
    )
    lived.ask(CHAIR, at(2025, 11, 4), adopted)
    calendar = PublishCalendar(year=2027, rest_days=(date(2027, 1, 1),), worked_weekends=(), source="国办发明电")
    lived.ask(REGISTRAR, at(2025, 11, 4), calendar)
    return lived


def calculated(
    directory: Path, capsys: pytest.CaptureFixture[str], scheme: bytes, period: str, people: list[dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return what `starledger score` says of a sheet, person by person."""
    rules, sheet = directory / "scheme.toml", directory / "sheet.json"
    rules.write_bytes(scheme)
    sheet.write_text(json.dumps({"period": period, "people": people}), encoding="utf-8")
    capsys.readouterr()
    assert run_score(str(rules), str(sheet), as_json=True, language="en") == Exit.OK
    return {each["id"]: each for each in json.loads(capsys.readouterr().out)["people"]}


def said(result: ResultComputed) -> dict[str, object]:
    """Return a result of the ledger in the calculator's words."""
    verdict = result.verdict
    return {
        "total": None if result.total is None else str(result.total),
        "total_exact": result.total_exact,
        "status": result.status,
        "label": result.label,
        "outcome": None if verdict is None or verdict.probation is None else verdict.probation.outcome,
    }


def expected(computed: Mapping[str, Any]) -> dict[str, object]:
    """Return the calculator's result in the same words; no level, where the scheme has named stars, says them all."""
    named = "、".join(computed.get("labels", ())) or "未获命名星"
    return {
        "total": computed["total"],
        "total_exact": computed["total_exact"],
        "status": computed["status"],
        "label": named if computed["label"] is None else computed["label"],
        "outcome": computed.get("outcome"),
    }
