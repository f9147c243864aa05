"""Table 3-1 of a round going out: as the template of its branch, or filled with the scores that count (S1, A-27)."""

from decimal import Decimal

from domain.ids import PersonId
from domain.round_sheet import sheet_of
from domain.rulebook.model import Rulebook
from domain.scoring.standing import stand
from domain.scoring.tariff import Tariffs
from domain.sheet.model import Candidate
from domain.tally import ResultComputed
from workbooks.header import column_name
from workbooks.table_header import printed_weights, reference
from workbooks.table_people import shown_name
from workbooks.table_round import RoundFacts, counted
from workbooks.write import ScoreLine, ScoreSheet, write_score_table, write_template

SIMULATED = "演示数据：本账使用模拟时钟。"


def template(facts: RoundFacts) -> bytes:
    """Return the template of the round: everybody who is evaluated, in roster order, names locked."""
    candidates = facts.candidates()
    lines = tuple(_named(facts, person, candidates[person]) for person in facts.this.evaluated)
    return write_template(_sheet(facts, lines, ()))


def filled(facts: RoundFacts, *, with_stars: bool) -> bytes:
    """Return the table as recorded; `with_stars` wants a tally that is current, and is `Refused` without one."""
    tallied = facts.results.require_current(facts.this, facts.scores, facts.vetoes) if with_stars else None
    notes = () if tallied is None else (f"星级依据第 {tallied.tally} 次汇总（账中第 {facts.results.position} 条）。",)
    held = counted(facts)
    lines = tuple(_filled(facts, each, held, with_stars=with_stars) for each in facts.candidates().items())
    return write_score_table(_sheet(facts, lines, notes, with_stars=with_stars))


def _sheet(
    facts: RoundFacts, lines: tuple[ScoreLine, ...], notes: tuple[str, ...], *, with_stars: bool = False
) -> ScoreSheet:
    return ScoreSheet(
        branch=facts.organisation.branches[facts.this.branch],
        period=facts.this.period,
        lines=lines,
        weights=printed_weights(facts.this.rulebook),
        reference=reference(facts),
        notes=(*notes, SIMULATED) if facts.simulated else notes,
        with_stars=with_stars,
    )


def _named(facts: RoundFacts, person: PersonId, candidate: Candidate) -> ScoreLine:
    return ScoreLine(shown_name(person, facts.borne), person, not_applicable=candidate.not_applicable)


def _filled(
    facts: RoundFacts,
    each: tuple[PersonId, Candidate],
    held: dict[tuple[str, str], Decimal],
    *,
    with_stars: bool,
) -> ScoreLine:
    person, candidate = each
    result = facts.results.latest.get(person) if with_stars else None
    return ScoreLine(
        shown_name(person, facts.borne),
        person,
        scores={code: points for (rated, code), points in held.items() if rated == person},
        not_applicable=candidate.not_applicable,
        total=stand(
            Tariffs(facts.this.rulebook), sheet_of(facts.this, facts.scores, facts.results.vetoes), candidate
        ).total,
        score_star="★" * (0 if result is None else result.score_star or 0),
        awarded_star="" if result is None or result.star is None else result.label,
        remark="" if result is None else _remark(facts.this.rulebook, candidate, result),
    )


def _remark(rulebook: Rulebook, candidate: Candidate, result: ResultComputed) -> str:
    """Return why the star is not simply what the score gives.

    No column's name stands in it: a row that repeats two of them would be read back as the header printed again.
    """
    if candidate.exempt:
        return "免评"
    if result.status == "incomplete":
        excused = candidate.not_applicable
        missing = [c.component for c in result.components if c.points is None and c.component not in excused]
        return f"缺：{'、'.join(column_name(code).zh for code in missing)}"
    if result.star is None:
        return f"同分待决定（{rulebook.ties.clause}）"
    if result.status == "not_rated":
        return f"见 {rulebook.unrated_clause}"
    capped = result.score_star is not None and result.star < result.score_star
    return f"超出名额，依次顺延（{rulebook.overflow.clause}）" if capped else ""
