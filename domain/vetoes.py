"""Vetoes 一票否决 as facts: declared against a person, taken back, and what of them counts in a round (§3.11).

A veto is of a person, not of a round: it holds in the year in which what it is declared for occurred and, as far as
its rulebook says, in the years after, whichever branch the person is in by then. It comes to count in a round by a
tally, or once the list has been proposed by a ruling (`domain.veto_rulings`), never silently.
"""

import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from domain.appointments import Offices
from domain.catalogues import Catalogues
from domain.dates import civil_date
from domain.decision import (
    Command,
    Conflict,
    Context,
    Event,
    Fact,
    NotFound,
    Refused,
    State,
    command,
    deciders,
    event,
    members_of,
)
from domain.ids import BranchId, Evidence, PersonId, RoundId, RulebookId, VetoId
from domain.membership import Membership
from domain.refusals import not_in_future, taken, unless_same
from domain.roles import OBJECTION_OFFICERS, office_called
from domain.rounds import Round
from domain.rulebook.results import Veto
from domain.scoring.gates import holds
from domain.sealed import Sealed
from domain.sheet import Declared
from domain.text import Text

# commands


@command("declare-veto", roles=OBJECTION_OFFICERS, at="vetoes", reach="decide")
class DeclareVeto(Command):
    """Declare a veto that the rulebook lists, for what occurred on a day; the reason is sealed.

    The office that the rulebook names for it declares it. Where the rulebook names a body outside, an officer enters
    what that body decided. `branch` is the one the person was in on the day.
    """

    veto: VetoId
    branch: BranchId
    person: PersonId
    rulebook: RulebookId
    code: str
    occurred_on: date
    decided_by: str
    reason: Sealed
    evidence: tuple[Evidence, ...] = ()


@command("lift-veto", roles=OBJECTION_OFFICERS, at="vetoes/{veto}/lifting", changes=True, reach="decide")
class LiftVeto(Command):
    """Take a veto back, with the reason: it counts in no tally from then on; that it was declared stays."""

    veto: VetoId
    branch: BranchId
    decided_by: str
    reason: Sealed


# events


@event("veto.Declared.v1")
class VetoDeclared(Event):
    """A veto was declared against a member under this version of the rulebook, as a body decided."""

    veto: VetoId
    branch: BranchId
    person: PersonId
    rulebook: RulebookId
    version: int
    clause: str
    code: str
    occurred_on: date
    decided_by: str
    reason: Sealed
    evidence: tuple[Evidence, ...]


@event("veto.Lifted.v1")
class VetoLifted(Event):
    """A veto was taken back."""

    veto: VetoId
    branch: BranchId
    person: PersonId
    decided_by: str
    reason: Sealed


@event("veto.Counted.v1")
class VetoCounted(Event):
    """From this tally of a round on a veto of that year counts in it, or counts no longer; `source` says why."""

    round: RoundId
    person: PersonId
    veto: VetoId
    code: str
    year: str
    source: int
    counts: bool


VetoEvent = VetoDeclared | VetoLifted


# state


@dataclass(slots=True)
class Known:
    """A veto with the facts that it was declared and taken back in, and by whose hands."""

    declared: VetoDeclared
    position: int
    hands: set[str]
    lifted: VetoLifted | None = None
    lifted_in: int = 0


Counting = Mapping[VetoId, VetoCounted]
"""The vetoes that count in a round, by id."""


