"""A scheme of evaluation as data: read it, lint it, and ask it."""

from domain.rulebook.citing import cited
from domain.rulebook.coherence import faults
from domain.rulebook.conduct import (
    Annual,
    BallotBox,
    Conduct,
    Excellent,
    Forms,
    Named,
    Openness,
    Session,
)
from domain.rulebook.items import Group, Item, Value
from domain.rulebook.lint import lint
from domain.rulebook.model import Band, Cap, Clause, Component, Consequence, Family, Rulebook
from domain.rulebook.parse import FORMAT, altered_rulebook, parse_rulebook
from domain.rulebook.readings import FAMILIES, SWITCHES, Reading, reading, readings
from domain.text import Text

__all__ = [
    "FAMILIES",
    "FORMAT",
    "SWITCHES",
    "Annual",
    "BallotBox",
    "Band",
    "Cap",
    "Clause",
    "Component",
    "Conduct",
    "Consequence",
    "Excellent",
    "Family",
    "Forms",
    "Group",
    "Item",
    "Named",
    "Openness",
    "Reading",
    "Rulebook",
    "Session",
    "Value",
    "altered_rulebook",
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
