"""Recomputing what was published: every number from raw facts and the rulebook in force, beside what was recorded.

Results that were recorded are never computed with: tallies, drawn records and settled months are made again from
scores, counts and entries, and what came of that is what later numbers are held against.
"""

from projections.replay.walk import Difference, Replayed, replay

__all__ = ["Difference", "Replayed", "replay"]
