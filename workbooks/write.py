"""Table 3-1 各支部党员年度得分汇总表 as a workbook: filled in, or as the template of a branch (A-27, form 9, S1).

What is written reads back through `score_table` to the same people and the same exact scores.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from workbooks.book import (
    TITLE_FONT,
    Format,
    Workbook,
    Worksheet,
    build,
    set_up_a4_landscape,
    style,
    write_decimal,
    write_text,
)
from workbooks.score_labels import COMPONENTS

SHEET_NAME = "得分汇总表"
TITLE = "各支部党员年度得分汇总表"
NOT_APPLICABLE = "不适用"
FILLING_IN = (
    "备注：各项填 0–100 的原始分，不折算权重；未评的留空，该项不存在的填「不适用」；总分由系统按办法计算，可不填。"
)

_FIRST_PERSON = 4
_HEADER_ROWS = (2, 3)


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One person's line: scores 0–100 by component; what is in neither mapping nor set is missing."""

    name: str
    person_id: str | None = None
    scores: Mapping[str, Decimal] = field(default_factory=dict)
    not_applicable: frozenset[str] = frozenset()
    total: Decimal | None = None
    score_star: str = ""
    awarded_star: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """All that the table shows; `weights` are percentages as `score_table` expects them."""

    branch: str
    period: str
    lines: tuple[ScoreLine, ...]
    weights: Mapping[str, Decimal]
    title: str = TITLE
    reference: str = ""
    notes: tuple[str, ...] = ()
    with_ids: bool = False
    with_stars: bool = False


@dataclass(frozen=True, slots=True)
class _Formats:
    """The looks of the table's cells."""

    title: Format
    line: Format
    reference: Format
    head: Format
    diagonal: Format
    fixed: Format
    centre: Format
    score: Format
    left: Format
    note: Format


def write_score_table(sheet: ScoreSheet) -> bytes:
    """Return the filled table as .xlsx: A4 landscape, header repeated on each page, equal bytes for equal content."""
    return build(lambda workbook: _fill(workbook, sheet, template=False))


def write_template(sheet: ScoreSheet) -> bytes:
    """Return the template with this branch's names in the given order; only the score cells can be changed."""
    return build(lambda workbook: _fill(workbook, sheet, template=True))


def _fill(workbook: Workbook, sheet: ScoreSheet, *, template: bool) -> None:
    page = workbook.add_worksheet(SHEET_NAME)
    formats = _formats(workbook, template=template)
    columns = _columns(sheet)
    _heading(page, sheet, formats, len(columns))
    _header(page, sheet, formats, columns)
    for offset, line in enumerate(sheet.lines):
        _person(page, formats, columns, (_FIRST_PERSON + offset, offset + 1), line)
    foot = _FIRST_PERSON + len(sheet.lines)
    _notes(page, (*([FILLING_IN] if template else []), *sheet.notes), formats, foot, len(columns))
    set_up_a4_landscape(page, _HEADER_ROWS)
    page.freeze_panes(_FIRST_PERSON, columns.index("name") + 1)
    if template:
        _guard(page, columns, foot)


def _columns(sheet: ScoreSheet) -> list[str]:
    names = [line.name for line in sheet.lines]
    ids = ["person_id"] if sheet.with_ids or len(set(names)) < len(names) else []
    stars = ["score_star", "awarded_star", "remark"] if sheet.with_stars else []
    return ["number", "name", *ids, *COMPONENTS, "total", *stars]


def _formats(workbook: Workbook, *, template: bool) -> _Formats:
    framed = {"border": 1, "align": "center"}
    return _Formats(
        title=style(workbook, font_name=TITLE_FONT, font_size=18, align="center"),
        line=style(workbook, text_wrap=False),
        reference=style(workbook, text_wrap=False, align="right"),
        head=style(workbook, bold=True, bg_color="#F2F2F2", **framed),
        diagonal=style(workbook, bold=True, bg_color="#F2F2F2", border=1, align="left", diag_type=2, diag_border=1),
        fixed=style(workbook, num_format="@", **framed),
        centre=style(workbook, **framed),
        score=style(workbook, num_format="General", locked=not template, **framed),
        left=style(workbook, border=1, align="left"),
        note=style(workbook, font_size=10, align="left"),
    )


_WIDTHS = {"number": 6, "name": 16, "person_id": 14, "total": 12, "score_star": 11, "awarded_star": 11, "remark": 24}
_HEADS = {"number": "序号", "person_id": "编号", "score_star": "得分星级", "awarded_star": "核定星级", "remark": "说明"}


