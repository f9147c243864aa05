"""Checks of what raters gave: one's own score, the greatest scores, changes before the tally, who raised whose."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import chain

from domain.decision import Fact
from domain.ids import PersonId
from domain.lists import ListProposed
from domain.records import EntryCorrected, EntryProposed, EntryReversed
from domain.scores import ScoreCorrected, ScoreRecorded
from domain.tally import ResultComputed, RoundTallied
from domain.text import Text
from projections.findings.material import Evaluation, Material, grouped, newest, positions
from projections.findings.model import Check, Measured

SHORTLY = timedelta(hours=1)
"""Changes no longer than this before a tally are told."""

Score = ScoreRecorded | ScoreCorrected
Raise = ScoreCorrected | EntryCorrected | EntryReversed
Cell = tuple[PersonId, str, str | None]


def _self_equals_total(material: Material) -> Iterator[Measured]:
    """Yield of each round how many people's total is exactly what they gave themselves."""
    for this in material.evaluations():
        own = {code for code, each in this.frame.rulebook.leaves().items() if each.rater == "self"}
        given = {person: pair for (person, code, _), pair in _scores(this).items() if code in own}
        results = newest(this.of(ResultComputed), lambda event: event.person)
        both = [(pair, results[person]) for person, pair in given.items() if person in results]
        same = [(score, result) for score, result in both if score[1].points == result[1].total]
        yield Measured(this.where, len(same), len(both), positions(*chain.from_iterable(same)))


def _greatest(material: Material) -> Iterator[Measured]:
    """Yield of each column of each round how many of its scores are the greatest that the rulebook allows."""
    for this in material.evaluations():
        leaves = this.frame.rulebook.leaves()
        for code, pairs in grouped(_scores(this).values(), lambda _, event: event.component).items():
            if code in leaves and (top := this.frame.rulebook.range_of(leaves[code]).high) is not None:
                greatest = [pair for pair in pairs if pair[1].points == top]
                yield Measured(this.where, len(greatest), len(pairs), positions(*greatest), leaves[code].title)


def _changed_before_tally(material: Material) -> Iterator[Measured]:
    """Yield of each round how many of its changed scores were changed within the hour before a list's tally."""
    for this in material.evaluations():
        tallied = {event.tally: fact.recorded_at for fact, event in this.of(RoundTallied)}
        instants = [tallied[event.tally] for _, event in this.of(ListProposed) if event.tally in tallied]
        changes = list(this.of(ScoreCorrected))
        shortly = [pair for pair in changes if any(_shortly(pair[0], at) for at in instants)]
        yield Measured(this.where, len(shortly), len(changes), positions(*shortly))


def _shortly(fact: Fact, tallied_at: datetime) -> bool:
    return timedelta() <= tallied_at - fact.recorded_at <= SHORTLY


def _raised_by_leaders(material: Material) -> Iterator[Measured]:
    """Yield of each branch how many corrections in somebody's favour were entered by a leader of his branch."""
    for branch, pairs in grouped(_raises(material), lambda _, event: material.branch_of(event)).items():
        by_leaders = [pair for pair in pairs if material.leads(pair[0].actor, branch, pair[0])]
        yield Measured(f"branch:{branch}", len(by_leaders), len(pairs), positions(*by_leaders))


def _raises(material: Material) -> Iterator[tuple[Fact, Raise]]:
    for fact, score in material.of(ScoreCorrected):
        if score.ground == "correction" and (score.was is None or score.points > score.was):
            yield fact, score
    for fact, entry in material.of(EntryCorrected):
        if entry.points > entry.was.points:
            yield fact, entry
    values = {event.entry: event.points for _, event in material.of(EntryProposed)}
    values |= {event.entry: event.points for _, event in material.of(EntryCorrected)}
    for fact, taken_back in material.of(EntryReversed):
        if values.get(taken_back.entry, 0) < 0:
            yield fact, taken_back


def _scores(this: Evaluation) -> dict[Cell, tuple[Fact, Score]]:
    """Return the score that each rater gave last in each column."""
    pairs: Iterator[tuple[Fact, Score]] = chain(this.of(ScoreRecorded), this.of(ScoreCorrected))
    return newest(pairs, lambda event: (event.person, event.component, event.rater or event.group))


SELF_EQUALS_TOTAL = Check(
    code="self-equals-total",
    title=Text("自评分等于最后得分", "self-assessment equals the total"),
    says=Text(
        "{base}人中有{count}人的最后得分与其自评分完全相同。",
        "Of {base} people, the total of {count} is exactly what they gave themselves.",
    ),
    harmless=Text(
        "各方打分一致时自然相同；人数多时应属少见。", "Raters may simply agree; of many people it should be rare."
    ),
    clause="A-21",
    measure=_self_equals_total,
)
GREATEST = Check(
    code="greatest-scores",
    title=Text("满分所占比例", "share of greatest scores"),
    says=Text("{base}个分数中有{count}个是满分。", "Of {base} scores {count} are the greatest possible."),
    harmless=Text("有的项目以全部完成为满分。", "Some columns are full whenever everything was done."),
    clause="A-24",
    measure=_greatest,
    from_share=Fraction(1, 2),
    protects=True,
)
CHANGED_BEFORE_TALLY = Check(
    code="changed-before-tally",
    title=Text("计算前一小时内改分", "scores changed within the hour before the tally"),
    says=Text(
        "{base}次改分中有{count}次发生在提名名单计算前的一小时内。",
        "Of {base} changed scores {count} were changed within the hour before the tally of a list.",
    ),
    harmless=Text("核对汇总表时发现并改正差错也在此时。", "Mistakes found while the table is checked are mended then."),
    clause="A-40",
    measure=_changed_before_tally,
)
RAISED_BY_LEADERS = Check(
    code="raised-by-leaders",
    title=Text("由本支部班子成员改高", "raised by leaders of one's own branch"),
    says=Text(
        "{base}次对本人有利的更正中有{count}次由其所在支部的班子成员录入。",
        "Of {base} corrections in somebody's favour {count} were entered by a leader of his branch.",
    ),
    harmless=Text("小支部往往由书记兼任记录员。", "In a small branch the secretary often is the recorder."),
    clause="A-40",
    measure=_raised_by_leaders,
)
CHECKS = (SELF_EQUALS_TOTAL, GREATEST, CHANGED_BEFORE_TALLY, RAISED_BY_LEADERS)
