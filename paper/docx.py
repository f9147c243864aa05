"""Notices as .docx for those who must edit them: official fonts by name, A4 and margins of GB/T 9704.

The official fonts are named, not embedded: the office's own machine has them. What is edited is no longer what was
posted; the printed PDF is, by its code and hash.
"""

import io
import zipfile
from typing import TYPE_CHECKING, Final, assert_never

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from paper.coverage import require_covered
from paper.document import Area, Ending, Fields, Heading, Paragraph, Sheet, Signatures, Slips, Table

if TYPE_CHECKING:
    from docx.document import Document as Draft
    from docx.text.paragraph import Paragraph as Line

TITLE_FONT: Final = "方正小标宋简体"
BODY_FONT: Final = "仿宋_GB2312"
HEADING_FONT: Final = "黑体"
SMALL_FONT: Final = "楷体_GB2312"
OFFICIAL_FONTS: Final = (TITLE_FONT, BODY_FONT, HEADING_FONT, SMALL_FONT)
_MARGINS: Final = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26}
_LINE_PITCH: Final = Pt(28.95)
_MIDNIGHT: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold: the file says nothing of when it was made."""


def docx(sheet: Sheet) -> bytes:
    """Return a sheet as .docx; `Refused` for the characters for which the PDF is."""
    require_covered(sheet)
    draft = Document()
    section = draft.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    if sheet.layout == "wide":
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
    for name, millimetres in _MARGINS.items():
        setattr(section, name, Mm(millimetres if sheet.layout == "notice" else 20))
    _line(draft, sheet.title, TITLE_FONT, 22, WD_ALIGN_PARAGRAPH.CENTER)
    if sheet.under:
        _line(draft, sheet.under, SMALL_FONT, 14, WD_ALIGN_PARAGRAPH.CENTER)
    for block in sheet.blocks:
        _add(draft, block)
    if sheet.seal is not None:
        _line(draft, f"核验码 {sheet.seal.code}　名单摘要 {sheet.seal.head}", SMALL_FONT, 9)
    for words in sheet.withheld:
        _line(draft, words, SMALL_FONT, 9)
    return _same_bytes(draft)


def _add(  # noqa: C901 - one case for each kind of block
    draft: "Draft", block: Heading | Paragraph | Fields | Table | Area | Signatures | Ending | Slips
) -> None:
    match block:
        case Heading(text=text):
            _line(draft, text, HEADING_FONT, 16)
        case Paragraph(text=text, indented=indented, small=small):
            made = _line(draft, text, SMALL_FONT if small else BODY_FONT, 10.5 if small else 16)
            made.paragraph_format.first_line_indent = Pt(32) if indented else None
        case Table(columns=columns, rows=rows, empty=empty):
            heads = tuple(f"{c.above}：{c.title}" if c.above else c.title for c in columns)
            _table(draft, (heads, *rows, *((("",) * len(columns),) * empty)))
        case Fields(pairs=pairs):
            _table(draft, pairs)
        case Area(label=label, text=text):
            _table(draft, ((label, text),))
        case Signatures(who=who):
            _line(draft, "　　　　　　".join(f"{each}：" for each in who), BODY_FONT, 12)
        case Ending(issuer=issuer, day=day):
            for words in (*issuer.split("\n"), day):
                _line(draft, f"{words}　　　　", BODY_FONT, 16, WD_ALIGN_PARAGRAPH.RIGHT)
        case Slips(slips=slips):
            for lines in slips:
                _table(draft, (("\n".join(lines),),))
        case _:
            assert_never(block)


def _line(draft: "Draft", words: str, font: str, points: float, align: WD_ALIGN_PARAGRAPH | None = None) -> "Line":
    made = draft.add_paragraph()
    made.alignment = align or WD_ALIGN_PARAGRAPH.LEFT
    made.paragraph_format.space_after = Pt(0)
    made.paragraph_format.line_spacing = _LINE_PITCH if points >= 16 else None  # noqa: PLR2004 - size 3, 三号
    _written(made, words, font, points)
    return made


def _written(line: "Line", words: str, font: str, points: float) -> None:
    run = line.add_run(words)
    run.font.name, run.font.size = font, Pt(points)
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001 - the only way to name a Chinese font
    fonts.set(qn("w:eastAsia"), font)


def _table(draft: "Draft", rows: tuple[tuple[str, ...], ...]) -> None:
    made = draft.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    for row, cells in zip(made.rows, rows, strict=True):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
            _written(cell.paragraphs[0], words, BODY_FONT, 12)


def _same_bytes(draft: "Draft") -> bytes:
    """Return the file without any trace of when and where it was made."""
    properties = draft.core_properties
    properties.author, properties.comments, properties.title = "", "", ""
    first, target = io.BytesIO(), io.BytesIO()
    draft.save(first)
    with zipfile.ZipFile(first) as made, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(made.namelist(), key=lambda each: (each != "[Content_Types].xml", each)):
            packed.writestr(zipfile.ZipInfo(name, _MIDNIGHT), made.read(name), zipfile.ZIP_DEFLATED)
    return target.getvalue()