@dataclass(slots=True)
class Vetoes(State):
    """Every veto of the ledger: whoever moves takes his along."""

    EVENTS = members_of(VetoEvent)
    known: dict[VetoId, Known] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more veto, or its being taken back, into account."""
        happened = typing.cast("VetoEvent", fact.event)
        match happened:
            case VetoDeclared():
                self.known[happened.veto] = Known(happened, fact.position, {fact.actor})
            case VetoLifted():
                known = self.known[happened.veto]
                known.lifted, known.lifted_in = happened, fact.position
                known.hands.add(fact.actor)
            case _:
                assert_never(happened)

    def require(self, veto: VetoId) -> Known:
        """Return a veto; `NotFound` where none of that id was declared."""
        if veto not in self.known:
            raise NotFound("unknown-veto", _unknown(veto))
        return self.known[veto]

    def turned(self, this: Round, counting: Counting) -> tuple[VetoCounted, ...]:
        """Return what would count anew in a round, or no longer, beside the vetoes that count in it now."""
        found = []
        for veto, known in self.known.items():
            stands = known.lifted is None and _concerns(this, known.declared)
            if stands != (veto in counting):
                found.append(_counted(this, known, counts=stands))
        return tuple(found)

    def turning(self, asked: Iterable[VetoId], this: Round, counting: Counting) -> tuple[VetoCounted, ...]:
        """Return what is turned of the vetoes `asked`; `Refused` for one that counts as it stands already."""
        waiting = {each.veto: each for each in self.turned(this, counting)}
        found = []
        for veto in dict.fromkeys(asked):
            self.require(veto)
            if veto not in waiting:
                raise Refused("veto-not-waiting", _not_waiting(veto, this.period))
            found.append(waiting[veto])
        return tuple(found)

    def same_as(self, asked: DeclareVeto) -> Known | None:
        """Return the veto that stands already for the very thing that is asked."""
        wanted = _about(asked)
        standing = (known for known in self.known.values() if known.lifted is None)
        return next((known for known in standing if _about(known.declared) == wanted), None)


def after_turning(counting: Counting, turned: Iterable[VetoCounted]) -> dict[VetoId, VetoCounted]:
    """Return the vetoes that count in a round once these have been turned."""
    after = dict(counting)
    for each in turned:
        if each.counts:
            after[each.veto] = each
        else:
            after.pop(each.veto, None)
    return after


def declared_against(person: PersonId, counting: Counting) -> tuple[Declared, ...]:
    """Return a person's line of vetoes in the sheet: each code and year once, with all facts that say so."""
    sources: dict[tuple[str, str], tuple[int, ...]] = {}
    for each in counting.values():
        if each.person == person:
            key = (each.code, each.year)
            sources[key] = (*sources.get(key, ()), each.source)
    return tuple(Declared(code, year, said) for (code, year), said in sources.items())


# deciders


def declare_veto(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: DeclareVeto,
    context: Context,
    vetoes: Vetoes,
    catalogues: Catalogues,
    membership: Membership,
    offices: Offices,
) -> list[Event]:
    """Declare a veto of the version in force on the day; nobody declares one against himself or somebody close."""
    rules = catalogues.rules_on(asked.rulebook, asked.occurred_on)
    rule = rules.vetoes.get(asked.code)
    if rule is None:
        raise NotFound("no-such-veto", _no_such(asked.code, list(rules.vetoes.values())))
    _require_declarer(asked, context, rule, offices)
    offices.require_stranger(context, asked.person)
    not_in_future(asked.occurred_on, context)
    stay = membership.require_member(asked.person, asked.occurred_on)
    if stay.branch != asked.branch:
        raise Refused("other-branch", _other_branch(asked, stay.branch))
    if (known := vetoes.known.get(asked.veto)) is not None:
        return unless_same(_says(known.declared) == _says(asked), taken(asked.veto))
    if (same := vetoes.same_as(asked)) is not None:
        raise Conflict("veto-declared", _declared_already(same.declared))
    return [
        VetoDeclared(
            veto=asked.veto,
            branch=asked.branch,
            person=asked.person,
            rulebook=asked.rulebook,
            version=rules.version,
            clause=rule.clause,
            code=asked.code,
            occurred_on=asked.occurred_on,
            decided_by=asked.decided_by,
            reason=asked.reason,
            evidence=asked.evidence,
        )
    ]


