"""What the officers do with an objection: accept or reject, have two inquire, extend, rule, reply (AMB-B16).

Nobody inquires into or rules on his own case, on a case of somebody close to him, or on scores he recorded.
"""

from datetime import timedelta
from typing import Literal

from domain.appointments import Offices
from domain.calendars import Calendars
from domain.confirmation import Confirmations
from domain.decision import Command, Context, Event, NotPermitted, Refused, command, deciders
from domain.ids import ObjectionId, PersonId, RoundId, VetoId
from domain.measures import MeasureAmendment
from domain.membership import Membership
from domain.objections import (
    OPEN,
    Case,
    ObjectionAccepted,
    ObjectionExtended,
    ObjectionRejected,
    ObjectionReplied,
    ObjectionRuled,
    Objections,
    wrong_stage,
)
from domain.refusals import unless_same
from domain.roles import OBJECTION_OFFICERS
from domain.rounds import Round
from domain.rulings import Amendment, Changes, amend, require_uninvolved, require_untouched
from domain.scores import Scores
from domain.sealed import Sealed
from domain.tally import Results
from domain.text import Text
from domain.vetoes import Vetoes

# commands


@command(
    "accept-objection", roles=OBJECTION_OFFICERS, at="rounds/{round}/objections/{objection}/acceptance", changes=True
)
class AcceptObjection(Command):
    """Take up an objection and name who inquires into it."""

    round: RoundId
    objection: ObjectionId
    investigators: tuple[PersonId, ...]


@command(
    "reject-objection", roles=OBJECTION_OFFICERS, at="rounds/{round}/objections/{objection}/rejection", changes=True
)
class RejectObjection(Command):
    """Turn an objection down without inquiry, with the reason."""

    round: RoundId
    objection: ObjectionId
    reason: Sealed


@command(
    "extend-objection", roles=OBJECTION_OFFICERS, at="rounds/{round}/objections/{objection}/extension", changes=True
)
class ExtendObjection(Command):
    """Lengthen the term for the ruling, once, with the reason."""

    round: RoundId
    objection: ObjectionId
    days: int
    reason: Sealed


@command("reply-to-objection", roles=OBJECTION_OFFICERS, at="rounds/{round}/objections/{objection}/reply", changes=True)
class ReplyToObjection(Command):
    """Enter that the objector was told the outcome."""

    round: RoundId
    objection: ObjectionId
    reply: Sealed


@command(
    "rule-on-objection",
    roles=OBJECTION_OFFICERS,
    at="rounds/{round}/objections/{objection}/ruling",
    changes=True,
    reach="decide",
)
class RuleOnObjection(Command):
    """Enter the ruling: dismissed, or upheld with the scores as they should have been."""

    round: RoundId
    objection: ObjectionId
    verdict: Literal["upheld", "dismissed"]
    findings: Sealed
    amendments: tuple[Amendment, ...] = ()
    measures: tuple[MeasureAmendment, ...] = ()
    vetoes: tuple[VetoId, ...] = ()


# deciders


def accept_objection(  # noqa: PLR0913
    asked: AcceptObjection,
    context: Context,
    this: Round,
    scores: Scores,
    objections: Objections,
    membership: Membership,
    offices: Offices,
) -> list[Event]:
    """Take an objection up; its investigators had no part in what it is about."""
    offices.require(asked, context, this.branch)
    case = objections.require(asked.objection, "filed", "accepted")
    _require_no_party(case, context, offices)
    investigators = tuple(dict.fromkeys(asked.investigators))
    if case.stage == "accepted":
        if set(case.investigators) == set(investigators):
            return []
        raise Refused("wrong-stage", wrong_stage(asked.objection, case.stage))
    needed = this.rulebook.objections.investigators
    if len(investigators) < needed:
        raise Refused("too-few-investigators", _too_few(needed))
    for person in investigators:
        membership.current(person)
        _require_impartial(person, case, scores, offices)
    return [
        ObjectionAccepted(
            round=asked.round,
            objection=asked.objection,
            about=case.filed.about,
            investigators=investigators,
            late=context.now >= case.filed.accept_by,
        )
    ]


def _require_no_party(case: Case, context: Context, offices: Offices) -> None:
    """Raise `NotPermitted` where the actor is the person concerned or the objector, or is close to one of them."""
    offices.require_stranger(context, case.filed.about)
    if case.filed.objector is not None:
        offices.require_stranger(context, case.filed.objector)


