"""A past round under another rulebook: who would have another total or star, and by which clause; nothing is written.

The round is folded and computed twice in memory, under its own rulebook and under the other one, from the same scores
and entries. Where the two explanations of a person part, the steps that differ say why.
"""

import copy
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from domain.ids import PersonId
from domain.round_sheet import sheet_of
from domain.rounds import Round
from domain.rulebook.compare import Difference, differences
from domain.rulebook.model import Rulebook
from domain.scores import Scores
from domain.scoring import Outcome, PersonResult, Step, score
from domain.tally import Results
from domain.text import Text
from ledger.ledger import Ledger
from projections.folding import folded


@dataclass(frozen=True, slots=True)
class Parting:
    """One step of an explanation that is not the same: its clause, and what it says on either side, if anything."""

    clause: str
    before: Text | None
    after: Text | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rulebook comes to for one person; the star is None while it cannot be said.

    `labels` name the level or grade and the named stars that are held, `probation` what the total means for it.
    """

    status: str
    total: Decimal | None
    score_star: int | None
    star: int | None
    labels: tuple[Text, ...]
    probation: Text | None


@dataclass(frozen=True, slots=True)
class Tried:
    """One person whose result is another: before and after, and the steps at which the two part."""

    person: PersonId
    before: Verdict
    after: Verdict
    why: tuple[Parting, ...]


@dataclass(frozen=True, slots=True)
class CapTried:
    """The places of one star under either rulebook; None where there is no cap."""

    star: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Trial:
    """A round under another rulebook: who changes, in roster order; `people` is how many there are.

    `unused` are components that were scored and that the other rulebook does not have. `undecided` are stars about
    which a body would have to decide. `differing` is in what the rulebooks mean something else.
    """

    round: str
    branch: str
    period: str
    people: int
    changes: tuple[Tried, ...]
    caps: tuple[CapTried, ...]
    undecided: tuple[int, ...]
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
    before, after = (_outcome(this, rulebook, scores, results) for rulebook in (this.rulebook, other))
    return Trial(
        round=this.key,
        branch=this.branch,
        period=this.period,
        people=len(this.roster),
        changes=tuple(_changes(before, after)),
        caps=_caps(before, after),
        undecided=tuple(dict.fromkeys(needed.star for needed in after.decisions_needed)),
        unused=_unused(this.rulebook, other, scores),
        differing=differences(this.rulebook, other),
    )


def _outcome(this: Round, rulebook: Rulebook, scores: Scores, results: Results) -> Outcome:
    """Return the outcome under a rulebook; a tie stays decided where the same people are tied."""
    under = copy.copy(this)
    under.rules = rulebook
    return score(rulebook, sheet_of(under, scores), results.decisions)


def _changes(before: Outcome, after: Outcome) -> Iterator[Tried]:
    for old, new in zip(before.people, after.people, strict=True):
        was, now = _verdict(old), _verdict(new)
        if was != now:
            yield Tried(PersonId(new.person), was, now, tuple(_partings(old.explanation, new.explanation)))


def _verdict(result: PersonResult) -> Verdict:
    probation = None if result.probation is None else result.probation.title
    return Verdict(result.status, result.total, result.score_star, result.star, result.labels, probation)


def _caps(before: Outcome, after: Outcome) -> tuple[CapTried, ...]:
    old, new = ({cap.star: cap.cap for cap in outcome.caps} for outcome in (before, after))
    stars = sorted({star for star in old.keys() | new.keys() if old.get(star) != new.get(star)}, reverse=True)
    return tuple(CapTried(star, old.get(star), new.get(star)) for star in stars)


def _unused(own: Rulebook, other: Rulebook, scores: Scores) -> tuple[str, ...]:
    given = {code for cells in (scores.held, scores.records, scores.counted, scores.openly) for _, code in cells}
    return tuple(code for code in own.leaves() if code in given and code not in other.leaves())


def _partings(old: Step, new: Step) -> Iterator[Parting]:
    """Yield the deepest steps at which two explanations part: what stands above them only follows from them."""
    if _said(old) == _said(new) and old.children == new.children:
        return
    below = [parting for pair in _paired(old.children, new.children) for parting in _of_pair(*pair)]
    if below:
        yield from below
    elif _said(old) != _said(new):
        yield Parting(new.clause, _words(old), _words(new))


def _of_pair(old: Step | None, new: Step | None) -> Iterator[Parting]:
    if old is not None and new is not None:
        yield from _partings(old, new)
    elif old is not None:
        yield Parting(old.clause, _words(old), None)
    elif new is not None:
        yield Parting(new.clause, None, _words(new))


def _paired(old: Sequence[Step], new: Sequence[Step]) -> Iterator[tuple[Step | None, Step | None]]:
    """Pair the steps of two explanations: those under the same clause, then what is left, each in its order."""
    was, now = _by_clause(old), _by_clause(new)
    yield from ((was[key], now[key]) for key in was if key in now)
    left = [step for key, step in was.items() if key not in now]
    yield from zip_longest(left, [step for key, step in now.items() if key not in was])


def _by_clause(steps: Sequence[Step]) -> dict[tuple[str, int], Step]:
    seen: Counter[str] = Counter()
    found: dict[tuple[str, int], Step] = {}
    for step in steps:
        found[step.clause, seen[step.clause]] = step
        seen[step.clause] += 1
    return found


def _said(step: Step) -> tuple[Text, str]:
    return step.label, step.value


def _words(step: Step) -> Text:
    value = "" if not step.value or step.label.en.endswith(step.value) else f" = {step.value}"
    return Text(f"{step.label.zh}{value}", f"{step.label.en}{value}")
