"""Forms 4, 8, 9, 14, 19 and the annual summary: what a round came to for everybody, in tables to be signed."""

from domain.decision import NotFound
from domain.ids import RoundId
from domain.lists import Lists
from domain.rounds import Round
from domain.rulebook.model import Component
from domain.text import Text
from paper import words
from paper.document import GRADES, Block, Column, Fields, Paragraph, Sheet, Signatures, Table
from paper.form import form
from paper.source import Asked, Source, made
from projections.ballot_count import BALLOT_COUNT, BallotCount, PersonCount, ballot_counts
from projections.folding import folded
from projections.notice_board import NOTICE_BOARD, posted_notices
from projections.objection_register import OBJECTION_REGISTER, registered_objections
from projections.score_sheet import SCORE_SHEET, ScoreSheet, SheetCell, SheetRow, score_sheet
from projections.stars import STARS, CurrentStar, current_stars
from projections.year_table import YEAR_TABLE, MonthCell, YearRow, YearTable, year_table

KINDS = {"formal": "正式", "probationary": "预备"}
HEAD = (Column("序号", "10mm"), Column("姓名", "24mm"))


def _sheet_of(source: Source, asked: Asked) -> tuple[Round, ScoreSheet]:
    this = source.round(asked.needed("round"))
    found = score_sheet(source.reading, this.key)
    if found is None:
        raise NotFound("unknown-round", _no_round(this.key))
    return this, source.over(found)


def about(source: Source, this: Round) -> str:
    """Return whose results a table holds: branch, period, and the rulebook with its version."""
    rules = this.rulebook
    return f"{source.names.branch(this.branch)}　{words.period(this.period)}　依《{rules.title.zh}》第{rules.version}版"


def _points(cell: SheetCell | None) -> str:
    if cell is None:
        return ""
    return "／" if cell.not_applicable is True else words.points(cell.points or cell.tallied)


@form(
    4,
    "summary",
    "SL-04",
    Text("积分情况汇总一览表", "summary of a round"),
    clauses="B-41",
    needs="round",
    whose="disclosed",
    views=(SCORE_SHEET,),
)
def summary(source: Source | None, asked: Asked) -> Sheet:
    """Return form 4, everybody's components, total and star of a round, with the number of people taking part."""
    ends = (Column("合计", "20mm"), Column("拟评星级", "24mm"), Column("备注", "26mm"))
    if source is None:
        parts = (Column("记实考核"), Column("民主评议"))
        heads = (*HEAD, Column("类别", "16mm"), *parts, *ends)
        return _summary(
            None, (Table(heads, (), empty=13), _relation("", "")), "　　　　党支部　　　　　　周期：　　　　"
        )
    this, found = _sheet_of(source, asked)
    leaves = this.rulebook.leaves()
    columns = (*HEAD, Column("类别", "16mm"), *(Column(each.title.zh) for each in leaves.values()), *ends)
    rows = tuple(_summary_row(source, number, row, list(leaves)) for number, row in enumerate(found.rows, start=1))
    taking_part = sum(1 for row in found.rows if row.exempt is False)
    return _summary(source, (Table(columns, rows), _relation(str(taking_part), str(len(rows)))), about(source, this))


def _summary(source: Source | None, blocks: tuple[Block, ...], under: str) -> Sheet:
    signed = Signatures(("制表", "审核", "支部书记"))
    return made(source, "SL-04", "积分情况汇总一览表", (*blocks, signed), layout="wide", under=under)


def _summary_row(source: Source, number: int, row: SheetRow, codes: list[str]) -> tuple[str, ...]:
    remark = "不参加评定" if row.exempt is True else "，".join((row.probation or ())[1:2])
    cells = (_points(row.cells.get(code)) for code in codes)
    kind = KINDS.get(row.kind, row.kind)
    return (str(number), source.names.person(row.person), kind, *cells, words.plain(row.total), row.label, remark)


