"""Which facts people are given a receipt for at once: a returned ballot slip, an objection, a confirmed star."""

from collections.abc import Collection, Mapping
from typing import Final

from domain.ballot_returns import RecordReturns
from domain.ballots import SlipReturned
from domain.confirmation import StarConfirmed
from domain.confirming import ConfirmStars
from domain.decision import Command, Event, Selector
from domain.ids import BoxId, ObjectionId, PersonId, tag
from domain.objections import FileObjection, ObjectionFiled, ObjectionFiledLate
from ledger.ledger import Ledger

OBJECTIONS: Final[tuple[type[Event], ...]] = (ObjectionFiled, ObjectionFiledLate)
PROVEN: Final[Mapping[type[Command], tuple[type[Event], ...]]] = {
    FileObjection: OBJECTIONS,
    ConfirmStars: (StarConfirmed,),
    RecordReturns: (SlipReturned,),
}
"""Commands for which a receipt can be asked, and the facts that it is given for."""


def proven_at(ledger: Ledger, asked: Command, recorded: Collection[int]) -> list[int]:
    """Return the positions of the facts that a command's receipt is for, among those `recorded`.

    Where none was: the filing of an objection that came late, which is refused and is a fact all the same.
    """
    kinds = PROVEN.get(type(asked), ())
    if recorded and kinds:
        facts = ledger.read(after=min(recorded) - 1, upto=max(recorded))
        return [fact.position for fact in facts if fact.position in recorded and isinstance(fact.event, kinds)]
    return newest(ledger, kinds, (tag(ObjectionId, asked.objection),)) if isinstance(asked, FileObjection) else []


def slip_returned(ledger: Ledger, box: str, person: str) -> list[int]:
    """Return where it stands that a person's sheet came back, be it that another sheet has replaced it since."""
    return newest(ledger, (SlipReturned,), (tag(BoxId, box), tag(PersonId, person)))


def newest(ledger: Ledger, kinds: tuple[type[Event], ...], tags: tuple[str, ...]) -> list[int]:
    """Return where the newest fact of these kinds with these tags stands; nothing where there is none."""
    return [fact.position for fact in ledger.read((Selector(tuple(kind.NAME for kind in kinds), tags),))][-1:]
