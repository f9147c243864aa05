"""Objections while the notice hangs: filed in time or late, withdrawn, and how far each has got (B-43, AMB-B16).

A-10, B-51: members and staff alike may object. A late objection is recorded, and goes to the correction procedure.
"""

import typing
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, assert_never

from domain.appointments import Offices
from domain.calendars import Calendars
from domain.dates import civil_date
from domain.decision import (
    Command,
    Conflict,
    Context,
    Event,
    Fact,
    NotFound,
    NotPermitted,
    Refused,
    State,
    command,
    deciders,
    event,
    members_of,
)
from domain.ids import Evidence, ObjectionId, PersonId, RoundId
from domain.membership import MEMBER_KINDS, Membership
from domain.notices import Notices
from domain.roles import OBJECTION_OFFICERS
from domain.rounds import Round
from domain.sealed import Sealed
from domain.text import Text

# commands


@command("file-objection", roles=OBJECTION_OFFICERS, at="rounds/{round}/objections")
class FileObjection(Command):
    """Object to a line of the notice: openly, in confidence, or through the officer who receives objections.

    Who asks with `confidential` appears in the facts as a one-time pseudonym without tag. Without `objector` the
    name, where there is one, is kept sealed in `confidential_name`.
    """

    round: RoundId
    objection: ObjectionId
    about: PersonId
    statement: Sealed
    objector: PersonId | None = None
    confidential_name: Sealed | None = None
    evidence: Evidence | None = None
    confidential: bool = False

    @property
    def in_confidence(self) -> bool:
        """Return whether the objector asks for confidentiality himself."""
        return self.confidential


@command("withdraw-objection", at="rounds/{round}/objections/{objection}/withdrawal", changes=True)
class WithdrawObjection(Command):
    """Take back one's own open objection."""

    round: RoundId
    objection: ObjectionId


# events


@event("objection.Filed.v1")
class ObjectionFiled(Event):
    """Somebody objected in time; acceptance and ruling are due at these instants."""

    round: RoundId
    objection: ObjectionId
    about: PersonId
    statement: Sealed
    objector: PersonId | None
    confidential_name: Sealed | None
    evidence: Evidence | None
    accept_by: datetime
    rule_by: datetime


@event("objection.FiledLate.v1")
class ObjectionFiledLate(Event):
    """Somebody objected when the line did not hang: refused here, and a ground to ask for a correction."""

    round: RoundId
    objection: ObjectionId
    about: PersonId
    statement: Sealed
    objector: PersonId | None
    confidential_name: Sealed | None


@event("objection.Accepted.v1")
class ObjectionAccepted(Event):
    """The objection was taken up; `late` where its term had passed."""

    round: RoundId
    objection: ObjectionId
    about: PersonId
    investigators: tuple[PersonId, ...]
    late: bool


@event("objection.Rejected.v1")
class ObjectionRejected(Event):
    """The objection was turned down."""

    round: RoundId
    objection: ObjectionId
    about: PersonId
    reason: Sealed
    late: bool


@event("objection.Withdrawn.v1")
class ObjectionWithdrawn(Event):
    """The objector took it back."""

    round: RoundId
    objection: ObjectionId
    about: PersonId


@event("objection.Extended.v1")
class ObjectionExtended(Event):
    """The ruling is due later."""

    round: RoundId
    objection: ObjectionId
    about: PersonId
    days: int
    rule_by: datetime
    reason: Sealed


@event("objection.Ruled.v1")
class ObjectionRuled(Event):
    """The ruling; `touched` is everybody whose result it changed."""

    round: RoundId
    objection: ObjectionId
    about: PersonId
    verdict: Literal["upheld", "dismissed"]
    findings: Sealed
    touched: tuple[PersonId, ...]
    late: bool


@event("objection.Replied.v1")
class ObjectionReplied(Event):
    """The objector was told."""

    round: RoundId
    objection: ObjectionId
    about: PersonId
    reply: Sealed


ObjectionEvent = (
    ObjectionFiled
    | ObjectionFiledLate
    | ObjectionAccepted
    | ObjectionRejected
    | ObjectionWithdrawn
    | ObjectionExtended
    | ObjectionRuled
    | ObjectionReplied
)


