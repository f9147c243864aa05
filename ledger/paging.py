"""The statements that read a page of facts: those that match, in order, and as many at a time as memory is kept for."""

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Engine,
    FromClause,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)

from domain.decision import Selector
from ledger.entry import indexed
from ledger.schema import facts, head, tags
from ledger.statements import DriverConnection, Parameters, Prepared

PAGE_ROWS = 4_000
HEAD = (head.c.size, head.c.frontier, head.c.last_time, head.c.chain)
_ENTRY = (facts.c.position, facts.c.entry)
_ROW = (*_ENTRY, facts.c.type, facts.c.recorded_at, facts.c.leaf, facts.c.chain)
Form = Literal["rows", "entries", "joined", "headed"]
"""What is asked of a page: whole rows, entries, these put together, and that with the head before it."""


def at_most(limit: int | None) -> int:
    """Return how many facts one page holds at most."""
    return PAGE_ROWS if limit is None else min(limit, PAGE_ROWS)


class Paging:
    """Reads pages of one ledger; each statement is compiled when it is first needed."""

    def __init__(self, engine: Engine, ledger_id: str) -> None:
        """Read facts of the ledger `ledger_id`."""
        self._engine = engine
        self._ledger_id = ledger_id
        self._pages: dict[tuple[object, ...], Prepared] = {}
        mine = facts.c.ledger_id == ledger_id
        self._run = Prepared(engine, select(_joined(engine, facts)).where(mine, _between(facts.c.position)))

    def run(self, connection: DriverConnection, after: int, upto: int) -> str | bytes | None:
        """Return the entries of all facts with `after` < position ≤ `upto`, put together."""
        entries: str | bytes | None = self._run(connection, {"after": after, "upto": upto}).fetchone()[0]
        return entries

    def page(  # noqa: PLR0913 - which page, of what
        self,
        form: Form,
        connection: DriverConnection,
        selectors: Sequence[Selector],
        *,
        after: int,
        upto: int,
        limit: int | None,
    ) -> list[Any]:
        """Return a page in a form: what matches, in order, with `after` < position ≤ `upto`, at most `limit` facts."""
        shape = (form, *((len(selector.types), len(selector.tags)) for selector in selectors))
        query = self._pages.get(shape) or self._prepare_page(shape, form, selectors)
        values: Parameters = {"after": after, "upto": upto, "most": at_most(limit)}
        for number, selector in enumerate(selectors):
            values |= {f"type_{number}_{place}": indexed(name) for place, name in enumerate(selector.types)}
            values |= {f"tag_{number}_{place}": indexed(tag) for place, tag in enumerate(selector.tags)}
        found: list[Any] = query(connection, values).fetchall()
        return found

    def _prepare_page(self, shape: tuple[object, ...], form: Form, selectors: Sequence[Selector]) -> Prepared:
        columns = _ROW if form == "rows" else _ENTRY
        query = self._tagged(columns, *selectors) if _is_tagged(selectors) else self._any(columns, selectors)
        query = query.limit(bindparam("most"))
        if form in ("joined", "headed"):
            query = self._joining(query.subquery())
        if form == "headed":
            query = select(*HEAD, query.subquery()).where(head.c.ledger_id == self._ledger_id)
        self._pages[shape] = Prepared(self._engine, query)
        return self._pages[shape]

    def _joining(self, page: FromClause) -> Select[Any]:
        columns: tuple[ColumnElement[Any], ...] = (
            _joined(self._engine, page),
            func.count(),
            func.max(page.c.position),
        )
        return select(*columns).select_from(page)

    def _tagged(self, columns: tuple[Column[Any], ...], selector: Selector) -> Select[Any]:
        """Go through the facts that carry a tag, in order, and stop where the page is full."""
        first = tags.alias()
        at = first.c.position
        query = select(*columns).where(self._has(first, 0), _between(at), self._is(facts, at)).order_by(at)
        for place in range(1, len(selector.tags)):
            other = tags.alias()
            query = query.where(self._has(other, place), self._is(other, at))
        if selector.types:
            names: list[BindParameter[str]] = [bindparam(f"type_0_{place}") for place, _ in enumerate(selector.types)]
            # Joined with nothing, no index fits: an engine without statistics would go through all facts of the type.
            query = query.where(facts.c.type.concat("").in_(names))
        return query

    def _has(self, tagged: FromClause, place: int) -> ColumnElement[bool]:
        return and_(tagged.c.ledger_id == self._ledger_id, tagged.c.tag == bindparam(f"tag_0_{place}"))

    def _is(self, table: FromClause, at: ColumnElement[int]) -> ColumnElement[bool]:
        return and_(table.c.ledger_id == self._ledger_id, table.c.position == at)

    def _any(self, columns: tuple[Column[Any], ...], selectors: Sequence[Selector]) -> Select[Any]:
        query = select(*columns).where(facts.c.ledger_id == self._ledger_id).order_by(facts.c.position)
        if not selectors or not all(selector.tags for selector in selectors):
            query = query.where(_between(facts.c.position))
        if selectors:
            query = query.where(or_(*(self._matching(number, each) for number, each in enumerate(selectors))))
        return query

    def _matching(self, number: int, selector: Selector) -> ColumnElement[bool]:
        conditions: list[ColumnElement[bool]] = [facts.c.ledger_id == self._ledger_id]
        if selector.types:
            names: list[BindParameter[str]] = [
                bindparam(f"type_{number}_{place}") for place, _ in enumerate(selector.types)
            ]
            conditions.append(facts.c.type.in_(names))
        for place, _ in enumerate(selector.tags):
            tagged = and_(tags.c.ledger_id == self._ledger_id, tags.c.tag == bindparam(f"tag_{number}_{place}"))
            mentions = select(tags.c.position).where(tagged, _between(tags.c.position))
            conditions.append(facts.c.position.in_(mentions))
        return and_(*conditions)


def _is_tagged(selectors: Sequence[Selector]) -> bool:
    return len(selectors) == 1 and bool(selectors[0].tags)


def _between(position: ColumnElement[int]) -> ColumnElement[bool]:
    return and_(position > bindparam("after"), position <= bindparam("upto"))


def _joined(engine: Engine, page: FromClause) -> ColumnElement[str]:
    joining = func.group_concat if engine.dialect.name == "sqlite" else func.string_agg
    return literal_column("'['").concat(joining(page.c.entry, literal_column("','"))).concat(literal_column("']'"))
