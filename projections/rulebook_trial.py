"""A past round under another rulebook: who would have another total or star, and by which clause; nothing is written.

The round is folded and computed twice in memory, under its own rulebook and under the other one, from the same scores
and entries. Where the two explanations of a person part, the steps that differ say why.
"""

import copy
from dataclasses import dataclass

from domain.round_sheet import sheet_of
from domain.rounds import Round
from domain.rulebook.compare import Difference, differences
from domain.rulebook.model import Rulebook
from domain.scores import Scores
from domain.scoring import Outcome, score
from domain.tally import Results
from ledger.ledger import Ledger
from projections.folding import folded
from projections.ripple import Ripple, ripple


@dataclass(frozen=True, slots=True)
class Trial:
    """A round under another rulebook: who changes; `people` is how many there are.

    `unused` are components that were scored and that the other rulebook does not have. `differing` is in what the
    rulebooks mean something else.
    """

    round: str
    branch: str
    period: str
    people: int
    ripple: Ripple
    unused: tuple[str, ...]
    differing: tuple[Difference, ...]


def trial(ledger: Ledger, round_id: str, other: Rulebook, upto: int | None = None) -> Trial:
    """Return what `other` would have made of a round, as of a position (None: now).

    Raises `NotFound` where there is no such round, and `Invalid` where what was recorded cannot be computed with
    `other`: an item that it does not list, or a rulebook that leaves a star undefined.
    """
    this = folded(ledger, Round, round_id, upto)
    this.require_open()
    scores, results = folded(ledger, Scores, round_id, upto), folded(ledger, Results, round_id, upto)
    found = ripple(*(_outcome(this, rulebook, scores, results) for rulebook in (this.rulebook, other)))
    return Trial(
        round=this.key,
        branch=this.branch,
        period=this.period,
        people=len(this.roster),
        ripple=found,
        unused=_unused(this.rulebook, other, scores),
        differing=differences(this.rulebook, other),
    )


def _outcome(this: Round, rulebook: Rulebook, scores: Scores, results: Results) -> Outcome:
    """Return the outcome under a rulebook; a tie stays decided where the same people are tied."""
    under = copy.copy(this)
    under.rules = rulebook
    return score(rulebook, sheet_of(under, scores, results.vetoes), results.decisions)


def _unused(own: Rulebook, other: Rulebook, scores: Scores) -> tuple[str, ...]:
    given = {code for cells in (scores.held, scores.records, scores.counted, scores.openly) for _, code in cells}
    return tuple(code for code in own.leaves() if code in given and code not in other.leaves())
