"""What was computed from some facts, kept for as long as none is added to them: the next question need not fold again.

Facts never change, so what they come to at a position is the same for ever. What is kept is shared by all who ask, and
is only read. Nothing of it may hold sealed words: these may be erased at any time (design §3, Private matter).
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from domain.decision import Selector
from ledger.ledger import Ledger

KEPT = 64
"""How many things are kept of a ledger: those asked for last."""

Made = TypeVar("Made")


@dataclass(slots=True)
class _Shelf:
    """What is kept of one ledger, with the position it was made at."""

    things: OrderedDict[Hashable, tuple[int, Any]] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)


_SHELVES: WeakKeyDictionary[Ledger, _Shelf] = WeakKeyDictionary()


def kept(
    ledger: Ledger, what: Hashable, selectors: Sequence[Selector], position: int, make: Callable[[], Made]
) -> Made:
    """Return what `make` makes of the facts that match, up to a position; made anew only where these are others."""
    shelf = _SHELVES.setdefault(ledger, _Shelf())
    with shelf.lock:
        found = shelf.things.get(what)
    if found is None or not _same_facts(ledger, selectors, found[0], position):
        found = (position, make())
    with shelf.lock:
        shelf.things[what] = (position, found[1])
        shelf.things.move_to_end(what)
        while len(shelf.things) > KEPT:
            shelf.things.popitem(last=False)
    made: Made = found[1]
    return made


def _same_facts(ledger: Ledger, selectors: Sequence[Selector], one: int, other: int) -> bool:
    """Return whether no fact that matches lies between two positions."""
    first, last = sorted((one, other))
    return first == last or next(ledger.read(selectors, after=first, upto=last, limit=1), None) is None
