"""Opening a ledger, and who held which office from when to when. Offices are facts: they replay like all the rest."""

import typing
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, assert_never

from domain.assistance import ImprovementClosed, ImprovementOpened
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
from domain.ids import BranchId, ImprovementId, PersonId
from domain.refusals import unless_same, wrong_office
from domain.roles import ADMINISTRATORS, ALL, OPERATOR, REGISTER_KEEPERS, REGISTRAR
from domain.seconding import require_second
from domain.separation import SeparationEvent, SeparationRelaxed, SeparationRestored, administers, require_apart
from domain.text import Text

Relation = Literal["spouse", "parent_child", "sibling", "close_relative", "helper", "other"]


# commands


@command("open-ledger", at="ledger")
class OpenLedger(Command):
    """Begin the ledger of a committee: its first fact, naming who keeps the register and who runs the installation."""

    committee: str
    registrar: PersonId
    operator: PersonId
    simulated_clock: bool = False


@command("appoint", roles=REGISTER_KEEPERS, at="people/{person}/appointments", reach="decide", grave=True)
class Appoint(Command):
    """Enter an appointment; without a branch it is an office of the committee."""

    person: PersonId
    role: str
    since: date
    decided_by: str
    branch: BranchId | None = None
    until: date | None = None
    seconded_by: PersonId | None = None


@command(
    "relieve",
    roles=REGISTER_KEEPERS,
    at="people/{person}/appointments/{role}/end",
    changes=True,
    reach="decide",
    grave=True,
)
class Relieve(Command):
    """Enter the end of an appointment."""

    person: PersonId
    role: str
    on: date
    decided_by: str
    branch: BranchId | None = None
    seconded_by: PersonId | None = None


@command("declare-relation", roles=REGISTER_KEEPERS, at="people/{person}/relations")
class DeclareRelation(Command):
    """Declare that two people are close, so that neither acts in the other's case (AMB-B21)."""

    person: PersonId
    other: PersonId
    relation: Relation


# events


@event("ledger.Opened.v1")
class LedgerOpened(Event):
    """The ledger of a committee begins."""

    committee: str
    registrar: PersonId
    operator: PersonId
    simulated_clock: bool


@event("office.Appointed.v1")
class Appointed(Event):
    """A person holds an office since a day."""

    person: PersonId
    role: str
    branch: BranchId | None
    since: date
    until: date | None
    decided_by: str
    seconded_by: PersonId | None = None


@event("office.Relieved.v1")
class Relieved(Event):
    """A person holds an office no longer since a day."""

    person: PersonId
    role: str
    branch: BranchId | None
    on: date
    decided_by: str
    seconded_by: PersonId | None = None


@event("relation.Declared.v1")
class RelationDeclared(Event):
    """Two people are close."""

    person: PersonId
    other: PersonId
    relation: Relation


AppointmentEvent = LedgerOpened | Appointed | Relieved | RelationDeclared
_Folded = AppointmentEvent | ImprovementOpened | ImprovementClosed | SeparationEvent


# state


