"""Sub-commands that read a branch's months: ballots, boards, the year, what is due in a month, what is disclosed."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Annotated, cast

import typer

import rulebooks
from cli.as_of import position_of
from cli.audience import for_audiences, opened, showing, viewer_of
from cli.exits import Exit, refuse, stop
from cli.options import AS_OF, JSON, ROUND, settings_of
from cli.printing import end, minute, print_json, print_table
from cli.wiring import installation
from domain.decision import Refused
from domain.findings import Invalid
from domain.rounds import Round
from domain.rulebook import parse_rulebook
from domain.rulebook.model import Rulebook
from domain.scoring.numbers import published
from domain.text import Language, Text
from projections.answers.reading import BallotsTold, BoardsTold, YearTold, instant_at
from projections.ballot_count import BALLOT_COUNT, BallotCount, PersonCount, ballot_counts, open_appraisals
from projections.boards import BOARDS, INDOOR, PostedBoard, StaffNotice, posted_boards, staff_results
from projections.disclosed_rows import Hidden
from projections.disclosure import AUDIENCES, disclosure_matrix
from projections.month_agenda import MonthAgenda, month_agenda
from projections.names import Names, names_in
from projections.stars import STARS, round_frame
from projections.withholding import Viewer
from projections.year_table import YEAR_TABLE, MonthCell, YearRow, year_table

PANEL = "reading"
PLACES = 2


def add_months(app: typer.Typer) -> None:
    """Add the sub-commands."""
    for name, function in (
        ("ballots", ballots),
        ("boards", boards),
        ("year", year),
        ("month", month),
        ("disclosure", disclosure),
    ):
        app.command(name, rich_help_panel=PANEL)(for_audiences(function))


def ballots(
    ctx: typer.Context,
    round_id: Annotated[str | None, typer.Option("--round", help="of this round")] = None,
    box: Annotated[str | None, typer.Option(help="this box")] = None,
    as_of: AS_OF = None,
    *,
    as_json: JSON = False,
) -> None:
    """Print ballot boxes: sheets issued, returned, valid, void, and the counts that may be shown (form 8)."""
    language = settings_of(ctx).language
    if round_id is None and box is None:
        stop(Exit.USAGE, _WHICH_BALLOTS, language)
    with opened(ctx, (BALLOT_COUNT,), as_of) as (reading, names, curtain):
        found = curtain.over(ballot_counts(reading, round_id=round_id, box=box))
        openly = curtain.over([] if round_id is None else open_appraisals(reading, round_id))
        if as_json:
            curtain.print_json(BallotsTold(reading.position, found, openly))
            return
        if not found and not openly:
            stop(Exit.NOT_FOUND, _NO_BALLOT, language)
        for each in found:
            _print_box(each, names, language)
        print_table(_COUNT_HEADS, [_count_row(one, names, language) for one in openly], language)
        curtain.print_withheld()


def _print_box(count: BallotCount, names: Names, language: Language) -> None:
    typer.echo(f"{count.box}  {count.component}  {_STATES[count.state].said_in(language)}  [{count.clause}]")
    row = (count.issued, count.returned, count.valid, count.void, count.paper, count.cause)
    print_table("发出/issued · 收回/returned · 有效/valid · 无效/void · 纸质/paper · 作废/cause", [row], language)
    groups = [(each.group, each.voices, each.issued, each.returned) for each in count.groups]
    print_table("评议组/group · 票数/voices · 发出/issued · 收回/returned", groups, language)
    print_table(_COUNT_HEADS, [_count_row(one, names, language) for one in count.people], language)


def _count_row(one: PersonCount, names: Names, language: Language) -> tuple[object, ...]:
    marks = "  ".join(f"{each.mark} {each.voices}" for each in one.counts)
    shown = _WITHHELD.said_in(language) if one.withheld else marks
    about = f"{names.person(one.person)} {one.aspect}".rstrip()
    return (about, one.group, shown, one.valid, one.abstained, one.void)


def boards(ctx: typer.Context, round_id: ROUND, as_of: AS_OF = None, *, as_json: JSON = False) -> None:
    """Print what hangs of a month: the indoor board, the list of the excellent, the staff's results (B-37 to B-39)."""
    language = settings_of(ctx).language
    with opened(ctx, (BOARDS, STARS), as_of) as (reading, names, curtain):
        frame = round_frame(reading, round_id)
        if frame is None:
            stop(Exit.NOT_FOUND, _no_round(round_id), language)
        found = curtain.over(posted_boards(reading, round_id))
        staff = curtain.over(staff_results(reading, frame.branch, frame.period))
        if as_json:
            curtain.print_json(BoardsTold(reading.position, found, staff))
            return
        if not found and not staff:
            stop(Exit.NOT_FOUND, _no_board(round_id), language)
        for board in found:
            _print_board(board, names, language)
        for notice in staff:
            _print_staff(notice, names, language)
        curtain.print_withheld()


