"""A consequence of the scheme's own code among the controls: the note of what was decided, and its event."""

from datetime import date

from domain.decision import Command, Event
from domain.following_up import ConsequenceNoted, NoteConsequence
from domain.ids import PersonId
from domain.sealed import Sealed
from tests.control_duties import TRIAL_ROUND

_QIAN, _DAY, _BODY, _DONE = PersonId("qian"), date(2027, 7, 5), "支部党员大会", Sealed("限期改正，半年后再议")
NOTE = NoteConsequence(round=TRIAL_ROUND, person=_QIAN, code="stand_down", on=_DAY, decided_by=_BODY, statement=_DONE)
CONSEQUENCE_PARTS: tuple[tuple[PersonId, date, tuple[Command, ...]], ...] = ((PersonId("li"), _DAY, (NOTE,)),)
CONSEQUENCE_EVENTS: tuple[Event, ...] = (
    ConsequenceNoted(
        round=TRIAL_ROUND,
        person=_QIAN,
        code="stand_down",
        on=_DAY,
        decided_by=_BODY,
        statement=_DONE,
        clause="A-37",
    ),
)
