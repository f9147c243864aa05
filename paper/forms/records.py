"""Forms 1, 2, 3 and 5 and the record card: what one member did, promised and was given over a year."""

from decimal import Decimal

from domain.commitments import AREAS, VIRTUES
from domain.decision import NotFound
from domain.period_days import days_of
from domain.rounds import Round
from domain.text import Text
from paper import words
from paper.document import NO_ROWS, Column, Fields, Paragraph, Rows, Sheet, Signatures, Table
from paper.form import form
from paper.source import Asked, Source, made
from projections.person_record import PERSON_RECORD, PersonRecord, RecordEntry, person_record
from projections.stars import STARS
from projections.year_table import YEAR_TABLE, YearRow, year_table

KINDS = {"formal": "正式党员", "probationary": "预备党员"}
_STATES = {"proposed": "待审核", "rejected": "未通过", "reversed": "已冲销", "verified": ""}
_FULFILLED = {"kept": "已兑现", "partly": "部分兑现", "not_kept": "未兑现"}
_SIDES = {"self": "自评", "branch": "支部", "masses": "群众"}
_MONTHS = 12


@form(
    1,
    "register",
    "SL-01",
    Text("党员积分登记表", "register of entries"),
    clauses="B-25 B-26",
    needs="round person",
    whose="disclosed",
    views=(PERSON_RECORD, STARS),
)
def register(source: Source | None, asked: Asked) -> Sheet:
    """Return form 1, the register of a member's entries of a round's year, with the running sum (B-25, B-26)."""
    head, rows = _person_head(None, ()), NO_ROWS
    if source is not None:
        this, record = _of(source, asked)
        rows = _entry_rows(source, this, record)
        head = _person_head((source, this, record), (("年度", words.period(this.period)),))
    return made(
        source,
        "SL-01",
        "党员积分登记表",
        (
            head,
            Table(_REGISTER, rows, empty=max(2, 11 - len(rows))),
            Paragraph(
                "注：更正以冲销另行登记，原登记保留；待审核、未通过和已冲销的不计入累计。", indented=False, small=True
            ),
            Signatures(("支部审核", "本人确认")),
        ),
        layout="wide",
    )


def _of(source: Source, asked: Asked) -> tuple[Round, PersonRecord]:
    """Return the round and the person's record as the viewer may see it."""
    this, person = source.round(asked.needed("round")), asked.needed("person")
    found = person_record(source.reading, person)
    if not found.stays and not found.offices:
        raise NotFound("unknown-person", no_person(person))
    return this, source.over(found, person)


def _person_head(known: tuple[Source, Round, PersonRecord] | None, more: tuple[tuple[str, str], ...]) -> Fields:
    if known is None:
        return Fields((("支部", ""), ("姓名", ""), ("类别", ""), ("年度", "")), across=4)
    source, this, record = known
    kind = next((KINDS[stay.kind] for stay in reversed(record.stays) if stay.kind in KINDS), "")
    named = (("支部", source.names.branch(this.branch)), ("姓名", source.names.person(record.person)), ("类别", kind))
    return Fields((*named, *more), across=4)


def _entry_rows(source: Source, this: Round, record: PersonRecord) -> Rows:
    items, rows, total = this.rulebook.items, [], Decimal(0)
    for number, entry in enumerate(_entries_in(this, record), start=1):
        item = items.get(entry.what or "")
        counts = _number(entry.counts or entry.points)
        if counts is not None and entry.state == "verified":
            total += counts
        said = source.words(entry.sealed)
        what = words.plain(entry.what) if item is None else item.title.zh
        rows.append(
            (
                str(number),
                words.plain(entry.on),
                f"{what}：{said}" if said else what,
                "" if item is None else item.clause,
                str(counts) if counts is not None and counts >= 0 else "",
                str(-counts) if counts is not None and counts < 0 else "",
                f"#{entry.position}",
                _STATES.get(words.plain(entry.state), words.plain(entry.state)),
                str(total) if counts is not None else "",
            )
        )
    return tuple(rows)


def _number(points: str | None) -> Decimal | None:
    try:
        return None if points is None else Decimal(points)
    except ArithmeticError:  # the mark of what is withheld
        return None


