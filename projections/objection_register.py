"""The register of objections: how far each has got, and by when the next answer is due (B-43, AMB-B16).

An objector who objects openly appears as a reference; what was kept confidential is not in this register at all.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Table, select

from domain.decision import Fact
from domain.objections import (
    ObjectionAccepted,
    ObjectionExtended,
    ObjectionFiled,
    ObjectionFiledLate,
    ObjectionRejected,
    ObjectionReplied,
    ObjectionRuled,
    ObjectionWithdrawn,
)
from projections.columns import Instant, Listed, Words, key, ledger_id, metadata, reference
from projections.engine import Reading
from projections.rows import Rows
from projections.view import View

objections = Table(
    "objections",
    metadata,
    ledger_id(),
    key("objection"),
    reference("round"),
    reference("about"),
    reference("objector"),
    Column("stage", Words),
    Column("filed_at", Instant),
    Column("position", BigInteger),
    Column("statement", Words),
    Column("accept_by", Instant),
    Column("rule_by", Instant),
    Column("extended", Boolean, nullable=False, default=False),
    Column("accepted_at", Instant),
    Column("accepted_late", Boolean),
    Column("investigators", Listed, nullable=False, default=()),
    Column("closed_at", Instant),
    Column("closed_late", Boolean),
    Column("verdict", Words),
    Column("findings", Words),
    Column("touched", Listed, nullable=False, default=()),
    Column("replied_at", Instant),
)


def _filed(rows: Rows, fact: Fact, happened: ObjectionFiled) -> None:
    _enter(rows, fact, happened, stage="filed", accept_by=happened.accept_by, rule_by=happened.rule_by)


def _filed_late(rows: Rows, fact: Fact, happened: ObjectionFiledLate) -> None:
    _enter(rows, fact, happened, stage="late")


def _enter(rows: Rows, fact: Fact, happened: ObjectionFiled | ObjectionFiledLate, **standing: object) -> None:
    rows.put(
        objections,
        happened.objection,
        round=happened.round,
        about=happened.about,
        objector=happened.objector,
        filed_at=fact.recorded_at,
        position=fact.position,
        statement=happened.statement.digest,
        **standing,
    )


def _accepted(rows: Rows, fact: Fact, happened: ObjectionAccepted) -> None:
    rows.put(
        objections,
        happened.objection,
        stage="accepted",
        accepted_at=fact.recorded_at,
        accepted_late=happened.late,
        investigators=happened.investigators,
    )


def _rejected(rows: Rows, fact: Fact, happened: ObjectionRejected) -> None:
    rows.put(
        objections,
        happened.objection,
        stage="rejected",
        closed_at=fact.recorded_at,
        closed_late=happened.late,
        findings=happened.reason.digest,
    )


def _withdrawn(rows: Rows, fact: Fact, happened: ObjectionWithdrawn) -> None:
    rows.put(objections, happened.objection, stage="withdrawn", closed_at=fact.recorded_at)


def _extended(rows: Rows, _fact: Fact, happened: ObjectionExtended) -> None:
    rows.put(objections, happened.objection, rule_by=happened.rule_by, extended=True)


def _ruled(rows: Rows, fact: Fact, happened: ObjectionRuled) -> None:
    rows.put(
        objections,
        happened.objection,
        stage="ruled",
        closed_at=fact.recorded_at,
        closed_late=happened.late,
        verdict=happened.verdict,
        findings=happened.findings.digest,
        touched=happened.touched,
    )


def _replied(rows: Rows, fact: Fact, happened: ObjectionReplied) -> None:
    rows.put(objections, happened.objection, replied_at=fact.recorded_at)


OBJECTION_REGISTER = View(
    "objection_register",
    1,
    (objections,),
    {
        ObjectionFiled: _filed,
        ObjectionFiledLate: _filed_late,
        ObjectionAccepted: _accepted,
        ObjectionRejected: _rejected,
        ObjectionWithdrawn: _withdrawn,
        ObjectionExtended: _extended,
        ObjectionRuled: _ruled,
        ObjectionReplied: _replied,
    },
)


@dataclass(frozen=True, slots=True)
class RegisteredObjection:
    """One objection. `stage`: filed, accepted, rejected, withdrawn, ruled, or late (refused, and noted).

    `statement` and `findings` are digests of sealed words; `objector` is None where the name is kept confidential.
    """

    objection: str
    round: str
    about: str
    objector: str | None
    stage: str
    filed_at: datetime
    position: int
    statement: str
    accept_by: datetime | None
    rule_by: datetime | None
    extended: bool
    accepted_at: datetime | None
    accepted_late: bool | None
    investigators: tuple[str, ...]
    closed_at: datetime | None
    closed_late: bool | None
    verdict: str | None
    findings: str | None
    touched: tuple[str, ...]
    replied_at: datetime | None

    @property
    def due_at(self) -> datetime | None:
        """When the next answer is due: acceptance, then the ruling; None once it is settled."""
        return {"filed": self.accept_by, "accepted": self.rule_by}.get(self.stage)


def registered_objections(
    reading: Reading, *, round_id: str | None = None, about: str | None = None
) -> list[RegisteredObjection]:
    """Return the objections of a round or about a person, in the order in which they were filed."""
    asked = {objections.c.round: round_id, objections.c.about: about}
    conditions = [column == value for column, value in asked.items() if value is not None]
    query = select(objections).where(objections.c.ledger_id == reading.ledger_id, *conditions)
    rows = reading.connection.execute(query.order_by(objections.c.position)).mappings()
    return [_registered(dict(row)) for row in rows]


def _registered(row: dict[str, Any]) -> RegisteredObjection:
    return RegisteredObjection(**{name: value for name, value in row.items() if name != "ledger_id"})
