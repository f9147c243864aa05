"""What stands on a sheet of paper: blocks of words, tables and lines to sign, before it is set in type."""

from dataclasses import dataclass, field
from typing import Final, Literal

import msgspec

Layout = Literal["notice", "form", "wide"]
"""`notice`: margins and sizes of GB/T 9704; `form`: a form for the binder; `wide`: the same across the page."""
Align = Literal["left", "center", "right"]
BLANK: Final = ""
"""What stands in a cell that is to be filled in by hand."""
Rows = tuple[tuple[str, ...], ...]
NO_ROWS: Final[Rows] = ()
GRADES: Final[tuple[str, ...]] = ("优秀", "合格", "基本合格", "不合格")
"""The grades of a blank form; a filled one has those of its rulebook."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: title, width (`1fr`, `12mm`), and the title above it that it shares with its neighbours."""

    title: str
    width: str = "1fr"
    align: Align = "center"
    above: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the first rank, as `一、…`."""

    text: str
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `indented` begins two characters in, as Chinese text does."""

    text: str
    indented: bool = True
    small: bool = False
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Fields:
    """Labels with their values in ruled boxes, `across` pairs a line; an empty value is filled in by hand."""

    pairs: tuple[tuple[str, str], ...]
    across: int = 2
    kind: str = "fields"


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table; `empty` rows follow for handwriting, `diagonal` splits the first head in two.

    Rows are at least `row_mm` high, where it is not 0: there somebody is to write or to tick.
    """

    columns: tuple[Column, ...]
    rows: Rows
    empty: int = 0
    diagonal: tuple[str, str] | None = None
    row_mm: int = 0
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Area:
    """A labelled box of so many millimetres: what is known already, then room to write, then who signs."""

    label: str
    text: str = BLANK
    height_mm: int = 28
    signed: tuple[str, ...] = ()
    kind: str = "area"


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign, side by side, with a day beneath each where `dated`."""

    who: tuple[str, ...]
    dated: bool = True
    kind: str = "signatures"


@dataclass(frozen=True, slots=True)
class Ending:
    """Who issues a notice and on which day, at the end on the right, with room for the seal."""

    issuer: str
    day: str
    kind: str = "ending"


@dataclass(frozen=True, slots=True)
class Slips:
    """Strips of paper to be cut apart, each with the lines that stand on it."""

    slips: tuple[tuple[str, ...], ...]
    kind: str = "slips"


Block = Heading | Paragraph | Fields | Table | Area | Signatures | Ending | Slips


@dataclass(frozen=True, slots=True)
class Origin:
    """The ledger that a sheet was read from: its name, how many facts, their root in hex, and as of which instant.

    `simulated`: the ledger runs on a simulated clock, and every sheet says so.
    """

    ledger: str
    size: int
    root: str
    instant: str
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Seal:
    """The code by which a copy of a notice is held against the facts, and what its QR code says."""

    code: str
    head: str
    qr: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form ready to be set: its code, title and blocks; without an origin it is blank, from no ledger."""

    code: str
    title: str
    blocks: tuple[Block, ...]
    layout: Layout = "form"
    under: str = ""
    origin: Origin | None = None
    seal: Seal | None = None
    withheld: tuple[str, ...] = field(default=())


def encoded(sheet: Sheet) -> bytes:
    """Return a sheet as JSON, the form in which the template reads it."""
    return msgspec.json.encode(sheet, enc_hook=_as_text)


def _as_text(value: object) -> str:
    """Return a mark of what is withheld as the words that it is."""
    if isinstance(value, str):
        return "".join(value)
    message = f"no place on paper for {type(value).__name__}"
    raise NotImplementedError(message)
