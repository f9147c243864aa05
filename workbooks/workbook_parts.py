"""What the small parts of a workbook say: its sheets, its percent styles, the length of its shared strings."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from workbooks.package import Package, damage
from workbooks.xml_stream import Listener, local, stream

BOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
STYLES = "xl/styles.xml"
STRINGS = "xl/sharedStrings.xml"

_BUILT_IN_PERCENT = frozenset({"9", "10"})


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """One sheet of the workbook: its name, whether it is visible, and the part that holds it."""

    name: str
    visible: bool
    part: str


@dataclass(frozen=True, slots=True)
class Book:
    """The worksheets in workbook order, and whether days are counted from 1904."""

    sheets: tuple[SheetEntry, ...]
    counts_from_1904: bool


def read_book(package: Package) -> Book:
    """Return the sheets of the workbook; chart and macro sheets are left out."""
    targets = _worksheet_targets(package)
    sheets: list[SheetEntry] = []
    epochs: list[bool] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        own = {local(key): value for key, value in attributes.items()}
        if name == "workbookPr":
            epochs.append(own.get("date1904", "0") in {"1", "true"})
        elif name == "sheet" and own.get("id") in targets:
            sheets.append(SheetEntry(own.get("name", ""), own.get("state", "visible") == "visible", targets[own["id"]]))

    stream(BOOK, package.part(BOOK) or b"", Listener(start=start))
    return Book(tuple(sheets), any(epochs))


def _worksheet_targets(package: Package) -> dict[str, str]:
    targets: dict[str, str] = {}

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            path = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            targets[attributes.get("Id", "")] = path.lstrip("/")

    content = package.part(RELATIONS)
    if content is None:
        damage(f"{RELATIONS} is missing")
    stream(RELATIONS, content, Listener(start=start))
    return targets


def percent_styles(package: Package) -> frozenset[int]:
    """Return the style numbers (cellXfs) that show a number as a percentage."""
    percent_formats = set(_BUILT_IN_PERCENT)
    found: set[int] = set()
    position = {"cellXfs": -1, "inside": 0}

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name == "numFmt" and "%" in attributes.get("formatCode", ""):
            percent_formats.add(attributes.get("numFmtId", ""))
        elif name == "cellXfs":
            position["inside"] = 1
        elif name == "xf" and position["inside"]:
            position["cellXfs"] += 1
            if attributes.get("numFmtId") in percent_formats:
                found.add(position["cellXfs"])

    def end(name: str) -> None:
        if name == "cellXfs":
            position["inside"] = 0

    content = package.part(STYLES)
    if content is not None:
        stream(STYLES, content, Listener(start=start, end=end))
    return frozenset(found)


def shared_string_lengths(package: Package) -> list[int]:
    """Return the number of characters of each shared string, in order."""
    lengths: list[int] = []

    def start(name: str, _: Mapping[str, str]) -> None:
        if name == "si":
            lengths.append(0)

    def characters(text: str) -> None:
        if lengths:
            lengths[-1] += len(text)

    content = package.part(STRINGS)
    if content is not None:
        stream(STRINGS, content, Listener(start=start, characters=characters))
    return lengths
