"""A whole table of scores at once: every cell that is new or changed, or nothing (S4)."""

import dataclasses
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.appointments import Offices
from domain.decision import Command, Context, Event, Refused, command, deciders
from domain.ids import Evidence, PersonId, RoundId
from domain.lists import Lists
from domain.raters import Raters, component_of
from domain.roles import RECORDERS
from domain.rounds import Round
from domain.scores import (
    CorrectScore,
    MarkNotApplicable,
    RecordScore,
    ScoreCorrected,
    ScoreRecorded,
    Scores,
    SheetImported,
    correct_score,
    mark_not_applicable,
    record_score,
)
from domain.sealed import Sealed
from domain.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreLine:
    """One cell of an imported table; without points the component does not exist for the person."""

    person: PersonId
    component: str
    points: Decimal | None
    cell: str


@command("import-scores", roles=RECORDERS, at="rounds/{round}/score-imports")
class ImportScores(Command):
    """Enter a whole table at once, or nothing of it; the workbook is kept as an attachment."""

    round: RoundId
    workbook: Evidence
    lines: tuple[ScoreLine, ...]
    ballots: int | None = None
    occurred_on: date | None = None
    reason: Sealed | None = None


def import_scores(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: ImportScores,
    context: Context,
    this: Round,
    scores: Scores,
    raters: Raters,
    lists: Lists,
    offices: Offices,
) -> list[Event]:
    """Enter every cell that is new or changed, in one batch; one wrong cell refuses the table and is named."""
    offices.require(asked, context, this.branch)
    _require_distinct(asked)
    events: list[Event] = []
    for line in asked.lines:
        try:
            events += _entered(asked, line, context, this, scores, raters, lists, offices)
        except Refused as refused:
            raise _at(line, refused) from refused
    changed = sum(isinstance(entered, ScoreCorrected) for entered in events)
    if changed and asked.reason is None:
        raise Refused("reason-missing", _reason_missing(changed))
    if not events:
        return []
    new, unchanged = len(events) - changed, len(asked.lines) - len(events)
    imported = SheetImported(round=asked.round, workbook=asked.workbook, new=new, changed=changed, unchanged=unchanged)
    return [imported, *events]


def _entered(  # noqa: PLR0913
    asked: ImportScores,
    line: ScoreLine,
    context: Context,
    this: Round,
    scores: Scores,
    raters: Raters,
    lists: Lists,
    offices: Offices,
) -> list[Event]:
    match _as_command(asked, line, this, scores):
        case MarkNotApplicable() as mark:
            return mark_not_applicable(mark, context, this, scores, lists, offices)
        case CorrectScore() as fix:
            return correct_score(fix, context, this, scores, lists, offices)
        case RecordScore() as new:
            return [_with_cell(e, line) for e in record_score(new, context, this, scores, raters, lists, offices)]


def _as_command(
    asked: ImportScores, line: ScoreLine, this: Round, scores: Scores
) -> RecordScore | CorrectScore | MarkNotApplicable:
    round_id, person, component = asked.round, line.person, line.component
    if line.points is None:
        return MarkNotApplicable(round=round_id, person=person, component=component, why=line.cell)
    ballots = asked.ballots if component_of(this, component).ballots_minimum else None
    new = RecordScore(
        round=round_id,
        person=person,
        component=component,
        points=line.points,
        ballots=ballots,
        occurred_on=asked.occurred_on,
        evidence=asked.workbook,
    )
    if scores.get(new) is not None:
        return CorrectScore(
            round=round_id,
            person=person,
            component=component,
            points=line.points,
            ballots=ballots,
            reason=asked.reason or Sealed(""),
        )
    return new


def _with_cell(entered: Event, line: ScoreLine) -> Event:
    return dataclasses.replace(entered, cell=line.cell) if isinstance(entered, ScoreRecorded) else entered


def _at(line: ScoreLine, refused: Refused) -> Refused:
    why = Text(f"单元格 {line.cell}：{refused.why.zh}", f"Cell {line.cell}: {refused.why.en}")
    return type(refused)(refused.code, why)


def _require_distinct(asked: ImportScores) -> None:
    seen: dict[tuple[PersonId, str], ScoreLine] = {}
    for line in asked.lines:
        first = seen.setdefault((line.person, line.component), line)
        if first is not line:
            raise Refused("score-twice", _twice(line, first))


DECIDERS = deciders(import_scores)


def _twice(line: ScoreLine, first: ScoreLine) -> Text:
    return Text(
        f"单元格 {line.cell}：{line.person} 的 {line.component} 在 {first.cell} 已有；请改正其一。",
        f"Cell {line.cell}: {line.person}'s {line.component} stands at {first.cell} as well; correct one of them.",
    )


def _reason_missing(changed: int) -> Text:
    return Text(
        f"有 {changed} 个分数与已登记的不同；请说明更正原因。",
        f"{changed} scores differ from those recorded; give the reason.",
    )