@dataclass(slots=True)
class Term:
    """One person's time in one office: [since, until)."""

    person: PersonId
    role: str
    branch: BranchId | None
    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Return whether the office was held on `day`."""
        return self.since <= day and (self.until is None or self.until > day)


@dataclass(slots=True)
class Offices(State):
    """Every term of office, the declared relations, and who helps whom in a plan that is open."""

    EVENTS = members_of(_Folded)
    opened: LedgerOpened | None = None
    terms: list[Term] = field(default_factory=list)
    relations: set[frozenset[PersonId]] = field(default_factory=set)
    pairs: dict[ImprovementId, frozenset[PersonId]] = field(default_factory=dict)
    relaxed: bool = False
    """Whether small-branch mode holds."""

    def evolve(self, fact: Fact) -> None:
        """Take one more appointment into account."""
        happened = typing.cast("_Folded", fact.event)
        match happened:
            case LedgerOpened():
                self.opened = happened
                day = civil_date(fact.recorded_at)
                self.terms += [
                    Term(happened.registrar, REGISTRAR, None, day),
                    Term(happened.operator, OPERATOR, None, day),
                ]
            case Appointed():
                self.terms.append(Term(happened.person, happened.role, happened.branch, happened.since, happened.until))
            case Relieved():
                for term in self.held(happened, happened.on):
                    term.until = happened.on
            case RelationDeclared():
                self.relations.add(frozenset((happened.person, happened.other)))
            case ImprovementOpened():
                self.pairs[happened.improvement] = frozenset((happened.person, happened.helper))
            case ImprovementClosed():
                self.pairs.pop(happened.improvement, None)
            case SeparationRelaxed() | SeparationRestored():
                self.relaxed = isinstance(happened, SeparationRelaxed)
            case _:
                assert_never(happened)

    def held(self, office: "Appoint | Relieve | Relieved", day: date) -> list[Term]:
        """Return the terms of this very office that cover a day."""
        return [term for term in self.terms_of(office) if term.covers(day)]

    def terms_of(self, office: "Appoint | Relieve | Relieved") -> list[Term]:
        """Return every term that the person had in this very office of this branch."""
        asked = (office.person, office.role, office.branch)
        return [term for term in self.terms if (term.person, term.role, term.branch) == asked]

    def holds(self, person: PersonId, roles: tuple[str, ...], branch: BranchId | None, day: date) -> bool:
        """Return whether the person held one of the offices in the branch (None: the committee) on a day.

        The committee's registrar keeps the register of every branch.
        """
        return any(
            term.person == person
            and term.role in roles
            and (term.branch == branch or (term.role, term.branch) == (REGISTRAR, None))
            and term.covers(day)
            for term in self.terms
        )

    def holders(self, roles: tuple[str, ...], branch: BranchId | None, day: date) -> list[PersonId]:
        """Return who held one of the offices in the branch (None: the committee) on a day."""
        return [t.person for t in self.terms if t.role in roles and t.branch == branch and t.covers(day)]

    def require(
        self, asked: Command, context: Context, branch: BranchId | None = None, roles: tuple[str, ...] = ()
    ) -> None:
        """Raise `NotPermitted` unless the actor holds an office that may issue this command in the branch.

        `roles` take the place of the command's own, where a rulebook names who may do it.
        """
        offices = roles or asked.ROLES
        if not self.holds(context.actor, offices, branch, civil_date(context.now)):
            raise NotPermitted("wrong-office", wrong_office(offices, branch))

    def require_anywhere(self, asked: Command, context: Context) -> None:
        """Raise `NotPermitted` unless the actor holds such an office in any branch or in the committee."""
        if not self.holds_anywhere(context.actor, asked.ROLES, civil_date(context.now)):
            raise NotPermitted("wrong-office", wrong_office(asked.ROLES, None))

    def holds_anywhere(self, person: PersonId, roles: tuple[str, ...], day: date) -> bool:
        """Return whether the person held one of the offices on a day, in any branch or in the committee."""
        return any(t.person == person and t.role in roles and t.covers(day) for t in self.terms)

    def require_stranger(self, context: Context, person: PersonId) -> None:
        """Raise `NotPermitted` where the actor would act in his own case, or in that of somebody close to him."""
        if context.actor == person:
            raise NotPermitted("own-case", _OWN_CASE)
        if self.related(context.actor, person):
            raise NotPermitted("recused", _RECUSED)

    def related(self, person: PersonId, other: PersonId) -> bool:
        """Return whether the two keep out of each other's cases: declared close, or helper and helped (AMB-B21).

        The one place of that rule: every decision from which close relations are kept asks here.
        """
        return self.declared(person, other) or frozenset((person, other)) in self.pairs.values()

    def declared(self, person: PersonId, other: PersonId) -> bool:
        """Return whether the two have been declared close."""
        return frozenset((person, other)) in self.relations


# deciders


def open_ledger(asked: OpenLedger, context: Context, offices: Offices) -> list[Event]:
    """Begin an empty ledger; whoever installs it is its first actor."""
    opened = LedgerOpened(
        committee=asked.committee,
        registrar=asked.registrar,
        operator=asked.operator,
        simulated_clock=asked.simulated_clock,
    )
    if offices.opened == opened:
        return []
    if offices.opened is not None:
        raise Conflict("already-open", _ALREADY_OPEN)
    if context.actor != asked.operator:
        raise NotPermitted("wrong-office", _ONLY_OPERATOR)
    if asked.operator == asked.registrar:
        require_apart({OPERATOR, REGISTRAR})
    return [opened]


def appoint(asked: Appoint, context: Context, offices: Offices) -> list[Event]:
    """Enter an office; nobody appoints himself, and an office of the committee is entered by the registrar.

    Nobody is two of the administrators at once, unless small-branch mode holds.
    """
    offices.require(asked, context, asked.branch)
    require_second(offices, asked, context, asked.branch, (asked.person,))
    if context.actor == asked.person:
        raise NotPermitted("own-case", _OWN_CASE)
    if asked.role not in ALL:
        raise NotFound("unknown-role", _unknown_role(asked.role))
    if asked.until is not None and asked.until <= asked.since:
        raise Refused("ends-before-it-begins", _ends_early(asked.since, asked.until))
    if any(term.since == asked.since for term in offices.terms_of(asked)):
        return []
    if asked.role in ADMINISTRATORS and not offices.relaxed:
        require_apart({asked.role, *administers(offices.terms, asked.person, asked.since, asked.until)})
    return [
        Appointed(
            person=asked.person,
            role=asked.role,
            branch=asked.branch,
            since=asked.since,
            until=asked.until,
            decided_by=asked.decided_by,
            seconded_by=asked.seconded_by,
        )
    ]


def relieve(asked: Relieve, context: Context, offices: Offices) -> list[Event]:
    """End an office that is held."""
    offices.require(asked, context, asked.branch)
    require_second(offices, asked, context, asked.branch, (asked.person,))
    if not offices.held(asked, asked.on):
        ended_then = any(term.until == asked.on for term in offices.terms_of(asked))
        return unless_same(ended_then, NotFound("holds-no-such-office", _no_such_term(asked)))
    return [
        Relieved(
            person=asked.person,
            role=asked.role,
            branch=asked.branch,
            on=asked.on,
            decided_by=asked.decided_by,
            seconded_by=asked.seconded_by,
        )
    ]


def declare_relation(asked: DeclareRelation, context: Context, offices: Offices) -> list[Event]:
    """Enter a relation once; either of the two may declare it himself."""
    if asked.person == asked.other:
        raise Refused("related-to-himself", _TWO_PEOPLE)
    if context.actor not in (asked.person, asked.other):
        offices.require_anywhere(asked, context)
    if offices.declared(asked.person, asked.other):
        return []
    return [RelationDeclared(person=asked.person, other=asked.other, relation=asked.relation)]


DECIDERS = deciders(open_ledger, appoint, relieve, declare_relation)


_OWN_CASE = Text("不能办理自己的事项；请由他人办理。", "Nobody acts in his own case; somebody else must do this.")
_RECUSED = Text(
    "您与当事人有已申报的关系或正结对帮扶，须回避；请由他人办理。",
    "You are close to the person concerned, as declared, or one of you helps the other; somebody else must do this.",
)
_TWO_PEOPLE = Text("关系须在两个人之间申报；请核对编号。", "A relation is between two people; check the ids.")
_ALREADY_OPEN = Text("账本已经开立。", "The ledger is open already.")
_ONLY_OPERATOR = Text("账本由系统管理员本人开立。", "A ledger is opened by its operator.")


def _unknown_role(role: str) -> Text:
    return Text(
        f"没有职务「{role}」；可用：{'、'.join(ALL)}。", f"There is no office '{role}'; known: {', '.join(ALL)}."
    )


def _ends_early(since: date, until: date) -> Text:
    return Text(
        f"任期止日 {until} 不晚于起日 {since}；请核对。", f"The term would end on {until}, not after {since}; check."
    )


def _no_such_term(asked: Relieve) -> Text:
    where_zh, where_en = (
        (f"支部 {asked.branch}", f"branch {asked.branch}") if asked.branch else ("党委", "the committee")
    )
    return Text(
        f"{asked.person} 在 {asked.on} 没有{where_zh}的职务「{asked.role}」；请核对。",
        f"{asked.person} was no {asked.role} of {where_en} on {asked.on}; check person, office and day.",
    )
