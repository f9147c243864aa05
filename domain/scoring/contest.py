"""Who holds the places of each capped star: ranking, falling to the next star, ties, and what a body must decide.

The result never depends on the order of people. Where the rules alone do not say who wins, the question stays open, and
the rest is computed under every answer that could matter: what comes out the same is certain, what differs is open too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby, takewhile
from typing import Literal, NamedTuple

from domain.rulebook.model import OverflowMode, TiesLeft
from domain.scoring.numbers import Units, units

QuestionKind = Literal["tie", "tie_approval", "branch_vote", "committee", "vacant"]
# within: there were places enough. ranked_in, ranked_out: the rank decided. tie_down: a tied group went down whole.
# chosen, not_chosen: a body decided. open: it has yet to.
Result = Literal["within", "ranked_in", "ranked_out", "tie_down", "chosen", "not_chosen", "open"]


@dataclass(frozen=True, slots=True)
class TieDecision:
    """What a body decided about one star's places: the winners among the people in question.

    `among`, where given, names exactly the people it was decided over, so that it cannot outlive a corrected score.
    """

    star: int
    winners: tuple[str, ...]
    among: tuple[str, ...] = ()


class Contender(NamedTuple):
    """One person in the ranking: the star by score, and the numbers compared one after another."""

    person: str
    star: int
    key: tuple[Fraction, ...]
    listed: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds the contest: places by star, which of them count higher stars too, and who decides above them.

    `above` has by star how many may stand above it, where the low end has a quota to take.
    """

    places: Mapping[int, int]
    nested: frozenset[int]
    order: tuple[int, ...]
    mode: OverflowMode
    left: TiesLeft
    above: Mapping[int, int] = field(default_factory=dict)


class Contest(NamedTuple):
    """One person's part in the contest for one star: `rank` among `contenders` for `room` places.

    `decider` is the place in the key at which the person differs from the other side of the cut (0 is the score).
    """

    star: int
    room: int
    contenders: int
    rank: int
    result: Result
    decider: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """What a body has to decide: which of `people` (in sheet order) take the `places` of `star`."""

    kind: QuestionKind
    star: int
    places: int
    people: tuple[str, ...]

    def allows(self, decision: TieDecision) -> bool:
        """Return whether `decision` answers this question."""
        winners = set(decision.winners)
        fits = winners <= set(self.people) and len(winners) == len(decision.winners)
        meant = not decision.among or sorted(decision.among) == sorted(self.people)
        return fits and meant and self._allows_count(len(winners))

    def _allows_count(self, count: int) -> bool:
        if self.kind == "tie_approval":
            return count in (0, len(self.people))
        return count <= self.places if self.kind == "vacant" else count == self.places

    def answers(self) -> tuple[TieDecision, ...]:
        """Return answers that stand for all possible ones, as far as other people are concerned.

        Who wins a tie makes no difference to the others, because the tied have equal numbers; how many win does.
        """
        some = self.people[: self.places]
        counts: dict[QuestionKind, tuple[tuple[str, ...], ...]] = {
            "tie_approval": ((), self.people),
            "vacant": ((), some),
        }
        return tuple(TieDecision(self.star, winners) for winners in counts.get(self.kind, (some,)))


class Placing(NamedTuple):
    """The star a person is awarded, None while `open_at` (a star's places) is undecided, and the way it came about."""

    star: int | None
    contests: tuple[Contest, ...] = ()
    open_at: int | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """Everybody's placing, the questions that can be decided now, and the decisions that answer no question."""

    placings: Mapping[str, Placing]
    questions: tuple[Question, ...] = ()
    unused: tuple[TieDecision, ...] = ()


def settle(contenders: Sequence[Contender], limits: Limits, decisions: Sequence[TieDecision]) -> Settlement:
    """Return who holds which star under `limits`, as far as the numbers and the `decisions` say."""
    attempt = _Attempt(limits, {decision.star: decision for decision in decisions})
    attempt.run(contenders)
    question = attempt.question
    if question is None:
        return Settlement(attempt.placings(), unused=attempt.unused(decisions))
    branches = [settle(contenders, limits, _with(decisions, question, answer)) for answer in question.answers()]
    return _merged(question, attempt, branches, decisions)


