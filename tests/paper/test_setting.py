"""A sheet is set the same on every machine and day, and words are never read as markup."""

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import pytest
import typst

from domain.decision import Refused
from paper.codes import drawn
from paper.document import (
    Area,
    Column,
    Ending,
    Fields,
    Heading,
    Origin,
    Paragraph,
    Seal,
    Sheet,
    Signatures,
    Slips,
    Table,
)
from paper.docx import OFFICIAL_FONTS, docx
from paper.setting import TEMPLATES, pdf, picture, template_names, typesetter

HOSTILE = (
    '#panic("x")',
    '#eval("1")',
    "*王*",
    "_李_",
    "$x$",
    "@谁",
    "<标>",
    "`码`",
    "\\u{41}",
    "= 题",
    "// 注",
    "#{",
    "]]",
)
LETTERS = Path(__file__).parents[2]


def every_block(name: str = "王") -> Sheet:
    """Return a sheet with each kind of block, a name in all of them."""
    columns = (Column(name), Column("得分", "20mm", "right", "合"), Column("星级", "2fr", "left", "合"))
    return Sheet(
        code="T-1",
        title=f"关于{name}的公示",
        layout="notice",
        under=name,
        blocks=(
            Heading(name),
            Paragraph(name),
            Fields((("姓名", name), (name, ""), ("三", name)), across=2),
            Table(columns, ((name, "1", name),), empty=2, diagonal=(name, name), row_mm=9),
            Area(name, name, 30, (name,)),
            Signatures((name, "乙")),
            Ending(f"{name}\n支部", name),
            Slips(((name, name, name, name), ("一", "二", "三"))),
        ),
        origin=Origin(name, 7, "ab" * 32, name, simulated=True),
        seal=Seal("7C4K-0M2X-9QRS-TVWX", "cd" * 32, drawn("words")),
        withheld=(name,),
    )


@pytest.mark.parametrize("words", HOSTILE)
def test_words_that_look_like_markup_are_printed_as_they_are(words: str) -> None:
    assert pdf(every_block(words)).startswith(b"%PDF")
    assert picture(every_block(words)) != picture(every_block("王"))


@pytest.mark.parametrize("words", ["王\x01", "王\u202e李", "王\ufffe", "𠮷"])
@pytest.mark.parametrize("make", [pdf, picture, docx])
def test_what_cannot_be_printed_is_refused_in_every_form(make: Callable[[Sheet], bytes], words: str) -> None:
    with pytest.raises(Refused, match="rename-person"):
        make(every_block(words))


def test_a_template_that_read_words_as_markup_would_be_found(tmp_path: Path) -> None:
    """Control: the same words in a template that evaluates them stop the setting."""
    (tmp_path / "sheet.typ").write_text('#eval(json(bytes(sys.inputs.sheet)).title, mode: "markup")')
    with pytest.raises(typst.TypstError, match="x"):
        typst.compile(str(tmp_path / "sheet.typ"), sys_inputs={"sheet": '{"title": "#panic(\\"x\\")"}'}, format="pdf")


def test_no_template_evaluates_words() -> None:
    for name in template_names():
        assert "eval(" not in (TEMPLATES / name / "sheet.typ").read_text(encoding="utf-8")


def printed_elsewhere(tmp_path: Path, **environment: str) -> list[str]:
    """Return the hashes of PDF, picture and .docx as another process makes them, in a place and time of its own."""
    program = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from hashlib import sha256\n"
        "from tests.paper.test_setting import every_block, docx, pdf, picture\n"
        "print(*(sha256(make(every_block())).hexdigest() for make in (pdf, picture, docx)))"
    )
    ended = subprocess.run(
        [sys.executable, "-P", "-c", program, str(LETTERS)],
        cwd=tmp_path,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout.split()


@pytest.mark.slow
def test_another_process_in_another_place_and_time_zone_sets_the_same_bytes(tmp_path: Path) -> None:
    here = [sha256(make(every_block())).hexdigest() for make in (pdf, picture, docx)]
    elsewhere = {"LC_ALL": "C", "LANG": "fr_FR.UTF-8", "TZ": "America/Lima", "PYTHONHASHSEED": "4711", "HOME": "/"}
    assert printed_elsewhere(tmp_path, **elsewhere) == here


def test_one_other_character_sets_other_bytes() -> None:
    """Control: equal hashes mean equal sheets."""
    for make in (pdf, picture, docx):
        assert make(every_block("王")) != make(every_block("玉"))


def test_a_picture_to_send_is_1080_pixels_wide() -> None:
    for sheet in (every_block(), Sheet("T", "宽", (Paragraph("宽表"),), "wide")):
        made = picture(sheet)
        assert made.startswith(b"\x89PNG")
        assert int.from_bytes(made[16:20]) == 1080


def test_a_document_to_edit_names_the_official_fonts() -> None:
    with zipfile.ZipFile(io.BytesIO(docx(every_block()))) as packed:
        body = packed.read("word/document.xml").decode()
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert [font for font in OFFICIAL_FONTS if f'w:eastAsia="{font}"' not in body] == []


def test_what_sets_the_type_has_a_name_with_its_version() -> None:
    assert typesetter() == f"typst {version('typst')}"
