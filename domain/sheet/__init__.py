"""The sheet that a result is computed from: read from JSON, checked, or made from the facts of a round."""

from domain.sheet.check import sheet_faults
from domain.sheet.model import Candidate, Counted, Declared, Entry, Given, Measure, PeriodGiven, Recorded, Score, Sheet
from domain.sheet.parse import parse_sheet

__all__ = [
    "Candidate",
    "Counted",
    "Declared",
    "Entry",
    "Given",
    "Measure",
    "PeriodGiven",
    "Recorded",
    "Score",
    "Sheet",
    "parse_sheet",
    "sheet_faults",
]