def _with(decisions: Sequence[TieDecision], question: Question, answer: TieDecision) -> tuple[TieDecision, ...]:
    """Return the decisions with a supposed answer; those that name the people in question wait for the real one."""
    asked = set(question.people)
    kept = (each for each in decisions if each.star != answer.star and asked.isdisjoint({*each.winners, *each.among}))
    return (*kept, answer)


@dataclass(slots=True)
class _Attempt:
    """One pass from the highest star down, until it ends or meets a question nobody has answered."""

    limits: Limits
    decisions: Mapping[int, TieDecision]
    stars: dict[str, int] = field(default_factory=dict)
    contests: dict[str, list[Contest]] = field(default_factory=dict)
    awarded: dict[int, int] = field(default_factory=dict)
    answered: set[int] = field(default_factory=set)
    question: Question | None = None

    def run(self, contenders: Sequence[Contender]) -> None:
        ranked = sorted(contenders, key=_numbers, reverse=True)
        natural: dict[int, list[Contender]] = {}
        for each in ranked:
            natural.setdefault(each.star, []).append(each)
        carried: list[Contender] = []
        for star in sorted({*natural, *self.limits.order}, reverse=True):
            pool = natural.get(star, [])
            if carried:
                pool = sorted([*carried, *pool], key=lambda each: each.key, reverse=True)
            carried = self._level(star, pool)
            if self.question is not None:
                return

    def placings(self) -> dict[str, Placing]:
        alone = {star: Placing(star) for star in set(self.stars.values())}
        return {
            person: Placing(star, tuple(self.contests[person])) if person in self.contests else alone[star]
            for person, star in self.stars.items()
        }

    def unused(self, decisions: Sequence[TieDecision]) -> tuple[TieDecision, ...]:
        """Return the decisions that came to nothing at a star this attempt has passed, or that has no places."""
        return tuple(
            decision
            for decision in decisions
            if decision.star not in self.answered
            and (
                self.question is None or decision.star >= self.question.star or decision.star not in self.limits.places
            )
        )

    def _room(self, star: int) -> int | None:
        """Return the places left at `star`; None where nothing bounds it. Nested caps below count this star too."""
        bounds = [self.limits.places[star]] if star in self.limits.places else []
        taken = sum(self.awarded.values())
        bounds.extend(self.limits.places[nested] - taken for nested in self.limits.nested if nested <= star)
        bounds.extend(most - taken for low, most in self.limits.above.items() if low < star)
        return max(0, min(bounds)) if bounds else None

    def _level(self, star: int, pool: list[Contender]) -> list[Contender]:
        """Award `star` to those of `pool` who take its places and return the others."""
        room = self._room(star)
        if room is None:
            self._award(star, pool)
            return []
        if len(pool) <= room:
            self._note(star, room, pool, {each.person: ("within", 0) for each in pool})
            self._award(star, pool)
            return []
        if room and self.limits.mode != "cascade":
            return self._choose(star, room, pool, pool)
        return self._cut(star, room, pool)

    def _cut(self, star: int, room: int, pool: list[Contender]) -> list[Contender]:
        """Divide `pool` at the last place; a tie across the cut is settled as the rulebook says (AMB-A8)."""
        if room == 0 or pool[room - 1].key != pool[room].key:
            self._note(star, room, pool, _by_rank(pool, room))
            self._award(star, pool[:room])
            return pool[room:]
        key = pool[room].key
        above = [each for each in pool[:room] if each.key != key]
        tied = [each for each in pool if each.key == key]
        if self.limits.left == "group_down":
            noted = _by_rank(pool, len(above)) | {each.person: ("tie_down", 0) for each in tied}
            self._note(star, room, pool, noted)
            self._award(star, above)
            return pool[len(above) :]
        return self._choose(star, room, pool, tied)

    def _choose(self, star: int, room: int, pool: list[Contender], asked: list[Contender]) -> list[Contender]:
        """Let a body choose among `asked`; those above them are in and those below are out whatever it decides."""
        above = pool[: pool.index(asked[0])]
        people = tuple(each.person for each in sorted(asked, key=lambda each: each.listed))
        question = Question(self._kind(), star, room - len(above), people)
        noted = _by_rank(pool, len(above))
        decision = self.decisions.get(star)
        if decision is None or not question.allows(decision):
            self.question = question
            self._note(star, room, pool, noted | {each.person: ("open", 0) for each in asked})
            return []
        self.answered.add(star)
        winners = set(decision.winners)
        outcome: dict[str, tuple[Result, int]] = {
            each.person: ("chosen" if each.person in winners else "not_chosen", 0) for each in asked
        }
        self._note(star, room, pool, noted | outcome)
        self._award(star, [*above, *(each for each in asked if each.person in winners)])
        losers = [each for each in asked if each.person not in winners]
        return [*losers, *pool[len(above) + len(asked) :]]

    def _kind(self) -> QuestionKind:
        if self.limits.mode == "cascade":
            return "tie_approval" if self.limits.left == "group_up" else "tie"
        return "vacant" if self.limits.mode == "leave_vacant" else self.limits.mode

    def _award(self, star: int, winners: Sequence[Contender]) -> None:
        self.awarded[star] = self.awarded.get(star, 0) + len(winners)
        for each in winners:
            self.stars[each.person] = star

    def _note(self, star: int, room: int, pool: list[Contender], results: Mapping[str, tuple[Result, int]]) -> None:
        rank = 1
        for _, tied in groupby(pool, key=lambda each: each.key):
            group = list(tied)
            for each in group:
                result, decider = results[each.person]
                contest = Contest(star, room, len(pool), rank, result, decider)
                self.contests.setdefault(each.person, []).append(contest)
            rank += len(group)


