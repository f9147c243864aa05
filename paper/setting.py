"""Sheets set in type by typst: PDF and pictures, the same bytes for the same sheet on every machine and day.

Fonts come from this package alone, the template is one of its data files, no time is taken, and words reach the
template as JSON, so that nothing in a name is ever read as markup.
"""

from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal

import typst

from paper.coverage import FONTS, require_covered
from paper.document import Sheet, encoded

TEMPLATES: Final = Path(__file__).with_name("templates")
TEMPLATE: Final = "v1"
"""The template of what is printed today; those before it stay, for their notices' reprints."""
PICTURE_WIDTH_PIXELS: Final = 1080
_A4_WIDTH_INCHES: Final = 210 / 25.4


def template_names() -> tuple[str, ...]:
    """Return the templates that are kept, the oldest first."""
    return tuple(sorted(path.name for path in TEMPLATES.iterdir() if path.is_dir()))


def typesetter() -> str:
    """Return what sets the type: another version of it may set other bytes."""
    return f"typst {version('typst')}"


def pdf(sheet: Sheet, template: str = TEMPLATE) -> bytes:
    """Return a sheet as PDF (all fonts inside); `Refused` where a character has no glyph."""
    return _pages(sheet, template, "pdf")[0]


def picture(sheet: Sheet, template: str = TEMPLATE, width_pixels: int = PICTURE_WIDTH_PIXELS) -> bytes:
    """Return a sheet as one PNG of 1080 pixels' width, as long as it is, to be sent; `Refused` as for `pdf`."""
    wide = 297 / 210 if sheet.layout == "wide" else 1
    return _pages(sheet, template, "png", width_pixels / (_A4_WIDTH_INCHES * wide))[0]


def _pages(sheet: Sheet, template: str, form: Literal["pdf", "png"], ppi: float | None = None) -> tuple[bytes, ...]:
    require_covered(sheet)
    made = _compiler().compile(
        input=str(TEMPLATES / template / "sheet.typ"),
        format=form,
        ppi=ppi,
        sys_inputs={"sheet": encoded(sheet).decode(), "picture": "" if form == "pdf" else form},
        timestamp=0,
    )
    if made is None:
        message = "typst was asked for bytes and wrote a file"
        raise TypeError(message)
    return tuple(made) if isinstance(made, list) else (made,)


@cache
def _compiler() -> typst.Compiler:
    """Return the compiler with this package's fonts: reading them takes longer than setting a sheet."""
    return typst.Compiler(root=str(TEMPLATES), font_paths=[str(FONTS)], ignore_system_fonts=True)