def _relation(taking_part: str, roster: str) -> Paragraph:
    return Paragraph(f"核对：参加人数={taking_part or '　　　'}，名册人数={roster or '　　　'}。", indented=False)


@form(
    9,
    "table-3-1",
    "表A-3-1",
    Text("各支部党员年度得分汇总表", "Table 3-1"),
    clauses="A-27 AMB-A10",
    needs="round",
    whose="disclosed",
    views=(SCORE_SHEET,),
)
def table_3_1(source: Source | None, asked: Asked) -> Sheet:
    """Return Table 3-1, annual scores by member: raw points with the weights in the head (A-27, AMB-A10)."""
    if source is None:
        columns = _table_columns(_SEED_A)
        table = Table(columns, (), empty=12, diagonal=("项目", "姓名"))
        return _table(None, table, "　　　　　　党支部　　　　　　　　年度")
    this, found = _sheet_of(source, asked)
    titles = tuple(_heads(this.rulebook.components))
    codes = list(this.rulebook.leaves())
    rows = tuple(
        (
            source.names.person(row.person),
            *(_points(row.cells.get(code)) for code in codes),
            words.plain(row.total),
            _signs(row.score_star),
            row.label,
            "免评" if row.exempt is True else "",
        )
        for row in found.rows
    )
    return _table(source, Table(_table_columns(titles), rows, diagonal=("项目", "姓名")), about(source, this))


def _signs(score_star: int | str | None) -> str:
    return score_star if isinstance(score_star, str) else "★" * (score_star or 0)


def _table(source: Source | None, table: Table, under: str) -> Sheet:
    note = Paragraph(
        "注：各项为 0—100 的原始分，权重见表头；空格为未评，“／”为不适用，不按 0 分计。", indented=False, small=True
    )
    signed = Signatures(("制表", "审核", "党支部书记"))
    title = "各支部党员年度得分汇总表"
    return made(source, "表A-3-1", title, (table, note, signed), layout="wide", under=under)


_SEED_A = (
    ("工作业绩（35%）", ""),
    ("党小组评价（60%）", "党内活动（40%）"),
    ("党支部评价（40%）", "党内活动（40%）"),
    ("群众评价（20%）", ""),
    ("个人自评（5%）", ""),
)


def _heads(components: tuple[Component, ...]) -> list[tuple[str, str]]:
    """Return each column's head with its weight, and the head of the sum that it is a part of."""
    found: list[tuple[str, str]] = []
    for component in components:
        own = f"{component.title.zh}（{component.weight.normalize():f}%）"
        if component.parts:
            found += [(title, own) for title, _ in _heads(component.parts)]
        else:
            found.append((own, ""))
    return found


def _table_columns(heads: tuple[tuple[str, str], ...]) -> tuple[Column, ...]:
    stars = (Column("得分星级", "24mm"), Column("核定星级", "22mm"), Column("说明", "20mm"))
    return (
        Column("姓名", "30mm"),
        *(Column(t, "1fr", above=above) for t, above in heads),
        Column("总分（100分）", "20mm"),
        *stars,
    )


@form(
    8,
    "count",
    "SL-08",
    Text("民主评议测评汇总表", "count of a ballot"),
    clauses="B-34",
    needs="round",
    whose="disclosed",
    views=(BALLOT_COUNT,),
)
def count(source: Source | None, asked: Asked) -> Sheet:
    """Return form 8, the count of a ballot: sheets issued, returned, valid, void, and each person's grades (B-34)."""
    if source is None:
        table = Table(_count_columns(GRADES), (), empty=12)
        return _count(None, (_sheets(None), table), "会议：　　　　　　　　　　　评议项目：　　　　　　　")
    source.round(asked.needed("round"))
    boxes = source.over(ballot_counts(source.reading, round_id=asked.round, box=asked.box))
    if not boxes:
        raise NotFound("no-ballot", _NO_BALLOT)
    box = boxes[-1]
    marks = _marks(box)
    rows = tuple(_count_row(source, number, one, marks) for number, one in enumerate(box.people, start=1))
    this = source.round(box.round)
    component = this.rulebook.nodes().get(box.component)
    title = "党外干部职工" if component is None else component.title.zh
    under = f"{source.names.branch(box.branch)}　{words.period(this.period)}　{title}（票箱 {box.box}）"
    return _count(source, (_sheets(box), Table(_count_columns(marks), rows)), under)


