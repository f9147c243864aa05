"""Talks 戒勉谈话 with those whom the scheme calls to one, and the rectification they are then ordered to make (B-48).

AMB-B23: the scheme writes 戒勉谈话; the Party's rules tell a reminder 提醒谈话 from an admonition 诫勉谈话, which needs
the person's own statement, his signature (or a witness to its refusal) and a copy to the superior organisation.
The secretary talks; where he is concerned himself or close to the person, somebody of the superior committee does.
"""

import typing
from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from domain.appointments import Offices
from domain.confirmation import Confirmations
from domain.consequences import TALK, following_from, require_consequence, require_in_time, require_settled
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
from domain.earlier import EarlierStars
from domain.forms import require_offered
from domain.ids import BranchId, PersonId, RoundId, TalkId
from domain.organisation import Organisation
from domain.refusals import not_in_future, taken, unless_same
from domain.roles import COMMITTEE_MEMBER, DEPUTY_SECRETARY, DISCIPLINE, RECORDERS, SECRETARY
from domain.rounds import Round
from domain.scores import Scores
from domain.sealed import Sealed
from domain.tally import Results
from domain.text import Text
from domain.vetoes import Vetoes

Kind = Literal["reminder", "admonition"]
Outcome = Literal["rectified", "partly", "not_rectified"]
SUPERIOR = (SECRETARY, DEPUTY_SECRETARY, COMMITTEE_MEMBER, DISCIPLINE)
"""The offices of the superior committee that talk where the branch's secretary cannot."""


# commands


@command("hold-talk", roles=RECORDERS, at="talks")
class HoldTalk(Command):
    """Enter that `by` talked with a person about his confirmed result and ordered him to rectify by a day."""

    talk: TalkId
    round: RoundId
    person: PersonId
    kind: Kind
    on: date
    by: PersonId
    recorder: PersonId
    ground: Sealed
    content: Sealed
    rectify_by: date
    response: Sealed | None = None
    signed: bool = False
    witness: PersonId | None = None
    copied_to: str | None = None


@command("check-rectification", roles=RECORDERS, at="talks/{talk}/rectification-checks")
class CheckRectification(Command):
    """Enter how far a person has rectified what he was told to; who talked with him may do so."""

    talk: TalkId
    on: date
    outcome: Outcome
    remark: Sealed


# events


@event("talk.Held.v1")
class TalkHeld(Event):
    """Somebody talked with a person about his result, under a clause of the rulebook."""

    talk: TalkId
    round: RoundId
    person: PersonId
    branch: BranchId
    kind: Kind
    on: date
    by: PersonId
    recorder: PersonId
    ground: Sealed
    content: Sealed
    response: Sealed | None
    signed: bool
    witness: PersonId | None
    copied_to: str | None
    clause: str


@event("talk.RectificationOrdered.v1")
class RectificationOrdered(Event):
    """A person was ordered in a talk to rectify by a day."""

    talk: TalkId
    round: RoundId
    person: PersonId
    due: date


@event("talk.RectificationChecked.v1")
class RectificationChecked(Event):
    """A person was found on a day to have rectified, partly or not."""

    talk: TalkId
    round: RoundId
    person: PersonId
    on: date
    outcome: Outcome
    remark: Sealed


TalkEvent = TalkHeld | RectificationOrdered | RectificationChecked


# state


@dataclass(slots=True)
class Talk(State):
    """One talk, the day by which to rectify, and the newest check."""

    KIND = TalkId
    EVENTS = members_of(TalkEvent)
    held: TalkHeld | None = None
    due: date | None = None
    checked: RectificationChecked | None = None

    def evolve(self, fact: Fact) -> None:
        """Take one more fact about the talk into account."""
        happened = typing.cast("TalkEvent", fact.event)
        match happened:
            case TalkHeld():
                self.held = happened
            case RectificationOrdered():
                self.due = happened.due
            case RectificationChecked():
                self.checked = happened
            case _:
                assert_never(happened)

    def require_held(self) -> TalkHeld:
        """Return the talk that was held; `NotFound` where none was."""
        if self.held is None:
            raise NotFound("unknown-talk", _unknown(self.key))
        return self.held


# deciders


def hold_talk(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: HoldTalk,
    context: Context,
    this: Talk,
    evaluation: Round,
    scores: Scores,
    results: Results,
    confirmations: Confirmations,
    vetoes: Vetoes,
    earlier: EarlierStars,
    organisation: Organisation,
    offices: Offices,
) -> list[Event]:
    """Enter a talk that the confirmed result calls for, with the order to rectify."""
    branch = evaluation.branch
    offices.require_stranger(context, asked.person)
    if context.actor != asked.by:
        offices.require(asked, context, branch)
    not_in_future(asked.on, context)
    _require_talker(asked, branch, offices)
    if this.held is not None:
        return unless_same(_says(this.held, this.due) == _says(asked, asked.rectify_by), taken(asked.talk))
    confirmed = require_settled(asked.person, evaluation, results, confirmations, vetoes)
    drawn = following_from(evaluation, scores, results, earlier, asked.person)
    consequence = require_consequence(evaluation.rulebook, TALK, confirmed, drawn)
    require_offered(evaluation.rulebook.conduct.forms.talk_kinds, asked.kind)
    require_in_time(consequence, asked.on, asked.rectify_by)
    _require_form(asked, organisation)
    return [
        _held(asked, branch, consequence.clause),
        RectificationOrdered(talk=asked.talk, round=asked.round, person=asked.person, due=asked.rectify_by),
    ]


