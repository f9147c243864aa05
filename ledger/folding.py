"""States between two commands: kept at the position they have reached, so that the next fold starts there."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from domain.decision import Command, Fact, Refused, Selector, State

CACHED_STATES = 256
RECENT_FACTS = 256


@dataclass(slots=True)
class Folded:
    """A state, the facts it folds, and how far it has got."""

    state: State
    selector: Selector
    position: int = 0


class StateCache:
    """The most recently used states. A borrowed one belongs to the borrower alone: nobody else sees it change."""

    def __init__(self, capacity: int = CACHED_STATES) -> None:
        """Keep at most `capacity` states."""
        self._capacity = capacity
        self._kept: OrderedDict[tuple[type[State], str], Folded] = OrderedDict()

    @contextmanager
    def borrow(self, kinds: Sequence[type[State]], command: Command) -> Iterator[list[Folded]]:
        """Lend the states that `command` depends on; they come back unless something went wrong with a fold."""
        keys = [(kind, kind.key_for(command)) for kind in kinds]
        borrowed = [self._kept.pop(key) if key in self._kept else _unfolded(*key) for key in keys]
        try:
            yield borrowed
        except Refused:
            self._give_back(dict(zip(keys, borrowed, strict=True)))
            raise
        self._give_back(dict(zip(keys, borrowed, strict=True)))

    def _give_back(self, states: dict[tuple[type[State], str], Folded]) -> None:
        self._kept.update(states)
        while len(self._kept) > self._capacity:
            self._kept.popitem(last=False)


def _unfolded(kind: type[State], key: str) -> Folded:
    return Folded(kind(key), kind.selector(key))


class Recent:
    """The facts that this process recorded last, without a gap: who folds only these need not ask the database."""

    def __init__(self, capacity: int = RECENT_FACTS) -> None:
        """Keep the last `capacity` facts (for a while up to twice as many)."""
        self._capacity = capacity
        self._start = 0
        self._kept: list[tuple[str, frozenset[str], bytes | Fact]] = []

    @property
    def end(self) -> int:
        """Return the position of the newest fact known here."""
        return self._start + len(self._kept)

    def add(self, before: int, recorded: Iterable[tuple[str, tuple[str, ...], bytes]]) -> None:
        """Take (type, tags, entry) of the facts recorded after `before`; what does not reach up to there is dropped."""
        if before != self.end:
            self._start, self._kept = before, []
        self._kept += [(kind, frozenset(tags), entry) for kind, tags, entry in recorded]
        if len(self._kept) > 2 * self._capacity:
            self._start += len(self._kept) - self._capacity
            self._kept = self._kept[-self._capacity :]

    def covers(self, after: int, upto: int) -> bool:
        """Return whether every fact with `after` < position ≤ `upto` is known here."""
        return self._start <= after and upto <= self.end

    def matching(self, selector: Selector, after: int, upto: int, read: Callable[[int, bytes], Fact]) -> Iterator[Fact]:
        """Yield the facts that match, with `after` < position ≤ `upto`, each made once by `read(position, entry)`."""
        for place in range(after - self._start, upto - self._start):
            kind, tags, kept = self._kept[place]
            if (not selector.types or kind in selector.types) and tags.issuperset(selector.tags):
                fact = kept if isinstance(kept, Fact) else read(self._start + place + 1, kept)
                self._kept[place] = (kind, tags, fact)
                yield fact
