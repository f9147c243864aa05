"""The preview of Table 3-1 in words and as JSON, with the one command that it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from domain.ids import Evidence, PersonId
from domain.score_import import ImportScores
from domain.sealed import Sealed
from domain.text import Language
from projections.effects_json import changes_json
from projections.effects_words import change_words
from workbooks.grid import Grid
from workbooks.table_people import shown_name
from workbooks.table_proposal import Asker, Proposal, faults_of
from workbooks.table_round import RoundFacts
from workbooks.table_scores import Importing, ScorePlan, plan_scores
from workbooks.table_words import counts_words, score_words


@dataclass(frozen=True, slots=True)
class Extras:
    """What comes beside the table: valid ballots of the masses, the day of the scores, why recorded ones change."""

    ballots: int | None = None
    occurred_on: date | None = None
    reason: str | None = None


def score_proposal(facts: RoundFacts, grid: Grid, workbook: str, extras: Extras, manner: Asker) -> Proposal:
    """Return what importing the sheet comes to; `workbook` is the SHA-256 of the file it stands in."""
    reason = (extras.reason or "").strip()
    plan = plan_scores(grid, facts, Importing(PersonId(manner.actor), extras.ballots, with_reason=bool(reason)))
    asked = ImportScores(
        round=facts.round,
        workbook=Evidence(workbook),
        lines=plan.lines,
        ballots=extras.ballots,
        occurred_on=extras.occurred_on,
        reason=Sealed(reason) if reason else None,
    )
    return Proposal(
        _words(plan, facts, manner.language),
        _as_json(plan, facts),
        faults_of(plan.shown.lines),
        asked if plan.lines else None,
    )


def _words(plan: ScorePlan, facts: RoundFacts, language: Language) -> tuple[str, ...]:
    return (
        *score_words(plan.shown.lines, language),
        *(change_words(change, partial(shown_name, borne=facts.borne), language) for change in plan.effects),
        counts_words(plan.shown.counts, language),
    )


def _as_json(plan: ScorePlan, facts: RoundFacts) -> Mapping[str, object]:
    effects = changes_json(plan.effects, partial(shown_name, borne=facts.borne))
    return plan.shown.as_json() | {"can_be_confirmed": bool(plan.lines), "effects": effects}
