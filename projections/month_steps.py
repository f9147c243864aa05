"""Which step a month's round has come to: records, appraisal, tally, list, vote, settling, boards (B-21, B-41)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from domain.boards import Kind
from domain.rulebook.model import Rulebook
from domain.rulebook.periods import kind_of
from domain.text import Text
from projections.month_frame import MonthFrame


@dataclass(frozen=True, slots=True)
class MonthStep:
    """The step to be taken next: a stable name, the clause, and what to do."""

    name: str
    clause: str
    text: Text


def next_month_step(frame: MonthFrame) -> MonthStep | None:
    """Return the first step that is not done; None where the month is settled and hangs where the scheme has boards."""
    return next((step for step, is_open in _steps(frame) if is_open(frame)), None)


def all_month_steps(frame: MonthFrame) -> tuple[tuple[MonthStep, bool], ...]:
    """Return every step of the month in order, with whether something is left of it."""
    return tuple((step, is_open(frame)) for step, is_open in _steps(frame))


def _steps(frame: MonthFrame) -> Iterator[tuple[MonthStep, Callable[[MonthFrame], bool]]]:
    rules = frame.this.rulebook
    for name, clause, is_open, text in _STEPS:
        if name not in _ON_BOARDS or rules.family == "seed-b":
            yield MonthStep(name, _clause(rules, clause), _of_part(text, frame.this.period)), is_open


def _clause(rules: Rulebook, clause: str) -> str:
    """Return the clause of seed B where the rulebook has it, else the one by which its periods make a year."""
    if clause in rules.clauses:
        return clause
    return rules.id if rules.annual is None else rules.annual.months_clause


def _of_part(text: Text, period: str) -> Text:
    """Return what is said of a month as it is said of a quarter or a half-year."""
    if kind_of(period) == "month":
        return text
    return Text(text.zh.replace("本月", "本期"), text.en.replace("the month", "the period"))


def _entries_wait(frame: MonthFrame) -> bool:
    first, last = frame.days
    return not _over(frame) and any(
        entry.status == "proposed"
        and entry.proposed.person in frame.this.roster
        and first <= entry.value.occurred_on <= last
        for entry in frame.entries.known.values()
    )


def _over(frame: MonthFrame) -> bool:
    """Return whether a list was proposed that no meeting rejected: what is drawn stays as it is."""
    return frame.lists.proposed is not None and frame.lists.outcome != "rejected"


def _not_drawn(frame: MonthFrame) -> bool:
    recorded = [code for code, leaf in frame.this.rulebook.leaves().items() if leaf.takes_entries]
    held = (frame.scores.records, frame.scores.held, frame.scores.not_applicable)
    return any(
        not any((person, code) in known for known in held) for person in frame.this.evaluated for code in recorded
    )


def _not_appraised(frame: MonthFrame) -> bool:
    by_ballot = [code for code, leaf in frame.this.rulebook.leaves().items() if leaf.takes_ballots]
    held = (frame.scores.counted, frame.scores.openly, frame.scores.held, frame.scores.not_applicable)
    return any(
        not any((person, code) in known for known in held) for person in frame.this.evaluated for code in by_ballot
    )


def _not_on(board: Kind) -> Callable[[MonthFrame], bool]:
    return lambda frame: board not in frame.boards.posted


_ON_BOARDS = frozenset({"board", "excellent_list"})
"""Steps that only schemes with boards have."""
_STEPS: tuple[tuple[str, str, Callable[[MonthFrame], bool], Text], ...] = (
    ("verify", "B-26", _entries_wait, Text("请审核本月待审的记实条目。", "Verify the entries of the month that wait.")),
    ("records", "B-40", _not_drawn, Text("请提取本月记实积分。", "Draw the records of the month.")),
    (
        "appraisal",
        "B-34",
        _not_appraised,
        Text("请组织民主评议并封箱计票。", "Hold the democratic appraisal and close its box."),
    ),
    ("tally", "B-40", lambda frame: not frame.tally_is_current, Text("请汇总计分。", "Tally the round.")),
    (
        "proposal",
        "B-41",
        lambda frame: not _over(frame),
        Text("请审核汇总并提出拟评名单。", "Review the results and propose the list."),
    ),
    (
        "meeting",
        "B-41",
        lambda frame: frame.lists.outcome != "adopted",
        Text("请将名单提交党员大会表决。", "Put the list to the vote of a members' meeting."),
    ),
    (
        "settle",
        "B-47",
        lambda frame: not frame.settled,
        Text("请将本月结果结转年度。", "Settle the month for the year."),
    ),
    ("board", "B-37", _not_on("indoor"), Text("请在室内展示台公示。", "Post the board indoors.")),
    (
        "excellent_list",
        "B-38",
        _not_on("outside"),
        Text("请对外公示优秀党员名单。", "Post the list of the excellent outside."),
    ),
)
