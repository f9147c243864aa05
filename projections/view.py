"""What a view is: tables, and for each kind of event a function that changes their rows (design §5).

A view may leave events out: what it does not handle does not change it. Its rows hold references to sealed values
(their digests), never the words.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Table

from domain.decision import Event, Fact
from projections.rows import Rows

Handler = Callable[[Rows, Fact, Any], None]
"""Changes rows for one more fact; the third argument is the fact's event, of the class it is registered for."""


@dataclass(frozen=True, slots=True)
class View:
    """A fold over the facts of one ledger: `handlers` by class of event, `otherwise` for all other facts.

    Raise `version` whenever the same facts should come to other rows.
    """

    name: str
    version: int
    tables: tuple[Table, ...]
    handlers: Mapping[type[Event], Handler]
    otherwise: Handler | None = None

    def apply(self, rows: Rows, fact: Fact) -> None:
        """Take one more fact into account."""
        handler = self.handlers.get(type(fact.event), self.otherwise)
        if handler is not None:
            handler(rows, fact, fact.event)

    @property
    def fold_version(self) -> str:
        """Return what the stored rows were made with: the version, the events handled, and the columns.

        A newly handled event changes it by itself: rows made without that event's earlier facts would be wrong.
        """
        return _made_with(self.version, tuple(sorted(kind.NAME for kind in self.handlers)), self.tables)

    @property
    def types(self) -> tuple[str, ...]:
        """Return the stored names of the events that can change the view; none: all of them can."""
        return () if self.otherwise is not None else tuple(kind.NAME for kind in self.handlers)


@cache
def _made_with(version: int, names: tuple[str, ...], tables: tuple[Table, ...]) -> str:
    columns = (f"{table.name}.{column.name}:{column.type!r}" for table in tables for column in table.columns)
    return f"{version}-{sha256(' '.join((*names, *columns)).encode()).hexdigest()[:16]}"
