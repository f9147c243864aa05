# ruff: noqa: INP001 - a script beside the pages it writes, no package
"""Write `rulebooks/schema.json`, the JSON Schema of a rulebook: `.venv/bin/python docs/rulebook_schema.py`.

The parser itself is asked: it reads a document that answers every question and notes what was asked, so the schema
knows each field, its words and whether it may be left out exactly as the parser does. tests/docs compare the two.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar, get_args

from domain.rulebook import model, parse
from domain.rulebook.fields import Table
from domain.rulebook.readings import SWITCHES
from domain.text import Text

PATH = Path(__file__).resolve().parents[1] / "rulebooks" / "schema.json"
NUMBER = {
    "type": ["number", "string"],
    "pattern": r"^-?[0-9]{1,9}(\.[0-9]{1,6})?$",
    "exclusiveMinimum": -(10**9),
    "exclusiveMaximum": 10**9,
}
TEXT = {"type": "string", "minLength": 1}
BOTH = {
    "type": "object",
    "properties": {"zh": {"type": "string", "pattern": r"\S"}, "en": {"type": "string", "pattern": r"\S"}},
    "required": ["zh", "en"],
    "additionalProperties": False,
}
Word = TypeVar("Word", bound=str)
Schema = dict[str, Any]


def main() -> None:
    """Write the schema."""
    PATH.write_text(page(), encoding="utf-8")
    sys.stdout.write("rulebooks/schema.json\n")


def page() -> str:
    """Return the text of `rulebooks/schema.json`."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def schema() -> Schema:
    """Return the JSON Schema (draft 7) of a rulebook."""
    top = _merged([node for family in get_args(model.Family) for node in _every_answer(family)])
    top.fields["format"].shape = {"const": parse.FORMAT}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Starledger 星鉴: a rulebook 评星办法 (TOML)",
        **top.as_schema(),
        "definitions": {name: node.as_schema() for name, node in top.recursive().items()},
    }


# what was asked


@dataclass
class Field:
    """One field of a table: its shape or the table that it holds, and whether a document may leave it out."""

    required: bool
    shape: Schema = field(default_factory=dict)
    below: "Node | None" = None
    many: bool = False
    again: bool = False

    def as_schema(self, name: str) -> Schema:
        """Return what stands under `properties`."""
        if self.below is None and not self.again:
            return self.shape
        refers = self.below is None or self.below.itself
        held = {"$ref": f"#/definitions/{name}"} if refers or self.below is None else self.below.as_schema()
        table = {"type": "array", "items": held} if self.many else held
        return {"anyOf": [self.shape, table]} if self.shape else table


@dataclass
class Node:
    """One kind of table: the fields that were asked of it, and those that were only looked for."""

    fields: dict[str, Field] = field(default_factory=dict)
    looked_for: set[str] = field(default_factory=set)
    itself: bool = False

    def as_schema(self) -> Schema:
        """Return the schema of the table."""
        required = [name for name, each in self.fields.items() if each.required and name not in self.looked_for]
        properties = {name: each.as_schema(name) for name, each in self.fields.items()}
        made: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
        return made | ({"required": required} if required else {})

    def looked_into(self, place: str = "") -> Iterator[tuple[str, str]]:
        """Yield each field that was looked for with the place of its table, and the table with no field at all."""
        yield from ((place, name) for name in sorted(self.looked_for))
        if self.looked_for and place:
            yield place, ""
        for name, each in self.fields.items():
            if each.below is not None:
                yield from each.below.looked_into(f"{place}.{name}" if place else name)

    def choices(self, place: str = "") -> Iterator[tuple[str, str, str]]:
        """Yield each word that a field may have beside the first, with its table and name."""
        for name, each in self.fields.items():
            yield from ((place, name, word) for word in each.shape.get("enum", ())[1:])
            if each.below is not None:
                yield from each.below.choices(f"{place}.{name}" if place else name)

    def recursive(self) -> dict[str, "Node"]:
        """Return the tables that hold tables of their own kind, by name."""
        found: dict[str, Node] = {}
        for name, each in self.fields.items():
            if each.below is not None and each.below.itself:
                found[name] = each.below
            elif each.below is not None:
                found |= each.below.recursive()
        return found