# state


Stage = Literal["filed", "accepted", "rejected", "withdrawn", "ruled"]
OPEN: tuple[Stage, ...] = ("filed", "accepted")


@dataclass(slots=True)
class Case:
    """One objection and how far it has got."""

    filed: ObjectionFiled
    filed_at: datetime
    stage: Stage = "filed"
    rule_by: datetime | None = None
    investigators: tuple[PersonId, ...] = ()
    extended: bool = False
    replied: bool = False


@dataclass(slots=True)
class Objections(State):
    """Every objection of the round."""

    KIND = RoundId
    EVENTS = members_of(ObjectionEvent)
    cases: dict[ObjectionId, Case] = field(default_factory=dict)
    late: dict[ObjectionId, ObjectionFiledLate] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more step of an objection into account."""
        happened = typing.cast("ObjectionEvent", fact.event)
        match happened:
            case ObjectionFiled():
                self.cases[happened.objection] = Case(happened, fact.recorded_at, rule_by=happened.rule_by)
            case ObjectionFiledLate():
                self.late[happened.objection] = happened
            case ObjectionAccepted():
                case = self.cases[happened.objection]
                case.stage, case.investigators = "accepted", happened.investigators
            case ObjectionRejected():
                self.cases[happened.objection].stage = "rejected"
            case ObjectionWithdrawn():
                self.cases[happened.objection].stage = "withdrawn"
            case ObjectionExtended():
                case = self.cases[happened.objection]
                case.extended, case.rule_by = True, happened.rule_by
            case ObjectionRuled():
                self.cases[happened.objection].stage = "ruled"
            case ObjectionReplied():
                self.cases[happened.objection].replied = True
            case _:
                assert_never(happened)

    @property
    def open_about(self) -> set[PersonId]:
        """Return the people about whom an objection is open."""
        return {case.filed.about for case in self.cases.values() if case.stage in OPEN}

    def require(self, objection: ObjectionId, *stages: Stage) -> Case:
        """Return an objection at one of the stages; `NotFound` or `Refused` otherwise."""
        case = self.cases.get(objection)
        if case is None:
            raise NotFound("unknown-objection", _unknown(objection))
        if case.stage not in stages:
            raise Refused("wrong-stage", wrong_stage(objection, case.stage))
        return case


# deciders


def file_objection(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: FileObjection,
    context: Context,
    this: Round,
    notices: Notices,
    objections: Objections,
    calendars: Calendars,
    membership: Membership,
    offices: Offices,
) -> list[Event]:
    """Enter an objection while the line hangs; one that comes late is refused and recorded as such."""
    this.require_enrolled(asked.about)
    _may_file(asked, context, this, membership, offices)
    if asked.objection in objections.cases or asked.objection in objections.late:
        raise Conflict("id-taken", _taken(asked.objection))
    if not _line_hangs(asked.about, context, this, notices, calendars):
        raise Refused("window-over", _WINDOW_OVER, _late(asked))
    terms = this.rulebook.objections
    return [
        ObjectionFiled(
            round=asked.round,
            objection=asked.objection,
            about=asked.about,
            statement=asked.statement,
            objector=asked.objector,
            confidential_name=asked.confidential_name,
            evidence=asked.evidence,
            accept_by=calendars.term(context.now, terms.accept_within, terms.unit).ends_at,
            rule_by=calendars.term(context.now, terms.rule_within, terms.unit).ends_at,
        )
    ]


def _late(asked: FileObjection) -> ObjectionFiledLate:
    return ObjectionFiledLate(
        round=asked.round,
        objection=asked.objection,
        about=asked.about,
        statement=asked.statement,
        objector=asked.objector,
        confidential_name=asked.confidential_name,
    )


def _may_file(asked: FileObjection, context: Context, this: Round, membership: Membership, offices: Offices) -> None:
    """Let those object whom the rulebook names; on somebody's behalf only the receiving officers may (AMB-B16)."""
    if asked.confidential and asked.objector is not None:
        raise Refused("named-in-confidence", _NAMED_IN_CONFIDENCE)
    if not asked.confidential and context.actor != asked.objector:
        offices.require(asked, context, this.branch)
    objector = context.actor if asked.confidential else asked.objector
    if objector is not None:
        _require_standing(objector, civil_date(context.now), this, membership)
    if asked.objector is None and asked.confidential_name is None and not this.rulebook.objections.anonymous:
        raise Refused("name-required", _name_required(this.rulebook.objections.clause))


