"""What an import would do to results: totals and stars of those in the table, and of others through the quota (S6)."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

from cli.table_round import RoundFacts
from domain.decision import Event, Fact
from domain.ids import PersonId
from domain.rounds import Round
from domain.score_import import ScoreLine
from domain.scores import ComponentNotApplicable, ScoreRecorded, Scores
from domain.tally import ResultComputed, Results, retally

Through = Literal["own", "quota"]


@dataclass(frozen=True, slots=True)
class Effect:
    """One person's result before and after: through scores of his own, or through the places that others take."""

    person: PersonId
    through: Through
    total: tuple[Decimal | None, Decimal | None]
    star: tuple[int | None, int | None]


def effects(facts: RoundFacts, lines: Sequence[ScoreLine], ballots: int | None) -> tuple[Effect, ...]:
    """Return whose total or star `lines` would change, in roster order; nothing before the round's first tally."""
    if facts.results.tallied is None or not lines:
        return ()
    before = _results(facts.this, facts.scores, facts.results)
    after = _results(facts.this, scores_after(facts, lines, ballots), facts.results)
    own = {line.person for line in lines}
    return tuple(
        _effect(before[person], after[person], "own" if person in own else "quota")
        for person in facts.this.roster
        if _outcome(before[person]) != _outcome(after[person])
    )


def _outcome(result: ResultComputed) -> tuple[Decimal | None, int | None]:
    return result.total, result.star


def _effect(before: ResultComputed, after: ResultComputed, through: Through) -> Effect:
    return Effect(after.person, through, (before.total, after.total), (before.star, after.star))


def _results(this: Round, scores: Scores, results: Results) -> dict[PersonId, ResultComputed]:
    """Return everybody's result as a tally of `scores` would leave it."""
    computed = (made for made in retally(this, scores, results) if isinstance(made, ResultComputed))
    return results.latest | {made.person: made for made in computed}


def scores_after(facts: RoundFacts, lines: Sequence[ScoreLine], ballots: int | None) -> Scores:
    """Return the scores as they will be once `lines` are facts."""
    after = copy.deepcopy(facts.scores)
    for line in lines:
        entered = _entered(facts, line, ballots)
        after.evolve(Fact(facts.scores.last_position + 1, datetime.min.replace(tzinfo=UTC), "", None, entered))
    return after


def _entered(facts: RoundFacts, line: ScoreLine, ballots: int | None) -> Event:
    round_id, component = facts.round, facts.this.rulebook.leaves()[line.component]
    if line.points is None:
        return ComponentNotApplicable(round=round_id, person=line.person, component=line.component, why=line.cell)
    return ScoreRecorded(
        round=round_id,
        person=line.person,
        component=line.component,
        level=component.rater,
        points=line.points,
        rater=None,
        ballots=ballots if component.ballots_minimum else None,
        occurred_on=None,
        evidence=None,
        cell=line.cell,
    )
