"""Reading the order in which a component is counted, and bounds of its own."""

from collections.abc import Mapping
from decimal import Decimal

from domain.rulebook.fields import Table
from domain.rulebook.order import Add, AtLeast, AtMost, Begin, Bounds, Times, Turn
from domain.text import Text

_VERBS = ("start", "start_by", "add", "at_most", "at_least", "times")


def order(table: Table) -> tuple[Turn, ...]:
    """Return the steps under `order` of a component's table, in the order of the document."""
    return tuple(_turn(step) for step in table.tables("order", optional=True))


def bounds(table: Table) -> Bounds | None:
    """Return the bounds that a component's `range` writes as a table; None where it is a word or left out."""
    if not isinstance(table.plain("range"), Mapping):
        return None
    read = table.table("range")
    found = Bounds(read.number("low"), read.number_or_none("high"), read.word("clause", ""))
    read.done()
    return found


def _turn(table: Table) -> Turn:
    """Read one step: exactly one verb beside its clause; `add` may bring its bounds, `start_by` its `otherwise`."""
    given = [verb for verb in _VERBS if verb in table]
    verb = next(iter(given), "")
    beside = {"add": {"at_most", "at_least"}}.get("add" if "add" in given else verb, set())
    if not given or set(given) - beside - {"add" if "add" in given else verb}:
        listed = " · ".join(given)
        message = Text(
            zh=f"一步应恰好写一个动作，写了：{listed or '无'}",
            en=f"a step says one thing; it says: {listed or 'nothing'}",
        )
        remedy = Text(zh=f"写其中一个：{' · '.join(_VERBS)}。", en=f"Write one of {' · '.join(_VERBS)}.")
        table.wrong("order-unfit", given[0] if given else "order", message, remedy)
    read = _read("add" if "add" in given else verb, table)
    for name in given:
        table.plain(name)
    table.done()
    return read


def _read(verb: str, table: Table) -> Turn:
    clause = table.word("clause", "")
    if verb == "add":
        low, high = table.number_or_none("at_least"), table.number_or_none("at_most")
        return Add(table.words("add"), clause, at_most=high, at_least=low)
    if verb == "start_by":
        return Begin(table.number("otherwise"), clause, table.points("start_by"))
    if verb == "at_most":
        return AtMost(table.number("at_most"), clause)
    if verb == "at_least":
        return AtLeast(table.number("at_least"), clause)
    if verb == "times":
        return Times(table.number("times"), clause)
    return Begin(table.number("start") if verb else Decimal(0), clause)