def _entries_in(this: Round, record: PersonRecord) -> list[RecordEntry]:
    days = days_of(this.period, this.rulebook.year)
    return [e for e in record.of_kind("entry") if e.on is None or words.hidden(e.on) or days[0] <= e.on <= days[1]]


_REGISTER = (
    Column("序号", "10mm"),
    Column("发生时间", "24mm"),
    Column("加扣分事由", "4fr", "left"),
    Column("依据条款", "30mm"),
    Column("加分", "15mm", "right"),
    Column("扣分", "15mm", "right"),
    Column("证明材料（编号）", "26mm"),
    Column("审核", "20mm"),
    Column("累计", "18mm", "right"),
)


@form(
    2,
    "matrix",
    "SL-02",
    Text("党员积分考核登记表", "a member's months"),
    clauses="B-40 B-47",
    needs="round person",
    whose="disclosed",
    views=(PERSON_RECORD, STARS, YEAR_TABLE),
)
def matrix(source: Source | None, asked: Asked) -> Sheet:
    """Return form 2, a member's year as a matrix: what each month gave in records and appraisal (B-40, B-47)."""
    periods, rows, head = [f"{n}月" for n in range(1, _MONTHS + 1)], NO_ROWS, _person_head(None, ())
    if source is not None:
        this, record = _of(source, asked)
        row = _year_row(source, this, record.person)
        periods = [_short(month.period) for month in row.months]
        rows = _matrix_rows(row)
        head = _person_head((source, this, record), (("年度", words.period(this.period)),))
    columns = (Column("考核内容", "30mm"), *(Column(each, "1fr") for each in periods), Column("年度", "1.3fr"))
    return made(
        source,
        "SL-02",
        "党员积分考核登记表",
        (
            head,
            Table(columns, rows or _unfilled(len(periods) + 1), empty=4 if source is None else 0),
            Paragraph(
                "注：“–”为当月未考评；带 * 的月份有更正。各月为当月结果，星级以年度结果为准。",
                indented=False,
                small=True,
            ),
            Signatures(("记录人", "支部审核", "本人确认")),
        ),
        layout="wide",
    )


def _unfilled(cells: int) -> Rows:
    return tuple((each, *[""] * cells) for each in ("记实考核", "民主评议", "综合得分"))


def _year_row(source: Source, this: Round, person: str) -> YearRow:
    table = year_table(source.reading, this.key, this.rulebook)
    if table is None:
        raise NotFound("not-a-year", _not_a_year(this.key))
    row = next((each for each in source.over(table).rows if each.person == person), None)
    if row is None:
        raise NotFound("not-on-the-roster", no_person(person))
    return row


def _matrix_rows(row: YearRow) -> Rows:
    def of(name: str, title: str, year: str) -> tuple[str, ...]:
        shown = (words.points(getattr(month, name)) if month.assessed else "–" for month in row.months)
        return (title, *shown, year)

    marks = {month.period: "*" if month.corrected or month.outdated else "" for month in row.months}
    totals = tuple(f"{m.total or ''}{marks[m.period]}" if m.assessed else "–" for m in row.months)
    stars = tuple(words.plain(m.label) if m.assessed else "–" for m in row.months)
    parts = {code: words.points(points) for code, points in row.components.items()}
    return (
        of("records", "记实考核", parts.get("records", "")),
        of("appraisal", "民主评议", parts.get("appraisal", "")),
        ("综合得分", *totals, words.plain(row.total)),
        ("拟评星级", *stars, row.label),
    )


def _short(period: str) -> str:
    part = period.partition("-")[2]
    return f"{int(part)}月" if part.isdecimal() else part


