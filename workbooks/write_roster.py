"""The roster 党员花名册 as a workbook; it reads back through `roster` to the same people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workbooks.book import TITLE_FONT, Workbook, build, set_up_a4_landscape, style, write_text
from workbooks.roster_labels import Kind

KIND_NAMES: dict[Kind, str] = {
    "formal": "正式党员",
    "probationary": "预备党员",
    "activist": "入党积极分子",
    "masses": "群众",
}
_HEADS = ("序号", "姓名", "编号", "类别", "党小组", "岗位", "入党时间", "转正时间", "入支部时间", "备注")
_WIDTHS = (6, 16, 14, 12, 16, 18, 13, 13, 13, 16)
_HEADER_ROW = 2


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One person of the roster; what is not known is None or empty."""

    name: str
    person_id: str = ""
    kind: Kind | None = None
    group: str = ""
    post: str = ""
    joined_party: date | None = None
    became_formal: date | None = None
    joined_branch: date | None = None
    remark: str = ""


def write_roster(branch: str, as_of: str, lines: Sequence[RosterLine]) -> bytes:
    """Return the roster of a branch as .xlsx; dates are written as text 2025-03-05, so that no locale shifts them."""

    def fill(workbook: Workbook) -> None:
        page = workbook.add_worksheet("党员花名册")
        title = style(workbook, font_name=TITLE_FONT, font_size=18, align="center")
        head = style(workbook, bold=True, bg_color="#F2F2F2", border=1, align="center")
        body = style(workbook, border=1, align="center", num_format="@")
        page.set_row(0, 34)
        page.merge_range(0, 0, 0, len(_HEADS) - 1, "", title)
        write_text(page, 0, 0, "党员花名册", title)
        write_text(page, 1, 0, f"单位：{branch}", style(workbook, text_wrap=False))
        write_text(page, 1, len(_HEADS) - 3, f"截至：{as_of}", style(workbook, text_wrap=False))
        for column, (label, width) in enumerate(zip(_HEADS, _WIDTHS, strict=True)):
            page.set_column(column, column, width)
            write_text(page, _HEADER_ROW, column, label, head)
        for number, line in enumerate(lines, start=1):
            for column, text in enumerate(_texts(number, line)):
                write_text(page, _HEADER_ROW + number, column, text, body)
        set_up_a4_landscape(page, (_HEADER_ROW, _HEADER_ROW))
        page.freeze_panes(_HEADER_ROW + 1, 2)

    return build(fill)


def _texts(number: int, line: RosterLine) -> tuple[str, ...]:
    days = (line.joined_party, line.became_formal, line.joined_branch)
    return (
        str(number),
        line.name,
        line.person_id,
        KIND_NAMES[line.kind] if line.kind else "",
        line.group,
        line.post,
        *(day.isoformat() if day else "" for day in days),
        line.remark,
    )