def lift_veto(
    asked: LiftVeto, context: Context, vetoes: Vetoes, catalogues: Catalogues, offices: Offices
) -> list[Event]:
    """Take a veto back: the office that may declare it, and nobody in his own case."""
    known = vetoes.require(asked.veto)
    declared = known.declared
    if declared.branch != asked.branch:
        raise NotFound("unknown-veto", _unknown(asked.veto))
    rule = catalogues.rules_on(declared.rulebook, declared.occurred_on).vetoes[declared.code]
    _require_declarer(asked, context, rule, offices)
    offices.require_stranger(context, declared.person)
    if known.lifted is not None:
        return []
    return [
        VetoLifted(
            veto=asked.veto,
            branch=asked.branch,
            person=declared.person,
            decided_by=asked.decided_by,
            reason=asked.reason,
        )
    ]


DECIDERS = deciders(declare_veto, lift_veto)


def _require_declarer(asked: DeclareVeto | LiftVeto, context: Context, rule: Veto, offices: Offices) -> None:
    """Raise `NotPermitted` unless the actor holds the office that the rulebook names, here or in the committee."""
    roles = office_called(rule.declared_by)
    if not offices.holds(context.actor, roles or asked.ROLES, None, civil_date(context.now)):
        offices.require(asked, context, asked.branch, roles)


def _concerns(this: Round, declared: VetoDeclared) -> bool:
    """Return whether a veto holds in the round's period, of one of its people and under its rulebook."""
    rules, opened = this.rulebook, this.require_open()
    rule = rules.vetoes.get(declared.code)
    if rule is None or declared.rulebook != opened.rulebook or declared.person not in this.roster:
        return False
    return declared.occurred_on <= opened.roster_as_of and holds(rules, rule, _year(this, declared), opened.period)


def _year(this: Round, declared: VetoDeclared) -> str:
    return this.rulebook.year.year_of(f"{declared.occurred_on:%Y-%m}")


def _counted(this: Round, known: Known, *, counts: bool) -> VetoCounted:
    return VetoCounted(
        round=this.require_open().round,
        person=known.declared.person,
        veto=known.declared.veto,
        code=known.declared.code,
        year=_year(this, known.declared),
        source=known.position if counts else known.lifted_in,
        counts=counts,
    )


def _about(record: DeclareVeto | VetoDeclared) -> tuple[object, ...]:
    return (record.person, record.rulebook, record.code, record.occurred_on)


def _says(record: DeclareVeto | VetoDeclared) -> tuple[object, ...]:
    return (*_about(record), record.branch, record.decided_by, record.evidence)


def _unknown(veto: str) -> Text:
    return Text(f"没有一票否决 {veto}；请核对编号和支部。", f"There is no veto {veto}; check the id and the branch.")


def _not_waiting(veto: str, period: str) -> Text:
    return Text(
        f"一票否决 {veto} 在 {period} 的结果中已按现状计入或与之无关；请核对编号。",
        f"The veto {veto} counts in the results of {period} as it stands, or does not concern them; check the id.",
    )


def _no_such(code: str, known: list[Veto]) -> Text:
    zh = "、".join(f"{each.code}（{each.title.zh}）" for each in known) or "无"
    en = ", ".join(f"{each.code} ({each.title.en})" for each in known) or "none"
    return Text(f"办法没有规定一票否决“{code}”；有：{zh}。", f"The rulebook has no veto '{code}'; it has: {en}.")


def _other_branch(asked: DeclareVeto, real: str) -> Text:
    return Text(
        f"{asked.person} 在 {asked.occurred_on} 属于支部 {real}，不是 {asked.branch}；请记入当日所在支部。",
        f"{asked.person} belonged to branch {real} on {asked.occurred_on}, not to {asked.branch}; enter it there.",
    )


def _declared_already(known: VetoDeclared) -> Text:
    return Text(
        f"此事已作一票否决登记（{known.veto}）；请核对。", f"The veto {known.veto} stands for this already; check."
    )
