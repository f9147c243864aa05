"""A grid as JSON and back, every value with its type: what the confined child says to its parent."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from domain.findings import Finding, Invalid
from domain.text import Text
from workbooks.address import Area
from workbooks.grid import Cell, Grid, Raw, Trait, merged_places

_MICROSECOND = timedelta(microseconds=1)
_TRAITS = frozenset({"plain", "formula", "error", "percent"})
_READ: Mapping[str, Callable[[Any], Raw]] = {
    "none": lambda _: None,
    "bool": bool,
    "int": int,
    "float": float,
    "str": str,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda microseconds: _MICROSECOND * microseconds,
}


def grid_answer(grid: Grid) -> bytes:
    """Return the grid as JSON."""
    cells = [[cell.row, cell.column, *_written(cell.raw), cell.trait] for cell in grid.cells.values()]
    return _encoded(
        {
            "sheet": grid.sheet,
            "height": grid.height,
            "width": grid.width,
            "cells": cells,
            "merges": [[area.top, area.left, area.bottom, area.right] for area in grid.merges],
            "other_sheets": grid.other_sheets,
            "counts_from_1904": grid.counts_from_1904,
            "notes": _written_findings(grid.notes),
        }
    )


def findings_answer(findings: Sequence[Finding]) -> bytes:
    """Return why there is no grid, as JSON."""
    return _encoded({"findings": _written_findings(findings)})


def read_answer(answer: bytes) -> Grid:
    """Return the grid that was answered; Invalid where findings were, ValueError where it is neither."""
    try:
        said = json.loads(answer)
        if "findings" in said:
            raise Invalid(_read_findings(said["findings"]))
        merges = tuple(Area(*map(int, area)) for area in said["merges"])
        cells = [_cell(each) for each in said["cells"]]
        return Grid(
            sheet=str(said["sheet"]),
            height=int(said["height"]),
            width=int(said["width"]),
            cells={(cell.row, cell.column): cell for cell in cells},
            merges=merges,
            merged=merged_places(merges),
            other_sheets=tuple(map(str, said["other_sheets"])),
            counts_from_1904=bool(said["counts_from_1904"]),
            notes=_read_findings(said["notes"]),
        )
    except (KeyError, TypeError, OverflowError) as fault:
        message = "the child's answer is none"
        raise ValueError(message) from fault


def _encoded(said: Mapping[str, object]) -> bytes:
    return json.dumps(said, ensure_ascii=True, separators=(",", ":")).encode()


def _written(raw: Raw) -> tuple[str, object]:
    match raw:
        case None:
            return "none", None
        case datetime() | date() | time():
            return type(raw).__name__, raw.isoformat()
        case timedelta():
            return "timedelta", raw // _MICROSECOND
        case _:
            return type(raw).__name__, raw


def _cell(each: Sequence[Any]) -> Cell:
    row, column, kind, value, trait = each
    if trait not in _TRAITS:
        raise ValueError(trait)
    return Cell(int(row), int(column), _READ[kind](value), cast("Trait", trait))


def _written_findings(findings: Sequence[Finding]) -> list[list[str]]:
    return [[f.code, f.place, f.message.zh, f.message.en, f.remedy.zh, f.remedy.en] for f in findings]


def _read_findings(written: Sequence[Sequence[str]]) -> tuple[Finding, ...]:
    return tuple(
        Finding(code, place, Text(zh, en), Text(remedy_zh, remedy_en))
        for code, place, zh, en, remedy_zh, remedy_en in written
    )
