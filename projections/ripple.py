"""Who has another result after than before, and why: two outcomes of one round beside each other.

One computation for every question of this kind: another rulebook, another ruling, a fact that had not been recorded.
Where the two explanations of a person part, the steps that differ say why.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from domain.ids import PersonId
from domain.rulebook import Rulebook
from domain.scoring import Outcome, PersonResult, Step
from domain.text import Text
from domain.verdicts import called


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
class Ripple:
    """Who changes, in roster order, and the places that do; `undecided` are stars a body would have to decide about."""

    changes: tuple[Tried, ...]
    caps: tuple[CapTried, ...]
    undecided: tuple[int, ...]
    rulebook: Rulebook

    def called(self, star: int) -> Text:
        """Return what the rulebook tried calls a star where its results are grades; empty for plain levels."""
        return called(self.rulebook, star)


def ripple(before: Outcome, after: Outcome) -> Ripple:
    """Return what differs between two outcomes of the people that both have."""
    undecided = tuple(dict.fromkeys(needed.star for needed in after.decisions_needed))
    return Ripple(tuple(_changes(before, after)), _caps(before, after), undecided, after.rulebook)


def _changes(before: Outcome, after: Outcome) -> Iterator[Tried]:
    known = {old.person: old for old in before.people}
    for new in after.people:
        old = known.get(new.person)
        if old is None:
            continue
        was, now = verdict(old), verdict(new)
        if was != now:
            yield Tried(PersonId(new.person), was, now, tuple(_partings(old.explanation, new.explanation)))


def verdict(result: PersonResult) -> Verdict:
    """Return what an outcome comes to for one person."""
    probation = None if result.probation is None else result.probation.title
    return Verdict(result.status, result.total, result.score_star, result.star, result.labels, probation)


def _caps(before: Outcome, after: Outcome) -> tuple[CapTried, ...]:
    old, new = ({cap.star: cap.cap for cap in outcome.caps} for outcome in (before, after))
    stars = sorted({star for star in old.keys() | new.keys() if old.get(star) != new.get(star)}, reverse=True)
    return tuple(CapTried(star, old.get(star), new.get(star)) for star in stars)


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
    """Pair the steps of two explanations: those about the same thing, then those under the same clause, then the rest.

    What a step is about stands before its colon: a month, a star, a component.
    """
    for key in (_about, _clause):
        was, now = _keyed(old, key), _keyed(new, key)
        yield from ((was[each], now[each]) for each in was if each in now)
        old = [step for each, step in was.items() if each not in now]
        new = [step for each, step in now.items() if each not in was]
    yield from zip_longest(old, new)


def _about(step: Step) -> tuple[str, ...]:
    return step.clause, step.label.en.partition(":")[0]


def _clause(step: Step) -> tuple[str, ...]:
    return (step.clause,)


def _keyed(steps: Sequence[Step], key: Callable[[Step], tuple[str, ...]]) -> dict[tuple[object, ...], Step]:
    """Return steps by a key, those with the same one numbered in their order."""
    seen: Counter[tuple[str, ...]] = Counter()
    found: dict[tuple[object, ...], Step] = {}
    for step in steps:
        found[(*key(step), seen[key(step)])] = step
        seen[key(step)] += 1
    return found


def _said(step: Step) -> tuple[Text, str]:
    return step.label, step.value


def _words(step: Step) -> Text:
    value = "" if not step.value or step.label.en.endswith(step.value) else f" = {step.value}"
    return Text(f"{step.label.zh}{value}", f"{step.label.en}{value}")