def _every_answer(family: str) -> Iterator[Node]:
    """Yield what is asked where everything is written and where nothing is, and with one answer after another changed.

    Of each table that is looked into, a field alone may be there, or none; each choice may be made otherwise.
    """
    for written in (True, False):
        usual = _asked(Answers(family, written=written))
        yield usual
        for place, field_name in dict.fromkeys(usual.looked_into()):
            yield _asked(Answers(family, written=written, alone=(place, field_name)))
        for place, field_name, word in dict.fromkeys(usual.choices()):
            yield _asked(Answers(family, written=written, chosen=(place, field_name, word)))


def _asked(answers: "Answers") -> Node:
    top = Node()
    parse._rulebook(Asked(top, "", answers))  # noqa: SLF001 - the parser of a document already read
    return top


@dataclass(frozen=True)
class Answers:
    """What the parser is told: whether a field is there, and which word was chosen.

    `alone` is a table with the only field that it has (empty: it has none), `chosen` a field with the word in it.
    """

    family: str
    written: bool
    alone: tuple[str, str] | None = None
    chosen: tuple[str, str, str] = ("", "", "")

    def has(self, place: str, name: str) -> bool:
        """Return whether the table at `place` is said to have the field."""
        return self.written if self.alone is None or place != self.alone[0] else name == self.alone[1]

    def choose(self, place: str, name: str, allowed: tuple[Word, ...]) -> Word:
        """Return the word that stands in a field."""
        wanted = self.chosen[2] if (place, name) == self.chosen[:2] else self.family
        return next((word for word in allowed if word == wanted), allowed[0])


def _merged(nodes: Iterable[Node]) -> Node:
    """Return one table out of several answers: required is only what every answer required."""
    found = list(nodes)
    names = dict.fromkeys(name for node in found for name in node.fields)
    looked_for = {name for node in found for name in node.looked_for}
    merged = Node(looked_for=looked_for, itself=any(node.itself for node in found))
    for name in names:
        merged.fields[name] = _one([node.fields[name] for node in found if name in node.fields], len(found))
    return merged


def _one(answers: list[Field], of: int) -> Field:
    below = [each.below for each in answers if each.below is not None]
    required = len(answers) == of and all(each.required for each in answers)
    shape = _either([each.shape for each in answers if each.shape])
    first = answers[0]
    return Field(required, shape, _merged(below) if below else None, first.many, first.again)


def _either(shapes: list[Schema]) -> Schema:
    """Return the widest of several shapes: the words of one run and of the other, the lower of two bounds."""
    made = dict(shapes[0]) if shapes else {}
    for shape in shapes[1:]:
        if "enum" in shape:
            made["enum"] = list(dict.fromkeys([*made["enum"], *shape["enum"]]))
        if "minimum" in shape:
            made["minimum"] = min(made["minimum"], shape["minimum"])
    return made


