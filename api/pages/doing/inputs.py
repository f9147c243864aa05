"""What a form asks for, made from a command's fields: for each what kind of input, with what to choose from."""

import dataclasses
import secrets
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal

from api.commands.places import ON_BEHALF_OF, Place
from api.commands.shapes import Field, fields_of, inner_of
from api.pages.doing.field_words import choice_words, label_of
from domain.ids import ATTACHED, KINDS, BranchId, PersonId, RoundId, RulebookId
from domain.roles import ALL, EN_ZH
from domain.sealed import Sealed
from domain.text import Text

Kind = Literal[
    "text", "lines", "words", "select", "many", "suggested", "date", "number", "decimal", "yes", "file", "rows"
]
Choice = tuple[str, Text]
ROWS: Final = 6
"""How many empty rows a form offers for what is repeated; more are handed in as a table."""
DRAWN_BYTES: Final = 3
FILES: Final = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx,.txt,.csv,.toml,.json"


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that is asked for. `columns` are the inputs of one row, where it is repeated with several of them."""

    name: str
    label: Text
    kind: Kind
    required: bool
    choices: tuple[Choice, ...] = ()
    several: bool = False
    columns: tuple["Input", ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be chosen by this reader in this form: people, branches and rounds by name, other ids as known."""

    people: tuple[Choice, ...] = ()
    branches: tuple[Choice, ...] = ()
    rounds: tuple[Choice, ...] = ()
    components: tuple[Choice, ...] = ()
    items: tuple[Choice, ...] = ()
    known: Callable[[Any], Sequence[str]] = field(default=lambda _kind: ())


def inputs_of(place: Place, offer: Offer) -> tuple[Input, ...]:
    """Return what the form of a command asks for: where it lives first, for whom last."""
    fields = [each for each in (*place.in_url, *place.in_body) if each.name != ON_BEHALF_OF.name]
    return tuple(_input(each, offer, new=each is place.named) for each in (*fields, ON_BEHALF_OF))


def new_values(place: Place, today: date) -> dict[str, str]:
    """Return what a fresh form has filled in: a number for what is new, and the present day where one is wanted."""
    values = {each.name: today.isoformat() for each in (*place.in_url, *place.in_body) if each.hint is date}
    if place.named is not None:
        kind = KINDS[place.named.hint]
        values[place.named.name] = f"{kind[:1].upper()}{today:%y%m%d}-{secrets.token_hex(DRAWN_BYTES)}"
    return values


def _input(asked: Field, offer: Offer, *, new: bool = False) -> Input:
    inner, repeated = inner_of(asked.hint), typing.get_origin(asked.hint) is tuple
    required = asked.required and not repeated and inner is not bool
    made = Input(asked.name, label_of(asked.name), "text", required, several=repeated)
    if new:
        return made
    if inner is not Sealed and dataclasses.is_dataclass(inner):
        columns = tuple(_input(each, offer) for each in fields_of(typing.cast("type", inner)))
        return dataclasses.replace(made, kind="rows", columns=columns)
    choices = _choices(asked.name, inner, offer)
    if choices:
        return dataclasses.replace(made, kind="many" if repeated else "select", choices=choices)
    if inner in KINDS:
        known = tuple((each, Text(each, each)) for each in offer.known(inner))
        return dataclasses.replace(made, kind="lines" if repeated else "suggested", choices=known)
    return dataclasses.replace(made, kind=_plain(inner, repeated=repeated))


def _choices(name: str, inner: Any, offer: Offer) -> tuple[Choice, ...]:  # noqa: ANN401
    if typing.get_origin(inner) is Literal:
        return tuple((code, choice_words(code)) for code in typing.get_args(inner))
    if name == "role" and inner is str:
        return tuple((role, Text(EN_ZH[role], role.replace("_", " "))) for role in ALL)
    if name in ("component", "item") and inner is str:
        return offer.components if name == "component" else offer.items
    if inner is RulebookId:
        return tuple((each, Text(each, each)) for each in offer.known(inner))
    named: Mapping[Any, tuple[Choice, ...]] = {
        PersonId: offer.people,
        BranchId: offer.branches,
        RoundId: offer.rounds,
    }
    return named.get(inner, ())


_PLAIN: Final[Mapping[Any, Kind]] = {
    bool: "yes",
    int: "number",
    Decimal: "decimal",
    date: "date",
    datetime: "text",
    Sealed: "words",
}


def _plain(inner: Any, *, repeated: bool) -> Kind:  # noqa: ANN401
    if inner in ATTACHED:
        return "file"
    if repeated:
        return "lines"
    return _PLAIN.get(inner, "text")