def _require_standing(objector: PersonId, day: date, this: Round, membership: Membership) -> None:
    """Raise `NotPermitted` unless this is somebody of the organisation who may object under the rulebook (A-10)."""
    stay = membership.stay_on(objector, day)
    if stay is None:
        raise NotPermitted("not-of-the-organisation", _outsider(objector))
    standing = "member" if stay.kind_on(day) in MEMBER_KINDS else "employee"
    if standing not in this.rulebook.objections.who:
        raise NotPermitted("may-not-object", _may_not(objector, this.rulebook.objections.clause))


def _line_hangs(person: PersonId, context: Context, this: Round, notices: Notices, calendars: Calendars) -> bool:
    posting = notices.posting_of(person)
    if posting is None:
        return False
    window = posting.window(this.rulebook.publicity, calendars)
    return window is None or context.now < window.ends_at


def withdraw_objection(asked: WithdrawObjection, context: Context, this: Round, objections: Objections) -> list[Event]:
    """Let the objector take back what is still open."""
    this.require_open()
    case = objections.require(asked.objection, *OPEN, "withdrawn")
    if case.filed.objector != context.actor:
        raise NotPermitted("not-the-objector", _NOT_OBJECTOR)
    if case.stage == "withdrawn":
        return []
    return [ObjectionWithdrawn(round=asked.round, objection=asked.objection, about=case.filed.about)]


DECIDERS = deciders(file_objection, withdraw_objection)


_WINDOW_OVER = Text(
    "此人的结果不在公示期内，不能再提出异议；已作记载，可凭此申请更正程序。",
    "This line does not hang (any more), so no objection can be filed; it was noted and is a ground for a correction.",
)
_NAMED_IN_CONFIDENCE = Text(
    "要求保密的异议不能写明异议人编号；姓名可写入保密姓名。",
    "An objection in confidence does not name its objector; the name may stand in the confidential name.",
)
_NOT_OBJECTOR = Text("只有异议人本人可以撤回。", "Only the objector can withdraw an objection.")
_STAGES = {
    "filed": "已提出、待受理",
    "accepted": "已受理",
    "rejected": "不予受理",
    "withdrawn": "已撤回",
    "ruled": "已裁定",
}


def _unknown(objection: str) -> Text:
    return Text(f"没有异议 {objection}；请核对编号。", f"There is no objection {objection}; check the id.")


def _taken(objection: str) -> Text:
    return Text(
        f"异议编号 {objection} 已使用；请换一个编号。", f"The objection id {objection} is taken; choose another."
    )


def wrong_stage(objection: str, stage: Stage) -> Text:
    """Return the reason that a step does not follow from a stage."""
    return Text(
        f"异议 {objection} {_STAGES[stage]}，不能再作此处理。", f"Objection {objection} is {stage}; this cannot follow."
    )


def _outsider(person: str) -> Text:
    return Text(
        f"{person} 不是本组织的党员或职工；请由受理人代为登记。",
        f"{person} is neither member nor staff; the receiving officer can enter the objection.",
    )


def _may_not(person: str, clause: str) -> Text:
    return Text(
        f"依 {clause}，{person} 不在可提出异议的人员范围内；请由受理人核对办法。",
        f"Under {clause} {person} is not among those who may object; check the rulebook with the receiving officer.",
    )


def _name_required(clause: str) -> Text:
    return Text(
        f"依 {clause} 只受理实名异议；请写明异议人，要求保密的写入保密姓名。",
        f"Under {clause} only objections with a name are taken; name the objector, or give the confidential name.",
    )
