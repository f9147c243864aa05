"""Scores and stars, computed exactly from a rulebook and a sheet, with the reasons."""

from domain.scoring.again import Remembering, Scoring
from domain.scoring.contest import TieDecision
from domain.scoring.evaluate import ENGINE, score
from domain.scoring.numbers import written
from domain.scoring.outcome import CapUse, DecisionNeeded, FloorUse, Outcome, PersonResult, Reason
from domain.scoring.step import Step

__all__ = [
    "ENGINE",
    "CapUse",
    "DecisionNeeded",
    "FloorUse",
    "Outcome",
    "PersonResult",
    "Reason",
    "Remembering",
    "Scoring",
    "Step",
    "TieDecision",
    "score",
    "written",
]
