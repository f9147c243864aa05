"""Where each command lives in the URL, what it is about there, and which facts tell that this has changed.

The version of a thing is the position of the last fact that mentions it and that a decision about it depends on: so it
changes with every such fact, is the same for everybody who reads, and needs no table of its own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from api.commands.shapes import Field, Shape, fields_of, record_shape, shape_of
from domain.ballot_closing import CloseBox
from domain.ballot_opening import OpenBox
from domain.ballot_returns import PrintSlips, ReturnSheet
from domain.catalogue import CATALOGUE
from domain.decision import Command
from domain.ids import KINDS, tag
from ledger.expecting import watching

ROOT: Final = "/api/v1/"
ON_BEHALF_OF: Final = Field("on_behalf_of", str | None, shape_of(str | None, "body"), required=False)
"""Stands in the body of every request: the body of people that decided."""
FILLED_IN: Final[Mapping[type[Command], Mapping[str, Any]]] = {
    OpenBox: {"keeper": ""},
    PrintSlips: {"keeper_pass": ""},
    ReturnSheet: {"keeper_pass": ""},
    CloseBox: {"keeper_pass": "", "found": (), "valid": 0, "void": 0, "cells": (), "tellers": ()},
}
"""Fields that nobody can say over HTTP, for only the keeper of the box knows them; he puts them in later."""
NOT_SAID: Final = frozenset({"seconded_by"})
"""What nobody says for another: who stands behind a command as the second person signs in and says so himself."""
_FIELD: Final = re.compile(r"\{([a-z_]+)\}")
_CHANGED: Final = frozenset(kind.AT.rpartition("/")[0] for kind in CATALOGUE.deciders if kind.CHANGES)
_PLURALS: Final[Mapping[str, str]] = {"person": "people", "box": "boxes", "activity": "activities", "entry": "entries"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command is asked for: its fields that stand in the URL, and those in the body, with the body's shape."""

    kind: type[Command]
    in_url: tuple[Field, ...]
    in_body: tuple[Field, ...]
    body: Shape

    @property
    def path(self) -> str:
        """Return the path with its fields in braces."""
        return ROOT + self.kind.AT

    @property
    def has_version(self) -> bool:
        """Return whether the thing can be changed by a command that wants to know which state was seen."""
        return self.thing in _CHANGED

    @property
    def thing(self) -> str:
        """Return the place of what the command changes, or of the new thing that it adds; empty where it has none."""
        if self.kind.CHANGES:
            return self.kind.AT.rpartition("/")[0]
        named = self.named
        return "" if named is None else f"{self.kind.AT}/{{{named.name}}}"

    @property
    def named(self) -> Field | None:
        """Return the field that names the new thing: that whose kind of id the collection is called after."""
        collection = self.kind.AT.rpartition("/")[2]
        return next((f for f in self.in_body if f.hint in KINDS and plural(KINDS[f.hint]) == collection), None)


def _place(kind: type[Command]) -> Place:
    named = set(_FIELD.findall(kind.AT))
    fields = fields_of(kind)
    in_body = tuple(f for f in fields if f.name not in named | NOT_SAID | FILLED_IN.get(kind, {}).keys())
    in_url = tuple(field for field in fields if field.name in named)
    return Place(kind, in_url, in_body, record_shape((*in_body, ON_BEHALF_OF), dict))


def plural(word: str) -> str:
    """Return what a collection of a kind of thing is called."""
    return _PLURALS.get(word, f"{word}s")


def spelt(at: str, asked: Command) -> str:
    """Return a place with its fields filled in from a command."""
    return _FIELD.sub(lambda found: str(getattr(asked, found[1])), at)


def watched(place: Place, asked: Command) -> str:
    """Return what is to be watched to know whether the thing that `asked` is about has changed."""
    named = (f for f in (*place.in_url, *place.in_body) if f"{{{f.name}}}" in place.thing and f.hint in KINDS)
    return watching(_types_about(place.thing), [tag(f.hint, getattr(asked, f.name)) for f in named])


@cache
def _types_about(thing: str) -> tuple[str, ...]:
    """Return the types of fact on which the decisions depend that change a thing, or that add to what belongs to it."""
    about = (decider for kind, decider in CATALOGUE.deciders.items() if kind.AT.startswith(f"{thing}/"))
    return tuple(sorted({each.NAME for decider in about for state in decider.states for each in state.EVENTS}))


PLACES: Final[Mapping[type[Command], Place]] = {kind: _place(kind) for kind in CATALOGUE.deciders}
"""Where each command lives."""
