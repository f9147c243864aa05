"""States between two commands: kept at the position they have reached, so that the next fold starts there."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from domain.decision import Command, Fact, Selector, State

CACHED_STATES = 1_024
RECENT_FACTS = 2_048


Key = tuple[type[State], str]
Kept = tuple[str, tuple[str, ...], Any]
"""A recorded fact: type, tags, and either the `Fact` or what it will be read from when somebody asks for it."""


@dataclass(slots=True)
class Folded:
    """A state, the facts it folds, and how far it has got."""

    state: State
    selector: Selector
    position: int = 0


def keys_of(kinds: Sequence[type[State]], command: Command) -> tuple[Key, ...]:
    """Return which states of these kinds `command` depends on."""
    return tuple((kind, kind.key_for(command)) for kind in kinds)


class StateCache:
    """The most recently used states. A borrowed one belongs to the borrower alone: nobody else sees it change."""

    def __init__(self, capacity: int = CACHED_STATES) -> None:
        """Keep at most `capacity` states."""
        self._capacity = capacity
        self._kept: OrderedDict[Key, Folded] = OrderedDict()

    def lend(self) -> "Lent":
        """Return where states are borrowed from; until they are given back they are in nobody else's hands."""
        return Lent(self._kept, self._capacity)


class Lent:
    """The states that one transaction borrows. Those that are not given back are forgotten."""

    def __init__(self, kept: OrderedDict[Key, Folded], capacity: int) -> None:
        """Borrow from `kept`, which keeps at most `capacity`."""
        self._kept = kept
        self._capacity = capacity
        self._taken: dict[Key, Folded] = {}

    def take(self, keys: Sequence[Key]) -> list[Folded]:
        """Return the states under `keys`; asked again, the same ones."""
        return [self._taken.get(key) or self._take(key) for key in keys]

    def _take(self, key: Key) -> Folded:
        taken = self._kept.pop(key, None) or _unfolded(*key)
        self._taken[key] = taken
        return taken

    def drop(self, keys: Sequence[Key]) -> None:
        """Forget the states of a command that failed: nobody knows how far their fold got."""
        for key in keys:
            self._taken.pop(key, None)

    def give_back(self) -> None:
        """Give back what was taken."""
        self._kept.update(self._taken)
        self._taken = {}
        while len(self._kept) > self._capacity:
            self._kept.popitem(last=False)


def _unfolded(kind: type[State], key: str) -> Folded:
    return Folded(kind(key), kind.selector(key))


class Recent:
    """The facts that this process recorded last, without a gap: who folds only these need not ask the database.

    Those of the transaction that is just open are among them until it is `settled`, or forgotten.
    """

    def __init__(self, capacity: int = RECENT_FACTS) -> None:
        """Keep the last `capacity` facts (for a while up to twice as many)."""
        self._capacity = capacity
        self._start = 0
        self._kept: list[Kept] = []
        self._tagged: dict[str, list[int]] = {}

    @property
    def end(self) -> int:
        """Return the position of the newest fact known here."""
        return self._start + len(self._kept)

    def add(self, before: int, recorded: Iterable[Kept]) -> None:
        """Take the facts recorded after `before`; what does not reach up to there is dropped."""
        if before != self.end:
            self._begin_at(before)
        self._keep(recorded)

    def _begin_at(self, position: int) -> None:
        self._start, self._kept, self._tagged = position, [], {}

    def _keep(self, recorded: Iterable[Kept]) -> None:
        kept, tagged, position = self._kept, self._tagged, self.end
        for each in recorded:
            position += 1
            kept.append(each)
            for tag in each[1]:
                if tag in tagged:
                    tagged[tag].append(position)
                else:
                    tagged[tag] = [position]

    def settled(self) -> None:
        """Let go of what is older than needed."""
        if len(self._kept) > 2 * self._capacity:
            newest = self._kept[-self._capacity :]
            self._begin_at(self.end - len(newest))
            self._keep(newest)

    def forget(self) -> None:
        """Let go of everything: nobody knows how much of it was kept."""
        self._begin_at(0)

    def covers(self, after: int, upto: int) -> bool:
        """Return whether every fact with `after` < position ≤ `upto` is known here."""
        return self._start <= after and upto <= self.end

    def known_from(self, upto: int) -> int:
        """Return the position after which every fact up to `upto` is known here; `upto` where none is."""
        return self._start if self._start <= upto <= self.end else upto

    def matching(self, selector: Selector, after: int, upto: int, read: Callable[[int, Any], Fact]) -> Iterator[Fact]:
        """Yield the facts that match, with `after` < position ≤ `upto`, each made once by `read(position, unread)`."""
        for position in self._mentioning(selector.tags, after, upto):
            place = position - self._start - 1
            kind, tags, kept = self._kept[place]
            if (not selector.types or kind in selector.types) and all(tag in tags for tag in selector.tags):
                fact = kept if isinstance(kept, Fact) else read(position, kept)
                self._kept[place] = (kind, tags, fact)
                yield fact

    def _mentioning(self, tags: tuple[str, ...], after: int, upto: int) -> Sequence[int]:
        """Return the positions, `after` < position ≤ `upto`, that carry the rarest of `tags` (without tags: all)."""
        if not tags:
            return range(after + 1, upto + 1)
        rarest = min((self._tagged.get(tag, []) for tag in tags), key=len)
        return rarest[bisect_right(rarest, after) : bisect_right(rarest, upto)]