def _print_board(board: PostedBoard, names: Names, language: Language) -> None:
    title = _BOARDS[board.board].said_in(language)
    typer.echo(f"{title}  {minute(board.posted_at)}  {'、'.join(board.places)}  #{board.position}")
    if board.board == INDOOR:
        rows = [(names.person(line.person), _rounded(line.appraisal), line.label) for line in board.lines]
        print_table("姓名/name · 民主评议/appraisal · 拟评星级/proposed star", rows, language)
    else:
        print_table("姓名/name", [(names.person(line.person),) for line in board.lines], language)


def _rounded(exact: str | None) -> str:
    """Return an exact number as people read it; the JSON has it exactly."""
    if isinstance(exact, Hidden):
        return exact
    return "" if exact is None else str(published(Fraction(exact), PLACES))


def _print_staff(notice: StaffNotice, names: Names, language: Language) -> None:
    places = "、".join(notice.places)
    typer.echo(f"{notice.notice}  {minute(notice.posted_at)}  {places}  {notice.contact}  #{notice.position}")
    rows = [(names.person(each.person), each.attitude, each.duties, each.tasks, each.overall) for each in notice.lines]
    heads = "姓名/name · 思想表现/attitude · 履职尽责/duties · 完成任务/tasks · 综合/overall"
    print_table(heads, rows, language)


def year(ctx: typer.Context, round_id: ROUND, as_of: AS_OF = None, *, as_json: JSON = False) -> None:
    """Print the annual table: the total of every month or quarter, the year's result and its confirmation (B-42)."""
    language = settings_of(ctx).language
    rules = _of_round(ctx, round_id)
    with opened(ctx, (YEAR_TABLE,), as_of) as (reading, names, curtain):
        found = year_table(reading, round_id, rules)
        if found is None:
            stop(Exit.NOT_FOUND, _no_year(round_id), language)
        found = curtain.over(found)
        if as_json:
            curtain.print_json(YearTold(reading.position, found))
            return
        months = " · ".join(_short(period) for period in rules.counted_in(found.period))
        heads = f"姓名/name · {months} · 总分/total · 星级/star · 确认/confirmed"
        print_table(heads, [_year_row(row, names) for row in found.rows], language)
        curtain.print_withheld()


def _short(period: str) -> str:
    """Return the head of a month's column, `3月/03`, or of a quarter's or a half-year's, `Q1/Q1`."""
    part = period.partition("-")[2]
    return f"{int(part)}月/{part}" if part.isdecimal() else f"{part}/{part}"


def _year_row(row: YearRow, names: Names) -> tuple[object, ...]:
    confirmed = "" if row.confirmed_position is None else f"{row.confirmed_label} #{row.confirmed_position}"
    shown = row.label if row.star is not None else "?"
    return (names.person(row.person), *map(_month_cell, row.months), row.total, shown, confirmed)


def _month_cell(cell: MonthCell) -> str:
    """Return a month's total; in brackets where it is not drawn, with a star where something newer exists."""
    if not cell.assessed:
        return "–"
    total = f"{cell.total or '?'}{'*' if cell.outdated or cell.corrected else ''}"
    return total if cell.drawn else f"({total})"


def month(
    ctx: typer.Context,
    round_id: ROUND,
    meeting: Annotated[str | None, typer.Option(help="the meeting to look at (id); else the month's own")] = None,
    as_of: AS_OF = None,
    *,
    as_json: JSON = False,
) -> None:
    """Print what is due in a month: sessions, who has not reported, been commented on or voted, entries that wait."""
    settings = settings_of(ctx)
    with installation(settings) as installed:
        upto = None if as_of is None else position_of(installed.ledger, as_of, settings)
        names = names_in(installed.ledger, upto)
        try:
            found = month_agenda(installed.ledger, round_id, instant_at(installed.ledger, upto), meeting, upto, names)
        except Refused as refused:
            refuse(refused, settings.language, as_json=as_json)
        curtain = showing(ctx, installed.ledger, upto)
        found = curtain.over(found)
    if as_json:
        curtain.print_json(found)
    else:
        _print_month(found, names, settings.language)
        curtain.print_withheld()