def check_rectification(asked: CheckRectification, context: Context, this: Talk, offices: Offices) -> list[Event]:
    """Enter a check; what is rectified stays so, anything less may be found rectified later."""
    held = this.require_held()
    offices.require_stranger(context, held.person)
    if context.actor != held.by:
        offices.require(asked, context, held.branch)
    not_in_future(asked.on, context)
    if asked.on < held.on:
        raise Refused("before-talk", _before_talk(asked.on, held.on))
    known = this.checked
    if known is not None:
        if (known.on, known.outcome) == (asked.on, asked.outcome):
            return []
        if known.outcome == "rectified" or asked.on < known.on:
            raise Conflict("already-checked", _checked(known))
    return [
        RectificationChecked(
            talk=asked.talk,
            round=held.round,
            person=held.person,
            on=asked.on,
            outcome=asked.outcome,
            remark=asked.remark,
        )
    ]


DECIDERS = deciders(hold_talk, check_rectification)


def _require_talker(asked: HoldTalk, branch: BranchId, offices: Offices) -> None:
    """Raise `NotPermitted` unless `by` is the secretary, or for want of one who is not concerned, of the committee."""
    if asked.by == asked.person:
        raise NotPermitted("own-case", _TO_HIMSELF)
    if offices.related(asked.by, asked.person):
        raise NotPermitted("recused", _TALKER_RELATED)
    if offices.holds(asked.by, (SECRETARY,), branch, asked.on):
        return
    unconcerned = [
        secretary
        for secretary in offices.holders((SECRETARY,), branch, asked.on)
        if secretary != asked.person and not offices.related(secretary, asked.person)
    ]
    if unconcerned or not offices.holds(asked.by, SUPERIOR, None, asked.on):
        raise NotPermitted("wrong-talker", _wrong_talker(unconcerned))


def _require_form(asked: HoldTalk, organisation: Organisation) -> None:
    organisation.require_person(asked.recorder)
    if asked.recorder in (asked.person, asked.by):
        raise Refused("recorder-takes-part", _RECORDER_TAKES_PART)
    if asked.rectify_by <= asked.on:
        raise Refused("rectification-day-past", _rectify_by(asked.rectify_by, asked.on))
    if asked.witness is not None:
        organisation.require_person(asked.witness)
    if asked.kind == "admonition":
        _require_admonition_form(asked)


def _require_admonition_form(asked: HoldTalk) -> None:
    if asked.response is None:
        raise Refused("statement-needed", _STATEMENT)
    if not asked.copied_to:
        raise Refused("copy-needed", _COPY)
    if not asked.signed and (asked.witness is None or asked.witness in (asked.person, asked.by)):
        raise Refused("witness-needed", _WITNESS)


def _held(asked: HoldTalk, branch: BranchId, clause: str) -> TalkHeld:
    return TalkHeld(
        talk=asked.talk,
        round=asked.round,
        person=asked.person,
        branch=branch,
        kind=asked.kind,
        on=asked.on,
        by=asked.by,
        recorder=asked.recorder,
        ground=asked.ground,
        content=asked.content,
        response=asked.response,
        signed=asked.signed,
        witness=asked.witness,
        copied_to=asked.copied_to,
        clause=clause,
    )


def _says(record: HoldTalk | TalkHeld, due: date | None) -> tuple[object, ...]:
    talk = (record.round, record.person, record.kind, record.on, record.by, record.recorder)
    return (*talk, record.signed, record.witness, record.copied_to, due)


_TO_HIMSELF = Text("不能与自己谈话；请由他人谈话。", "Nobody talks to himself; somebody else must do this.")
_TALKER_RELATED = Text(
    "谈话人与被谈话人有已申报的关系或正结对帮扶，须回避；请由他人谈话。",
    "The talker is close to the person concerned, or one helps the other; somebody else must talk.",
)
_RECORDER_TAKES_PART = Text(
    "记录人不能是谈话人或被谈话人；请另定记录人。",
    "The recorder is neither of the two who talk; name somebody else.",
)
_STATEMENT = Text(
    "诫勉谈话须有本人的说明或检讨；请填写表态。", "An admonition needs the person's own statement; enter his response."
)
_COPY = Text(
    "诫勉谈话的记录须报上级党组织；请写明抄送何处。",
    "The record of an admonition goes to the superior organisation; say where the copy went.",
)
_WITNESS = Text(
    "诫勉谈话记录本人拒签的，须有谈话双方以外的见证人；请填写见证人。",
    "Where the person does not sign the record, a witness other than the two is needed; name him.",
)


def _unknown(key: str) -> Text:
    return Text(f"没有谈话 {key}；请核对编号。", f"There is no talk {key}; check the id.")


def _wrong_talker(secretaries: list[PersonId]) -> Text:
    if secretaries:
        who, names = "、".join(secretaries), ", ".join(secretaries)
        return Text(
            f"谈话由支部书记（{who}）进行；请由其谈话。", f"The branch's secretary talks: {names}; let him do it."
        )
    return Text(
        "支部书记与此事有关或空缺，谈话须由上级党委的书记、副书记、委员或纪检委员进行。",
        "The branch has no secretary who is not concerned; somebody of the superior committee must talk.",
    )


def _rectify_by(due: date, on: date) -> Text:
    return Text(
        f"整改期限 {due} 不晚于谈话之日 {on}；请定在其后。",
        f"The day by which to rectify, {due}, is not after the talk on {on}; choose a later one.",
    )


def _before_talk(on: date, held: date) -> Text:
    return Text(f"{on} 早于谈话之日 {held}；请核对日期。", f"{on} is before the talk on {held}; check the day.")


def _checked(known: RectificationChecked) -> Text:
    return Text(
        f"整改情况已于 {known.on} 登记；请核对日期和结果。",
        f"A check was entered for {known.on}; check the day and the outcome.",
    )
