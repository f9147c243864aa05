"""The sheet that a result is computed from: read from JSON, checked, or made from the facts of a round."""

from domain.sheet.check import sheet_faults
from domain.sheet.model import (
    Candidate,
    Counted,
    Declared,
    Entry,
    Given,
    Measure,
    Occurrence,
    PeriodGiven,
    Recorded,
    Score,
    Sheet,
)
from domain.sheet.occurrences import Occurrences, entry_of
from domain.sheet.parse import parse_sheet

__all__ = [
    "Candidate",
    "Counted",
    "Declared",
    "Entry",
    "Given",
    "Measure",
    "Occurrence",
    "Occurrences",
    "PeriodGiven",
    "Recorded",
    "Score",
    "Sheet",
    "entry_of",
    "parse_sheet",
    "sheet_faults",
]
