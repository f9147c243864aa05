"""Citing a rulebook: the words of its clauses, and how it reads what the seeds leave open."""

from collections.abc import Iterable, Mapping

from domain.rulebook import clause_text, readings
from domain.rulebook.model import Rulebook
from domain.scoring import Step
from projections.explanation import Cited, Node
from projections.fact_notes import FactNote


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


def node_of(step: Step, citations: Citations, notes: Mapping[int, FactNote] | None = None) -> Node:
    """Return a step of scoring with the words of its clauses and the facts beneath; without `notes` there are none."""
    return Node(
        label=step.label,
        value=step.value,
        clause=citations.clause(step.clause),
        readings=citations.readings(step.readings),
        facts=() if notes is None else tuple(notes[source] for source in step.sources),
        children=tuple(node_of(child, citations, notes) for child in step.children),
        personal=step.personal,
    )
