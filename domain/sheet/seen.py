"""Lines of a sheet that say what a line before them said: what was found to fit there is not checked again."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from domain.sheet.check_entries import Fitting
from domain.sheet.check_scores import ScoreCheck
from domain.sheet.model import Candidate, Given, Recorded, Score
from domain.sheet.occurrences import MOST_KEPT

_Said = tuple[object, ...]
_Known = tuple[ScoreCheck, dict[str, Fitting]]

_line: Callable[[Candidate], tuple[Any, ...]] = attrgetter(
    "kind", "category", "posts", "components",
    "periods", "last_year", "vetoes", "gates", "earlier", "not_applicable", "joined",
)  # fmt: skip


class Seen:
    """What fits a rulebook whoever it is about: the frames of lines, and points as they are written.

    A line with anything uncommon (months, vetoes, conditions, a day of joining) is always checked for itself.
    """

    def __init__(self, check: Callable[[Candidate], ScoreCheck]) -> None:
        """Begin with nothing; `check` makes the checks of one person's scores."""
        self._check = check
        self._frames: dict[_Said, _Known] = {}
        self._given: set[_Said] = set()

    def note(self, candidate: Candidate) -> None:
        """Keep that the line of `candidate` fits."""
        if len(self._frames) < MOST_KEPT:
            check = self._check(candidate)
            of_entries = [code for code, score in candidate.components.items() if isinstance(score, Recorded)]
            given = candidate.components
            frame = (candidate.kind, candidate.category, candidate.posts, *given, *map(type, given.values()))
            self._frames[frame] = check, {code: check.fitting(code) for code in of_entries}

    def fits(self, candidate: Candidate) -> bool:
        """Return whether nothing is wrong with a line; False where only its own check can tell."""
        kind, category, posts, scores, *uncommon = _line(candidate)
        if any(uncommon):
            return False
        known = self._frames.get((kind, category, posts, *scores, *map(type, scores.values())))
        if known is None:
            return False
        check, fitting = known
        for code, score in scores.items():
            if isinstance(score, Recorded):
                if fitting[code].holds(score.occurrences):
                    continue
            elif isinstance(score, Given) and (code, str(score.points), score.group, score.ballots) in self._given:
                continue
            if not self._fits(check, code, score):
                return False
        return True

    def _fits(self, check: ScoreCheck, code: str, score: Score) -> bool:
        """Return whether nothing is wrong with a score, and keep that it is so where it is given as points."""
        if next(check.score(code, score), None) is not None:
            return False
        if isinstance(score, Given) and len(self._given) < MOST_KEPT:
            self._given.add((code, str(score.points), score.group, score.ballots))
        return True
