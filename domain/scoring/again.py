"""The same sheet twice is scored once: for whoever computes two courses of events that are mostly the same."""

from collections.abc import Callable, Sequence

from domain.rulebook.model import Rulebook
from domain.scoring.contest import TieDecision
from domain.scoring.evaluate import score
from domain.scoring.outcome import Outcome
from domain.sheet.model import Sheet

REMEMBERED = 16
"""How many outcomes are remembered: a round is tallied a few times."""

Scoring = Callable[[Rulebook, Sheet, Sequence[TieDecision]], Outcome]
"""Scores a sheet under a rulebook, as `score` does."""


class Remembering:
    """Scores as `score` does and remembers what came of it: equal sheets under one rulebook come to the same."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._known: list[tuple[Rulebook, Sheet, tuple[TieDecision, ...], Outcome]] = []

    def __call__(self, rulebook: Rulebook, sheet: Sheet, decisions: Sequence[TieDecision] = ()) -> Outcome:
        """Return the outcome; raises as `score` does."""
        given = tuple(decisions)
        for rules, known, decided, outcome in reversed(self._known):
            if rules is rulebook and decided == given and known == sheet:
                return outcome
        outcome = score(rulebook, sheet, given)
        self._known = [*self._known[1 - REMEMBERED :], (rulebook, sheet, given, outcome)]
        return outcome
