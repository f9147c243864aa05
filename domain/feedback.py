"""Telling each person his result: the feedback sheet, its receipt, and the witness where a signature is refused."""

import typing
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from domain.appointments import Offices
from domain.confirmation import Confirmations
from domain.decision import Command, Conflict, Context, Event, Fact, Refused, State, command, deciders, event
from domain.ids import PersonId, RoundId
from domain.organisation import Organisation
from domain.refusals import not_in_future, unless_same
from domain.roles import RECORDERS
from domain.rounds import Round
from domain.sealed import Sealed
from domain.text import Text

# commands


@command("deliver-feedback", roles=RECORDERS, at="rounds/{round}/feedback")
class DeliverFeedback(Command):
    """Enter that a person was told his confirmed result; unsigned, it needs a witness (A-44)."""

    round: RoundId
    person: PersonId
    on: date
    signed: bool
    witness: PersonId | None = None
    statement: Sealed | None = None


# events


@event("feedback.Delivered.v1")
class FeedbackDelivered(Event):
    """A person was told this star and total on a day, and signed for it or did not."""

    round: RoundId
    person: PersonId
    star: int
    total: Decimal | None
    on: date
    signed: bool
    witness: PersonId | None
    statement: Sealed | None


FeedbackEvent = FeedbackDelivered


# state


@dataclass(slots=True)
class Feedbacks(State):
    """The newest feedback of each person in a round."""

    KIND = RoundId
    EVENTS = (FeedbackDelivered,)
    delivered: dict[PersonId, FeedbackDelivered] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more delivery into account."""
        told = typing.cast("FeedbackEvent", fact.event)
        self.delivered[told.person] = told


# deciders


def deliver_feedback(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: DeliverFeedback,
    context: Context,
    this: Round,
    confirmations: Confirmations,
    feedbacks: Feedbacks,
    organisation: Organisation,
    offices: Offices,
) -> list[Event]:
    """Enter the feedback of a confirmed result, once for each result; nobody delivers his own."""
    offices.require(asked, context, this.branch)
    offices.require_stranger(context, asked.person)
    not_in_future(asked.on, context)
    confirmed = confirmations.require_confirmed(asked.person)
    told = feedbacks.delivered.get(asked.person)
    if told is not None and (told.star, told.total) == (confirmed.star, confirmed.total):
        return unless_same(_says(told) == _says(asked), Conflict("already-delivered", _told_already(told)))
    if not asked.signed:
        _require_witness(asked, context)
    if asked.witness is not None:
        organisation.require_person(asked.witness)
    return [
        FeedbackDelivered(
            round=asked.round,
            person=asked.person,
            star=confirmed.star,
            total=confirmed.total,
            on=asked.on,
            signed=asked.signed,
            witness=asked.witness,
            statement=asked.statement,
        )
    ]


DECIDERS = deciders(deliver_feedback)


def _says(record: DeliverFeedback | FeedbackDelivered) -> tuple[object, ...]:
    return (record.on, record.signed, record.witness)


def _require_witness(asked: DeliverFeedback, context: Context) -> None:
    if asked.witness is None or asked.witness in (asked.person, context.actor):
        raise Refused("witness-needed", _WITNESS)


_WITNESS = Text(
    "本人拒签的，须有送达人和本人以外的见证人；请填写见证人。",
    "Where the person does not sign, a witness other than the two is needed; name him.",
)


def _told_already(told: FeedbackDelivered) -> Text:
    return Text(
        f"该结果已于 {told.on} 反馈给 {told.person}；无需再次登记。",
        f"{told.person} was told this result on {told.on}; there is nothing more to enter.",
    )