def _require_impartial(person: PersonId, case: Case, scores: Scores, offices: Offices) -> None:
    about = case.filed.about
    involved = {about, case.filed.objector} | scores.hands_in(about)
    if person in involved or offices.related(person, about):
        raise NotPermitted("investigator-involved", _involved(person))


def reject_objection(
    asked: RejectObjection, context: Context, this: Round, objections: Objections, offices: Offices
) -> list[Event]:
    """Turn an objection down, with a reason."""
    offices.require(asked, context, this.branch)
    case = objections.require(asked.objection, "filed", "rejected")
    _require_no_party(case, context, offices)
    if case.stage == "rejected":
        return []
    return [
        ObjectionRejected(
            round=asked.round,
            objection=asked.objection,
            about=case.filed.about,
            reason=asked.reason,
            late=context.now >= case.filed.accept_by,
        )
    ]


def extend_objection(  # noqa: PLR0913
    asked: ExtendObjection,
    context: Context,
    this: Round,
    objections: Objections,
    calendars: Calendars,
    offices: Offices,
) -> list[Event]:
    """Lengthen the term for the ruling once, before it is over and within the rulebook's limit."""
    offices.require(asked, context, this.branch)
    case = objections.require(asked.objection, *OPEN)
    _require_no_party(case, context, offices)
    terms = this.rulebook.objections
    if not 0 < asked.days <= terms.extension_at_most:
        raise Refused("extension-too-long", _too_long(terms.extension_at_most))
    last_day = case.filed.rule_by - timedelta(days=1)
    until = calendars.term(last_day, asked.days, terms.unit).ends_at
    if case.extended:
        return unless_same(case.rule_by == until, Refused("already-extended", _ALREADY_EXTENDED))
    if context.now >= case.filed.rule_by:
        raise Refused("term-over", _TERM_OVER)
    return [
        ObjectionExtended(
            round=asked.round,
            objection=asked.objection,
            about=case.filed.about,
            days=asked.days,
            rule_by=until,
            reason=asked.reason,
        )
    ]


def reply_to_objection(
    asked: ReplyToObjection, context: Context, this: Round, objections: Objections, offices: Offices
) -> list[Event]:
    """Enter that the outcome was told to the objector."""
    offices.require(asked, context, this.branch)
    case = objections.require(asked.objection, "ruled", "rejected")
    if case.replied:
        return []
    return [ObjectionReplied(round=asked.round, objection=asked.objection, about=case.filed.about, reply=asked.reply)]


def rule_on_objection(  # noqa: PLR0913
    asked: RuleOnObjection,
    context: Context,
    this: Round,
    scores: Scores,
    results: Results,
    vetoes: Vetoes,
    objections: Objections,
    confirmations: Confirmations,
    offices: Offices,
) -> list[Event]:
    """Rule on an accepted objection; upheld, it corrects scores, and everybody whose result changes is named."""
    offices.require(asked, context, this.branch)
    case = objections.require(asked.objection, "accepted")
    _require_no_party(case, context, offices)
    changes = Changes(asked.amendments, asked.measures, vetoes.turning(asked.vetoes, this, results.vetoes))
    require_uninvolved(context, offices, scores, (case.filed.about, *changes.people))
    changes.require_fitting(asked.verdict)
    amended = amend(changes, this, scores, results, confirmations, ground="objection", objection=asked.objection)
    require_untouched(context, offices, amended)
    ruled = ObjectionRuled(
        round=asked.round,
        objection=asked.objection,
        about=case.filed.about,
        verdict=asked.verdict,
        findings=asked.findings,
        touched=amended.touched,
        late=case.rule_by is not None and context.now >= case.rule_by,
    )
    return [ruled, *amended.events]


DECIDERS = deciders(accept_objection, reject_objection, extend_objection, rule_on_objection, reply_to_objection)


_ALREADY_EXTENDED = Text("答复期限已经延长过一次。", "The term has been extended once already.")
_TERM_OVER = Text(
    "裁定期限已过，不能再延长；请尽快裁定，逾期将注明。",
    "The term is over and cannot be lengthened any more; rule on the objection, the delay will show.",
)


def _too_few(needed: int) -> Text:
    return Text(f"须有 {needed} 人调查；请补足。", f"{needed} people inquire into an objection; name enough of them.")


def _involved(person: str) -> Text:
    return Text(
        f"{person} 是当事人、异议人、评分记录人或其关系人，须回避；请另指定调查人。",
        f"{person} is concerned, the objector, a recorder of the scores, or related; name somebody else.",
    )


def _too_long(most: int) -> Text:
    return Text(f"延长须在 1 至 {most} 个工作日之内。", f"The term can be lengthened by 1 to {most} working days.")
