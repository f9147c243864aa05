"""One step of an explanation, and which readings of a rulebook bear on it."""

from dataclasses import dataclass

from domain.rulebook.model import Rulebook
from domain.rulebook.readings import SWITCHES
from domain.text import Text


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an explanation: a sentence, its value, the clause, the readings that applied, the facts beneath.

    `personal`: it says of a person what is no score, a veto or the end of a probation.
    """

    label: Text
    value: str
    clause: str
    readings: tuple[str, ...] = ()
    sources: tuple[int, ...] = ()
    children: tuple["Step", ...] = ()
    personal: bool = False


def applied(rulebook: Rulebook, *ambs: str) -> tuple[str, ...]:
    """Return those of the readings `ambs` that this rulebook's family has: each seed asks its own questions."""
    own = {SWITCHES[name].amb for name in rulebook.readings}
    return tuple(amb for amb in ambs if amb in own)
