"""What was decided and done about consequences that no other command carries out; their codes are the scheme's own."""

import typing
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from domain.appointments import Offices
from domain.confirmation import Confirmations
from domain.consequences import (
    IMPROVEMENT,
    RECOMMENDATION,
    TALK,
    following_from,
    require_consequence,
    require_settled,
)
from domain.decision import Command, Conflict, Context, Event, Fact, Refused, State, command, deciders, event
from domain.earlier import EarlierStars
from domain.ids import PersonId, RoundId
from domain.refusals import not_in_future, unless_same
from domain.roles import RECORDERS
from domain.rounds import Round
from domain.scores import Scores
from domain.sealed import Sealed
from domain.tally import Results
from domain.text import Text
from domain.vetoes import Vetoes

CARRIED_OUT_BY: Final = {RECOMMENDATION: "recommend-member", IMPROVEMENT: "open-improvement", TALK: "hold-talk"}
"""The codes of consequences that a command of their own carries out; every other one is decided on and noted."""


# commands


@command("note-consequence", roles=RECORDERS, at="rounds/{round}/consequences")
class NoteConsequence(Command):
    """Enter what `decided_by` decided and did on a day about a consequence of a confirmed result."""

    round: RoundId
    person: PersonId
    code: str
    on: date
    decided_by: str
    statement: Sealed


# events


@event("consequence.Noted.v1")
class ConsequenceNoted(Event):
    """A body decided on a consequence of a person's confirmed result, under a clause of the rulebook."""

    round: RoundId
    person: PersonId
    code: str
    on: date
    decided_by: str
    statement: Sealed
    clause: str


FollowingEvent = ConsequenceNoted


# state


@dataclass(slots=True)
class NotedConsequences(State):
    """What was noted in a round, by person and code."""

    KIND = RoundId
    EVENTS = (ConsequenceNoted,)
    noted: dict[tuple[PersonId, str], ConsequenceNoted] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more note into account."""
        happened = typing.cast("FollowingEvent", fact.event)
        self.noted[happened.person, happened.code] = happened


# deciders


def note_consequence(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: NoteConsequence,
    context: Context,
    this: Round,
    scores: Scores,
    results: Results,
    confirmations: Confirmations,
    vetoes: Vetoes,
    earlier: EarlierStars,
    noted: NotedConsequences,
    offices: Offices,
) -> list[Event]:
    """Enter once what was done about a consequence that the confirmed result has; nobody enters his own."""
    offices.require(asked, context, this.branch)
    offices.require_stranger(context, asked.person)
    not_in_future(asked.on, context)
    if asked.code in CARRIED_OUT_BY:
        raise Refused("consequence-has-its-command", _has_its_command(asked.code))
    known = noted.noted.get((asked.person, asked.code))
    if known is not None:
        same = (known.on, known.decided_by) == (asked.on, asked.decided_by)
        return unless_same(same, Conflict("already-noted", _noted_already(known)))
    confirmed = require_settled(asked.person, this, results, confirmations, vetoes)
    drawn = following_from(this, scores, results, earlier, asked.person)
    return [
        ConsequenceNoted(
            round=asked.round,
            person=asked.person,
            code=asked.code,
            on=asked.on,
            decided_by=asked.decided_by,
            statement=asked.statement,
            clause=require_consequence(this.rulebook, asked.code, confirmed, drawn).clause,
        )
    ]


DECIDERS = deciders(note_consequence)


def _has_its_command(code: str) -> Text:
    name = CARRIED_OUT_BY[code]
    return Text(f"「{code}」由 {name} 办理；请改用该命令。", f"'{code}' is carried out by {name}; use that command.")


def _noted_already(known: ConsequenceNoted) -> Text:
    return Text(
        f"{known.person} 的「{known.code}」已由{known.decided_by}于 {known.on} 决定并登记；请核对日期和决定机构。",
        f"'{known.code}' of {known.person} was noted, decided by {known.decided_by} on {known.on}; "
        "check the day and the body.",
    )
