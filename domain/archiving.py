"""Letting sealed words leave with an archive: that they did, for whom and what for, is a fact (design §3, A7)."""

from domain.appointments import Offices
from domain.decision import Command, Context, Event, Refused, command, deciders, event
from domain.ids import PersonId, RoundId
from domain.roles import SECRETARIES
from domain.text import Text

# commands


@command("export", roles=SECRETARIES, at="exports", reach="export", grave=True)
class ExportSealed(Command):
    """Write an archive with the sealed words in it, for a purpose: of everything, or of one person's or round's facts.

    What only named readers may read stays behind even then.
    """

    purpose: str
    person: PersonId | None = None
    round: RoundId | None = None


# events


@event("archive.SealedExported.v1")
class SealedExported(Event):
    """Sealed words left with an archive; without person and round, those of all facts."""

    reader: PersonId
    person: PersonId | None
    round: RoundId | None
    purpose: str


ArchiveEvent = SealedExported


# deciders


def export_sealed(asked: ExportSealed, context: Context, offices: Offices) -> list[Event]:
    """Record that sealed words leave, each time anew; only the committee's secretaries let them."""
    offices.require(asked, context)
    if not asked.purpose.strip():
        raise Refused("purpose-missing", _PURPOSE)
    if asked.person is not None and asked.round is not None:
        raise Refused("one-of-two", _ONE_OF_TWO)
    return [SealedExported(reader=context.actor, person=asked.person, round=asked.round, purpose=asked.purpose.strip())]


DECIDERS = deciders(export_sealed)


_PURPOSE = Text("请写明带出封存内容的用途。", "Say for which purpose the sealed words leave.")
_ONE_OF_TWO = Text("按人或按评定周期摘录，只能选一种。", "Extract either a person's facts or a round's.")
