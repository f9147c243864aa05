"""From any fact to its sentence: which kind it is of."""

import typing
from typing import assert_never

from domain.ballots import BallotEvent
from domain.catalogue import AnyEvent
from domain.decision import Event
from domain.text import Language, Text
from ledger.entry import ForeignEvent
from projections.names import Names
from projections.sentences.ballots import tell_ballot
from projections.sentences.beside import BesideEvent, tell_beside
from projections.sentences.conduct import ConductEvent, tell_conduct
from projections.sentences.evaluation import EvaluationEvent, tell_evaluation
from projections.sentences.meetings import SessionEvent, tell_meetings
from projections.sentences.months import MonthlyEvent, tell_month
from projections.sentences.outcome import OutcomeEvent, tell_outcome
from projections.sentences.publicity import PublicityEvent, tell_publicity
from projections.sentences.records import DutyEvent, tell_duty
from projections.sentences.register import RegisterEvent, tell_register
from projections.sentences.telling import Telling


def sentence(event: Event, language: Language, names: Names | None = None) -> str:
    """Return one sentence about an event, with sealed words left out."""
    return tell(event, Telling(names or Names())).said_in(language)


def tell(event: Event, telling: Telling) -> Text:
    """Return one sentence about an event, with the names and words that `telling` has."""
    if isinstance(event, ForeignEvent):
        return Text(f"本版本不认识的记录（{event.type}）。", f"A fact that this version does not know ({event.type}).")
    return _tell(typing.cast("AnyEvent", event), telling)


def _tell(event: AnyEvent, telling: Telling) -> Text:  # noqa: C901, PLR0911 - one for each kind
    if isinstance(event, RegisterEvent):
        return tell_register(event, telling)
    if isinstance(event, ConductEvent):
        return tell_conduct(event, telling)
    if isinstance(event, DutyEvent):
        return tell_duty(event, telling)
    if isinstance(event, SessionEvent):
        return tell_meetings(event, telling)
    if isinstance(event, EvaluationEvent):
        return tell_evaluation(event, telling)
    if isinstance(event, MonthlyEvent):
        return tell_month(event, telling)
    if isinstance(event, BallotEvent):
        return tell_ballot(event, telling)
    if isinstance(event, BesideEvent):
        return tell_beside(event, telling)
    if isinstance(event, PublicityEvent):
        return tell_publicity(event, telling)
    if isinstance(event, OutcomeEvent):
        return tell_outcome(event, telling)
    assert_never(event)
