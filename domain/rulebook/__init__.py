"""A scheme of evaluation as data: read it, lint it, and ask it."""

from domain.rulebook.coherence import faults
from domain.rulebook.lint import cited, lint
from domain.rulebook.model import Band, Cap, Clause, Component, Consequence, Rulebook
from domain.rulebook.parse import FORMAT, parse_rulebook
from domain.rulebook.readings import SWITCHES, Reading, reading, readings
from domain.text import Text

__all__ = [
    "FORMAT",
    "SWITCHES",
    "Band",
    "Cap",
    "Clause",
    "Component",
    "Consequence",
    "Reading",
    "Rulebook",
    "cited",
    "clause_text",
    "faults",
    "lint",
    "parse_rulebook",
    "reading",
    "readings",
]


def clause_text(rulebook: Rulebook, clause: str) -> Text | None:
    """Return what `clause` says: a clause of the rulebook, or an AMB id as the rulebook reads it; None for neither."""
    if clause in rulebook.clauses:
        return rulebook.clauses[clause].text
    return next((each.meaning for each in readings(rulebook.readings) if each.amb == clause), None)
