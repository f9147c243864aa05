"""What can be wrong with the cells and columns of a score table, in words: what, where, and what to do next."""

from collections.abc import Sequence

from domain.findings import Finding
from domain.rulebook.model import Component
from domain.text import Text
from workbooks.header import column_name
from workbooks.preview import Line
from workbooks.score_table import ScoreTable


def ballots_missing(place: str, component: Component) -> Finding:
    """Return that a column of means needs to say how many ballots were valid (AMB-A14)."""
    return Finding(
        "ballots-missing",
        place,
        Text(
            f"「{component.title.zh}」（{place}）是多人评分的平均，没有写明有效票数。",
            f"“{component.title.en}” ({place}) is a mean of ballots; how many were valid is not said.",
        ),
        Text("请加 --ballots 写明有效票数。", "Say how many with --ballots."),
    )


def ballots_few(place: str, component: Component, ballots: int) -> Finding:
    """Return that so few ballots leave the result incomplete (AMB-A14)."""
    least = component.ballots_minimum
    return Finding(
        "ballots-few",
        place,
        Text(
            f"「{component.title.zh}」（{place}）有效票 {ballots} 张，少于 {least} 张，结果将不完整。",
            f"“{component.title.en}” ({place}) has {ballots} valid ballots, fewer than {least}: incomplete.",
        ),
        Text("请核对票数；不足的应补充评议。", "Check the number; where it is right, more people must be asked."),
    )


def reason_missing(place: str, code: str, count: int) -> Finding:
    """Return that scores of a column differ from those recorded, which wants a reason."""
    name = column_name(code)
    return Finding(
        "reason-missing",
        place,
        Text(
            f"「{name.zh}」（{place}）有 {count} 个分数与已登记的不同。",
            f"“{name.en}” ({place}): {count} scores differ from those recorded.",
        ),
        Text("如确需更正，请用 --reason 说明原因。", "If they are to be corrected, say why with --reason."),
    )


def component_applies(line: Line, component: Component) -> Finding:
    """Return that a component is there for this person and cannot be marked 不适用 (AMB-A11)."""
    zh, en = "是必评项目，不能标为不适用", "is required of everybody and cannot be marked 不适用"
    if line.before is not None:
        zh, en = f"已登记为 {line.before} 分，不能标为不适用", f"is recorded as {line.before}, so it applies"
    return _cell(
        "component-applies",
        line,
        Text(f"「{component.title.zh}」{zh}。", f"“{component.title.en}” {en}."),
        Text("请填写分数；未评的留空。", "Write the score; leave it empty where there is none yet."),
    )


def not_in_rulebook(line: Line) -> Finding:
    """Return that the round's rulebook has no such component."""
    return _cell(
        "unknown-component",
        line,
        Text("本次评定的办法没有这一项。", "The round's rulebook has no such component."),
        Text("请清空此格，或核对 --round。", "Empty the cell, or check --round."),
    )


def exempt(line: Line) -> Finding:
    """Return that a member is not evaluated in this round."""
    return _cell(
        "exempt",
        line,
        Text(f"「{line.name}」本次免评，不登记分数。", f"“{line.name}” is exempt in this round and takes no scores."),
        Text("请清空此格。", "Empty the cell."),
    )


def rated_individually(line: Line, component: Component, raters: int) -> Finding:
    """Return that a cell was entered rater by rater: a value from a table would count as one more rater."""
    return _cell(
        "rated-individually",
        line,
        Text(
            f"「{component.title.zh}」已按评分人逐一登记（{raters} 人，现为 {line.before}），不能用汇总表覆盖。",
            f"“{component.title.en}” was entered by rater ({raters}; now {line.before}); no table replaces it.",
        ),
        Text(
            "请填回现有分数；需要更正的，用 correct-score --rater 逐一更正。",
            "Write the present score back; correct single raters with correct-score --rater.",
        ),
    )


def left_to_others(table: ScoreTable, cells: Sequence[Line], actor: str) -> Finding:
    """Return the note that nobody enters his own scores, nor those of somebody close to him."""
    row = next(row for row in table.rows if row.row == cells[0].row)
    places = "、".join(line.place for line in cells), ", ".join(line.place for line in cells)
    own = cells[0].person == actor
    zh, en = ("是您本人", "yourself") if own else ("与您有已申报的关系", "close to you, as declared")
    return Finding(
        "own-case" if own else "recused",
        row.address,
        Text(
            f"第 {row.row} 行「{row.name}」{zh}，未导入：{places[0]}。",
            f"Row {row.row}, “{row.name}”, is {en}; not imported: {places[1]}.",
        ),
        Text("请由其他有权登记的人导入同一张表。", "Somebody else who may record scores must import the same table."),
    )


def _cell(code: str, line: Line, message: Text, remedy: Text) -> Finding:
    where = f"第 {line.row} 行（{line.place}）", f"Row {line.row} ({line.place})"
    return Finding(code, line.place, Text(f"{where[0]}{message.zh}", f"{where[1]}: {message.en}"), remedy)