@form(
    3,
    "application",
    "SL-03",
    Text("党员积分申请表", "own list of a quarter"),
    clauses="A-12",
    needs="round person",
    whose="own",
    views=(PERSON_RECORD, STARS),
)
def application(source: Source | None, asked: Asked) -> Sheet:
    """Return form 3, what a member lists of himself in a quarter, for group and branch to verify."""
    head = _person_head(None, ())
    if source is not None:
        this, record = _of(source, asked)
        head = _person_head((source, this, record), (("周期", words.period(this.period)),))
    columns = (
        Column("序号", "10mm"),
        Column("项目", "32mm"),
        Column("内容（何时、何事、结果）", "3fr", "left"),
        Column("自报分", "15mm"),
        Column("佐证材料", "28mm"),
        Column("小组意见", "22mm"),
        Column("认定分", "15mm"),
    )
    return made(
        source,
        "SL-03",
        "党员积分申请表",
        (
            head,
            Table(columns, (), empty=10, row_mm=12),
            Signatures(("本人", "党小组", "支部")),
        ),
    )


@form(
    5,
    "commitments",
    "SL-05",
    Text("党员公开承诺及践诺登记表", "commitments and how they were kept"),
    clauses="B-22 B-24 B-53",
    needs="round person",
    whose="disclosed",
    views=(PERSON_RECORD, STARS),
)
def commitments(source: Source | None, asked: Asked) -> Sheet:
    """Return form 5, a member's public commitments and how they were kept (B-22 to B-24, B-53)."""
    rows = NO_ROWS
    head = Fields((("支部", ""), ("姓名", ""), ("年度", "")), across=3)
    if source is not None:
        this, record = _of(source, asked)
        rows = _commitment_rows(source, this, record)
        named = (("支部", source.names.branch(this.branch)), ("姓名", source.names.person(record.person)))
        head = Fields((*named, ("年度", words.period(this.period))), across=3)
    return made(
        source,
        "SL-05",
        "党员公开承诺及践诺登记表",
        (
            head,
            Table(_COMMITMENTS, rows, empty=max(1, 5 - len(rows)), row_mm=12),
            Paragraph(
                "我向党组织和群众公开作出以上承诺，自觉接受监督。个人身体、家庭等情况不在公开之列。",
                indented=False,
                small=True,
            ),
            Signatures(("承诺人", "支部审定")),
        ),
        layout="wide",
    )


_COMMITMENTS = (
    Column("序号", "10mm"),
    Column("四德类别", "20mm"),
    Column("方面", "20mm"),
    Column("承诺事项", "3fr", "left"),
    Column("完成时限", "24mm"),
    Column("支部审定", "18mm"),
    Column("践诺记录", "2.4fr", "left"),
    Column("评诺（自评／支部／群众）", "40mm"),
)
_APPROVED = {"made": "待审定", "approved": "通过", "returned": "退回", "revoked": "撤回"}


def _commitment_rows(source: Source, this: Round, record: PersonRecord) -> Rows:
    days = days_of(this.period, this.rulebook.year)
    made = [e for e in record.of_kind("commitment") if e.on is None or words.hidden(e.on) or e.on <= days[1]]
    rows: list[tuple[str, ...]] = []
    for number, entry in enumerate(made, start=1):
        virtue, _, area = words.plain(entry.what).partition("/")
        done = [e for e in record.of_kind("fulfilment") if e.thing == entry.thing]
        judged = [e for e in record.of_kind("appraisal") if e.thing == entry.thing]
        rows.append(
            (
                str(number),
                next((text.zh for code, text in VIRTUES.items() if code == virtue), virtue),
                next((text.zh for code, text in AREAS.items() if code == area), area),
                source.words(entry.sealed),
                words.plain(entry.until),
                _APPROVED.get(words.plain(entry.state), words.plain(entry.state)),
                "；".join(f"{e.on}：{source.words(e.sealed)}" for e in done),
                "；".join(
                    f"{_SIDES.get(words.plain(e.what), '')}{_FULFILLED.get(words.plain(e.state), '')}" for e in judged
                ),
            )
        )
    return tuple(rows)


def no_person(person: str) -> Text:
    """Return the words where nobody is registered under an id."""
    return Text(f"登记册中没有 {person}；请核对编号。", f"Nobody is registered as {person}; check the id.")


def _not_a_year(round_id: str) -> Text:
    return Text(f"{round_id} 不是年度评定；请用年度评定的编号。", f"{round_id} is no annual round; give the id of one.")


FORMS = (register, matrix, application, commitments)
