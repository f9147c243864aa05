"""A sheet as a form: a row for each thing that is judged, with its choices; and the marks that come back."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from fastapi import Request

from api.commands.bodies import read_bytes
from api.pages.words import ASPECTS, worded
from domain.ballot_rules import MOST_POINTS
from domain.ballot_sheets import Marks
from domain.ballots import BoxOpened, GradeCap, rows_of
from domain.ids import PersonId
from domain.text import Text
from ledger.ledger import Ledger
from projections.names import names_in

SEVERAL: Final = "several"
"""What a teller chooses where a row has more than one mark; no grade is called so."""
MOST_BYTES: Final = 256 * 1024
Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number on the sheet (from 1), the field of the form, about whom, in which aspect."""

    number: int
    field: str
    name: str
    aspect: Text | None
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A sheet to be filled in."""

    box: str
    branch: str
    rows: tuple[Row, ...]
    marks: tuple[str, ...]
    caps: tuple[GradeCap, ...]
    most_points: int | None


def form_of(opened: BoxOpened, ledger: Ledger, fields: Fields = (), voter: PersonId | None = None) -> Form:
    """Return the sheet with what was filled in; the rows about the voter himself are left out."""
    names, given = names_in(ledger), _by_name(fields)
    rows = tuple(
        Row(
            number=place + 1,
            field=_field(place),
            name=names.person(person),
            aspect=worded(ASPECTS, aspect) if aspect else None,
            chosen=tuple(given[_field(place)]),
        )
        for place, (person, aspect) in enumerate(rows_of(opened))
        if person != voter
    )
    points = MOST_POINTS if opened.kind == "points" else None
    marks = () if points else (*opened.marks, *opened.abstentions)
    return Form(opened.box, names.branch(opened.branch), rows, marks, opened.caps, points)


def marks_in(opened: BoxOpened, fields: Fields) -> Marks:
    """Return the marks of a form that was sent; a row without a choice is left out, which leaves it blank."""
    given = _by_name(fields)
    found: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for place, (person, aspect) in enumerate(rows_of(opened)):
        chosen = given[_field(place)]
        if chosen:
            found[person][aspect] = _spoilt(opened) if SEVERAL in chosen else chosen
    return found if opened.staff is not None else {person: rows[""] for person, rows in found.items()}


async def fields_of(request: Request) -> Fields:
    """Return the fields of a form of somebody who has not signed in; `TooLarge` beyond what a sheet can need."""
    body = await read_bytes(request, MOST_BYTES)
    return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)


async def own_fields_of(request: Request) -> Fields:
    """Return the fields of a form that a door has looked at already."""
    return [(name, value) for name, value in (await request.form()).multi_items() if isinstance(value, str)]


def one(fields: Iterable[tuple[str, str]], name: str) -> str:
    """Return what a field says; nothing where it is not there."""
    return next((value.strip() for each, value in fields if each == name), "")


def _by_name(fields: Fields) -> Mapping[str, list[str]]:
    given: dict[str, list[str]] = defaultdict(list)
    for name, value in fields:
        if value.strip():
            given[name].append(value.strip())
    return given


def _field(place: int) -> str:
    return f"row{place + 1}"


def _spoilt(opened: BoxOpened) -> list[str]:
    """Return two marks: whichever they are, a row with more than one is void."""
    return [opened.marks[0] if opened.kind == "grades" else "0"] * 2