def _heading(page: Worksheet, sheet: ScoreSheet, formats: _Formats, width: int) -> None:
    page.set_row(0, 34)
    page.merge_range(0, 0, 0, width - 1, "", formats.title)
    write_text(page, 0, 0, sheet.title, formats.title)
    page.set_row(1, 20)
    write_text(page, 1, 0, f"单位：{sheet.branch}", formats.line)
    write_text(
        page, 1, width // 2, f"年度：{sheet.period}年" if sheet.period.isdecimal() else sheet.period, formats.line
    )
    write_text(page, 1, width - 1, sheet.reference, formats.reference)


def _header(page: Worksheet, sheet: ScoreSheet, formats: _Formats, columns: list[str]) -> None:
    page.set_row(2, 36)
    page.set_row(3, 36)
    for column, code in enumerate(columns):
        page.set_column(column, column, _WIDTHS.get(code, 13))
        if code in {"group", "branch"}:
            write_text(page, 3, column, _head(code, sheet.weights), formats.head)
        else:
            look = formats.diagonal if code == "name" else formats.head
            page.merge_range(2, column, 3, column, "", look)
            write_text(page, 2, column, _head(code, sheet.weights), look)
    first = columns.index("group")
    page.merge_range(2, first, 2, first + 1, "", formats.head)
    write_text(page, 2, first, _head("party", sheet.weights), formats.head)


def _head(code: str, weights: Mapping[str, Decimal]) -> str:
    if code == "name":
        return "              项目\n\n 姓名"
    if code == "total":
        return "总分\n(100分)"
    names = {"work": "工作业绩", "party": "党内活动", "group": "党小组评价", "branch": "党支部评价"}
    names |= {"masses": "群众评价", "self": "个人自评", **_HEADS}
    return f"{names[code]}\n({weights[code]}%)" if code in weights else names[code]


def _person(page: Worksheet, formats: _Formats, columns: list[str], place: tuple[int, int], line: ScoreLine) -> None:
    row, number = place
    page.set_row(row, 22)
    texts = {"name": line.name, "person_id": line.person_id or ""}
    stars = {"score_star": line.score_star, "awarded_star": line.awarded_star}
    for column, code in enumerate(columns):
        if code == "number":
            page.write_number(row, column, number, formats.centre)
        elif code in texts:
            write_text(page, row, column, texts[code], formats.fixed)
        elif code == "remark":
            write_text(page, row, column, line.remark, formats.left)
        elif code in stars:
            write_text(page, row, column, stars[code], formats.centre)
        else:
            _score(page, (row, column), line.total if code == "total" else line.scores.get(code), formats, code, line)


def _score(  # noqa: PLR0913 - one cell: its place, value, look and what it stands for
    page: Worksheet, place: tuple[int, int], score: Decimal | None, formats: _Formats, code: str, line: ScoreLine
) -> None:
    look = formats.centre if code == "total" else formats.score
    if score is not None:
        write_decimal(page, *place, score, look)
    else:
        write_text(page, *place, NOT_APPLICABLE if code in line.not_applicable else "", look)


def _notes(page: Worksheet, notes: tuple[str, ...], formats: _Formats, first: int, width: int) -> None:
    for offset, note in enumerate(notes):
        row = first + offset
        page.set_row(row, 32)
        page.merge_range(row, 0, row, width - 1, "", formats.note)
        text = note if offset or note.startswith(("备注", "注")) else f"备注：{note}"
        write_text(page, row, 0, text, formats.note)


def _guard(page: Worksheet, columns: list[str], foot: int) -> None:
    """Let only scores be changed, and those only to 0–100 or 不适用."""
    first, last = columns.index(COMPONENTS[0]), columns.index(COMPONENTS[-1])
    if foot > _FIRST_PERSON:
        page.data_validation(_FIRST_PERSON, first, foot - 1, last, _validation(first))
    page.protect("", {"format_columns": True, "format_rows": True, "sort": False})


def _validation(first: int) -> dict[str, object]:
    cell = f"{chr(ord('A') + first)}{_FIRST_PERSON + 1}"
    return {
        "validate": "custom",
        "value": f'=OR(AND(ISNUMBER({cell}),{cell}>=0,{cell}<=100),{cell}="{NOT_APPLICABLE}",{cell}="/")',
        "input_title": "0–100 分",
        "input_message": "填 0–100 的原始分；未评留空；该项不存在填「不适用」。",
        "error_title": "分数不对",
        "error_message": "只能填 0–100 的数字，或「不适用」。",
    }
