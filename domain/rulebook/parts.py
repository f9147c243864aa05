"""Every value of a rulebook at its place, named as the document names it: what comparing and explaining walk over."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from domain.rulebook.items import Value
from domain.rulebook.model import Rulebook
from domain.rulebook.readings import reading
from domain.text import Text

ORDER = "(order)"
_UNSAID = {"stated", "missing_policy_stated"}
_KEYS = ("code", "id", "records", "name", "star", "post", "group", "outcome")
_NAMES: Mapping[tuple[str, str], str] = {
    ("Rulebook", "conduct"): "/",
    ("Rulebook", "unrated_label"): "unrated.label",
    ("Rulebook", "unrated_clause"): "unrated.clause",
    ("Rulebook", "calendar_opens"): "calendar.opens",
    ("Rulebook", "calendar_clause"): "calendar.clause",
    ("Rulebook", "effective_from"): "effective.from",
    ("Rulebook", "effective_to"): "effective.to",
    ("Rulebook", "year"): "/",
    ("Rulebook", "year_bands"): "annual.bands",
    ("Rulebook", "result"): "result.kind",
    ("YearShape", "begins"): "year_begins",
    ("YearShape", "named_by"): "year_named_by",
    ("Total", "low"): "range.low",
    ("Total", "high"): "range.high",
    ("Annual", "low"): "range.low",
    ("Annual", "high"): "range.high",
    ("Cap", "by_period"): "percent_by_period",
    ("Scope", "roster_clause"): "/roster.clause",
    ("Scope", "minimum_months"): "/newcomers.minimum_months",
    ("Scope", "newcomers"): "/newcomers.mode",
    ("Scope", "newcomers_clause"): "/newcomers.clause",
    ("Component", "open_top"): "range",
    ("Component", "takes_entries"): "entries",
    ("Component", "ballots_minimum"): "ballots.minimum",
    ("Component", "ballots_clause"): "ballots.clause",
    ("Component", "trim_each_side"): "ballots.trim_each_side",
    ("Component", "ballot_groups"): "ballots.groups",
    ("Component", "representatives"): "ballots.representatives",
    ("Component", "share"): "ballots.share",
    ("Component", "shares"): "ballots.voices",
    ("Component", "exclude_self"): "ballots.exclude_self",
    ("Component", "bounds"): "range",
    ("Add", "groups"): "add",
    ("AtMost", "bound"): "at_most",
    ("AtLeast", "bound"): "at_least",
    ("Times", "factor"): "times",
    ("Item", "value"): "points",
    ("Item", "effective_from"): "effective.from",
    ("Item", "effective_to"): "effective.to",
    ("Stairs", "stairs"): "",
    ("Percent", "percent"): "of_rate",
    ("Step", "name"): "step",
    ("Session", "window"): "window.of",
    ("Session", "days"): "window.days",
    ("Session", "window_clause"): "window.clause",
    ("Session", "representatives_at_least"): "representatives.at_least",
    ("Session", "representatives_clause"): "representatives.clause",
}
_CLAUSES: Mapping[tuple[str, str], str] = {
    ("Rulebook", "unrated_label"): "unrated_clause",
    ("Rulebook", "calendar_opens"): "calendar_clause",
    ("Scope", "minimum_months"): "newcomers_clause",
    ("Scope", "newcomers"): "newcomers_clause",
    ("Component", "ballots_minimum"): "ballots_clause",
    ("Component", "trim_each_side"): "ballots_clause",
    ("Component", "ballot_groups"): "ballots_clause",
    ("Component", "representatives"): "ballots_clause",
    ("Component", "share"): "ballots_clause",
    ("Annual", "minimum_months"): "months_clause",
    ("Annual", "unassessed"): "months_clause",
    ("Session", "window"): "window_clause",
    ("Session", "days"): "window_clause",
    ("Session", "representatives_at_least"): "representatives_clause",
}


_MEASURES = {"Rate": "per", "Stairs": "steps", "Percent": "percent"}


@dataclass(frozen=True, slots=True)
class Part:
    """One value at its place, in words for people, with the clause that it stands under (empty for none).

    A `whole` stands for a table with its own name: where it is there on one side only, what is in it need not be said.
    """

    place: str
    value: object
    said: Text
    clause: str
    whole: bool = False


def parts(rulebook: Rulebook) -> Iterator[Part]:
    """Yield every part of a rulebook, each table before what is in it, as the model orders them."""
    for part in _of_table(rulebook, "", ""):
        yield _as_reading(rulebook, part) if part.place.startswith("readings.") else part


def _as_reading(rulebook: Rulebook, part: Part) -> Part:
    read = reading(rulebook.readings, part.place.removeprefix("readings."))
    said = Text(f"{read.choice}：{read.meaning.zh}", f"{read.choice}: {read.meaning.en}")
    return Part(part.place, part.value, said, read.amb)


def _of_table(table: object, place: str, clause: str) -> Iterator[Part]:
    own = _clause_of(table, clause)
    kind = type(table).__name__
    for each in fields(table):  # type: ignore[arg-type]
        value = getattr(table, each.name)
        if each.name in _UNSAID or _said_elsewhere(table, each.name):
            continue
        named = _MEASURES.get(type(value).__name__, _NAMES.get((kind, each.name), each.name))
        beside = str(getattr(table, _CLAUSES.get((kind, each.name), ""), "") or own)
        yield from _of_value(value, _below(place, named), beside)


def _said_elsewhere(table: object, name: str) -> bool:
    """Return whether a field only repeats another: the span of a measure, an open top where there are bounds."""
    return (name == "value" and getattr(table, "measure", None) is not None) or (
        name == "open_top" and getattr(table, "bounds", None) is not None
    )


def _below(place: str, named: str) -> str:
    """Return the place of a field; one that begins with `/` stands at the top of the document."""
    if named.startswith("/"):
        return named[1:]
    return ".".join(each for each in (place, named) if each)


def _of_value(value: object, place: str, clause: str) -> Iterator[Part]:
    if isinstance(value, Mapping):
        yield from _of_mapping(value, place, clause)
    elif isinstance(value, tuple) and value and all(_is_table(each) for each in value):
        yield from _of_list(value, place, clause)
    elif _is_table(value):
        if place:
            yield Part(place, None, _title(value, place), _clause_of(value, clause), whole=True)
        yield from _of_table(value, place, clause)
    elif value not in (None, ()):
        yield Part(place, value, said(value), clause)


def _is_table(value: object) -> bool:
    return is_dataclass(value) and not isinstance(value, Text | Value | type)


def _of_mapping(value: Mapping[str, object], place: str, clause: str) -> Iterator[Part]:
    for key, each in value.items():
        where = f"{place}.{key}"
        under = str(key) if place == "clauses" else clause
        yield from _of_value(each, where, under)


def _of_list(tables: tuple[object, ...], place: str, clause: str) -> Iterator[Part]:
    """Yield the tables of a list by their own names, so that one moved or put in between is still the same."""
    known: dict[str, int] = {}
    names = []
    for number, table in enumerate(tables):
        name = _key(table) or str(number)
        known[name] = known.get(name, 0) + 1
        names.append(name if known[name] == 1 else f"{name}#{known[name]}")
    for name, table in zip(names, tables, strict=True):
        where = f"{place}[{name}]" if name.split("#")[0].isdecimal() else f"{place}.{name}"
        yield Part(where, None, _title(table, name), _clause_of(table, clause), whole=True)
        yield from _of_table(table, where, clause)
    yield Part(f"{place}{ORDER}", tuple(names), said(tuple(names)), clause)


def _key(table: object) -> str:
    return next((str(getattr(table, key)) for key in _KEYS if hasattr(table, key)), "")


def _clause_of(table: object, clause: str) -> str:
    return str(getattr(table, "clause", "") or clause)


def _title(table: object, otherwise: str) -> Text:
    found = next((getattr(table, name) for name in ("title", "label", "text") if hasattr(table, name)), None)
    return found if isinstance(found, Text) else Text(otherwise, otherwise)


def said(value: object) -> Text:
    """Return a value in words for people."""
    if isinstance(value, Text):
        return value
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, tuple | list | frozenset):
        inner = [said(each) for each in value]
        return Text("、".join(each.zh for each in inner), ", ".join(each.en for each in inner))
    plain = _plain(value)
    return Text(plain, plain)


def _plain(value: object) -> str:
    if isinstance(value, Value):
        ends = f"{_plain(value.low)} … {_plain(value.high)}"
        return _plain(value.low) if value.fixed is not None else ends
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return value.isoformat() if isinstance(value, date) else str(value)