class Asked(Table):
    """A table that is asked instead of read: it notes each question and answers with what lets the parser go on.

    Every method of `Table` is one of its own here; a test tells when one is missing.
    """

    def __init__(self, node: Node, place: str, answers: Answers, kind: str = "") -> None:
        """Note into `node` what is asked of the table at `place`, whose name there is `kind`."""
        super().__init__({}, place, [])
        self.node = node
        self.answers = answers
        self.place = place
        self.kind = kind

    def _note(self, name: str, shape: Mapping[str, Any], *, required: bool) -> None:
        if name in self.node.fields:
            known = self.node.fields[name]
            known.required = known.required or required
            known.shape = known.shape or dict(shape)
        else:
            self.node.fields[name] = Field(required, dict(shape))

    def _below(self, name: str, *, required: bool, many: bool) -> "Asked":
        self._note(name, {}, required=required)
        noted = self.node.fields[name]
        noted.many = many
        noted.below = noted.below or Node()
        return Asked(noted.below, self.place_of(name), self.answers, name)

    def __contains__(self, name: str) -> bool:
        """Answer the question whether a field is there: it may be left out, then."""
        self.node.looked_for.add(name)
        return self.answers.has(self.place, name)

    def plain(self, name: str) -> object:
        """Answer with a table where one may be written; what is read next says which."""
        self.node.looked_for.add(name)
        return {} if self.answers.has(self.place, name) else None

    def wrong(self, code: str, name: str, message: Text, remedy: Text) -> None:
        """Take no notice: nothing was written, so nothing is wrong."""

    def word(self, name: str, default: str | None = None) -> str:
        """Note a text."""
        self._note(name, {"type": "string"} if default is not None else {"type": "string", "pattern": r"\S"},
                   required=default is None)  # fmt: skip
        return ""

    def words(self, name: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Note a list of texts."""
        self._note(name, {"type": "array", "items": TEXT}, required=default is None)
        return ()

    def choice(self, name: str, allowed: tuple[Word, ...], default: str | None = None) -> Word:
        """Note one of some words; a switch says what each of them means."""
        shape: Schema = {"enum": list(allowed)}
        switch = SWITCHES.get(name) if self.kind == "readings" else None
        if switch is not None:
            meanings = (f"{word}: {said.zh} · {said.en}" for word, said in switch.meanings.items())
            shape["description"] = "\n".join((switch.amb, *meanings))
        self._note(name, shape, required=default is None)
        return self.answers.choose(self.place, name, allowed)

    def choices(self, name: str, allowed: tuple[Word, ...]) -> tuple[Word, ...]:
        """Note a list of some words."""
        self._note(name, {"type": "array", "items": {"enum": list(allowed)}, "minItems": 1}, required=True)
        return allowed

    def flag(self, name: str, *, default: bool | None = None) -> bool:
        """Note true or false."""
        self._note(name, {"type": "boolean"}, required=default is None)
        return bool(default)

    def whole(self, name: str, default: int | None = None, *, low: int = 0) -> int:
        """Note an integer."""
        self._note(name, {"type": "integer", "minimum": low}, required=default is None)
        return low

    def number(self, name: str) -> Decimal:
        """Note an exact number."""
        self._note(name, NUMBER, required=True)
        return Decimal(0)

    def numbers(self, name: str) -> tuple[Decimal, ...]:
        """Note a list of numbers."""
        self._note(name, {"type": "array", "items": NUMBER}, required=False)
        return ()

    def number_or_none(self, name: str) -> Decimal | None:
        """Note a number that may be left out."""
        self._note(name, NUMBER, required=False)
        return Decimal(0) if self.answers.has(self.place, name) else None

    def share(self, name: str) -> Fraction:
        """Note a fraction."""
        self._note(name, {"type": "string", "pattern": "^[0-9]{1,4}/[1-9][0-9]{0,3}$"}, required=True)
        return Fraction(1, 2)

    def day_or_none(self, name: str) -> date | None:
        """Note a day that may be left out."""
        self._note(name, {"type": "string", "format": "date"}, required=False)
        return None

    def both(self, name: str) -> Text:
        """Note a text in the two languages."""
        self._note(name, BOTH, required=True)
        return Text("", "")

    def points(self, name: str) -> dict[str, Decimal]:
        """Note a table of numbers by word."""
        self._note(name, {"type": "object", "additionalProperties": NUMBER}, required=True)
        return {}

    def table(self, name: str, *, optional: bool = False) -> "Asked":
        """Note a table and go on asking it."""
        return self._below(name, required=not optional, many=False)

    def tables(self, name: str, *, optional: bool = False) -> tuple["Asked", ...]:
        """Note an array of tables and go on asking one of them; a table of its own kind is not asked again."""
        if name == self.kind:
            self.node.itself = True
            self.node.fields[name] = Field(not optional, many=True, again=True)
            return ()
        return (self._below(name, required=not optional, many=True),)

    def done(self) -> None:
        """Everything asked is known."""


if __name__ == "__main__":
    main()
