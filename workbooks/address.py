"""Cell addresses as Excel counts them: rows from 1, columns as letters."""

import re
from dataclasses import dataclass

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_LETTERS = 26


def letter(column: int) -> str:
    """Return the letters of `column`, counted from 1: 1 is A, 27 is AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        text = chr(ord("A") + rest) + text
    return text


def address(row: int, column: int) -> str:
    """Return the address of a cell, such as C7, from its row and column counted from 1."""
    return f"{letter(column)}{row}"


def parse_address(text: str) -> tuple[int, int] | None:
    """Return (row, column) of an address such as C7, None where it is none."""
    found = _REFERENCE.fullmatch(text)
    if found is None:
        return None
    column = 0
    for sign in found[1]:
        column = column * _LETTERS + ord(sign) - ord("A") + 1
    return int(found[2]), column


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, all four edges included."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Return whether the cell lies inside."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def within(self, height: int, width: int) -> "Area":
        """Return the part of the area that lies in the first `height` rows and `width` columns."""
        return Area(self.top, self.left, min(self.bottom, height), min(self.right, width))

    @property
    def size(self) -> int:
        """Return the number of cells inside, 0 where the area is empty."""
        return max(0, self.bottom - self.top + 1) * max(0, self.right - self.left + 1)


def parse_area(text: str) -> Area | None:
    """Return the area of a reference such as B3:D4 or B3, None where it is none."""
    first, _, second = text.partition(":")
    start, end = parse_address(first), parse_address(second or first)
    return Area(*start, *end) if start and end else None