def _sheets(box: BallotCount | None) -> Fields:
    names = ("issued", "returned", "valid", "void")
    numbers = ("", "", "", "") if box is None else tuple(words.plain(getattr(box, name)) for name in names)
    return Fields(tuple(zip(("发出（张）", "收回（张）", "有效（张）", "无效（张）"), numbers, strict=True)), across=4)


def _marks(box: BallotCount) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.mark for one in box.people for each in one.counts))


def _count_columns(marks: tuple[str, ...]) -> tuple[Column, ...]:
    ends = (Column("弃权", "16mm"), Column("无效", "16mm"), Column("有效", "16mm"), Column("备注", "34mm"))
    return (*HEAD, Column("评议组", "28mm"), *(Column(mark) for mark in marks), *ends)


def _count_row(source: Source, number: int, one: PersonCount, marks: tuple[str, ...]) -> tuple[str, ...]:
    given = {each.mark: str(each.voices) for each in one.counts}
    shown = tuple("" if one.withheld is True else given.get(mark, "0") for mark in marks)
    rest = tuple(words.plain(each) for each in (one.abstained, one.void, one.valid))
    why = "不足公开票数，不予公布" if one.withheld is True else ""
    name = f"{source.names.person(one.person)} {words.ASPECTS.get(one.aspect, one.aspect)}".rstrip()
    return (str(number), name, words.VOTERS.get(one.group, one.group), *shown, *rest, why)


def _count(source: Source | None, blocks: tuple[Block, ...], under: str) -> Sheet:
    rule = Paragraph("收回票数等于或少于发出票数的有效，多于发出票数的重新评议。", indented=False, small=True)
    signed = Signatures(("监票人", "计票人", "主持人"))
    return made(source, "SL-08", "民主评议测评汇总表", (*blocks, rule, signed), layout="wide", under=under)


@form(
    14,
    "confirmation",
    "SL-14",
    Text("党员评星确认表", "confirmation"),
    clauses="B-41 B-43",
    needs="round",
    whose="disclosed",
    views=(STARS, NOTICE_BOARD, OBJECTION_REGISTER),
)
def confirmation(source: Source | None, asked: Asked) -> Sheet:
    """Return form 14: the meeting's vote, notice, objections, final stars, and who signs (B-41, B-43)."""
    columns = (
        *HEAD,
        Column("总分", "22mm"),
        Column("拟评星级"),
        Column("核定星级"),
        Column("异议"),
        Column("确认机构", "40mm"),
    )
    if source is None:
        blocks: tuple[Block, ...] = (_vote(None), Table(columns, (), empty=18))
        under = "　　　　党支部　　　　　　　年度"
    else:
        this = source.round(asked.needed("round"))
        stars = source.over(current_stars(source.reading, round_id=this.key))
        cases = source.over(registered_objections(source.reading, round_id=this.key))
        objected = {case.about for case in cases}
        rows = tuple(_confirmed_row(source, n, star, objected) for n, star in enumerate(stars, start=1))
        blocks = (_vote((source, this)), Table(columns, rows))
        under = about(source, this)
    signed = (Signatures(("组长", "副组长", "成员")), Signatures(("成员", "成员", "记录"), dated=False))
    return made(source, "SL-14", "党员评星确认表", (*blocks, *signed), under=under)