def _numbers(contender: Contender) -> list[Units]:
    """Return the key in millionths, nearly always whole numbers, which are compared many times as fast."""
    return list(map(units, contender.key))


def _by_rank(pool: list[Contender], room: int) -> dict[str, tuple[Result, int]]:
    """Return in or out by rank for each of `pool`, with the number that decides against the other side of the cut."""
    results: dict[str, tuple[Result, int]] = {}
    for place, each in enumerate(pool):
        inside = place < room
        other = pool[room] if inside else pool[room - 1] if room else None
        results[each.person] = ("ranked_in" if inside else "ranked_out", _decider(each, other))
    return results


def _decider(each: Contender, other: Contender | None) -> int:
    if other is None:
        return 0
    pairs = enumerate(zip(each.key, other.key, strict=True))
    return next((place for place, (mine, theirs) in pairs if mine != theirs), 0)


def _merged(
    question: Question, attempt: _Attempt, branches: Sequence[Settlement], decisions: Sequence[TieDecision]
) -> Settlement:
    """Return what is certain whatever the answer to `question` is; all else is open."""
    asked = set(question.people)
    later = tuple(
        each
        for each in branches[0].questions
        if asked.isdisjoint(each.people) and all(each in branch.questions for branch in branches)
    )
    known = {each.star for each in later}
    placings = {
        person: _asked(attempt, person, question.star)
        if person in asked
        else _certain([branch.placings[person] for branch in branches], question.star, known)
        for person in branches[0].placings
    }
    return Settlement(placings, (question, *later), attempt.unused(decisions))


def _asked(attempt: _Attempt, person: str, star: int) -> Placing:
    return Placing(None, tuple(attempt.contests[person]), star)


def _certain(possible: Sequence[Placing], star: int, known: set[int]) -> Placing:
    """Return the placing that all of `possible` share; open where they differ, at `star` unless a `known` one asks."""
    first = possible[0]
    same = takewhile(lambda column: len(set(column)) == 1, zip(*(each.contests for each in possible), strict=False))
    contests = tuple(column[0] for column in same)
    if all(each.star == first.star for each in possible) and first.star is not None:
        return Placing(first.star, contests)
    return Placing(None, contests, first.open_at if first.open_at in known else star)
