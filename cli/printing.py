"""What goes to stdout: JSON for programs, aligned tables for people."""

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from rich.cells import cell_len

from domain.dates import CHINA, deadline
from domain.text import Language


def print_json(value: object, enc_hook: Callable[[Any], Any] | None = None) -> None:
    """Print one JSON document on stdout."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value, enc_hook=enc_hook), indent=2).decode() + "\n")


def print_table(heads: str, rows: Sequence[Sequence[object]], language: Language) -> None:
    """Print aligned columns on stdout: a Chinese character counts as two, and nothing is cut off.

    `heads` are written `中文/English · …`; the reader sees one of the two.
    """
    if not rows:
        return
    spoken = [head.split("/")[language == "en"] for head in heads.split(" · ")]
    shown = [spoken, *(["" if cell is None else str(cell) for cell in row] for row in rows)]
    widths = [max(map(cell_len, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        padded = (cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write("  ".join(padded).rstrip() + "\n")


def minute(instant: datetime | str | None) -> str:
    """Return an instant as the clock in China shows it, to the minute; nothing where there is none."""
    if isinstance(instant, str):  # the mark of what is withheld
        return instant
    return "" if instant is None else instant.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def end(instant: datetime | str | None) -> str:
    """Return the end of a term as people say it (24:00); nothing where there is none."""
    if isinstance(instant, str):  # the mark of what is withheld
        return instant
    return "" if instant is None else deadline(instant)
