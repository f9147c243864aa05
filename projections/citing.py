"""Citing a rulebook: the words of its clauses, and how it reads what the seeds leave open."""

from collections.abc import Iterable

from domain.rulebook import clause_text, readings
from domain.rulebook.model import Rulebook
from projections.explanation import Cited


class Citations:
    """The clauses and readings of one rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Cite `rulebook`."""
        self._rulebook = rulebook
        self._readings = {each.amb: each.meaning for each in readings(rulebook.readings)}

    def clause(self, clause: str) -> Cited:
        """Return a clause with its words; the rulebook itself stands for a clause that it does not write out."""
        text = clause_text(self._rulebook, clause) if clause else None
        return Cited(self._rulebook.id, self._rulebook.title) if text is None else Cited(clause, text)

    def readings(self, ids: Iterable[str]) -> tuple[Cited, ...]:
        """Return what the rulebook reads under these ids."""
        return tuple(Cited(amb, self._readings[amb]) for amb in ids if amb in self._readings)

    def step(self, name: str, otherwise: str) -> Cited:
        """Return the clause of a step of the procedure, or another one where the rulebook does not name the step."""
        return self.clause(next((step.clause for step in self._rulebook.procedure if step.name == name), otherwise))
