"""A named switch: one question that a seed leaves open, with what each answer means."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.text import Text


@dataclass(frozen=True, slots=True)
class Switch:
    """One open question: its AMB id, and what each choice means; the first choice is the default."""

    amb: str
    meanings: Mapping[str, Text]

    @property
    def default(self) -> str:
        """Return the choice that holds where a rulebook says nothing."""
        return next(iter(self.meanings))


def switch(amb: str, /, **meanings: tuple[str, str]) -> Switch:
    """Return the switch for `amb` whose choices mean these pairs of Chinese and English."""
    return Switch(amb, {choice: Text(zh=zh, en=en) for choice, (zh, en) in meanings.items()})
