"""What an import would do to results: totals and stars of those in the table, and of others through the quota (S6)."""

from collections.abc import Sequence

from domain.decision import Event, ahead
from domain.score_import import ScoreLine
from domain.scores import ComponentNotApplicable, ScoreRecorded, Scores
from projections.effects import Change, Standing, changes
from workbooks.table_round import RoundFacts


def effects(facts: RoundFacts, lines: Sequence[ScoreLine], ballots: int | None) -> tuple[Change, ...]:
    """Return whose total or star `lines` would change, in roster order; nothing before the round's first tally."""
    if facts.results.tallied is None or not lines:
        return ()
    before = Standing(facts.this, facts.scores, facts.results, facts.vetoes)
    after = Standing(facts.this, scores_after(facts, lines, ballots), facts.results, facts.vetoes)
    return changes(facts.this, before.computed(), after.computed())


def scores_after(facts: RoundFacts, lines: Sequence[ScoreLine], ballots: int | None) -> Scores:
    """Return the scores as they will be once `lines` are facts."""
    return ahead(facts.scores, [_entered(facts, line, ballots) for line in lines], facts.scores.last_position + 1)


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