def _print_month(found: MonthAgenda, names: Names, language: Language) -> None:
    if found.next_step is not None:
        typer.echo(f"→ {found.next_step.text.said_in(language)}  [{found.next_step.clause}]")
    sessions = [(one.kind, one.first, one.last, one.meeting, one.state, one.clause) for one in found.sessions]
    print_table("会议/session · 自/from · 至/to · 编号/id · 状态/state · 条款/clause", sessions, language)
    items = [("!" if one.overdue else "", end(one.due_at), one.text.said_in(language)) for one in found.items]
    print_table("逾期/overdue · 期限/due · 事项/what", items, language)
    waiting = [(one.box, "、".join(map(names.person, one.people)), one.nameless) for one in found.not_voted]
    print_table("票箱/box · 未交票/not returned · 不记名/nameless", waiting, language)


def disclosure(
    ctx: typer.Context,
    rulebook: Annotated[str | None, typer.Option(help="a rulebook's path, or the name of a shipped one")] = None,
    round_id: Annotated[str | None, typer.Option("--round", help="the rulebook of this round")] = None,
    *,
    as_json: JSON = False,
) -> None:
    """Print 四公开 as a matrix: what each audience is shown under which clause, what is withheld and why."""
    language = settings_of(ctx).language
    if (rulebook is None) == (round_id is None):
        stop(Exit.USAGE, _WHICH_RULES, language)
    rules = _of_round(ctx, round_id) if rulebook is None else _read(rulebook, language)
    matrix, viewer = disclosure_matrix(rules), viewer_of(ctx)
    if viewer.column in matrix.audiences and viewer != Viewer():
        matrix = matrix.for_audience(viewer.column)
    if as_json:
        print_json(matrix)
        return
    rows = [
        (
            field.code,
            field.title.said_in(language),
            _audience(one.audience).said_in(language),
            _SIGNS[one.shown],
            one.clause,
            one.why.said_in(language),
        )
        for field in matrix.fields
        for one in field.answers
    ]
    print_table("代码/code · 内容/what · 对象/audience · 公开/shown · 条款/clause · 原因/why", rows, language)


def _of_round(ctx: typer.Context, round_id: str | None) -> Rulebook:
    settings = settings_of(ctx)
    with installation(settings) as installed:
        try:
            return cast("Round", installed.ledger.fold(Round, round_id or "")).rulebook
        except Refused as refused:
            refuse(refused, settings.language, as_json=False)


def _read(name_or_path: str, language: Language) -> Rulebook:
    """Return a rulebook by the name of a shipped one or from a file."""
    try:
        shipped = name_or_path in rulebooks.SHIPPED
        return parse_rulebook(rulebooks.shipped(name_or_path) if shipped else Path(name_or_path).read_bytes())
    except (OSError, Invalid):
        stop(Exit.NOT_FOUND, _no_rulebook(name_or_path), language)


def _audience(code: str) -> Text:
    return AUDIENCES.get(code, Text(code, code))


_COUNT_HEADS = "姓名/name · 评议组/group · 票数/counts · 有效/valid · 弃权/abstained · 无效/void"
_SIGNS: Mapping[bool, str] = {True: "✓", False: "–"}
_STATES: Mapping[str, Text] = {
    "open": Text("收票中", "open"),
    "closed": Text("已封箱计票", "closed"),
    "void": Text("作废", "void"),
}
_BOARDS: Mapping[str, Text] = {
    "indoor": Text("室内展示台", "the board indoors"),
    "outside": Text("优秀党员名单（对外）", "the list of the excellent, outside"),
}
_WITHHELD = Text("不足公开票数，不予公布", "withheld: fewer than may be shown")
_WHICH_BALLOTS = Text("请用 --round 或 --box 指明票箱。", "Name the boxes with --round or --box.")
_NO_BALLOT = Text("没有这样的票箱；请核对编号。", "There is no such box; check the id.")
_WHICH_RULES = Text("请用 --rulebook 或 --round 指明一部办法。", "Name one rulebook, with --rulebook or --round.")


def _no_round(round_id: str) -> Text:
    return Text(f"没有评定周期 {round_id}；请核对编号。", f"There is no round {round_id}; check the id.")


def _no_board(round_id: str) -> Text:
    return Text(f"评定周期 {round_id} 还没有张贴公示栏。", f"Nothing of round {round_id} hangs on a board yet.")


def _no_year(round_id: str) -> Text:
    return Text(
        f"没有年度评定 {round_id}；月度评定请用 month。", f"There is no annual round {round_id}; for a month use month."
    )


def _no_rulebook(name: str) -> Text:
    listed = " · ".join(rulebooks.SHIPPED)
    return Text(f"不能读作办法：{name}；随附的办法：{listed}。", f"'{name}' is no rulebook; shipped ones: {listed}.")