def _vote(known: tuple[Source, Round] | None) -> Fields:
    names = ("大会日期", "应到", "实到", "赞成", "反对", "弃权", "公示起", "公示止")
    if known is None:
        return Fields(tuple((name, "") for name in names), across=4)
    source, this = known
    votes = folded(source.ledger, Lists, RoundId(this.key), source.upto).votes
    last = votes[-1] if votes else None
    vote: tuple[str, ...] = ("",) * 6
    if last is not None:
        numbers = (last.should_attend, last.voters_present, last.yes, last.no, last.abstain)
        vote = (words.day(last.on), *map(str, numbers))
    notices = source.over(posted_notices(source.reading, this.key))
    window = (words.day(notices[0].posted_at), words.until(notices[-1].ends_at)) if notices else ("", "")
    return Fields(tuple(zip(names, (*vote, *window), strict=True)), across=4)


def _objections_to(star: CurrentStar, objected: set[str]) -> str:
    if words.hidden(star.open_objections):
        return words.plain(star.open_objections)
    if star.in_question:
        return "待处理"
    return "有，已处理" if star.person in objected else "无"


def _confirmed_row(source: Source, number: int, star: CurrentStar, objected: set[str]) -> tuple[str, ...]:
    confirmed = star.confirmed
    final, body = ("", "") if confirmed is None else (confirmed.label, f"{confirmed.body} #{confirmed.position}")
    said = _objections_to(star, objected)
    return (str(number), source.names.person(star.person), words.plain(star.total), star.label, final, said, body)


@form(
    4,
    "annual",
    "SL-04A",
    Text("党员年度积分汇总表", "annual summary"),
    clauses="B-42 B-47",
    needs="round",
    whose="disclosed",
    views=(YEAR_TABLE,),
)
def annual(source: Source | None, asked: Asked) -> Sheet:
    """Return the annual summary: every month's total, the year's result and its confirmation (B-42)."""
    months = [f"{n}月" for n in range(1, 13)]
    if source is None:
        return _annual(None, Table(_annual_columns(months), (), empty=13), "　　　　党支部　　　　　　　年度")
    this = source.round(asked.needed("round"))
    found = year_table(source.reading, this.key, this.rulebook)
    if found is None:
        raise NotFound("not-a-year", _not_a_year(this.key))
    table: YearTable = source.over(found)
    months = [_short(each) for each in this.rulebook.counted_in(this.period)]
    rows = tuple(_annual_row(source, number, row) for number, row in enumerate(table.rows, start=1))
    return _annual(source, Table(_annual_columns(months), rows), about(source, this))


def _annual(source: Source | None, table: Table, under: str) -> Sheet:
    note = Paragraph("注：“–”为当月未考评，括号内尚未计入年度，带 * 的有更正。", indented=False, small=True)
    signed = Signatures(("制表", "审核", "支部书记"))
    return made(source, "SL-04A", "党员年度积分汇总表", (table, note, signed), layout="wide", under=under)


def _annual_columns(months: list[str]) -> tuple[Column, ...]:
    ends = (Column("总分", "17mm"), Column("星级", "19mm"), Column("确认", "19mm"))
    return (*HEAD, *(Column(each, "1fr") for each in months), *ends)


def _annual_row(source: Source, number: int, row: YearRow) -> tuple[str, ...]:
    cells = map(_month_cell, row.months)
    return (
        str(number),
        source.names.person(row.person),
        *cells,
        words.plain(row.total),
        row.label,
        words.plain(row.confirmed_label),
    )


def _month_cell(cell: MonthCell) -> str:
    if not cell.assessed:
        return "–"
    total = f"{cell.total or '?'}{'*' if cell.outdated or cell.corrected else ''}"
    return total if cell.drawn else f"({total})"


def _short(period: str) -> str:
    part = period.partition("-")[2]
    return f"{int(part)}月" if part.isdecimal() else part


_NO_BALLOT = Text("没有这样的票箱；请核对编号。", "There is no such box; check the id.")


def _no_round(round_id: str) -> Text:
    return Text(f"没有评定周期 {round_id}；请核对编号。", f"There is no round {round_id}; check the id.")


def _not_a_year(round_id: str) -> Text:
    return Text(f"{round_id} 不是年度评定；请用年度评定的编号。", f"{round_id} is no annual round; give the id of one.")


FORMS = (summary, annual, count, table_3_1, confirmation)
