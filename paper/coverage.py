"""Which characters the printed fonts have, read from their own tables; what has no glyph is refused, with whose it is.

directory of a font  u32, u16 number of tables, 3 × u16, then per table: tag, checksum, offset, length (4 × u32)
cmap                 u16, u16 number of encodings, then per encoding: platform, encoding (u16), offset (u32)
format 12            u16 × 2, u32 × 2, u32 number of groups, then per group: first, last, glyph (3 × u32)
"""

import struct
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

from domain.decision import Refused
from domain.text import Text
from paper.document import Sheet, encoded

FONTS: Final = Path(__file__).with_name("fonts")
SET_IN: Final = ("NotoSerifSC-Regular.ttf", "NotoSerifSC-Bold.ttf", "NotoSansSC-Regular.ttf")
"""The fonts of the template; a character must be in all of them, for a name stands in text, titles and heads alike."""
_ALL_PLANES: Final = 12
_LINE_ENDS: Final = frozenset("\n")
_MOST_SHOWN: Final = 40


def uncovered(text: str) -> tuple[str, ...]:
    """Return the characters of a text that one of the fonts lacks, each once, in order."""
    return tuple(dict.fromkeys(each for each in text if ord(each) not in _covered() and each not in _LINE_ENDS))


def require_covered(sheet: Sheet) -> None:
    """Raise `Refused` where a character on a sheet would print as an empty box; it names whose line it is."""
    for words in _words(msgspec.json.decode(encoded(sheet))):
        if missing := uncovered(words):
            raise Refused("no-glyph", _no_glyph(words, missing))


def _words(value: object) -> Iterator[str]:
    """Yield every piece of text of a sheet; of a QR code none, it is a drawing."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (words for name, each in value.items() if name != "qr" for words in _words(each))
    elif isinstance(value, list | tuple):
        yield from (words for each in value for words in _words(each))


@cache
def _covered() -> frozenset[int]:
    return frozenset.intersection(*(frozenset(characters_of(FONTS / name)) for name in SET_IN))


def characters_of(font: Path) -> Iterable[int]:
    """Return the code points that a TrueType font has a glyph for; `ValueError` where it has no full table."""
    with font.open("rb") as file:
        start = _cmap_of(file)
        for offset in _encodings(file, start):
            (form,) = _read(file, start + offset, ">H")
            if form == _ALL_PLANES:
                return [*_groups(file, start + offset)]
    message = f"{font.name} has no table of characters for all planes"
    raise ValueError(message)


def _cmap_of(file: BinaryIO) -> int:
    _, tables = _read(file, 0, ">IH")
    for number in range(tables):
        tag, _, offset, _ = _read(file, 12 + 16 * number, ">4sIII")
        if tag == b"cmap":
            return int(offset)
    message = "a font without a cmap"
    raise ValueError(message)


def _encodings(file: BinaryIO, start: int) -> Iterator[int]:
    _, many = _read(file, start, ">HH")
    for number in range(many):
        _, _, offset = _read(file, start + 4 + 8 * number, ">HHI")
        yield int(offset)


def _groups(file: BinaryIO, at: int) -> Iterator[int]:
    (many,) = _read(file, at + 12, ">I")
    for number in range(many):
        first, last, _ = _read(file, at + 16 + 12 * number, ">III")
        yield from range(first, last + 1)


def _read(file: BinaryIO, at: int, form: str) -> tuple[Any, ...]:
    file.seek(at)
    content = file.read(struct.calcsize(form))
    if len(content) < struct.calcsize(form):
        message = "a font that ends early"
        raise ValueError(message)
    return struct.unpack(form, content)


def _no_glyph(words: str, missing: tuple[str, ...]) -> Text:
    shown = words if len(words) <= _MOST_SHOWN else f"{words[:_MOST_SHOWN]}…"
    which = "、".join(f"{each}（U+{ord(each):04X}）" for each in missing)
    listed = ", ".join(f"{each} (U+{ord(each):04X})" for each in missing)
    return Text(
        f"「{shown}」中的 {which} 不在打印字体中，印出来会是空白；没有打印。"
        "请用 rename-person 登记该同志可以印出的规范用字，或按人名用字空缺由支部手写后盖章。",
        f"'{shown}' has {listed}, which the printing fonts lack and would leave blank; nothing was printed. "
        "Enter a form of the name that can be printed with rename-person.",
    )
