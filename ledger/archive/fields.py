"""Which fields of which events are sealed or name attachments: what the stand-alone verifier is told of our events.

`docs/generate.py` writes the two tables into `verify.py`, which imports nothing of ours; a test compares them.
"""

import dataclasses
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from domain.decision import Event
from domain.ids import ATTACHED
from domain.sealed import Sealed
from ledger.reading import may_hold

BEGIN, END = "# BEGIN FIELDS\n", "# END FIELDS\n"
WIDTH = 118


def fields_of(events: Mapping[str, type[Event]], wanted: Callable[[Any], bool]) -> dict[str, str]:
    """Return, by the names of events, their fields of a wanted type, parted by spaces; events without any are left out.

    `LookupError` where such a value is nested in another: the verifier looks at the fields themselves, and at lists.
    """
    found = {name: " ".join(_fields(event, wanted)) for name, event in events.items()}
    return {name: fields for name, fields in found.items() if fields}


def tables(events: Mapping[str, type[Event]]) -> str:
    """Return the two tables as they stand in `verify.py`, between their marks."""
    sealed = fields_of(events, lambda hint: hint is Sealed)
    attached = fields_of(events, lambda hint: hint in ATTACHED)
    return BEGIN + _written("SEALED", sealed) + _written("ATTACHED", attached) + END


def with_tables(source: str, events: Mapping[str, type[Event]]) -> str:
    """Return the source of `verify.py` with the tables of these events."""
    before, _, rest = source.partition(BEGIN)
    return before + tables(events) + rest.partition(END)[2]


def _fields(event: type[Event], wanted: Callable[[Any], bool]) -> Iterator[str]:
    hints = typing.get_type_hints(event)
    for field in dataclasses.fields(typing.cast("Any", event)):
        hint = hints[field.name]
        if any(wanted(part) for part in _parts(hint)):
            yield field.name
        elif any(_nests(part, wanted) for part in _parts(hint)):
            message = f"{event.__name__}.{field.name}"
            raise LookupError(message)


def _parts(hint: Any) -> Iterator[Any]:  # noqa: ANN401 - a type in any of its forms
    yield hint
    for part in typing.get_args(hint):
        yield from _parts(part)


def _nests(hint: Any, wanted: Callable[[Any], bool]) -> bool:  # noqa: ANN401
    if not dataclasses.is_dataclass(hint):
        return False
    return (may_hold(hint, Sealed) and wanted(Sealed)) or any(
        wanted(part) for each in typing.get_type_hints(hint).values() for part in _parts(each)
    )


def _written(name: str, table: Mapping[str, str]) -> str:
    """Return a table as source, many pairs to a line."""
    lines, line = [f"{name}: dict[str, str] = {{"], "   "
    for kind, fields in sorted(table.items()):
        pair = f' "{kind}": "{fields}",'
        if len(line) + len(pair) > WIDTH:
            lines.append(line)
            line = "   "
        line += pair
    return "\n".join([*lines, line, "}"]) + "\n"
